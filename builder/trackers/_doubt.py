"""Where a track could be two objects it is broken: half a track is right, a mixed one is not."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.trackers._detection import Chain, Found, Place
from builder.trackers._steady import steady_boxes

_FARTHEST = 0.6  # of the box's size: how far it may lie from where it was expected
_CLEARER = 0.6  # the next candidate must be that much farther
_GROWTH = 1.5  # of a side, a frame

Boxes = NDArray[np.float64]


def without_doubt(
    chains: Sequence[Chain],
    found: Found,
    world_from_camera: Sequence[Pose],
    camera: Camera,
    min_frames: int,
) -> list[Chain]:
    """Return the chains, broken at each link that might join two objects.

    A link is in doubt if its box is not where it was expected or much larger or smaller, or if
    another box of the same label could stand for either end.

    Args:
        chains: As tracking made them.
        found: The detections of every frame.
        world_from_camera: The commanded pose of every frame.
        camera: Of all frames.
        min_frames: A shorter piece is left out.
    """
    boxes = [
        steady_boxes(here, pose, camera)
        for here, pose in zip(found, world_from_camera, strict=True)
    ]
    labels = [np.array([one.label for one in here], dtype=object) for here in found]
    pieces: list[Chain] = []
    for chain in chains:
        piece = [chain[0]]
        for place in chain[1:]:
            if _doubtful(piece, place, boxes, labels):
                pieces.append(tuple(piece))
                piece = []
            piece.append(place)
        pieces.append(tuple(piece))
    return [piece for piece in pieces if len(piece) >= min_frames]


def _doubtful(
    piece: Sequence[Place],
    place: Place,
    boxes: Sequence[Boxes],
    labels: Sequence[NDArray[np.object_]],
) -> bool:
    (frame, index), (after, there) = piece[-1], place
    start, end = boxes[frame][index], boxes[after][there]
    drift = _drift(piece, boxes) * (after - frame)
    sides = (_sides(start), _sides(end))
    if max(np.abs(np.log(sides[1] / sides[0]))) > np.log(_GROWTH) * (after - frame):
        return True
    gap = _apart(start + drift, end[None])[0]
    if gap > _FARTHEST:
        return True
    rivals_after = boxes[after][_others(labels, place)]
    rivals_before = boxes[frame][_others(labels, (frame, index))]
    aims = (_apart(start + drift, rivals_after), _apart(end - drift, rivals_before))
    return any((aim * _CLEARER < max(gap, 0.15)).any() for aim in aims)


def _drift(piece: Sequence[Place], boxes: Sequence[Boxes]) -> NDArray[np.float64]:
    """Return how far the last boxes moved a frame; zeros where there is only one."""
    if len(piece) < 2:
        return np.zeros(4)
    (frame, index), (last, there) = piece[-min(len(piece), 4)], piece[-1]
    return np.asarray((boxes[last][there] - boxes[frame][index]) / (last - frame))


def _others(labels: Sequence[NDArray[np.object_]], place: Place) -> NDArray[np.bool_]:
    here = labels[place[0]]
    same = np.asarray(here == here[place[1]], dtype=np.bool_)
    same[place[1]] = False
    return same


def _apart(box: NDArray[np.float64], others: Boxes) -> NDArray[np.float64]:
    """Return how far boxes lie apart, corner by corner, in sizes of the first."""
    size = float(np.sqrt(np.prod(_sides(box))))
    return np.asarray(np.abs(others - box).max(axis=1) / size)


def _sides(box: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.maximum([box[2] - box[0], box[3] - box[1]], 1.0)
