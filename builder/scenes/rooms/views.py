"""Choosing where anchors stand: free spots that look across the room onto many things."""

from dataclasses import dataclass

import numpy as np

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.render.raster import rasterize
from builder.render.stage import Stage
from builder.scenes.rooms.freespace import FreeSpace
from builder.scenes.rooms.shapes import Array

ANCHOR_MARGIN_M = 0.35
EYE_M = (1.35, 1.60)
_CANDIDATES = 48
_SCOUT = Camera.from_fov(96, 72, 80.0)
"""What a candidate is judged with: about what both teachers' cameras have in common."""

_CLEAR_PX = 14
"""An object with so many pixels of the scout's picture can be asked about."""

_NEAR_SHARE = 0.08
"""A view with more of it nearer than 0.8 m is a view of a tabletop or a cupboard's side."""


@dataclass(frozen=True, eq=False)
class Spot:
    """A place to look from.

    Attributes:
        at_m: (2,), x and y in the room.
        eye_m: Height of the eyes.
        yaw_deg: Turn about the scene's +y: 0 looks along the scene's +z, 90 along +x.
    """

    at_m: Array
    eye_m: float
    yaw_deg: float

    def pose(self) -> Pose:
        """Return `scene_from_camera`, level."""
        place = np.array([self.at_m[0], -self.eye_m, self.at_m[1]])
        return Pose(Pose.from_yaw(self.yaw_deg).rotation, place)


def choose(
    stage: Stage, space: FreeSpace, labels: tuple[str, ...], rng: np.random.Generator, count: int
) -> tuple[Pose, ...]:
    """Return up to `count` poses, best first, each apart from those before it.

    A shorter list is the beginning of a longer one.

    Args:
        stage: The room.
        space: Where one may stand.
        labels: Of the objects, in the order of their ids from 1.
        rng: Where the candidates are drawn from.
        count: How many are wanted.
    """
    spots = _candidates(space, rng)
    worth = np.array([_worth(stage, spot, labels) + _room_ahead(space, spot) for spot in spots])
    chosen: list[int] = []
    while len(chosen) < min(count, len(spots)):
        crowding = np.zeros(len(spots))
        for taken in chosen:
            crowding += [_likeness(spots[taken], spot) for spot in spots]
        score = worth - 13.0 * crowding
        score[chosen] = -np.inf
        chosen.append(int(score.argmax()))
    return tuple(spots[index].pose() for index in chosen)


def _candidates(space: FreeSpace, rng: np.random.Generator) -> list[Spot]:
    cells = space.standable(ANCHOR_MARGIN_M + 0.03)
    if len(cells) == 0:
        return []
    clearance = space.at(cells)
    middle = cells.mean(axis=0)
    spots = []
    for index in rng.choice(len(cells), _CANDIDATES, p=clearance / clearance.sum()):
        at = cells[index]
        # From the edge of the free area towards its middle one sees most of the room.
        dx, dy = middle - at
        yaw = np.degrees(np.arctan2(dx, dy)) + float(rng.normal(0, 38))
        spots.append(Spot(at, round(float(rng.uniform(*EYE_M)), 2), float(round(yaw / 5) * 5)))
    return spots


def _worth(stage: Stage, spot: Spot, labels: tuple[str, ...]) -> float:
    """Return how much there is to see: things, pairs of one label, depth, nothing in the face."""
    mesh = stage.mesh
    seen = rasterize(mesh.vertices_m, mesh.faces, spot.pose().inverse(), _SCOUT)
    hit = seen.face >= 0
    ids = np.where(hit, mesh.instance[seen.face], 0)
    pixels = np.bincount(ids.ravel(), minlength=len(labels) + 1)[1:]
    clear = [label for label, count in zip(labels, pixels, strict=True) if count >= _CLEAR_PX]
    pairs = sum(clear.count(label) > 1 for label in set(clear))
    depth_m = 1.0 / np.maximum(seen.inverse_depth[hit], 1e-3)
    near = float((depth_m < 0.8).mean())
    if near > _NEAR_SHARE:
        return -100.0
    return 1.3 * len(clear) + 2.0 * pairs + 1.5 * min(4.0, float(np.median(depth_m))) - 60.0 * near


def _room_ahead(space: FreeSpace, spot: Spot) -> float:
    """Return a bonus for space to walk: ahead, back, left and right."""
    yaw = np.radians(spot.yaw_deg + np.array([0.0, 90.0, 180.0, 270.0]))
    steps = np.arange(0.1, 2.05, 0.1)
    free = 0.0
    for direction, weight in zip(yaw, (2.5, 1.0, 1.0, 1.0), strict=True):
        path = spot.at_m + steps[:, None] * np.array([np.sin(direction), np.cos(direction)])
        blocked = space.at(path) < 0.27
        free += weight * (float(steps[blocked.argmax()]) if blocked.any() else 2.0)
    return free


def _likeness(first: Spot, second: Spot) -> float:
    """Return 1 for the same view, 0 for one from elsewhere or to another side."""
    apart_m = float(np.linalg.norm(first.at_m - second.at_m))
    turn = np.radians(first.yaw_deg - second.yaw_deg)
    return float(np.exp(-((apart_m / 1.2) ** 2)) * 0.5 + 0.5 * max(0.0, float(np.cos(turn))) ** 2)
