"""The unit that is published: one question, its answers, its images and where they came from."""

from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal, get_args

from builder.core.box import BoxN1000
from builder.core.protocol import SceneType, Teacher
from builder.core.scene import CameraSource
from builder.core.split import Split

AnswerForm = Literal["open", "counted", "sentence", "yes-no", "choice", "true-false", "box"]
ANSWER_FORMS: tuple[AnswerForm, ...] = get_args(AnswerForm)
IMAGE_MARK = "<image>"


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation: `role` is "user" or "assistant"."""

    role: str
    content: str


@dataclass(frozen=True, slots=True)
class CameraFacts:
    """What a record says of its camera.

    Attributes:
        hfov_deg: Horizontal field of view, degrees.
        source: How it is known.
    """

    hfov_deg: float
    source: CameraSource


@dataclass(frozen=True, slots=True)
class ObjectFacts:
    """The object a question is about.

    Attributes:
        label: What the question calls it.
        track_id: The object in the first image.
        track_id_after: The object in the last image; another only in D4's "no".
        box_before: Integers in 0..1000, in the first image.
        box_after: The same in the view after the motion; None if nothing of it is visible.
        visible_before: Visible share in the first image, 0..1.
        visible_after: The same after the motion.
    """

    label: str
    track_id: int
    track_id_after: int
    box_before: BoxN1000
    box_after: BoxN1000 | None
    visible_before: float
    visible_after: float


@dataclass(frozen=True, slots=True)
class Record:
    """One row of the dataset; the field names are the column names.

    `task_type`, `messages` and `images` are the paper's three fields, exactly; the rest is ours.

    Attributes:
        record_id: `<subset>/<scene>/<trajectory>/<task>/<n>`; unique; the key of the HF builder.
        task_type: The task's code, such as "A1".
        messages: The user turn, which opens with one `<image>` mark an image, and the answer.
        images: Paths of the images, relative to the subset's folder, in the order of the marks.
        subset: Configuration name.
        teacher: Whose protocol.
        scene_type: "real" or "simulated".
        backend: Who painted the frames.
        scene_id: The place.
        trajectory_id: The trajectory.
        split: From the place alone.
        frame_indices: Positions of the shown frames among the trajectory's stored frames; for D2,
            whose answer's view is not shown, followed by that view's position.
        camera: Field of view and how it is known.
        actions: The true motion from the first to the last of `frame_indices`, as text.
        claim: The sequence that A4 asks about, as text; else None.
        object: The object asked about; else None.
        answer_form: In which form the answer is given.
        accepted: All answers that are right in this form; the first is the assistant turn.
        difficulty: 1..5, or None where it is not graded.
        template_id: Which wording was used, such as "A1.open".
        license: SPDX expression, scene AND backend output.
        builder_version: Of this package.
    """

    record_id: str
    task_type: str
    messages: tuple[Message, Message]
    images: tuple[str, ...]
    subset: str
    teacher: Teacher
    scene_type: SceneType
    backend: str
    scene_id: str
    trajectory_id: str
    split: Split
    frame_indices: tuple[int, ...]
    camera: CameraFacts
    actions: str
    claim: str | None
    object: ObjectFacts | None
    answer_form: AnswerForm
    accepted: tuple[str, ...]
    difficulty: int | None
    template_id: str
    license: str
    builder_version: str

    def to_json(self) -> dict[str, Any]:
        """Return the record as plain JSON values, keys in the order of the columns."""
        return {entry.name: _plain(getattr(self, entry.name)) for entry in fields(self)}

    @property
    def answer(self) -> str:
        """The assistant turn."""
        return self.messages[1].content


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    if is_dataclass(value):
        return {entry.name: _plain(getattr(value, entry.name)) for entry in fields(value)}
    return value
