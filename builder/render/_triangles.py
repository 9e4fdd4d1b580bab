"""Kernels of the rasterizer: project and clip triangles, then find the samples that each covers.

A projected triangle is a row of `COLUMNS` float64, all in pixels of the frame:

    0..8    three edges (a, b, c); a*x + b*y + c is > 0 inside, and its negative, bit for bit, for
            the neighbor across the edge: so no sample on a shared edge is lost or drawn twice
    9..11   plane (a, b, c) of the inverse depth, which is affine on the screen
    12..13  smallest and largest inverse depth of the corners
    14..17  x_min, x_max, y_min, y_max
"""

import math

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import jit

COLUMNS = 18
_ABOVE_ZERO = 1e-300  # e >= this means e > 0
_HAIR = 1e-6  # samples
_NEAR = 16  # bit of the outcode of a vertex in front of (before) the near plane

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@jit
def project(
    vertices: NDArray[np.float32], rotation: Floats, translation: Floats, lens: Floats
) -> tuple[Floats, Floats, NDArray[np.uint8]]:
    """Return camera points, screen points (x_px, y_px, 1/z) and outcodes of all vertices.

    `lens` is (fx, fy, cx, cy, width, height, near).
    """
    fx, fy, cx, cy, width, height, near = lens
    points = np.empty((len(vertices), 3))
    screen = np.empty((len(vertices), 3))
    codes = np.empty(len(vertices), np.uint8)
    for i in range(len(vertices)):
        vx, vy, vz = vertices[i]
        for k in range(3):
            points[i, k] = (
                rotation[k, 0] * vx + rotation[k, 1] * vy + rotation[k, 2] * vz + translation[k]
            )
        x, y, z = fx * points[i, 0], fy * points[i, 1], points[i, 2]
        code = _NEAR if z < near else 0
        code |= (1 if x + cx * z < 0 else 0) | (2 if x + cx * z > width * z else 0)
        code |= (4 if y + cy * z < 0 else 0) | (8 if y + cy * z > height * z else 0)
        codes[i] = code
        if z >= near:
            screen[i, 0], screen[i, 1], screen[i, 2] = x / z + cx, y / z + cy, 1.0 / z
    return points, screen, codes


@jit
def _corner_at_near(
    inside: int, outside: int, points: Floats, lens: Floats, corner: Floats
) -> None:
    """Write where an edge meets the near plane; always from the inside, so neighbors agree."""
    near = lens[6]
    share = (near - points[inside, 2]) / (points[outside, 2] - points[inside, 2])
    x = points[inside, 0] + share * (points[outside, 0] - points[inside, 0])
    y = points[inside, 1] + share * (points[outside, 1] - points[inside, 1])
    corner[0], corner[1], corner[2] = (
        lens[0] * x / near + lens[2],
        lens[1] * y / near + lens[3],
        1 / near,
    )


@jit
def _clip(face: Ints, points: Floats, screen: Floats, lens: Floats, corners: Floats) -> int:
    """Write the corners of a triangle that crosses the near plane; return how many (3 or 4)."""
    count = 0
    for k in range(3):
        here, there = face[k], face[(k + 1) % 3]
        here_in, there_in = points[here, 2] >= lens[6], points[there, 2] >= lens[6]
        if here_in:
            corners[count] = screen[here]
            count += 1
        if here_in and not there_in:
            _corner_at_near(here, there, points, lens, corners[count])
            count += 1
        if there_in and not here_in:
            _corner_at_near(there, here, points, lens, corners[count])
            count += 1
    return count


@jit
def _set_up(p: Floats, q: Floats, r: Floats, row: Floats) -> bool:
    """Write the row of the triangle p, q, r of screen points; False if it has no area."""
    area = (q[0] - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (q[1] - p[1])
    if area < 0:
        q, r = r, q
        area = -area
    if not area > 0:
        return False
    row[0], row[1], row[2] = q[1] - r[1], r[0] - q[0], q[0] * r[1] - r[0] * q[1]
    row[3], row[4], row[5] = r[1] - p[1], p[0] - r[0], r[0] * p[1] - p[0] * r[1]
    row[6], row[7], row[8] = p[1] - q[1], q[0] - p[0], p[0] * q[1] - q[0] * p[1]
    for k in range(3):
        row[9 + k] = (row[k] * p[2] + row[3 + k] * q[2] + row[6 + k] * r[2]) / area
    row[12], row[13] = min(p[2], q[2], r[2]), max(p[2], q[2], r[2])
    row[14], row[15] = min(p[0], q[0], r[0]), max(p[0], q[0], r[0])
    row[16], row[17] = min(p[1], q[1], r[1]), max(p[1], q[1], r[1])
    return True


@jit
def _holds_no_center(row: Floats, finest: int) -> bool:
    """Whether the box of the triangle holds no sample of a grid of `finest` samples a pixel."""
    return (
        math.ceil(row[14] * finest - 0.5) > math.floor(row[15] * finest - 0.5)
        or math.ceil(row[16] * finest - 0.5) > math.floor(row[17] * finest - 0.5)
    )  # fmt: skip


@jit
def gather(
    faces: Ints, points: Floats, screen: Floats, codes: NDArray[np.uint8], lens: Floats
) -> tuple[Floats, Ints]:
    """Return the rows of all triangles that may be seen, in face order, and their face indices."""
    most = 0
    for i in range(len(faces)):
        a, b, c = codes[faces[i, 0]], codes[faces[i, 1]], codes[faces[i, 2]]
        if not a & b & c:
            most += 2 if (a | b | c) & _NEAR else 1
    rows, owner, corners = np.empty((most, COLUMNS)), np.empty(most, np.int32), np.empty((4, 3))
    n = 0
    for i in range(len(faces)):
        a, b, c = codes[faces[i, 0]], codes[faces[i, 1]], codes[faces[i, 2]]
        if a & b & c:
            continue
        if (a | b | c) & _NEAR:
            for k in range(_clip(faces[i], points, screen, lens, corners) - 2):
                if _set_up(corners[0], corners[k + 1], corners[k + 2], rows[n]):
                    owner[n] = i
                    n += 1
        elif _set_up(screen[faces[i, 0]], screen[faces[i, 1]], screen[faces[i, 2]], rows[n]):
            owner[n] = i
            n += 1
    return rows[:n], owner[:n]


@jit
def gather_flat(faces: Ints, screen: Floats) -> tuple[Floats, Ints]:
    """Return the rows of triangles that need no clipping, and their face indices."""
    rows, owner = np.empty((len(faces), COLUMNS)), np.empty(len(faces), np.int32)
    n = 0
    for i in range(len(faces)):
        if _set_up(screen[faces[i, 0]], screen[faces[i, 1]], screen[faces[i, 2]], rows[n]):
            owner[n] = i
            n += 1
    return rows[:n], owner[:n]


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
    return (
        row[0] * x_px + (row[1] * y_px + row[2]) >= _owns(row[0], row[1])
        and row[3] * x_px + (row[4] * y_px + row[5]) >= _owns(row[3], row[4])
        and row[6] * x_px + (row[7] * y_px + row[8]) >= _owns(row[6], row[7])
    )


@jit
def _exact_span(
    row: Floats, y_px: float, grid: int, first: int, last: int
) -> tuple[int, int]:
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
    low = max(max(low, bounds[4] * y_px + bounds[5]), box[0] - 0.5)
    high = min(bounds[6] * y_px + bounds[7], bounds[8] * y_px + bounds[9])
    high = min(min(high, bounds[10] * y_px + bounds[11]), box[1] + 0.5)
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


@jit
def interpolate(
    face: Ints, faces: Ints, points: Floats, lens: Floats, values: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return (H, W, K) values of the vertices at pixel centers, NaN where no face is."""
    height, width = face.shape
    out = np.full((height, width, values.shape[1]), np.float32(np.nan))
    for y in range(height):
        for x in range(width):
            if face[y, x] < 0:
                continue
            corner = faces[face[y, x]]
            p, q, r = points[corner[0]], points[corner[1]], points[corner[2]]
            dx, dy = (x + 0.5 - lens[2]) / lens[0], (y + 0.5 - lens[3]) / lens[1]
            # volumes of the tetrahedra that the ray cuts off: barycentric up to their sum
            a = (
                dx * (q[1] * r[2] - q[2] * r[1])
                + dy * (q[2] * r[0] - q[0] * r[2])
                + (q[0] * r[1] - q[1] * r[0])
            )
            b = (
                dx * (r[1] * p[2] - r[2] * p[1])
                + dy * (r[2] * p[0] - r[0] * p[2])
                + (r[0] * p[1] - r[1] * p[0])
            )
            c = (
                dx * (p[1] * q[2] - p[2] * q[1])
                + dy * (p[2] * q[0] - p[0] * q[2])
                + (p[0] * q[1] - p[1] * q[0])
            )
            total = a + b + c
            if total == 0:
                continue
            a, b = min(max(a / total, 0.0), 1.0), min(max(b / total, 0.0), 1.0)
            b = min(b, 1.0 - a)
            for k in range(values.shape[1]):
                out[y, x, k] = (
                    a * values[corner[0], k]
                    + b * values[corner[1], k]
                    + (1.0 - a - b) * values[corner[2], k]
                )
    return out
