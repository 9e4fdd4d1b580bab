"""What is exact without any depth: how the picture moves when the camera turns on the spot."""

import numpy as np
from numpy.typing import NDArray

from builder.core.box import Box
from builder.core.camera import Camera
from builder.core.covisibility import GRID_STEP_PX, Covisibility
from builder.core.pose import Pose

_ON_THE_SPOT_M = 1e-9
_NOMINAL_CELLS = 24


def is_turn_only(before_from_after: Pose) -> bool:
    """Return whether a camera only turned."""
    return float(np.abs(before_from_after.translation_m).max()) <= _ON_THE_SPOT_M


def turn_only_covisibility(camera: Camera, before_from_after: Pose) -> Covisibility:
    """Return how far the picture moves and how much both views show, for a turn on the spot.

    A ray stays a ray: where a pixel goes does not depend on how far away its surface is, and
    nothing can come in front of it. So these figures are exact without depth.
    """
    moved_px, shown_before = _carried(camera, before_from_after.inverse())
    _, shown_after = _carried(camera, before_from_after)
    return Covisibility(round(moved_px, 3), round(shown_before, 4), round(shown_after, 4))


def nominal_grid_m() -> NDArray[np.float32]:
    """Return a depth grid of one metre everywhere: for turns any depth gives the same pixels.

    It serves questions about turns alone and is never stored: a bundle without depth says so.
    """
    return np.ones((_NOMINAL_CELLS, _NOMINAL_CELLS), np.float32)


def carried_box(camera: Camera, box: Box, after_from_before: Pose) -> Box | None:
    """Return where a turn takes a box, cut to the frame; None: nothing of it is left there.

    It is the box around the turned corners, so a little larger than the object's own.
    """
    corners, depth = _turned_corners(camera, box, after_from_before)
    if (depth <= 0).any():
        return None
    x, y = corners.T
    low = (max(0.0, float(x.min())), max(0.0, float(y.min())))
    high = (min(camera.width_px, float(x.max())), min(camera.height_px, float(y.max())))
    return Box(*low, *high) if low[0] < high[0] and low[1] < high[1] else None


def is_beyond(camera: Camera, box: Box, after_from_before: Pose, margin: float) -> bool:
    """Return whether a turn takes all of a box out of the frame, by `margin` of its side."""
    (x1, y1, x2, y2), (width, height) = box.corners_px(), camera.size_px
    corners = camera.lift([(x, y) for x in (x1, x2) for y in (y1, y2)], np.ones(4))
    x, y, z = after_from_before.apply(corners).T
    (fx, fy), (cx, cy) = camera.focal_px, camera.center_px
    sides = (  # planes, not pixels, so that what lies behind the camera is beyond them too
        fx * x + (cx + margin * width) * z < 0,
        fx * x + (cx - (1 + margin) * width) * z > 0,
        fy * y + (cy + margin * height) * z < 0,
        fy * y + (cy - (1 + margin) * height) * z > 0,
    )
    return any(bool(side.all()) for side in sides)


def _turned_corners(
    camera: Camera, box: Box, after_from_before: Pose
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    x1, y1, x2, y2 = box.corners_px()
    points = camera.lift([(x, y) for x in (x1, x2) for y in (y1, y2)], np.ones(4))
    turned = after_from_before.apply(points)
    with np.errstate(divide="ignore", invalid="ignore"):
        uv_px = turned[:, :2] / turned[:, 2:] * camera.focal_px + camera.center_px
    return uv_px, turned[:, 2]


def _carried(camera: Camera, there_from_here: Pose) -> tuple[float, float]:
    """Return (median move in pixels, share of `here` that `there` shows)."""
    rows = np.arange(0, camera.height_px, GRID_STEP_PX) + 0.5
    columns = np.arange(0, camera.width_px, GRID_STEP_PX) + 0.5
    uv_px = np.stack(np.meshgrid(columns, rows), axis=-1)
    rays = camera.lift(uv_px, np.ones(uv_px.shape[:-1]))
    found_px, inside = camera.project(there_from_here.apply(rays))
    distances = np.linalg.norm(found_px - uv_px, axis=-1)
    distances = distances[np.isfinite(distances)]
    moved_px = float(np.median(distances)) if distances.size else float("inf")
    return moved_px, float(inside.mean())
