"""What every record shows: its pictures, its camera, its question, how hard it is."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from builder.audit.deep.facts import Facts
from builder.audit.issue import Finding
from builder.config import Gates
from builder.core.difficulty import DifficultyFacts, difficulty
from builder.schemas.report import short

Record = Mapping[str, Any]

_HFOV_SLACK_DEG = 0.001
_SHORT_SIDE_PX = 576  # the frame side that `Gates.min_displacement_px` is stated for
_SLACK = 0.002  # shares are rounded, and a threshold is no wall


def camera_findings(record: Record, facts: Facts, gates: Gates) -> Iterator[Finding]:
    """Work out the field of view from the stored focal length and center."""
    del gates
    lens = facts.bundle.lens
    (fx, _), (cx, _) = lens.focal_px, lens.center_px
    hfov_deg = math.degrees(math.atan2(cx, fx) + math.atan2(lens.width_px - cx, fx))
    stated = record["camera"]
    if abs(stated["hfov_deg"] - hfov_deg) > _HFOV_SLACK_DEG:
        text = f"got {stated['hfov_deg']}, and the stored camera spans {hfov_deg:.3f} degrees"
        yield Finding("/camera/hfov_deg", "camera-untrue", text)
    if stated["source"] != facts.bundle.camera_source:
        text = f"got {stated['source']}, and the bundle says {facts.bundle.camera_source}"
        yield Finding("/camera/source", "camera-untrue", text)


def picture_findings(record: Record, facts: Facts, gates: Gates) -> Iterator[Finding]:
    """Compare each shown picture with the view of its pose, and ask whether it may be shown."""
    for index, name in enumerate(record["images"]):
        frame = record["frame_indices"][index]
        if name.rpartition("/")[2] != facts.bundle.files[frame].name:
            text = f"{short(name, 160)} is not stored frame {frame}"
            yield Finding(f"/images/{index}", "picture-untrue", text)
        elif fault := facts.fault(frame):
            yield Finding(f"/images/{index}", "picture-untrue", f"{short(name, 160)} {fault}")
        if fault := view_fault(facts, frame, gates):
            yield Finding(f"/images/{index}", "unanswerable", fault)
    yield from _pairs(record, facts, gates)


def view_fault(facts: Facts, frame: int, gates: Gates) -> str:
    """Return why a view must not be shown; "" if it may."""
    quality = facts.quality(frame)
    wrong = {
        f"seen {quality.seen:.3f} < {gates.min_seen}": quality.seen < gates.min_seen - _SLACK,
        f"holes {quality.holes:.3f} > {gates.max_holes}": quality.holes > gates.max_holes + _SLACK,
        f"unseen border {quality.border:.3f} > {gates.max_border}": quality.border
        > gates.max_border + _SLACK,
        f"enlarged {quality.enlargement:.2f} > {gates.max_enlargement}": quality.enlargement
        > gates.max_enlargement * (1 + _SLACK),
    }
    return "; ".join(text for text, is_so in wrong.items() if is_so)


def least_px(facts: Facts, gates: Gates) -> float:
    """Return the least displacement that can be seen, in pixels of these frames."""
    return gates.min_displacement_px * min(facts.bundle.lens.size_px) / _SHORT_SIDE_PX


def question_findings(record: Record, facts: Facts, gates: Gates) -> Iterator[Finding]:
    """Look whether the question says what it must, and not what it asks for."""
    del facts, gates
    question, task = record["messages"][0]["content"], record["task_type"]
    thing = record["object"] or {}
    said = {
        "A3": [str(record["actions"].count("; ") + 1)],
        "A4": [record["claim"]],
        "D1": [record["actions"], _box(thing, "box_before"), thing.get("label")],
        "D2": [record["actions"], _box(thing, "box_before"), thing.get("label")],
        "D3": [_box(thing, "box_before"), _box(thing, "box_after"), thing.get("label")],
        "D4": [_box(thing, "box_before"), _box(thing, "box_after"), thing.get("label")],
    }.get(task, [])
    for part in said:
        if part is None or part not in question:
            text = f"the question does not say {short(part)}, which its answer rests on"
            yield Finding("/messages/0/content", "question-untrue", text)
    if task in {"A1", "A2", "A3", "D1", "D3"}:
        for answer in record["accepted"]:
            if answer in question:
                text = f"the question holds its answer, {short(answer)}"
                yield Finding("/messages/0/content", "question-untrue", text)


def difficulty_findings(record: Record, facts: Facts, gates: Gates) -> Iterator[Finding]:
    """Grade the record anew; what is not graded is not compared."""
    del gates
    if record["difficulty"] is None:
        return
    frames, thing = record["frame_indices"], record["object"]
    pairs = [facts.pair(*ends) for ends in zip(frames, frames[1:], strict=False)]
    known = [pair for pair in pairs if pair is not None]
    if len(known) < len(pairs):
        return
    shares, likes = [1.0], set[int]()
    if thing is not None:
        shares = [share for share in (thing["visible_before"], thing["visible_after"]) if share > 0]
        likes = {
            track
            for frame in frames[: len(record["images"])]
            for track in facts.sights(frame)
            if facts.label(track) == thing["label"] and track != thing["track_id"]
        }
    found = DifficultyFacts(
        displacement_px=min(pair.moved_px for pair in known),
        short_side_px=min(facts.bundle.lens.size_px),
        overlap=min(min(pair.overlap_before, pair.overlap_after) for pair in known),
        steps=record["actions"].count("; ") + 1,
        visible_share=min(shares, default=1.0),
        distractors=len(likes),
        asks_motion=record["task_type"] not in {"D1", "D2", "D4"},
    )
    low, high = (
        difficulty(replace(found, overlap=found.overlap + slack)) for slack in (_SLACK, -_SLACK)
    )
    if not low <= record["difficulty"] <= high:
        text = f"got {record['difficulty']}, and {found} are {difficulty(found)}"
        yield Finding("/difficulty", "difficulty-untrue", text)


def _box(thing: Mapping[str, Any], name: str) -> str | None:
    box = thing.get(name)
    return None if box is None else f"[{', '.join(map(str, box))}]"


def _pairs(record: Record, facts: Facts, gates: Gates) -> Iterator[Finding]:
    """Ask of each two neighboring pictures whether one sees that, and where, the camera moved."""
    shown = record["frame_indices"][: len(record["images"])]
    for first, last in zip(shown, shown[1:], strict=False):
        pair = facts.pair(first, last)
        if pair is None:
            text = f"how frames {first} and {last} compare is not known"
            yield Finding("/frame_indices", "unanswerable", text)
            continue
        if pair.moved_px < least_px(facts, gates) * (1 - _SLACK) - 0.001:
            text = f"from frame {first} to {last} the picture moves by {pair.moved_px:.2f} px"
            yield Finding("/frame_indices", "unanswerable", f"{text}, too little to be seen")
        overlap = min(pair.overlap_before, pair.overlap_after)
        if overlap < gates.min_overlap - _SLACK:
            text = f"of frames {first} and {last} one shows {overlap:.3f} of the other"
            yield Finding("/frame_indices", "unanswerable", f"{text}, expected {gates.min_overlap}")
