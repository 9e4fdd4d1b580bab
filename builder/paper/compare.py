"""Labels by the paper's rules beside ours: the same question, the same answer?"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from builder.language.grammar import hear, say
from builder.paper.record import PaperRecord

Key = tuple[Any, ...]
Outcome = str  # "same", "different", "only paper", "only ours", "other claim"


@dataclass(frozen=True, slots=True)
class Label:
    """What one of our records answers, in a form that can be compared.

    Attributes:
        key: The question: place, trajectory, task, frames, objects.
        values: Every answer that is right, whatever its wording.
        claim: A4's.
    """

    key: Key
    values: frozenset[Any]
    claim: str | None = None


@dataclass
class Comparison:
    """How two sets of labels compare.

    Attributes:
        counts: By (task, outcome, reason); the reason is "" where there is none to give.
        examples: The first question of each.
    """

    counts: Counter[tuple[str, Outcome, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, Outcome, str], Key] = field(default_factory=dict)

    def note(self, key: Key, outcome: Outcome, reason: str = "") -> None:
        """Count one question."""
        entry = (key[2], outcome, reason)
        self.counts[entry] += 1
        self.examples.setdefault(entry, key)


def compare(
    theirs: Iterable[PaperRecord],
    ours: Iterable[Label],
    reason_of: Callable[[PaperRecord], str],
) -> Comparison:
    """Compare labels question by question.

    Args:
        theirs: Records by the paper's rules.
        ours: Ours, of the same bundles.
        reason_of: Says why we do not ask what the paper asks.
    """
    known = {label.key: label for label in ours}
    found, met = Comparison(), set()
    for record in theirs:
        key = key_of(record)
        label = known.get(key)
        met.add(key)
        if label is None:
            found.note(key, "only paper", reason_of(record))
        elif record.task_type == "A4" and record.claim != label.claim:
            found.note(key, "other claim")
        else:
            found.note(key, "same" if value_of(record) in label.values else "different")
    for key in known.keys() - met:
        found.note(key, "only ours", "another pair" if key[3][0] else "")
    return found


def key_of(record: PaperRecord) -> Key:
    """Return what makes a record of the paper's rules the same question as one of ours."""
    thing = record.thing
    after = thing.track_id_after if thing is not None and record.task_type == "D4" else None
    before = None if thing is None else thing.track_id
    return record.scene_id, record.trajectory_id, record.task_type, record.frames, before, after


def value_of(record: PaperRecord) -> Any:  # noqa: ANN401 - a verdict, a box, a sequence
    """Return what a record of the paper's rules answers, whatever its form."""
    thing = record.thing
    if record.task_type in {"D2", "D4"}:
        return (
            record.answer in {"yes", "A"}
            or "disappears" in record.answer
            or "same" in record.answer
        )
    if record.task_type == "D1" and thing is not None:
        return tuple(thing.box_after or ())
    return record.answer if record.task_type == "A4" else record.actions


def label_of(record: Mapping[str, Any]) -> Label:
    """Return the label of one of our records, as plain JSON values."""
    task, thing = record["task_type"], record["object"]
    frames = (record["frame_indices"][0], record["frame_indices"][-1])
    after = thing["track_id_after"] if task == "D4" else None
    before = thing["track_id"] if thing else None
    key = (record["scene_id"], record["trajectory_id"], task, frames, before, after)
    claim = record["claim"]
    return Label(key, frozenset(_values(record)), None if claim is None else _claimed(claim))


def _values(record: Mapping[str, Any]) -> list[Any]:
    task, thing = record["task_type"], record["object"]
    if task == "D2":
        return [thing["box_after"] is None]
    if task == "D4":
        return [thing["track_id"] == thing["track_id_after"]]
    if task == "D1":
        return [tuple(thing["box_after"])]
    if task == "A4":
        return list(record["accepted"])
    if task == "D3":
        return [record["actions"]]
    return [say(hear(text)) for text in record["accepted"]]


def _claimed(text: str) -> str:
    """Return one of our claims as the paper writes it."""
    parts = text.split("; ")
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
