"""Kernels that fill triangles: which samples of the screen each covers, and which it wins.

The rows of triangles are those of `_project`.
"""

import math

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import inline, jit

_ABOVE_ZERO = 1e-300  # e >= this means e > 0
_HAIR = 1e-6  # samples
_FAR = 1e30

Cut = tuple[float, float, float]

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@inline
def _first(low: float, grid: int) -> int:
    return max(0, math.ceil(max(low * grid, -1.0) - 0.5))


@inline
def _last(high: float, grid: int, size: int) -> int:
    return min(size - 1, math.floor(min(high * grid, size + 1.0) - 0.5))


@jit
def _owns(a: float, b: float) -> float:
    """Least edge value that counts as inside: of two neighbors one owns the shared edge."""
    return 0.0 if a > 0 or (a == 0 and b > 0) else _ABOVE_ZERO


@jit
def _inside(row: Floats, x_px: float, y_px: float) -> bool:
    """Whether a sample is inside: the exact test, which neighbors answer oppositely."""
    inside: bool = (
        row[0] * x_px + (row[1] * y_px + row[2]) >= _owns(row[0], row[1])
        and row[3] * x_px + (row[4] * y_px + row[5]) >= _owns(row[3], row[4])
        and row[6] * x_px + (row[7] * y_px + row[8]) >= _owns(row[6], row[7])
    )
    return inside


@jit
def _exact_span(row: Floats, y_px: float, grid: int, first: int, last: int) -> tuple[int, int]:
    """Move the ends of a run in until both are inside."""
    step = 1.0 / grid
    while first <= last and not _inside(row, (first + 0.5) * step, y_px):
        first += 1
    while first <= last and not _inside(row, (last + 0.5) * step, y_px):
        last -= 1
    return first, last


@inline
def _cut(a: float, b: float, c: float, grid: int) -> Cut:
    """Return where an edge cuts a row: at sample cut[1] * y_px + cut[2], inside right of it.

    cut[0] is 1 if inside is right of it, -1 if left, and 0 for an edge that is level, or almost.
    """
    steep = abs(b) < 1e6 * abs(a) and abs(c) < 1e9 * abs(a)
    scale = -grid / a if steep else 0.0
    side = (1.0 if a > 0 else -1.0) if steep else 0.0
    return side, b * scale, c * scale - 0.5


@inline
def _span(p: Cut, q: Cut, r: Cut, y_px: float, left: int, right: int) -> tuple[int, int, bool]:
    """Return the first and last sample of a row that lie within three cuts, and if that is sure.

    Edge values are monotone in x, so what a triangle covers is a run. It is not sure if an end is
    but a hair from a sample, or if an edge is level; then it is at most a sample too short at
    either end.
    """
    x, y, z = p[1] * y_px + p[2], q[1] * y_px + q[2], r[1] * y_px + r[2]
    low, high = left - 0.5, right + 0.5
    low = max(low, x if p[0] > 0 else -_FAR)
    low = max(low, y if q[0] > 0 else -_FAR)
    low = max(low, z if r[0] > 0 else -_FAR)
    high = min(high, x if p[0] < 0 else _FAR)
    high = min(high, y if q[0] < 0 else _FAR)
    high = min(high, z if r[0] < 0 else _FAR)
    first, last = math.ceil(low), math.floor(high)
    past, short = first - low, high - last
    sure = min(past, short) >= _HAIR and max(past, short) <= 1 - _HAIR
    return first, last, sure and p[0] * q[0] * r[0] != 0


@jit
def fill(
    rows: Floats, owner: Ints, grid: int, inverse_depth: NDArray[np.float32], face: Ints
) -> None:
    """Keep the nearest triangle of every sample; `grid` samples a pixel and direction.

    The first of equally near faces stays.
    """
    height, width = face.shape
    inverse_depth[:] = 0
    face[:] = -1
    step = 1.0 / grid
    for i in range(np.uint64(len(rows))):  # unsigned, here and below: no index wraps around
        left, right = _first(rows[i, 14], grid), _last(rows[i, 15], grid, width)
        top, bottom = _first(rows[i, 16], grid), _last(rows[i, 17], grid, height)
        if top > bottom or left > right:
            continue
        p = _cut(rows[i, 0], rows[i, 1], rows[i, 2], grid)
        q = _cut(rows[i, 3], rows[i, 4], rows[i, 5], grid)
        r = _cut(rows[i, 6], rows[i, 7], rows[i, 8], grid)
        low, high = np.float32(rows[i, 12]), np.float32(rows[i, 13])
        slope = np.float32(rows[i, 9] * step)
        for y in range(np.uint64(top), np.uint64(bottom + 1)):
            y_px = (y + 0.5) * step
            first, last, sure = _span(p, q, r, y_px, left, right)
            if not sure:
                first, last = _exact_span(
                    rows[i], y_px, grid, max(first - 1, left), min(last + 1, right)
                )
            start = rows[i, 9] * ((first + 0.5) * step) + rows[i, 10] * y_px + rows[i, 11]
            w, k = np.float32(start), np.float32(0)
            for x in range(np.uint64(first), np.uint64(last + 1)):
                here = min(max(w + slope * k, low), high)
                k += np.float32(1)
                if here > inverse_depth[y, x]:
                    inverse_depth[y, x] = here
                    face[y, x] = owner[i]


@jit
def stamp(
    rows: Floats, owner: NDArray[np.int16], canvas: NDArray[np.int16], counts: NDArray[np.int64]
) -> None:
    """Count the pixels that each owner covers alone; rows of one owner lie together.

    `canvas` (H, W) starts at -1 and remembers who came last, so it is never cleared between owners.
    """
    height, width = canvas.shape
    for i in range(np.uint64(len(rows))):
        left, right = _first(rows[i, 14], 1), _last(rows[i, 15], 1, width)
        top, bottom = _first(rows[i, 16], 1), _last(rows[i, 17], 1, height)
        if top > bottom or left > right:
            continue
        p = _cut(rows[i, 0], rows[i, 1], rows[i, 2], 1)
        q = _cut(rows[i, 3], rows[i, 4], rows[i, 5], 1)
        r = _cut(rows[i, 6], rows[i, 7], rows[i, 8], 1)
        fresh = 0
        for y in range(np.uint64(top), np.uint64(bottom + 1)):
            first, last, sure = _span(p, q, r, y + 0.5, left, right)
            if not sure:
                first, last = _exact_span(
                    rows[i], y + 0.5, 1, max(first - 1, left), min(last + 1, right)
                )
            for x in range(np.uint64(first), np.uint64(last + 1)):
                fresh += canvas[y, x] != owner[i]
                canvas[y, x] = owner[i]
        counts[owner[i]] += fresh
