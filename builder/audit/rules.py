"""What makes one record right beyond its schema; nothing here opens a file.

A rule is a function of fields. It is asked only if the fields that it reads are right by the
schema, so that one mistake is said once, and every other rule still speaks. What texts that repeat
from record to record have been found to be is remembered.
"""

import functools
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from builder.audit.answers import Readers, answer_findings, in_short
from builder.audit.issue import Finding
from builder.audit.motion import heard
from builder.audit.schema_rules import record_findings_of
from builder.core.errors import World2VLMError, nearest
from builder.core.protocol import SUBSETS
from builder.core.record import IMAGE_MARK
from builder.core.split import split_of
from builder.schemas import SchemaIssue, core_errors, errors, record_errors
from builder.schemas.report import short

Record = Mapping[str, Any]

_OURS = frozenset({"record_id", "trajectory_id", "template_id", "builder_version"})
_ANSWERS = frozenset({"task_type", "messages", "answer_form", "accepted"})
_KNOWN = frozenset({"actions", "claim", "object"})
_OPENING_MARKS = re.compile(f"(?:{re.escape(IMAGE_MARK)})*")


class _Rule(NamedTuple):
    """What is asked of some fields.

    Attributes:
        needs: Their names.
        values: Takes their values out of a record.
        ask: Is given the values.
    """

    needs: frozenset[str]
    values: Callable[[Record], tuple[Any, ...]]
    ask: Callable[..., Iterable[Finding]]


def is_foreign(record: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether a record has none of our own fields: then only the three core fields are checked."""
    return isinstance(record, dict) and _OURS.isdisjoint(record)


def record_findings(record: Any, readers: Readers) -> list[Finding]:  # noqa: ANN401 - JSON
    """Return everything that is wrong with one record, as far as the record alone can tell.

    Args:
        record: A parsed JSON value, of any type.
        readers: By task, what reads an answer in a form and raises if it cannot.
    """
    return batch_findings([record], readers)[0]


def batch_findings(records: Sequence[Any], readers: Readers) -> list[list[Finding]]:
    """Return the `record_findings` of each record; all pass the schema before the first rule."""
    issues = [
        core_errors(record) if is_foreign(record) else record_errors(record) for record in records
    ]
    return [_findings(*pair, readers) for pair in zip(records, issues, strict=True)]


def _findings(record: Any, issues: list[SchemaIssue], readers: Readers) -> list[Finding]:  # noqa: ANN401
    foreign = is_foreign(record)
    plain = issues if foreign or not issues else errors(record, "record")
    found = list(record_findings_of(plain, record, readers)) if plain else []
    if not isinstance(record, dict):
        return found
    whole = not found  # every field that a rule reads is there then: the schemas require it
    right = record.keys() if whole else record.keys() - _fields_of(found)
    for needs, values, ask in _CORE_RULES if foreign else _RULES:
        if whole or needs <= right:
            found.extend(ask(*values(record)))
    if not foreign and (whole or right >= _ANSWERS):
        comparable = not found or right - _fields_of(found) >= _KNOWN
        found.extend(answer_findings(record, readers, comparable))
    if issues and not found:  # what only a task says; its reader said most better
        found.extend(record_findings_of(issues, record, readers))
    return found


def _fields_of(found: list[Finding]) -> set[str]:
    return {finding.pointer.split("/")[1] for finding in found if finding.pointer}


def _remembered(ask: Callable[..., Iterator[Finding]]) -> Callable[..., tuple[Finding, ...]]:
    """Make a rule of a few texts answer at once what it was asked before."""

    @functools.lru_cache(maxsize=1 << 14)
    def remembering(*values: str | None) -> tuple[Finding, ...]:
        return tuple(ask(*values))

    return remembering


def _image_marks(messages: Sequence[Record], paths: Sequence[str]) -> Iterator[Finding]:
    content, answer, images = messages[0]["content"], messages[1]["content"], len(paths)
    total = content.count(IMAGE_MARK)
    if total == images and content.startswith(IMAGE_MARK * images) and IMAGE_MARK not in answer:
        return
    opening = _OPENING_MARKS.match(content)
    marks = len(opening[0]) // len(IMAGE_MARK) if opening else 0
    if marks != images:
        text = f"{marks} {IMAGE_MARK} at the start for {images} images; expected one an image"
        yield Finding("/messages/0/content", "image-marks", text)
    if later := total - marks:
        text = f"{later} {IMAGE_MARK} after the start; all stand before the first word"
        yield Finding("/messages/0/content", "image-marks", text)
    if IMAGE_MARK in answer:
        yield Finding("/messages/1/content", "image-marks", f"an answer has no {IMAGE_MARK}")


@_remembered
def _subset(name: str, teacher: str, scene_type: str) -> Iterator[Finding]:
    if name not in SUBSETS:
        yield Finding("/subset", "unknown-subset", f"no subset {name!r}: {nearest(name, SUBSETS)}")
        return
    for field, stated in (("teacher", teacher), ("scene_type", scene_type)):
        expected = getattr(SUBSETS[name], field)
        if stated != expected:
            text = f"{name} has {expected}, got {stated}"
            yield Finding(f"/{field}", "subset-mismatch", text)


def _identity(record_id: str, *places: str) -> Iterator[Finding]:
    stem = "/".join(places)
    if record_id.rpartition("/")[0] != stem:
        text = f"expected {stem}/<n> from the other fields, got {short(record_id)}"
        yield Finding("/record_id", "id-mismatch", text)


@_remembered
def _split(scene_id: str, split: str) -> Iterator[Finding]:
    expected = split_of(scene_id)  # which is "train" for the demo's only scene
    if split != expected:
        text = f"the name of scene {scene_id!r} puts it in {expected}, got {split}"
        yield Finding("/split", "split-mismatch", text)


@_remembered
def _template(task: str, template: str) -> Iterator[Finding]:
    if not template.startswith(f"{task}."):
        text = f"expected a wording of {task}, such as {task}.open, got {template!r}"
        yield Finding("/template_id", "template-mismatch", text)


def _accepted(messages: Sequence[Record], accepted: Sequence[str]) -> Iterator[Finding]:
    answer, first = messages[1]["content"], accepted[0]
    if answer != first:
        text = f"the assistant turn is {short(answer)}, and this first one is {short(first)}"
        yield Finding("/accepted/0", "answer-not-accepted", text)


def _frames(indices: Sequence[int], paths: Sequence[str]) -> Iterator[Finding]:
    images = len(paths)
    if len(indices) not in (images, images + 1):
        text = f"{len(indices)} for {images} images; expected one an image, or one more"
        yield Finding("/frame_indices", "frame-count", text)
    if list(indices) != sorted(indices):
        yield Finding("/frame_indices", "frame-order", f"expected to ascend, got {indices}")


@_remembered
def _motion(actions: str, claim: str | None) -> Iterator[Finding]:
    for field, text in (("actions", actions), ("claim", claim)):
        if text is None:
            continue
        try:
            heard(text)
        except World2VLMError as error:
            yield Finding(f"/{field}", "motion-unreadable", in_short(error))


def _boxes(thing: Record | None) -> Iterator[Finding]:
    if thing is None:
        return
    for name in ("box_before", "box_after"):
        if (box := thing[name]) is not None and not (box[0] < box[2] and box[1] < box[3]):
            text = f"expected x1 < x2 and y1 < y2 of x1, y1, x2, y2, got {box}"
            yield Finding(f"/object/{name}", "box-order", text)
    if thing["box_after"] is None and thing["visible_after"] > 0:
        text = f"box_after is null, so nothing is visible; got {thing['visible_after']}"
        yield Finding("/object/visible_after", "box-visibility", text)


def _rule(ask: Callable[..., Iterable[Finding]], *fields: str) -> _Rule:
    values = itemgetter(*fields) if len(fields) > 1 else lambda record: (record[fields[0]],)
    return _Rule(frozenset(fields), values, ask)


_CORE_RULES = (_rule(_image_marks, "messages", "images"),)
_RULES = (
    *_CORE_RULES,
    _rule(_subset, "subset", "teacher", "scene_type"),
    _rule(_identity, "record_id", "subset", "scene_id", "trajectory_id", "task_type"),
    _rule(_split, "scene_id", "split"),
    _rule(_template, "task_type", "template_id"),
    _rule(_accepted, "messages", "accepted"),
    _rule(_frames, "frame_indices", "images"),
    _rule(_motion, "actions", "claim"),
    _rule(_boxes, "object"),
)
