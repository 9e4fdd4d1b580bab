"""What makes a `detect_result.jsonl` right: lines, identities, boxes."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from builder.audit.issue import Finding, Issue
from builder.audit.jsontext import Line, read_lines
from builder.audit.pictures import by
from builder.audit.schema_rules import findings_of
from builder.core.box import Box
from builder.schemas import errors
from builder.schemas.report import pointer_to, short

Json = Mapping[str, Any]
Sizes = tuple[tuple[int, int], ...]


def track_issues(
    path: Path, file: str, sizes_px: Sizes | None, labels: Mapping[int, str] | None
) -> Iterator[Issue]:
    """Yield what is wrong with the tracks of one bundle.

    Args:
        path: The file.
        file: What issues call it.
        sizes_px: (width, height) of each stored frame; None: unknown.
        labels: The scene's objects, label by track; None: unknown.

    Raises:
        OSError: If the file cannot be read.
    """
    known: dict[int, str] = dict(labels or {})
    count = 0
    for line in read_lines(path):
        for finding in _line_findings(line, count, sizes_px, (known, labels is None)):
            yield finding.at(file, line.number)
        count += 1
    if sizes_px is not None and count != len(sizes_px):
        text = f"expected one line a stored frame, {len(sizes_px)} of them, got {count}"
        yield Issue(file, None, "", "track-frames", text)


def _line_findings(
    line: Line, index: int, sizes_px: Sizes | None, names: tuple[dict[int, str], bool]
) -> Iterator[Finding]:
    yield from line.findings
    if not line.parsed:
        return
    wrong = list(findings_of(errors(line.value, "track")))
    yield from wrong
    if wrong:
        return
    frame = line.value
    yield from _frame(frame, index, sizes_px)
    seen: set[int] = set()
    for place, found in enumerate(frame["detections"]):
        at = pointer_to("detections", place)
        yield from _identity(found, at, seen, names)
        if frame["width"] and frame["height"]:
            yield from _box(found, at, (frame["width"], frame["height"]))


def _frame(frame: Json, index: int, sizes_px: Sizes | None) -> Iterator[Finding]:
    if frame["frame_idx"] != index:
        text = f"expected {index}, for lines go by stored frame, got {frame['frame_idx']}"
        yield Finding("/frame_idx", "track-frames", text)
    size_px = (frame["width"], frame["height"])
    if sizes_px is not None and index < len(sizes_px) and size_px != sizes_px[index]:
        text = f"{size_px[0]}x{size_px[1]}, and traj.json states {by(sizes_px[index])}"
        yield Finding("/width", "track-frames", text)


def _identity(
    found: Json, at: str, seen: set[int], names: tuple[dict[int, str], bool]
) -> Iterator[Finding]:
    track, label, (known, open_ended) = found["track_id"], found["label"], names
    if track is None:
        return
    if track in seen:
        text = f"track {track} stands twice in one frame"
        yield Finding(f"{at}/track_id", "track-mismatch", text)
    seen.add(track)
    if open_ended:
        known.setdefault(track, label)
    if track not in known:
        text = f"track {track} is no object of scene.json"
        yield Finding(f"{at}/track_id", "track-mismatch", text)
    elif known[track] != label:
        text = f"track {track} is {known[track]!r} elsewhere, got {label!r}"
        yield Finding(f"{at}/label", "track-mismatch", text)


def _box(found: Json, at: str, size_px: tuple[int, int]) -> Iterator[Finding]:
    x1, y1, x2, y2 = found["bbox"]
    if not (0 <= x1 < x2 <= size_px[0] and 0 <= y1 < y2 <= size_px[1]):
        text = f"{short(found['bbox'])} does not lie in {by(size_px)} as x1 < x2, y1 < y2"
        yield Finding(f"{at}/bbox", "track-box", text)
        return
    box = Box(x1, y1, x2, y2)
    if (expected := list(box.n1000(*size_px))) != found["bbox_norm"]:
        text = f"bbox is {expected}, got {found['bbox_norm']}"
        yield Finding(f"{at}/bbox_norm", "track-box", text)
    if found.get("visible_px", 0) > box.area_px:
        text = f"{found['visible_px']} pixels do not fit into a box of {box.area_px:g}"
        yield Finding(f"{at}/visible_px", "track-box", text)
