"""Answers about objects: where they are, how much of them shows, and which one it is."""

from collections.abc import Iterator, Mapping
from typing import Any

from builder.audit.deep.bundle import Sight
from builder.audit.deep.facts import Facts, same_box, same_share
from builder.audit.deep.shown import view_fault
from builder.audit.deep.words import verdict_of
from builder.audit.issue import Finding
from builder.config import Gates
from builder.core.errors import GrammarError
from builder.core.protocol import SUBSETS
from builder.language.answers import hear_box
from builder.schemas.report import short

Record = Mapping[str, Any]

_SLACK = 0.011  # of a share, where a view was painted on another machine


def object_findings(record: Record, facts: Facts, gates: Gates) -> Iterator[Finding]:
    """Hold ids, label, boxes and visible shares against what the two views show."""
    thing, frames = record["object"], record["frame_indices"]
    if thing is None:
        yield Finding("/object", "object-untrue", "expected the object that is asked about")
        return
    for track in dict.fromkeys((thing["track_id"], thing["track_id_after"])):
        if (label := facts.label(track)) != thing["label"]:
            text = f"track {track} is {label!r}, got {thing['label']!r}"
            yield Finding("/object/label", "object-untrue", text)
    for end, track, frame in (
        ("before", thing["track_id"], frames[0]),
        ("after", thing["track_id_after"], frames[-1]),
    ):
        found = facts.sights(frame).get(track)
        yield from _sight_findings(thing, end, found, f"track {track} in frame {frame}")
        if end == "before" or record["task_type"] != "D2":
            yield from _clear(found, facts, gates, f"/object/visible_{end}")
    if record["task_type"] != "D4":
        yield from _one_instance(thing)


def box_findings(record: Record, facts: Facts, gates: Gates) -> Iterator[Finding]:
    """D1: the answer is the object's box in the last view."""
    del gates
    thing = record["object"]
    found = facts.sights(record["frame_indices"][-1]).get(thing["track_id"]) if thing else None
    if found is None:
        return  # `object_findings` says so
    for index, text in enumerate(record["accepted"]):
        try:
            box = hear_box(text)
        except GrammarError as error:
            yield Finding(f"/accepted/{index}", "answer-untrue", str(error))
            continue
        if not same_box(box, found.box_n1000):
            fault = f"got {list(box)}, and the view has {list(found.box_n1000)}"
            yield Finding(f"/accepted/{index}", "answer-untrue", fault)


def visibility_findings(record: Record, facts: Facts, gates: Gates) -> Iterator[Finding]:
    """D2: gone is no visible pixel, still there is a visible share; between is not asked."""
    thing, frames = record["object"], record["frame_indices"]
    if thing is None:
        return
    first, last = frames[0], frames[-1]
    found = facts.sights(last).get(thing["track_id"])
    yield from _verdict_findings(record, is_so=found is None, meaning="no pixel of it shows")
    if found is not None:
        if found.share < gates.stays_visible - _SLACK:
            text = f"{found.share:.3f} of it is visible, neither gone nor plainly there"
            yield Finding("/object/visible_after", "unanswerable", text)
        if fault := view_fault(facts, last, gates):
            yield Finding("/frame_indices", "unanswerable", f"the view asked about: {fault}")
    elif SUBSETS[record["subset"]].scene_type == "real" and facts.may_show(
        thing["track_id"], first, last
    ):
        text = "it lies in the frame, behind what the photograph may never have seen"
        yield Finding("/object/box_after", "unanswerable", text)


def identity_findings(record: Record, facts: Facts, gates: Gates) -> Iterator[Finding]:
    """D4: the same if the ids are; both boxes hold things of one label."""
    del facts, gates
    thing = record["object"]
    if thing is not None:
        same = thing["track_id"] == thing["track_id_after"]
        yield from _verdict_findings(record, is_so=same, meaning="both boxes hold one object")


def _verdict_findings(record: Record, is_so: bool, meaning: str) -> Iterator[Finding]:
    for index, answer in enumerate(record["accepted"]):
        if verdict_of(record, answer) != is_so:
            text = f"{short(answer)}, and that {meaning} is {str(is_so).lower()}"
            yield Finding(f"/accepted/{index}", "answer-untrue", text)


def _sight_findings(
    thing: Mapping[str, Any], end: str, found: Sight | None, where: str
) -> Iterator[Finding]:
    box, share = thing[f"box_{end}"], thing[f"visible_{end}"]
    if (box is None) != (found is None):
        shows = "nothing" if found is None else list(found.box_n1000)
        yield Finding(f"/object/box_{end}", "object-untrue", f"got {box}, and {where} is {shows}")
    elif found is not None and not same_box(box, found.box_n1000):
        text = f"got {box}, and {where} is {list(found.box_n1000)}"
        yield Finding(f"/object/box_{end}", "object-untrue", text)
    if not same_share(share, found.share if found else 0.0):
        text = f"got {share}, and {where} is visible to {found.share if found else 0.0:.4f}"
        yield Finding(f"/object/visible_{end}", "object-untrue", text)


def _clear(found: Sight | None, facts: Facts, gates: Gates, pointer: str) -> Iterator[Finding]:
    if found is None:
        return
    if found.share < gates.clearly_visible - _SLACK:
        text = f"{found.share:.3f} of it is visible, expected {gates.clearly_visible}"
        yield Finding(pointer, "unanswerable", text)
    x1, y1, x2, y2 = found.box_px
    width, height = facts.bundle.lens.size_px
    area = (x2 - x1) * (y2 - y1) / (width * height)
    if area < gates.min_box_area * 0.95:
        text = f"its box is {area:.4f} of the frame, expected {gates.min_box_area}"
        yield Finding(pointer, "unanswerable", text)


def _one_instance(thing: Mapping[str, Any]) -> Iterator[Finding]:
    if thing["track_id"] != thing["track_id_after"]:
        text = f"{thing['track_id_after']}, expected the same object, {thing['track_id']}"
        yield Finding("/object/track_id_after", "object-untrue", text)
