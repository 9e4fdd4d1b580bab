"""One question by the paper's rules: its label, and what it is about."""

from dataclasses import dataclass
from typing import Any, Literal

from builder.core.record import IMAGE_MARK
from builder.paper.words import ASK

PaperForm = Literal["open", "counted", "sentence", "yes-no", "choice", "true-false", "box"]


@dataclass(frozen=True, slots=True)
class PaperObject:
    """What an object question is about.

    Attributes:
        label: As detected.
        track_id: As detected in the first frame; the paper takes it for an identity.
        track_id_after: Of the box in the second frame; None where there is none.
        box_before: Integers in 0..1000.
        box_after: The same in the second frame; None where no box passed the filter.
    """

    label: str
    track_id: int | None
    track_id_after: int | None
    box_before: tuple[int, int, int, int]
    box_after: tuple[int, int, int, int] | None


@dataclass(frozen=True, slots=True)
class PaperRecord:
    """One record by the paper's rules.

    Attributes:
        task_type: A1 to A4, D1 to D4.
        scene_id: The place.
        trajectory_id: The folder's name behind `traj_`.
        frames: The compared frames, positions among the stored ones, the hidden one included.
        images: One file a shown frame.
        actions: What the camera did between the frames, as text; may be empty, as the paper's is.
        answer: The label.
        form: In which form it is given.
        claim: A4: what is claimed.
        thing: D: the object.
    """

    task_type: str
    scene_id: str
    trajectory_id: str
    frames: tuple[int, int]
    images: tuple[str, ...]
    actions: str
    answer: str
    form: PaperForm
    claim: str | None = None
    thing: PaperObject | None = None

    @property
    def question(self) -> str:
        """The user turn, in our words; the marks of the images before it."""
        slots = {"actions": self.actions, "claim": self.claim}
        if self.thing is not None:
            box_after = self.thing.box_after
            slots |= {
                "label": self.thing.label,
                "box_before": say_box(self.thing.box_before),
                "box_after": "" if box_after is None else say_box(box_after),
            }
        text = ASK[self.task_type, self.form].format_map(slots)
        return IMAGE_MARK * len(self.images) + text

    def to_json(self, number: int, images: tuple[str, ...]) -> dict[str, Any]:
        """Return the paper's three fields, and what it takes to find its like among ours.

        No field has the name of one of ours, so that nobody takes it for one of ours.

        Args:
            number: Makes `id` unique among the questions of one task of one trajectory.
            images: Where the pictures are, relative to the file of the records.
        """
        thing = self.thing
        return {
            "task_type": self.task_type,
            "messages": [
                {"role": "user", "content": self.question},
                {"role": "assistant", "content": self.answer},
            ],
            "images": list(images),
            "id": f"paper/{self.scene_id}/{self.trajectory_id}/{self.task_type}/{number}",
            "rules": "paper",
            "scene": self.scene_id,
            "trajectory": self.trajectory_id,
            "frames": list(self.frames),
            "form": self.form,
            "motion": self.actions,
            "claimed": self.claim,
            "thing": None
            if thing is None
            else {
                "label": thing.label,
                "ids": [thing.track_id, thing.track_id_after],
                "boxes": [thing.box_before, thing.box_after],
            },
        }


def say_box(box: tuple[int, int, int, int]) -> str:
    """Write a box; unlike ours it may be empty, as the paper's may."""
    return "[" + ", ".join(map(str, box)) + "]"
