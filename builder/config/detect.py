"""The settings of finding objects in generated frames."""

from dataclasses import dataclass
from typing import Literal

from builder.config.parts import at_least
from builder.core.errors import ConfigError

LABELS = (
    "armchair", "backpack", "bed", "bench", "bicycle", "book", "bookshelf", "bottle", "bowl",
    "box", "cabinet", "car", "chair", "clock", "coffee table", "cup", "curtain", "cushion",
    "desk", "door", "lamp", "laptop", "microwave", "mirror", "motorcycle", "painting", "plant",
    "refrigerator", "shelf", "sink", "sofa", "stool", "stove", "suitcase", "table", "television",
    "toilet", "traffic light", "tree", "vase", "wardrobe", "washing machine", "window",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Detect:
    """How the tracker "detect" finds and follows objects.

    Attributes:
        model: An open-vocabulary detector of `transformers` (Grounding DINO or OWLv2 class): a
            folder, or a name on the Hugging Face Hub.
        labels: What is looked for, where the scene names no objects of its own.
        min_score: A detection with less is none.
        min_text_score: Grounding DINO: how well a label must fit its box.
        device: "auto": a GPU if there is one.
        cache: Folder where detections are kept, one file a video; None: they are not.
        min_frames: A track in fewer frames is none.
        max_gap: A track that is not seen for more frames is broken.
        overlap: Two boxes that share more, intersection over union, are one thing seen twice.
    """

    model: str = "IDEA-Research/grounding-dino-tiny"
    labels: tuple[str, ...] = LABELS
    min_score: float = 0.35
    min_text_score: float = 0.25
    device: Literal["auto", "cpu", "cuda"] = "auto"
    cache: str | None = None
    min_frames: int = 3
    max_gap: int = 4
    overlap: float = 0.7

    def __post_init__(self) -> None:
        if not self.labels or any(not label.strip() for label in self.labels):
            raise ConfigError("detect.labels must name one thing or more, none of them empty")
        if not self.model.strip():
            raise ConfigError("detect.model must name a folder or a model, got nothing")
        for name in ("min_score", "min_text_score", "overlap"):
            if not 0 <= (value := getattr(self, name)) <= 1:
                raise ConfigError(f"detect.{name} must lie in 0..1, got {value}")
        at_least(2, self.min_frames, "detect.min_frames")
        at_least(0, self.max_gap, "detect.max_gap")
