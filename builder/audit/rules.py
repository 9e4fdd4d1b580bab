"""What makes one record right beyond its schema; nothing here opens a file.

A rule is a function of the record. It is asked only if the fields that it reads are right by the
schema, so that one mistake is said once, and every other rule still speaks.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from builder.audit.answers import Readers, answer_findings, in_short
from builder.audit.issue import Finding
from builder.audit.motion import heard
from builder.audit.schema_rules import record_findings_of
from builder.core.errors import World2VLMError, nearest
from builder.core.protocol import SUBSETS
from builder.core.record import IMAGE_MARK
from builder.core.split import split_of
from builder.schemas import core_errors, errors, record_errors
from builder.schemas.report import short

Record = Mapping[str, Any]

_OURS = frozenset({"record_id", "trajectory_id", "template_id", "builder_version"})
_ANSWERS = frozenset({"task_type", "messages", "answer_form", "accepted"})
_KNOWN = frozenset({"actions", "claim", "object"})
_OPENING_MARKS = re.compile(f"(?:{re.escape(IMAGE_MARK)})*")


_split_of = functools.lru_cache(maxsize=1 << 16)(split_of)


def is_foreign(record: Any) -> bool:  # noqa: ANN401 - JSON
    """Whether a record has none of our own fields: then only the three core fields are checked."""
    return isinstance(record, dict) and _OURS.isdisjoint(record)


def record_findings(record: Any, readers: Readers) -> list[Finding]:  # noqa: ANN401 - JSON
    """Return everything that is wrong with one record, as far as the record alone can tell.

    Args:
        record: A parsed JSON value, of any type.
        readers: By task, what reads an answer in a form and raises if it cannot.
    """
    foreign = is_foreign(record)
    issues = core_errors(record) if foreign else record_errors(record)
    plain = issues if foreign or not issues else errors(record, "record")
    found = list(record_findings_of(plain, record, readers)) if plain else []
    if not isinstance(record, dict):
        return found
    whole = not found  # every field that a rule reads is there then: the schemas require it
    right = record.keys() if whole else record.keys() - _fields_of(found)
    for needs, rule in _CORE_RULES if foreign else _RULES:
        if whole or needs <= right:
            found.extend(rule(record))
    if not foreign and (whole or right >= _ANSWERS):
        comparable = not found or right - _fields_of(found) >= _KNOWN
        found.extend(answer_findings(record, readers, comparable))
    if issues and not found:  # what only a task says; its reader said most better
        found.extend(record_findings_of(issues, record, readers))
    return found


def _fields_of(found: list[Finding]) -> set[str]:
    return {finding.pointer.split("/")[1] for finding in found if finding.pointer}


def _image_marks(record: Record) -> Iterator[Finding]:
    content, images = record["messages"][0]["content"], len(record["images"])
    answer = record["messages"][1]["content"]
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


def _subset(record: Record) -> Iterator[Finding]:
    name = record["subset"]
    if name not in SUBSETS:
        yield Finding("/subset", "unknown-subset", f"no subset {name!r}: {nearest(name, SUBSETS)}")
        return
    for field in ("teacher", "scene_type"):
        expected = getattr(SUBSETS[name], field)
        if record[field] != expected:
            text = f"{name} has {expected}, got {record[field]}"
            yield Finding(f"/{field}", "subset-mismatch", text)


def _identity(record: Record) -> Iterator[Finding]:
    places = f"{record['subset']}/{record['scene_id']}/{record['trajectory_id']}"
    stem = f"{places}/{record['task_type']}"
    if record["record_id"].rpartition("/")[0] != stem:
        text = f"expected {stem}/<n> from the other fields, got {short(record['record_id'])}"
        yield Finding("/record_id", "id-mismatch", text)


def _split(record: Record) -> Iterator[Finding]:
    scene_id, split = record["scene_id"], record["split"]
    expected = _split_of(scene_id)  # which is "train" for the demo's only scene
    if split != expected:
        text = f"the name of scene {scene_id!r} puts it in {expected}, got {split}"
        yield Finding("/split", "split-mismatch", text)


def _template(record: Record) -> Iterator[Finding]:
    task, template = record["task_type"], record["template_id"]
    if not template.startswith(f"{task}."):
        text = f"expected a wording of {task}, such as {task}.open, got {template!r}"
        yield Finding("/template_id", "template-mismatch", text)


def _accepted(record: Record) -> Iterator[Finding]:
    answer, first = record["messages"][1]["content"], record["accepted"][0]
    if answer != first:
        text = f"the assistant turn is {short(answer)}, and this first one is {short(first)}"
        yield Finding("/accepted/0", "answer-not-accepted", text)


def _frames(record: Record) -> Iterator[Finding]:
    indices, images = record["frame_indices"], len(record["images"])
    if len(indices) not in (images, images + 1):
        text = f"{len(indices)} for {images} images; expected one an image, or one more"
        yield Finding("/frame_indices", "frame-count", text)
    if list(indices) != sorted(indices):
        yield Finding("/frame_indices", "frame-order", f"expected to ascend, got {indices}")


def _motion(record: Record) -> Iterator[Finding]:
    for field in ("actions", "claim"):
        if record[field] is None:
            continue
        try:
            heard(record[field])
        except World2VLMError as error:
            yield Finding(f"/{field}", "motion-unreadable", in_short(error))


def _boxes(record: Record) -> Iterator[Finding]:
    thing = record["object"]
    if thing is None:
        return
    for name in ("box_before", "box_after"):
        if (box := thing[name]) is not None and not (box[0] < box[2] and box[1] < box[3]):
            text = f"expected x1 < x2 and y1 < y2 of x1, y1, x2, y2, got {box}"
            yield Finding(f"/object/{name}", "box-order", text)
    if thing["box_after"] is None and thing["visible_after"] > 0:
        text = f"box_after is null, so nothing is visible; got {thing['visible_after']}"
        yield Finding("/object/visible_after", "box-visibility", text)


_CORE_RULES: tuple[tuple[frozenset[str], Callable[[Record], Iterator[Finding]]], ...] = (
    (frozenset({"messages", "images"}), _image_marks),
)
_RULES: tuple[tuple[frozenset[str], Callable[[Record], Iterator[Finding]]], ...] = (
    *_CORE_RULES,
    (frozenset({"subset", "teacher", "scene_type"}), _subset),
    (frozenset({"record_id", "subset", "scene_id", "trajectory_id", "task_type"}), _identity),
    (frozenset({"scene_id", "split"}), _split),
    (frozenset({"task_type", "template_id"}), _template),
    (frozenset({"messages", "accepted"}), _accepted),
    (frozenset({"frame_indices", "images"}), _frames),
    (frozenset({"actions", "claim"}), _motion),
    (frozenset({"object"}), _boxes),
)
