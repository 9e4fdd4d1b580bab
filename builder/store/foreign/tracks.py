"""Objects from a detection cache, as far as its identities can be believed.

The released detector code hands a list of files to a tracker that starts again with each, so its
ids count the detections of one picture, in order of their score. Such ids are refused as a whole:
nothing tells which object of one view is which of the other.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.core.box import Box
from builder.core.camera import Camera
from builder.core.drop import Drop
from builder.core.pose import Pose
from builder.core.track import Sighting, Track
from builder.store.foreign.node import Node, Refusal, lines_of
from builder.store.foreign.turns import carried_box, is_turn_only

_LEAST_IOU = 0.6  # of a box that a turn carried, with the box that was detected


@dataclass(frozen=True, slots=True)
class _Seen:
    frame: int
    track_id: int | None
    label: str
    box: Box
    score: float
    visible_px: int | None
    amodal_px: int | None


def read_tracks(
    file: Path, camera: Camera, keys: Sequence[int]
) -> tuple[tuple[Track, ...], tuple[Drop, ...]]:
    """Return the tracks of a `detect_result.jsonl` at the keys, and what was left out.

    Args:
        file: May be missing: then there are no tracks.
        camera: Of the frames.
        keys: Positions of the wanted frames among the frames that `frame_idx` counts.
    """
    drops: list[Drop] = []
    try:
        seen = [one for line in lines_of(file) for one in _seen(line, camera, drops)]
    except Refusal as refusal:
        return (), (Drop(refusal.reason, str(refusal)),)
    if _are_per_image(seen):
        return (), (Drop("per-image-ids", f"{file}: ids count each picture's detections"),)
    position = {frame: key for key, frame in enumerate(keys)}
    named: dict[tuple[int, str], dict[int, Sighting]] = defaultdict(dict)
    for one in seen:
        if one.track_id is None:
            drops.append(Drop("no-identity", f"{file}: frame {one.frame}: a {one.label}"))
        elif one.frame in position:
            named[one.track_id, one.label].setdefault(position[one.frame], _sighting(one))
    return _tracks(named, file, drops), tuple(drops)


def broken_by_turns(
    tracks: Sequence[Track], poses: Sequence[Pose], camera: Camera
) -> tuple[tuple[Track, ...], tuple[Drop, ...]]:
    """Cut tracks where a turn would have taken the object elsewhere.

    Between two views of one spot, where an object goes is known without depth. A detection that
    carries its id and lies elsewhere is another object, or a wrong box.
    """
    kept, drops = [], []
    for track in tracks:
        sightings = dict(track.sightings)
        for after in sorted(sightings):
            if any(
                _contradicts(sightings, (before, after), poses, camera)
                for before in sorted(sightings)
                if before < after
            ):
                del sightings[after]
                drops.append(Drop("track-disobeys-turn", f"{track.label} {track.track_id}"))
        kept.append(Track(track.track_id, track.label, sightings))
    return tuple(kept), tuple(drops)


def _contradicts(
    sightings: Mapping[int, Sighting],
    keys: tuple[int, int],
    poses: Sequence[Pose],
    camera: Camera,
) -> bool:
    before, after = keys
    after_from_before = poses[after].inverse() @ poses[before]
    if not is_turn_only(after_from_before):
        return False
    carried = carried_box(camera, sightings[before].box, after_from_before)
    return carried is None or carried.iou(sightings[after].box) < _LEAST_IOU


def _seen(line: Node, camera: Camera, drops: list[Drop]) -> list[_Seen]:
    frame = line["frame_idx"].integer()
    found = []
    for node in line["detections"].each():
        size = tuple(
            None if (side := line.get(name)) is None else side.value for name in ("width", "height")
        )
        if size != camera.size_px:
            raise line.wrong(f"is of a picture of {size}, not {camera.size_px}", "track-size")
        x1, y1, x2, y2 = (node["bbox"][index].number() for index in range(4))
        corners = (max(0.0, x1), max(0.0, y1), min(x2, camera.width_px), min(y2, camera.height_px))
        if not (corners[0] < corners[2] and corners[1] < corners[3]):
            drops.append(Drop("bad-box", f"{node.where}: {node['bbox'].short()}"))
            continue
        found.append(
            _Seen(
                frame,
                _whole(node.get("track_id"), least=1),
                node["label"].text(),
                Box(*corners),
                node["score"].number(),
                _whole(node.get("visible_px"), least=1),
                _whole(node.get("amodal_px"), least=1),
            )
        )
    return found


def _whole(node: Node | None, least: int) -> int | None:
    if node is None or node.value is None:
        return None
    value = node.integer()
    if value < least:
        raise node.wrong(f"expected at least {least}, got {value}")
    return value


def _are_per_image(seen: Sequence[_Seen]) -> bool:
    """Return whether in every picture the ids are 1, 2, ... in order of the scores.

    Truth of our own making says how many pixels show an object; no detector does.
    """
    by_frame: dict[int, list[_Seen]] = defaultdict(list)
    for one in seen:
        if one.visible_px is not None:
            return False
        by_frame[one.frame].append(one)
    for found in by_frame.values():
        ids = [one.track_id for one in sorted(found, key=lambda one: -one.score) if one.track_id]
        if ids != list(range(1, len(ids) + 1)):
            return False
    return any(one.track_id for one in seen)


def _sighting(one: _Seen) -> Sighting:
    return Sighting(one.box, one.visible_px or max(1, int(one.box.area_px)), one.amodal_px)


def _tracks(
    named: Mapping[tuple[int, str], Mapping[int, Sighting]], file: Path, drops: list[Drop]
) -> tuple[Track, ...]:
    """Return the tracks; one id under two labels is two tracks, the later with a new number."""
    taken = {track_id for track_id, _ in named}
    met: set[int] = set()
    tracks = []
    for (track_id, label), sightings in sorted(named.items(), key=lambda item: min(item[1])):
        number = track_id
        if track_id in met:
            number = max(taken) + 1
            taken.add(number)
            drops.append(Drop("label-changed", f"{file}: track {track_id} becomes a {label}"))
        met.add(track_id)
        tracks.append(Track(number, label, dict(sightings)))
    return tuple(sorted(tracks, key=lambda track: track.track_id))
