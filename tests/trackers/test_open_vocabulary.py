"""The real detector code on tiny models with random weights: loading, prompts, pixel frames."""

import json
import string

import numpy as np
import pytest

from builder.config.detect import Detect
from builder.core.camera import Camera
from builder.core.errors import ConfigError
from builder.core.pose import Pose
from builder.core.seeding import rng_for
from builder.trackers import CameraPath
from builder.trackers import detect as detect_module
from builder.trackers._open_vocabulary import OpenVocabulary

_WHY = "the detector needs the extra [detect]: transformers, torch"
pytestmark = pytest.mark.slow
torch = pytest.importorskip("torch", reason=_WHY)
transformers = pytest.importorskip("transformers", reason=_WHY)

FRAME = rng_for(0, "frame").integers(0, 255, (120, 200, 3), dtype=np.uint8)
ALL = {"min_score": 0.0, "min_text_score": 0.0, "device": "cpu", "overlap": 1.0}


def grounding_dino(folder):
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", "chair", "lamp", "coffee", "table"]
    (folder / "vocab.txt").write_text("\n".join(words))
    tokenizer = transformers.BertTokenizer(str(folder / "vocab.txt"))
    torch.manual_seed(0)
    config = transformers.GroundingDinoConfig(
        backbone_config=transformers.ResNetConfig(
            embedding_size=8,
            hidden_sizes=[8, 16, 32, 32],
            depths=[1, 1, 1, 1],
            out_features=["stage2", "stage3", "stage4"],
            layer_type="basic",
        ),
        text_config=transformers.BertConfig(
            vocab_size=len(words),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            max_position_embeddings=256,
        ),
        num_queries=12,
        encoder_layers=1,
        encoder_ffn_dim=16,
        encoder_attention_heads=2,
        decoder_layers=2,
        decoder_ffn_dim=16,
        decoder_attention_heads=2,
        d_model=32,
    )
    images = transformers.GroundingDinoImageProcessor(
        size={"shortest_edge": 96, "longest_edge": 160}
    )
    processor = transformers.GroundingDinoProcessor(images, tokenizer)
    transformers.GroundingDinoForObjectDetection(config).save_pretrained(folder)
    processor.save_pretrained(folder)
    return folder


def owlv2(folder):
    letters = list(string.ascii_lowercase)
    words = ["<pad>", "<|startoftext|>", "<|endoftext|>", *letters, *(f"{a}</w>" for a in letters)]
    (folder / "vocab.json").write_text(json.dumps({word: i for i, word in enumerate(words)}))
    (folder / "merges.txt").write_text("#version: 0.2\n")
    tokenizer = transformers.CLIPTokenizer(
        str(folder / "vocab.json"),
        str(folder / "merges.txt"),
        pad_token="<pad>",  # noqa: S106 - a token of a vocabulary
        model_max_length=40,
    )
    torch.manual_seed(0)
    small = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1}
    config = transformers.Owlv2Config(
        text_config={
            **small,
            "num_attention_heads": 2,
            "vocab_size": len(words),
            "max_position_embeddings": 40,
            "bos_token_id": 1,
            "eos_token_id": 2,
            "pad_token_id": 0,
        },
        vision_config={**small, "num_attention_heads": 2, "image_size": 64, "patch_size": 16},
        projection_dim=16,
    )
    images = transformers.Owlv2ImageProcessor(size={"height": 64, "width": 64})
    transformers.Owlv2ForObjectDetection(config).save_pretrained(folder)
    transformers.Owlv2Processor(images, tokenizer).save_pretrained(folder)
    return folder


# What a normalized length of 1 is in pixels of the frame: OWLv2 pads its picture to a square.
SPANS_PX = {grounding_dino: (200, 120), owlv2: (200, 200)}


@pytest.fixture(scope="module", params=SPANS_PX, ids=lambda make: make.__name__)
def model(request, tmp_path_factory):
    return request.param(tmp_path_factory.mktemp("model")), SPANS_PX[request.param]


def test_boxes_come_back_in_pixels_of_the_frame(model):
    folder, span_px = model
    detector, raw = OpenVocabulary(Detect(model=str(folder), **ALL)), []
    plain = detector._model.forward

    def listening(*args, **how):
        outputs = plain(*args, **how)
        raw.append(outputs.pred_boxes[0].tolist())
        return outputs

    detector._model.forward = listening
    found = detector(FRAME, ["chair"])
    assert found
    expected = set()
    for x, y, width, height in raw[0]:
        corners = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        pixels = [corner * span_px[k % 2] for k, corner in enumerate(corners)]
        limits = (200, 120, 200, 120)
        cut = (min(max(one, 0), most) for one, most in zip(pixels, limits, strict=True))
        expected.add(tuple(round(one, 2) for one in cut))
    for one in found:
        assert tuple(round(corner, 2) for corner in one.box.corners_px()) in expected
        assert one.label == "chair"
        assert 0 < one.score <= 1


def test_a_model_answers_the_same_twice_and_only_with_what_was_asked(model):
    settings = Detect(model=str(model[0]), **ALL)
    labels = ["chair", "lamp", "coffee table"]
    found = OpenVocabulary(settings)(FRAME, labels)
    assert found == OpenVocabulary(settings)(FRAME, labels)
    assert {one.label for one in found} <= set(labels)


def test_the_tracker_runs_from_the_model_to_tracks(model):
    depth = [np.full((120, 200), 3.0, np.float32)] * 3
    path = CameraPath(Camera.from_fov(200, 120, 70.0), [Pose.identity()] * 3, depth)
    settings = Detect(model=str(model[0]), labels=("chair",), **{**ALL, "overlap": 0.5})
    tracks = detect_module.Detect(settings).tracks(np.stack([FRAME] * 3), None, (), path)
    assert tracks  # the picture stands still, so what is found is found again
    for track in tracks:
        assert set(track.sightings) == {0, 1, 2}
        assert len({seen.box for seen in track.sightings.values()}) == 1


def test_a_model_of_another_class_and_a_folder_without_one_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="cannot be loaded"):
        OpenVocabulary(Detect(model=str(tmp_path)))
