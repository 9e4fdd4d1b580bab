"""Kernels that fill triangles: which samples of the screen each covers, and which it wins.

The rows of triangles are those of `_project`.
"""

import math

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import jit

_ABOVE_ZERO = 1e-300  # e >= this means e > 0
_HAIR = 1e-6  # samples

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@jit
def _first(low: float, grid: int) -> int:
    return max(0, math.ceil(max(low * grid, -1.0) - 0.5))


@jit
def _last(high: float, grid: int, size: int) -> int:
    return min(size - 1, math.floor(min(high * grid, size + 1.0) - 0.5))


@jit
def _owns(a: float, b: float) -> float:
    """Least edge value that counts as inside: of two neighbors one owns the shared edge."""
    return 0.0 if a > 0 or (a == 0 and b > 0) else _ABOVE_ZERO


@jit
def _bounds(row: Floats, grid: int, bounds: Floats) -> bool:
    """Write where the edges cut a row of samples: from bounds[k] * y_px + bounds[k + 1] on.

    Three left bounds in 0..5, three right ones in 6..11; those that an edge does not set let all
    pass. Returns whether they are safe to use; not so for edges that are level, or almost.
    """
    safe = True
    for k in range(3):
        a, b, c = row[3 * k], row[3 * k + 1], row[3 * k + 2]
        bounds[2 * k], bounds[2 * k + 1] = 0.0, -1e30
        bounds[6 + 2 * k], bounds[7 + 2 * k] = 0.0, 1e30
        safe = safe and abs(b) < 1e6 * abs(a) and abs(c) < 1e9 * abs(a)
        if a != 0:
            place = 2 * k if a > 0 else 6 + 2 * k
            bounds[place], bounds[place + 1] = -b / a * grid, -c / a * grid - 0.5
    return safe


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


@jit
def _span(
    row: Floats, bounds: Floats, y_px: float, grid: int, box: tuple[int, int]
) -> tuple[int, int]:
    """Return the first and last sample of a row of samples that the triangle covers.

    Edge values are monotone in x, so these are a run. Its ends follow from where the edges cut
    the row; only if one is a hair from a sample does the exact test decide.
    """
    low = max(bounds[0] * y_px + bounds[1], bounds[2] * y_px + bounds[3])
    low = max(low, bounds[4] * y_px + bounds[5], box[0] - 0.5)
    high = min(bounds[6] * y_px + bounds[7], bounds[8] * y_px + bounds[9])
    high = min(high, bounds[10] * y_px + bounds[11], box[1] + 0.5)
    if low > high + 1:
        return 0, -1
    first, last = math.ceil(low), math.floor(high)
    from_edge, to_edge = first - low, high - last
    if min(from_edge, to_edge) < _HAIR or max(from_edge, to_edge) > 1 - _HAIR:
        return _exact_span(row, y_px, grid, max(first - 1, box[0]), min(last + 1, box[1]))
    return first, last


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
    bounds = np.empty(12)
    for i in range(len(rows)):
        row, who = rows[i], owner[i]
        low, high = np.float32(row[12]), np.float32(row[13])
        box = _first(row[14], grid), _last(row[15], grid, width)
        top, bottom = _first(row[16], grid), _last(row[17], grid, height)
        if top > bottom or box[0] > box[1]:
            continue
        safe = _bounds(row, grid, bounds)
        slope = np.float32(row[9] * step)
        for y in range(np.uint64(top), np.uint64(bottom + 1)):  # unsigned: no index wraps around
            y_px = (y + 0.5) * step
            if safe:
                first, last = _span(row, bounds, y_px, grid, box)
            else:
                first, last = _exact_span(row, y_px, grid, box[0], box[1])
            start = np.float32(row[9] * ((first + 0.5) * step) + row[10] * y_px + row[11])
            for x in range(np.uint64(first), np.uint64(last + 1)):
                w = start + slope * np.float32(np.int32(x - first))
                w = low if w < low else (high if w > high else w)
                if w > inverse_depth[y, x]:
                    inverse_depth[y, x] = w
                    face[y, x] = who


@jit
def stamp(rows: Floats, owner: Ints, canvas: Ints, counts: NDArray[np.int64]) -> None:
    """Count the pixels that each owner covers alone; rows of one owner lie together.

    `canvas` (H, W) starts at -1 and remembers who came last, so it is never cleared between owners.
    """
    height, width = canvas.shape
    bounds = np.empty(12)
    for i in range(len(rows)):
        row, who = rows[i], owner[i]
        box = _first(row[14], 1), _last(row[15], 1, width)
        top, bottom = _first(row[16], 1), _last(row[17], 1, height)
        if top > bottom or box[0] > box[1]:
            continue
        safe = _bounds(row, 1, bounds)
        fresh = 0
        for y in range(np.uint64(top), np.uint64(bottom + 1)):
            if safe:
                first, last = _span(row, bounds, y + 0.5, 1, box)
            else:
                first, last = _exact_span(row, y + 0.5, 1, box[0], box[1])
            for x in range(np.uint64(first), np.uint64(last + 1)):
                fresh += canvas[y, x] != who
                canvas[y, x] = who
        counts[who] += fresh
