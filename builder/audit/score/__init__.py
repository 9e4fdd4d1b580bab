"""How good an answer is: 0..1 for any text, by the rules of its task; see docs/score.md."""

from collections.abc import Iterable, Mapping
from typing import Any

from builder.audit.score import marks
from builder.audit.score.clean import Said, readings_of
from builder.audit.score.reading import Reading, read_box, read_motion
from builder.audit.score.truth import Motions, TrueBoxes, Truth, Verdicts, truth_of
from builder.core.record import Record

__all__ = ["judged", "score"]

_PARTS_OF_BOXES = ("iou", "center", "edges", "size", "geometry", "echo", "gain")


def score(record: Mapping[str, Any] | Record, text: str) -> dict[str, float]:
    """Return how good `text` is as the answer to a record's question.

    Args:
        record: A row of ours, as `load_dataset` gives it (`images` is not looked at), or a record
            with only the paper's three fields.
        text: What a model said, any text; thoughts and tags may stand around the answer.

    Returns:
        Numbers in 0..1: "overall"; "format", how well it keeps to the asked form; "exact", 1 if it
        is an accepted answer; and the parts that the task's score is made of. All tasks give all
        three, and the same task the same parts.

    Raises:
        RecordInvalid: If the record lacks a field, or its own answer cannot be read.

    Example:
        >>> turns = [{"content": "<image><image>Which way, how far?"},
        ...          {"content": "move left 0.5 meters"}]
        >>> score({"task_type": "A1", "messages": turns}, "Move left 1 meter.")["overall"]
        1.0
    """
    row = record.to_json() if isinstance(record, Record) else record
    return judged(truth_of(row), text)


def judged(truth: Truth, text: str) -> marks.Parts:
    """Return the score of a text against what is right: `score` for one who asks often."""
    ways = readings_of(text)
    match truth:
        case Motions():
            return _motion(truth, ways)
        case Verdicts():
            return _verdict(truth, ways)
        case TrueBoxes():
            return _box(truth, ways)


def _motion(truth: Motions, ways: Iterable[Said]) -> marks.Parts:
    said = read_motion(ways, truth.form)
    if said is None:
        parts = ("direction",) if truth.single else ("overlap", "positions")
        return marks.nothing((*parts, "magnitude"))
    of = marks.one_action if truth.single else marks.sequence
    return marks.best([of(said, true) for true in truth.accepted])


def _verdict(truth: Verdicts, ways: Iterable[Said]) -> marks.Parts:
    for way in ways:
        if way.text in truth.says:
            side, format_ = truth.says[way.text]
            said = Reading(side, min(format_, 0.5) if way.dressed else format_)
            return marks.best([marks.verdict(said, true) for true in truth.accepted])
    return marks.nothing()


def _box(truth: TrueBoxes, ways: Iterable[Said]) -> marks.Parts:
    said = read_box(ways)
    if said is None:
        return marks.nothing(_PARTS_OF_BOXES)
    return marks.best([marks.box(said, true, truth.echo) for true in truth.accepted])
