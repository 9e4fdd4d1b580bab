"""How far the picture moves between two views, and how much of each the other shows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.pose import Pose

GRID_STEP_PX = 6
_DEPTH_TOLERANCE = 0.02


@dataclass(frozen=True, slots=True)
class Covisibility:
    """Two views a and b of one rollout, a before b.

    Attributes:
        displacement_px: Median distance that the points of view a travel on the image plane.
        overlap_before: Share of view a that view b shows too, 0..1.
        overlap_after: Share of view b that view a shows too, 0..1.
    """

    displacement_px: float
    overlap_before: float
    overlap_after: float


def covisibility(
    before: tuple[NDArray[np.float32], NDArray[np.bool_]],
    after: tuple[NDArray[np.float32], NDArray[np.bool_]],
    camera: Camera,
    before_from_after: Pose,
) -> Covisibility:
    """Compare two views by their depth.

    Args:
        before: (depth_m, seen) of the first view, (H, W) float32 metres and (H, W) bool.
        after: The same of the second view.
        camera: Of both views.
        before_from_after: Pose of the second camera in the first one's frame.
    """
    moved_px, shown_before = _carry(before, after, camera, before_from_after.inverse())
    _, shown_after = _carry(after, before, camera, before_from_after)
    return Covisibility(moved_px, shown_before, shown_after)


def displacement_px(
    depth_grid_m: NDArray[np.float32], camera: Camera, here_from_there: Pose
) -> float:
    """Return the median distance, pixels, by which points move when `here` becomes `there`.

    Args:
        depth_grid_m: (h, w), depth of `here` sampled at the centers of an even grid of cells that
            covers the frame; 0 = unknown.
        camera: Of the whole frame.
        here_from_there: Pose of the other camera in this one's frame.

    Returns:
        Pixels of the whole frame; infinite if no point is in front of the other camera.
    """
    points, uv_px = grid_points(depth_grid_m, camera)
    return _median_move_px(points, uv_px, camera, here_from_there.inverse())


def grid_points(
    depth_grid_m: NDArray[np.float32], camera: Camera
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where the known cells of a depth grid lie: in space and on the image.

    Args:
        depth_grid_m: (h, w) as `depth_grid` makes it; 0 = unknown.
        camera: Of the whole frame.

    Returns:
        points: (n, 3), metres, camera frame.
        uv_px: (n, 2), pixels of the whole frame.
    """
    rows, columns = depth_grid_m.shape
    known = depth_grid_m > 0
    uv_px = _cell_centers_px(rows, columns, camera)[known]
    return camera.lift(uv_px, depth_grid_m[known]), uv_px


def depth_grid(depth_m: NDArray[np.float32], cells: int = 24) -> NDArray[np.float32]:
    """Return (cells, cells) depths, metres, at the centers of an even grid over the frame."""
    height, width = depth_m.shape
    rows = ((np.arange(cells) + 0.5) * height / cells).astype(int)
    columns = ((np.arange(cells) + 0.5) * width / cells).astype(int)
    return depth_m[np.ix_(rows, columns)]


def _cell_centers_px(rows: int, columns: int, camera: Camera) -> NDArray[np.float64]:
    v = np.floor((np.arange(rows) + 0.5) * camera.height_px / rows) + 0.5
    u = np.floor((np.arange(columns) + 0.5) * camera.width_px / columns) + 0.5
    return np.stack(np.meshgrid(u, v), axis=-1)


def _median_move_px(
    points: NDArray[np.float64], uv_px: NDArray[np.float64], camera: Camera, there_from_here: Pose
) -> float:
    moved_px, _ = camera.project(there_from_here.apply(points))
    distances = np.linalg.norm(moved_px - uv_px, axis=-1)
    distances = distances[np.isfinite(distances)]
    return float(np.median(distances)) if distances.size else float("inf")


def _carry(
    here: tuple[NDArray[np.float32], NDArray[np.bool_]],
    there: tuple[NDArray[np.float32], NDArray[np.bool_]],
    camera: Camera,
    there_from_here: Pose,
) -> tuple[float, float]:
    """Return (median move in pixels, share of `here` that `there` shows)."""
    depth_m = here[0][::GRID_STEP_PX, ::GRID_STEP_PX]
    seen = here[1][::GRID_STEP_PX, ::GRID_STEP_PX]
    rows, columns = np.indices(depth_m.shape)
    uv_px = np.stack([columns, rows], axis=-1) * GRID_STEP_PX + 0.5
    known = (depth_m > 0) & seen
    points = there_from_here.apply(camera.lift(uv_px[known], depth_m[known]))
    found_px, inside = camera.project(points)
    distances = np.linalg.norm(found_px - uv_px[known], axis=-1)
    distances = distances[np.isfinite(distances)]
    moved_px = float(np.median(distances)) if distances.size else float("inf")
    column, row = found_px[inside].astype(int).T
    there_depth_m, there_seen = there
    gap_m = points[inside, 2] - there_depth_m[row, column]
    shown = (gap_m <= _DEPTH_TOLERANCE * points[inside, 2]) & there_seen[row, column]
    shown &= there_depth_m[row, column] > 0
    return moved_px, float(shown.sum() / depth_m.size)
