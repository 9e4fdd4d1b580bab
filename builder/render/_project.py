"""Kernels that put triangles on the screen: project, clip at the near plane, set up for filling.

A projected triangle is a row of `COLUMNS` float64, all in pixels of the frame:

    0..8    three edges (a, b, c); a*x + b*y + c is > 0 inside, and its negative, bit for bit, for
            the neighbor across the edge: so no sample on a shared edge is lost or drawn twice
    9..11   plane (a, b, c) of the inverse depth, which is affine on the screen
    12..13  smallest and largest inverse depth of the corners
    14..17  x_min, x_max, y_min, y_max
"""

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import jit

COLUMNS = 18
_NEAR = 16  # bit of the outcode of a vertex before the near plane

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]
Codes = NDArray[np.uint8]
Triple = tuple[float, float, float]


@jit
def project(
    vertices: NDArray[np.float32], rotation: Floats, translation: Floats, lens: Floats
) -> tuple[Floats, Floats, Codes]:
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
def _at_near(inside: int, outside: int, points: Floats, lens: Floats) -> Triple:
    """Return where an edge meets the near plane; always from the inside, so neighbors agree."""
    near = lens[6]
    share = (near - points[inside, 2]) / (points[outside, 2] - points[inside, 2])
    x = points[inside, 0] + share * (points[outside, 0] - points[inside, 0])
    y = points[inside, 1] + share * (points[outside, 1] - points[inside, 1])
    return lens[0] * x / near + lens[2], lens[1] * y / near + lens[3], 1 / near


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
        if here_in != there_in:
            inside, outside = (here, there) if here_in else (there, here)
            corners[count] = _at_near(inside, outside, points, lens)
            count += 1
    return count


@jit
def _corner(screen: Floats, i: int) -> Triple:
    return screen[i, 0], screen[i, 1], screen[i, 2]


@jit
def _set_up(p: Triple, q: Triple, r: Triple, rows: Floats, n: int) -> bool:
    """Write row n, of the triangle p, q, r of screen points; False if it has no area."""
    area = (q[0] - p[0]) * (r[1] - p[1]) - (r[0] - p[0]) * (q[1] - p[1])
    if area < 0:
        q, r = r, q
        area = -area
    if not area > 0:
        return False
    a, b, c = q[1] - r[1], r[1] - p[1], p[1] - q[1]
    d, e, f = r[0] - q[0], p[0] - r[0], q[0] - p[0]
    g, h, i = q[0] * r[1] - r[0] * q[1], r[0] * p[1] - p[0] * r[1], p[0] * q[1] - q[0] * p[1]
    rows[n, 0], rows[n, 1], rows[n, 2] = a, d, g
    rows[n, 3], rows[n, 4], rows[n, 5] = b, e, h
    rows[n, 6], rows[n, 7], rows[n, 8] = c, f, i
    rows[n, 9] = (a * p[2] + b * q[2] + c * r[2]) / area
    rows[n, 10] = (d * p[2] + e * q[2] + f * r[2]) / area
    rows[n, 11] = (g * p[2] + h * q[2] + i * r[2]) / area
    rows[n, 12], rows[n, 13] = min(p[2], q[2], r[2]), max(p[2], q[2], r[2])
    rows[n, 14], rows[n, 15] = min(p[0], q[0], r[0]), max(p[0], q[0], r[0])
    rows[n, 16], rows[n, 17] = min(p[1], q[1], r[1]), max(p[1], q[1], r[1])
    return True


@jit
def _most_rows(faces: Ints, codes: Codes) -> int:
    """Return how many rows the faces in sight take at most: two for one that is clipped."""
    most = 0
    for i in range(len(faces)):
        a, b, c = codes[faces[i, 0]], codes[faces[i, 1]], codes[faces[i, 2]]
        if not a & b & c:
            most += 2 if (a | b | c) & _NEAR else 1
    return most


@jit
def gather(
    faces: Ints, points: Floats, screen: Floats, codes: Codes, lens: Floats
) -> tuple[Floats, Ints]:
    """Return the rows of all triangles that may be seen, in face order, and their face indices."""
    most = _most_rows(faces, codes)
    rows, owner, corners = np.empty((most, COLUMNS)), np.empty(most, np.int32), np.empty((4, 3))
    n = 0
    for i in range(len(faces)):
        a, b, c = faces[i, 0], faces[i, 1], faces[i, 2]
        if codes[a] & codes[b] & codes[c]:
            continue
        count = 3
        if (codes[a] | codes[b] | codes[c]) & _NEAR:
            count = _clip(faces[i], points, screen, lens, corners)
        else:
            for axis in range(3):
                corners[0, axis], corners[1, axis] = screen[a, axis], screen[b, axis]
                corners[2, axis] = screen[c, axis]
        for k in range(1, count - 1):
            p, q, r = _corner(corners, 0), _corner(corners, k), _corner(corners, k + 1)
            if _set_up(p, q, r, rows, n):
                owner[n] = i
                n += 1
    return rows[:n], owner[:n]


@jit
def gather_flat(faces: Ints, screen: Floats) -> tuple[Floats, Ints]:
    """Return the rows of triangles that need no clipping, and their face indices."""
    rows, owner = np.empty((len(faces), COLUMNS)), np.empty(len(faces), np.int32)
    n = 0
    for i in range(len(faces)):
        p, q = _corner(screen, faces[i, 0]), _corner(screen, faces[i, 1])
        if _set_up(p, q, _corner(screen, faces[i, 2]), rows, n):
            owner[n] = i
            n += 1
    return rows[:n], owner[:n]


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
