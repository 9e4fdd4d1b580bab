"""Depth by a model: metric models only, written as photographs want it, nothing overwritten."""

import json

import numpy as np
import pytest
from PIL import Image

from builder.cli import main
from builder.core.errors import MissingExtra
from builder.scenes.photos.estimate import MetricDepth


@pytest.fixture
def photos(tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name in ("hall", "yard"):
        rgb = rng.integers(0, 255, (96, 128, 3), np.uint8)
        Image.fromarray(rgb).save(folder / f"{name}.png")
    Image.fromarray(np.full((96, 128), 2000, np.uint16)).save(folder / "yard.depth.png")
    return folder


def tiny_model(folder, kind):
    """Save a Depth Anything of random weights."""
    transformers = pytest.importorskip("transformers", reason="needs the extra [depth]")
    pytest.importorskip("torch", reason="needs the extra [depth]")
    backbone = transformers.Dinov2Config(
        hidden_size=16,
        num_hidden_layers=4,
        num_attention_heads=2,
        image_size=28,
        patch_size=14,
        out_features=["stage1", "stage2", "stage3", "stage4"],
        reshape_hidden_states=False,
        apply_layernorm=True,
    )
    config = transformers.DepthAnythingConfig(
        backbone_config=backbone,
        reassemble_hidden_size=16,
        neck_hidden_sizes=[4, 4, 8, 8],
        fusion_hidden_size=8,
        head_hidden_size=8,
        depth_estimation_type=kind,
        max_depth=20,
    )
    transformers.DepthAnythingForDepthEstimation(config).save_pretrained(folder)
    transformers.DPTImageProcessor(size={"height": 28, "width": 28}).save_pretrained(folder)
    return str(folder)


def test_without_torch_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "torch", None)
    with pytest.raises(MissingExtra, match=r"pip install 'world2vlm\[depth\]'"):
        MetricDepth("any")


@pytest.mark.slow
def test_a_metric_model_fills_in_what_is_missing_and_nothing_else(photos, tmp_path, capsys):
    before = (photos / "yard.depth.png").read_bytes()
    assert main(["depth", str(photos), "--model", tiny_model(tmp_path / "m", "metric")]) == 0
    depth_mm = np.array(Image.open(photos / "hall.depth.png"))
    assert depth_mm.dtype == np.uint16
    assert depth_mm.shape == (96, 128)
    assert 0 < np.median(depth_mm) <= 20_000
    assert (photos / "yard.depth.png").read_bytes() == before
    assert "1 of 1" in capsys.readouterr().out
    assert main(["depth", str(photos), "--model", "not opened"]) == 0


@pytest.mark.slow
def test_a_relative_model_is_refused(photos, tmp_path, capsys):
    assert main(["depth", str(photos), "--model", tiny_model(tmp_path / "m", "relative")]) == 2
    assert "not a metric depth model" in capsys.readouterr().err


@pytest.mark.slow
def test_a_folder_that_holds_no_depth_model_is_refused_in_one_line(photos, tmp_path, capsys):
    pytest.importorskip("transformers", reason="needs the extra [depth]")
    (tmp_path / "m").mkdir()
    for model_type, said in (("bert", "not a metric depth model"), ("none", "cannot be opened")):
        (tmp_path / "m" / "config.json").write_text(json.dumps({"model_type": model_type}))
        assert main(["depth", str(photos), "--model", str(tmp_path / "m")]) == 2
        assert said in capsys.readouterr().err
