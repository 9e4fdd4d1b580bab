"""Identity by dense tracking: ByteTrack over all frames, forwards and backwards, label by label."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from builder.core.camera import Camera
from builder.core.errors import MissingExtra
from builder.core.pose import Pose
from builder.trackers._detection import Chain, Found, Place
from builder.trackers._steady import steady_boxes

_LEAST_IOU = 0.1
Links = Mapping[Place, Place]


def dense_chains(
    found: Found, world_from_camera: Sequence[Pose], camera: Camera, max_gap: int
) -> list[Chain]:
    """Return which detections show one object, from tracking all frames of a video.

    Each label has its own tracker, so that no track changes its label. A link counts if the
    tracker makes it in one direction of time and not another one in the other.

    Args:
        found: The detections of every frame.
        world_from_camera: The commanded pose of every frame.
        camera: Of all frames.
        max_gap: Most frames for which a track may be out of sight.

    Raises:
        MissingExtra: If the tracker is not installed.
    """
    boxes = [
        steady_boxes(here, pose, camera)
        for here, pose in zip(found, world_from_camera, strict=True)
    ]
    links: dict[Place, Place] = {}
    for label in sorted({one.label for here in found for one in here}):
        chosen = [[i for i, one in enumerate(here) if one.label == label] for here in found]
        forwards = dict(_links(_ids(boxes, chosen, max_gap)))
        backwards = dict(_links(_ids(boxes[::-1], chosen[::-1], max_gap)[::-1]))
        links |= agreed(forwards, backwards)
    return chains_of(links)


def agreed(one: Links, other: Links) -> Links:
    """Return the links of both that no link of the other contradicts."""
    kept = {}
    starts = {end: start for start, end in other.items()}
    ends = {end: start for start, end in one.items()}
    for links, contrary, back in ((one, other, starts), (other, one, ends)):
        for start, end in links.items():
            if contrary.get(start, end) == end and back.get(end, start) == start:
                kept[start] = end
    return kept


def chains_of(links: Links) -> list[Chain]:
    """Return the chains that links make."""
    chains: list[Chain] = []
    for start in sorted(set(links) - set(links.values())):
        chain = [start]
        while chain[-1] in links:
            chain.append(links[chain[-1]])
        chains.append(tuple(chain))
    return chains


def _links(ids: Sequence[Mapping[int, int]]) -> Iterator[tuple[Place, Place]]:
    """Yield each two sightings of one id that follow each other."""
    last: dict[int, Place] = {}
    for frame, here in enumerate(ids):
        for index, number in here.items():
            if number in last:
                yield last[number], (frame, index)
            last[number] = (frame, index)


def _ids(
    boxes: Sequence[Any], chosen: Sequence[Sequence[int]], max_gap: int
) -> list[dict[int, int]]:
    """Return, for each frame, the id of each detection that has one."""
    tracker, detections_of = _library(max_gap)
    ids = []
    for here, places in zip(boxes, chosen, strict=True):
        detections = detections_of(
            xyxy=np.asarray(here[places], dtype=np.float32).reshape(-1, 4),
            confidence=np.ones(len(places), dtype=np.float32),  # scores swap; they tell nothing
            data={"place": np.array(places, dtype=int)},
        )
        tracked = tracker.update(detections)
        numbers = [] if tracked.tracker_id is None else tracked.tracker_id.tolist()
        order = tracked.data.get("place", np.array([], dtype=int)).tolist()
        ids.append({i: number for i, number in zip(order, numbers, strict=True) if number >= 0})
    return ids


def _library(max_gap: int) -> tuple[Any, Any]:
    try:
        import supervision
        import trackers
    except ModuleNotFoundError as error:
        raise MissingExtra(str(error.name), "detect") from error
    tracker = trackers.ByteTrackTracker(
        lost_track_buffer=max_gap,
        frame_rate=30.0,
        track_activation_threshold=0.5,
        minimum_consecutive_frames=1,
        minimum_iou_threshold=_LEAST_IOU,
        high_conf_det_threshold=0.5,
    )
    return tracker, supervision.Detections
