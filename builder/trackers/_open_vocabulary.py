"""Open-vocabulary detection through `transformers`, such as Grounding DINO and OWLv2."""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.config.detect import Detect
from builder.core.box import Box
from builder.core.errors import ConfigError, MissingExtra, nearest
from builder.trackers._detection import Detection, distinct

_GROUNDED = ("grounding-dino", "mm-grounding-dino")
_OWLS = ("owlv2", "owlvit")
_LABELS_AT_ONCE = 24  # Grounding DINO reads 256 word pieces at most


class OpenVocabulary:
    """A detector, loaded once; call it with a frame and the labels that are looked for."""

    def __init__(self, settings: Detect) -> None:
        """Load the model.

        Raises:
            MissingExtra: If transformers or torch is not installed.
            ConfigError: If the model cannot be loaded, or is of another class.
        """
        try:
            import torch
            from transformers import AutoModelForZeroShotObjectDetection, AutoProcessor
        except ModuleNotFoundError as error:
            raise MissingExtra(error.name or "transformers", "detect") from error
        self._torch, self._settings = torch, settings
        self._device = settings.device
        if self._device == "auto":
            self._device = "cuda" if torch.cuda.is_available() else "cpu"
        try:
            self._processor: Any = AutoProcessor.from_pretrained(settings.model)
            model = AutoModelForZeroShotObjectDetection.from_pretrained(settings.model)
        except (OSError, ValueError) as error:
            reason = str(error).strip().partition("\n")[0]
            raise ConfigError(
                f"detect.model {settings.model!r} cannot be loaded ({reason}); name a folder that "
                f"`save_pretrained` wrote, or a model on the Hub that this machine can reach"
            ) from error
        self._kind = str(model.config.model_type)
        if self._kind not in _GROUNDED + _OWLS:
            known = nearest(self._kind, _GROUNDED + _OWLS)
            raise ConfigError(f"detect.model {settings.model!r} is a {self._kind!r}: {known}")
        self._model: Any = model.to(self._device).eval()

    def __call__(self, frame: NDArray[np.uint8], labels: Sequence[str]) -> tuple[Detection, ...]:
        """Return what is found in an (H, W, 3) uint8 frame, each thing once."""
        found: list[Detection] = []
        for start in range(0, len(labels), _LABELS_AT_ONCE):
            found += self._some(frame, labels[start : start + _LABELS_AT_ONCE])
        return distinct(found, self._settings.overlap)

    def _some(self, frame: NDArray[np.uint8], labels: Sequence[str]) -> list[Detection]:
        height, width = frame.shape[:2]
        grounded = self._kind in _GROUNDED
        if grounded:
            asked: dict[str, Any] = {"text": " ".join(f"{label.lower()}." for label in labels)}
        else:
            prompts = [[f"a photo of a {label}" for label in labels]]
            asked = {"text": prompts, "padding": "max_length", "truncation": True}
        inputs = self._processor(images=[frame], return_tensors="pt", **asked).to(self._device)
        with self._torch.inference_mode():
            outputs = self._model(**inputs)
        read = self._processor.post_process_grounded_object_detection
        if grounded:
            (result,) = read(
                outputs,
                inputs["input_ids"],
                threshold=self._settings.min_score,
                text_threshold=self._settings.min_text_score,
                target_sizes=[(height, width)],
            )
            names = [label_in(str(words), labels) for words in _words(result)]
        else:
            (result,) = read(
                outputs, threshold=self._settings.min_score, target_sizes=[(height, width)]
            )
            names = [labels[int(index)] for index in result["labels"].tolist()]
        places = zip(names, result["boxes"].tolist(), result["scores"].tolist(), strict=True)
        cut = ((name, within(corners, width, height), score) for name, corners, score in places)
        return [Detection(box, name, float(score)) for name, box, score in cut if name and box]


def label_in(words: str, labels: Sequence[str]) -> str | None:
    """Return the label that a phrase of Grounding DINO means; None: none, or several.

    It answers with the words of the prompt that fit, and these may run together.

    Example:
        >>> label_in("coffee table", ["table", "coffee table", "chair"])
        'coffee table'
        >>> label_in("chair lamp", ["lamp", "chair"]) is None
        True
    """
    plain = " ".join(re.findall(r"[a-z0-9]+", words.lower()))
    plains = {" ".join(re.findall(r"[a-z0-9]+", label.lower())): label for label in labels}
    if plain in plains:
        return plains[plain]
    inside = [one for one in plains if re.search(rf"\b{re.escape(one)}\b", plain)]
    widest = [one for one in inside if not any(one != other and one in other for other in inside)]
    return plains[widest[0]] if len(widest) == 1 else None


def within(corners_px: Sequence[float], width_px: int, height_px: int) -> Box | None:
    """Return a box cut to the frame; None: nothing of it, or less than a pixel, lies inside."""
    x1, y1, x2, y2 = corners_px
    x1, x2 = (min(max(float(x), 0.0), float(width_px)) for x in (x1, x2))
    y1, y2 = (min(max(float(y), 0.0), float(height_px)) for y in (y1, y2))
    return Box(x1, y1, x2, y2) if x2 - x1 >= 1 and y2 - y1 >= 1 else None


def _words(result: Any) -> Sequence[Any]:  # noqa: ANN401 - a dict of transformers
    # Called text_labels since 4.51, labels before.
    return list(result["text_labels"] if "text_labels" in result else result["labels"])
