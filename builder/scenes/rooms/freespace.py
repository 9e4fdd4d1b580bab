"""Where a camera may go: the distance to the nearest obstacle at body height, on a fine grid."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import MissingExtra
from builder.scenes.rooms.footprint import Placed
from builder.scenes.rooms.plan import Plan
from builder.scenes.rooms.shapes import Array

CELL_M = 0.02
BODY_M = (0.15, 1.75)
"""From the ankle to above the eyes: what is lower is stepped over, what is higher passed under."""


@dataclass(frozen=True, eq=False)
class FreeSpace:
    """A clearance map of a room.

    Attributes:
        clearance_m: (ny, nx), metres from each cell's center to the nearest obstacle or wall.
        start_m: x and y of the first cell's center.
    """

    clearance_m: Array
    start_m: tuple[float, float]

    @classmethod
    def of(cls, plan: Plan, placed: Sequence[Placed]) -> "FreeSpace":
        """Measure a room; everything between `BODY_M` counts, tabletops too.

        Raises:
            MissingExtra: If scipy is not installed.
        """
        margin = 3
        nx, ny = (int(np.ceil(side / CELL_M)) + 2 * margin for side in (plan.width_m, plan.depth_m))
        start = (CELL_M * (0.5 - margin), CELL_M * (0.5 - margin))
        x, y = (
            np.asarray(first + CELL_M * np.arange(n), np.float64)
            for first, n in zip(start, (nx, ny), strict=True)
        )
        free = ((x > 0) & (x < plan.width_m))[None] & ((y > 0) & (y < plan.depth_m))[:, None]
        for one in placed:
            _block(free, one, (x, y))
        # A cell counts as blocked by its center, so a wall may lie half a cell nearer.
        distance = _distance_transform(free) * CELL_M - CELL_M * 0.5
        return cls(np.maximum(distance, 0.0), start)

    def at(self, points_m: Array) -> Array:
        """Return the clearance at points (n, 2), metres; 0 outside."""
        index = np.rint((points_m - self.start_m) / CELL_M).astype(np.int64)
        ny, nx = self.clearance_m.shape
        inside = (index >= 0).all(axis=1) & (index[:, 0] < nx) & (index[:, 1] < ny)
        found = np.zeros(len(points_m))
        found[inside] = self.clearance_m[index[inside, 1], index[inside, 0]]
        return found

    def standable(self, margin_m: float) -> Array:
        """Return the cells of the largest connected area with that clearance: (n, 2), x and y."""
        row, column = np.nonzero(_largest_area(self.clearance_m >= margin_m))
        return np.asarray(np.stack([column, row], axis=-1) * CELL_M + np.array(self.start_m))

    def open_area_m2(self, margin_m: float) -> float:
        """Return the size of that area."""
        return len(self.standable(margin_m)) * CELL_M**2


def _block(free: NDArray[np.bool_], placed: Placed, ticks: tuple[Array, Array]) -> None:
    """Mark the cells under a piece's parts at body height as taken."""
    blocks = placed.blocks
    for box in np.flatnonzero((blocks.z_m[:, 0] < BODY_M[1]) & (blocks.z_m[:, 1] > BODY_M[0])):
        low, high = blocks.corners_m[box].min(axis=0), blocks.corners_m[box].max(axis=0)
        x0, x1 = np.searchsorted(ticks[0], (low[0] - CELL_M, high[0] + CELL_M))
        y0, y1 = np.searchsorted(ticks[1], (low[1] - CELL_M, high[1] + CELL_M))
        dx = ticks[0][x0:x1][None] - blocks.center_m[box, 0]
        dy = ticks[1][y0:y1][:, None] - blocks.center_m[box, 1]
        (ax, ay), (bx, by) = blocks.axes
        half_wide, half_deep = blocks.half_m[box] + CELL_M / 2
        taken = (np.abs(dx * ax + dy * ay) <= half_wide) & (np.abs(dx * bx + dy * by) <= half_deep)
        free[y0:y1, x0:x1] &= ~taken


def _distance_transform(free: NDArray[np.bool_]) -> Array:
    try:
        from scipy import ndimage
    except ImportError as error:
        raise MissingExtra("scipy", "build") from error
    return np.asarray(ndimage.distance_transform_edt(free), dtype=np.float64)


def _largest_area(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    try:
        from scipy import ndimage
    except ImportError as error:
        raise MissingExtra("scipy", "build") from error
    areas, count = ndimage.label(mask)
    if count == 0:
        return mask
    sizes = np.bincount(areas.ravel())
    sizes[0] = 0
    return np.asarray(areas == int(sizes.argmax()))
