"""Identity by geometry: with depth, a thing is found again where its points come to lie."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.trackers._dense import chains_of
from builder.trackers._detection import Chain, Detection, Found, Place

_SIDE = 9  # points a side, within the middle of a box
_MIDDLE = 0.7
_THICK = 0.1  # of its depth: how far the points of one thing may lie apart
_LEAST_POINTS = 8
_ON = 0.5  # this share of a thing's points must fall into the other box, both ways
_CLEARER = 0.7

Depth = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class _Thing:
    """The points of one detection.

    Attributes:
        detection: What was found.
        points_world: (n, 3), metres.
    """

    detection: Detection
    points_world: NDArray[np.float64]


def geometric_chains(
    found: Found,
    depth_m: Sequence[Depth],
    world_from_camera: Sequence[Pose],
    camera: Camera,
    max_gap: int,
) -> list[Chain]:
    """Return which detections show one object, from where their points lie in space.

    Args:
        found: The detections of every frame; the frames may be far apart.
        depth_m: (H, W) of every frame, metres along +z; 0 = unknown.
        world_from_camera: The commanded pose of every frame.
        camera: Of all frames.
        max_gap: Most frames for which an object may be out of sight.
    """
    things = [
        [_thing(one, depth, pose, camera) for one in here]
        for here, depth, pose in zip(found, depth_m, world_from_camera, strict=True)
    ]
    links: dict[Place, Place] = {}
    for after in range(1, len(found)):
        ended: set[int] = set()
        for before in range(after - 1, max(-1, after - 2 - max_gap), -1):
            sides = [(things[k], depth_m[k], world_from_camera[k]) for k in (before, after)]
            for one, other in _pairs(sides[0], sides[1], camera):
                if (before, one) not in links and other not in ended:
                    links[before, one] = (after, other)
                    ended.add(other)
    return chains_of(links)


def _thing(one: Detection, depth_m: Depth, pose: Pose, camera: Camera) -> _Thing:
    """Lift the middle of a box; of its points those at about its median depth count."""
    x1, y1, x2, y2 = one.box.corners_px()
    steps = 0.5 + _MIDDLE * (np.linspace(0, 1, _SIDE) - 0.5)
    u, v = np.meshgrid(x1 + steps * (x2 - x1), y1 + steps * (y2 - y1))
    uv_px = np.stack([u.ravel(), v.ravel()], axis=-1)
    near = _depth_at(depth_m, uv_px, camera)
    known = near > 0
    if not known.any():
        return _Thing(one, np.zeros((0, 3)))
    middle_m = float(np.median(near[known]))
    kept = known & (np.abs(near - middle_m) <= _THICK * middle_m)
    return _Thing(one, pose.apply(camera.lift(uv_px[kept], near[kept])))


_Side = tuple[Sequence[_Thing], Depth, Pose]


def _pairs(before: _Side, after: _Side, camera: Camera) -> list[tuple[int, int]]:
    """Return which things of two frames are clearly the same, by their places in both lists."""
    there = _shares(before[0], after, camera)
    back = _shares(after[0], before, camera).T
    score = np.minimum(there, back)
    pairs = []
    for one, row in enumerate(score):
        if not row.size:
            continue
        other = int(row.argmax())
        best = row[other]
        rivals = max(_second(row, other), _second(score[:, other], one))
        if best >= _ON and rivals <= _CLEARER * best:
            pairs.append((one, other))
    return pairs


def _second(row: NDArray[np.float64], best: int) -> float:
    rest = np.delete(row, best)
    return float(rest.max()) if rest.size else 0.0


def _shares(things: Sequence[_Thing], side: _Side, camera: Camera) -> NDArray[np.float64]:
    """Return, for each thing and each of a side's, the share of points that fall on it.

    Points beyond the frame or behind something nearer say nothing, and are not counted. That a
    point lies before what is seen there shows in the other direction: seen from it, the other lies
    behind.
    """
    others, depth_m, pose = side
    shares = np.zeros((len(things), len(others)))
    for row, thing in enumerate(things):
        if len(thing.points_world) < _LEAST_POINTS:
            continue
        points = pose.inverse().apply(thing.points_world)
        uv_px, inside = camera.project(points)
        seen_m = np.zeros(len(points))
        seen_m[inside] = _depth_at(depth_m, uv_px[inside], camera)
        open_ = inside & (points[:, 2] <= seen_m * (1 + _THICK))
        if open_.sum() < _LEAST_POINTS:
            continue
        for column, other in enumerate(others):
            if other.detection.label == thing.detection.label:
                hits = open_ & _within(uv_px, other.detection)
                shares[row, column] = hits.sum() / open_.sum()
    return shares


def _within(uv_px: NDArray[np.float64], one: Detection) -> NDArray[np.bool_]:
    x1, y1, x2, y2 = one.box.corners_px()
    u, v = uv_px[:, 0], uv_px[:, 1]
    return np.asarray((u >= x1) & (u < x2) & (v >= y1) & (v < y2))


def _depth_at(depth_m: Depth, uv_px: NDArray[np.float64], camera: Camera) -> NDArray[np.float64]:
    """Return the depth at pixels of the frame; the depth may have another size."""
    rows, columns = depth_m.shape
    u = np.clip(uv_px[:, 0] * columns / camera.width_px, 0, columns - 1).astype(int)
    v = np.clip(uv_px[:, 1] * rows / camera.height_px, 0, rows - 1).astype(int)
    return np.asarray(depth_m[v, u], dtype=np.float64)
