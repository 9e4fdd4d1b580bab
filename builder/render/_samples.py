"""Kernels that find what to color: the samples of a picture, and where they meet the stage.

A sample is a face at a point of the picture. `points` (n, POINT) holds for each, float32:

    0..2 place, 3..5 shading normal, 6..8 face normal, both towards the eye, 9..10 uv,
    11..13 baked light, 14 cosine of the angle of view, 15 distance from the eye; 0 for no face
"""

import math

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import jit

POINT = 16
_CLOSE = 0.02  # samples of one surface whose inverse depths differ by less share a color

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]
Triple = tuple[float, float, float]


@jit
def _alike(surface: Ints, face: int, other: int, near: float, near_other: float) -> bool:
    """Whether two samples show one smooth surface at about one depth."""
    if face == other:
        return True
    if face < 0 or other < 0 or surface[face] != surface[other]:
        return False
    return abs(near - near_other) <= _CLOSE * max(near, near_other)


@jit
def _weight(surface: Ints, fine: tuple[Ints, Floats], y: int, x: int, sample: int) -> float:
    """Return the share of a pixel that sample 0..3 speaks for; 0 if one before it does so."""
    face, near = fine
    i, j = 2 * y + sample // 2, 2 * x + sample % 2
    weight = 0.0
    for other in range(4):
        k, m = 2 * y + other // 2, 2 * x + other % 2
        if _alike(surface, face[i, j], face[k, m], near[i, j], near[k, m]):
            if other < sample:
                return 0.0
            weight += 0.25
    return weight


@jit
def choose(
    surface: Ints, center: tuple[Ints, Floats], fine: tuple[Ints, Floats]
) -> tuple[Ints, Ints, Floats]:
    """Return the samples to color: pixel (n,), face (n,) and (n, 3) of x_px, y_px and weight.

    A pixel is colored once, at its center, where that and all its 2 x 2 samples show one surface;
    else once for each surface that its samples show.

    Args:
        surface: (F,) the smooth surface of each face.
        center: Faces and inverse depths at pixel centers, (H, W).
        fine: The same of 2 x 2 samples a pixel, (2 H, 2 W).
    """
    height, width = center[0].shape
    pixel, face = np.empty(4 * height * width, np.int32), np.empty(4 * height * width, np.int32)
    place = np.empty((4 * height * width, 3), np.float32)
    n = 0
    for y in range(height):
        for x in range(width):
            seen, near = center[0][y, x], center[1][y, x]
            same = True
            for s in range(4):
                i, j = 2 * y + s // 2, 2 * x + s % 2
                if seen != fine[0][i, j]:
                    same = same and _alike(surface, seen, fine[0][i, j], near, fine[1][i, j])
            if same:
                pixel[n], face[n] = y * width + x, seen
                place[n, 0], place[n, 1], place[n, 2] = x + 0.5, y + 0.5, 1.0
                n += 1
                continue
            for s in range(4):
                weight = _weight(surface, fine, y, x, s)
                if weight > 0:
                    i, j = 2 * y + s // 2, 2 * x + s % 2
                    pixel[n], face[n] = y * width + x, fine[0][i, j]
                    place[n, 0], place[n, 1] = 0.5 * j + 0.25, 0.5 * i + 0.25
                    place[n, 2] = weight
                    n += 1
    return pixel[:n], face[:n], place[:n]


@jit
def meet(
    mesh: tuple[Floats, Ints, Floats],
    rotation: Doubles,
    eye: Doubles,
    lens: Doubles,
    face: Ints,
    place: Floats,
) -> Floats:
    """Return the points (n, POINT) where lines of sight meet their faces.

    Args:
        mesh: vertices (V, 12) of place, normal, uv, baked light, 0; faces (F, 3); normals of
            the faces (F, 3), on the side of their shading normals.
        rotation: (3, 3) of scene_from_camera.
        eye: (3,) place of the camera.
        lens: (fx, fy, cx, cy), pixels.
        face: (n,) of each sample; -1 gives zeros.
        place: (n, 3) of `choose`.
    """
    vertices, faces, flats = mesh
    points = np.empty((len(face), POINT), np.float32)
    e = (eye[0], eye[1], eye[2])
    for n in range(np.uint64(len(face))):  # unsigned: no index wraps around
        if face[n] < 0:
            points[n] = 0
            continue
        at = np.uint64(face[n])
        i, j, k = np.uint64(faces[at, 0]), np.uint64(faces[at, 1]), np.uint64(faces[at, 2])
        dx, dy = (place[n, 0] - lens[2]) / lens[0], (place[n, 1] - lens[3]) / lens[1]
        look = (
            rotation[0, 0] * dx + rotation[0, 1] * dy + rotation[0, 2],
            rotation[1, 0] * dx + rotation[1, 1] * dy + rotation[1, 2],
            rotation[2, 0] * dx + rotation[2, 1] * dy + rotation[2, 2],
        )
        p, q, r = _from(vertices, i, e), _from(vertices, j, e), _from(vertices, k, e)
        a, b, c = _dot(look, _cross(q, r)), _dot(look, _cross(r, p)), _dot(look, _cross(p, q))
        total = a + b + c
        scale = 1.0 / total if total != 0 else 0.0
        a = min(max(a * scale, 0.0), 1.0)
        b = min(max(b * scale, 0.0), 1.0 - a)
        c = 1.0 - a - b
        for m in range(np.uint64(3)):
            points[n, m] = a * vertices[i, m] + b * vertices[j, m] + c * vertices[k, m]
        for m in range(np.uint64(6), np.uint64(11)):
            points[n, m + np.uint64(3)] = (
                a * vertices[i, m] + b * vertices[j, m] + c * vertices[k, m]
            )
        normal = (
            a * vertices[i, 3] + b * vertices[j, 3] + c * vertices[k, 3],
            a * vertices[i, 4] + b * vertices[j, 4] + c * vertices[k, 4],
            a * vertices[i, 5] + b * vertices[j, 5] + c * vertices[k, 5],
        )
        flat = flats[at, 0], flats[at, 1], flats[at, 2]
        sight = (
            a * p[0] + b * q[0] + c * r[0],
            a * p[1] + b * q[1] + c * r[1],
            a * p[2] + b * q[2] + c * r[2],
        )
        _turn_normals(points, n, normal, flat, sight)
    return points


@jit
def _from(vertices: Floats, i: np.uint64, eye: Triple) -> Triple:
    return vertices[i, 0] - eye[0], vertices[i, 1] - eye[1], vertices[i, 2] - eye[2]


@jit
def _cross(p: Triple, q: Triple) -> Triple:
    return p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]


@jit
def _dot(p: Triple, q: Triple) -> float:
    return p[0] * q[0] + p[1] * q[1] + p[2] * q[2]


@jit
def _turn_normals(points: Floats, n: int, normal: Triple, flat: Triple, sight: Triple) -> None:
    """Write both normals of a point at unit length, turned to the eye; angle of view, distance."""
    far = math.sqrt(_dot(sight, sight)) + 1e-20
    side = -1.0 if _dot(flat, sight) > 0 else 1.0
    s = side / math.sqrt(_dot(normal, normal) + 1e-20)
    points[n, 3], points[n, 4], points[n, 5] = normal[0] * s, normal[1] * s, normal[2] * s
    points[n, 6], points[n, 7] = flat[0] * side, flat[1] * side
    points[n, 8] = flat[2] * side
    points[n, 14] = max(-_dot(normal, sight) * s / far, 0.0)
    points[n, 15] = far
