"""The floor of a photograph: a level plane, whose inverse depth is affine in the image."""

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.seeding import rng_for

FLOOR_TOLERANCE = 0.012  # of the inverse depth
_TILT = 0.7  # least |y| of the unit normal: within 45 degrees of level
_SHARE = 0.05  # of the photograph: less is a table
_HIGHEST = 0.4  # of the photograph's height: the floor is looked for below
_DRAWS = 300
_DRAWN_FROM = 4000

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Mask = NDArray[np.bool_]


def floor_inverse_depth(inverse: Floats, camera: Camera) -> Floats:
    """Return the inverse depth of the floor at every pixel; 0 everywhere if there is no floor.

    The plane that holds most pixels of the lower picture, among those below the camera and within
    45 degrees of level (RANSAC, Fischler and Bolles 1981), fitted to all that lie on it.

    Args:
        inverse: (H, W) float32, inverse depth of the photograph, 1 / metres.
        camera: Of the photograph.
    """
    rng = rng_for(0, "relief", "floor")
    v, u = np.indices(inverse.shape, dtype=np.float64).reshape(2, -1) + 0.5
    values = inverse.reshape(-1).astype(np.float64)
    lower = np.flatnonzero(v > _HIGHEST * len(inverse))
    some = rng.choice(lower, size=min(_DRAWN_FROM, len(lower)), replace=False)
    best, most = np.zeros(3), 0
    for _ in range(_DRAWS):
        three = rng.choice(some, size=3)
        plane = _plane_through(u[three], v[three], values[three])
        count = int(_on_plane(plane, u[some], v[some], values[some]).sum())
        if count > most and _is_level(plane, camera):
            best, most = plane, count
    for _ in range(3):
        inliers = _on_plane(best, u, v, values)
        best = _fitted(u[inliers], v[inliers], values[inliers]) if inliers.any() else best
    if not _is_level(best, camera) or _on_plane(best, u, v, values).mean() < _SHARE:
        return np.zeros_like(inverse)
    return np.asarray(np.maximum(_plane_at(best, u, v), 0).reshape(inverse.shape), np.float32)


def _plane_at(plane: Doubles, u: Doubles, v: Doubles) -> Doubles:
    return np.asarray(plane[0] * u + plane[1] * v + plane[2])


def _on_plane(plane: Doubles, u: Doubles, v: Doubles, values: Doubles) -> Mask:
    return np.asarray(np.abs(_plane_at(plane, u, v) - values) < FLOOR_TOLERANCE * values)


def _plane_through(u: Doubles, v: Doubles, values: Doubles) -> Doubles:
    """Return the plane through three points; zeros if they lie in a row."""
    matrix = np.stack([u, v, np.ones(3)], axis=1)
    if abs(np.linalg.det(matrix)) < 1:
        return np.zeros(3, np.float64)
    return np.asarray(np.linalg.solve(matrix, values), np.float64)


def _fitted(u: Doubles, v: Doubles, values: Doubles) -> Doubles:
    """Return the plane of least squares, by plain sums: a threaded solver may differ in a bit."""
    center = float(u.mean()), float(v.mean())
    columns = u - center[0], v - center[1], np.ones_like(u)
    matrix = np.array([[(a * b).sum() for b in columns] for a in columns])
    right = np.array([(a * values).sum() for a in columns])
    if np.linalg.matrix_rank(matrix) < 3:
        return np.zeros(3)
    a, b, c = np.linalg.solve(matrix, right).tolist()
    return np.array([a, b, c - a * center[0] - b * center[1]])


def _is_level(plane: Doubles, camera: Camera) -> bool:
    """Whether a plane of inverse depth lies below the camera, within 45 degrees of level."""
    (fx, fy), (cx, cy) = camera.focal_px, camera.center_px
    normal = np.array([plane[0] * fx, plane[1] * fy, plane[0] * cx + plane[1] * cy + plane[2]])
    return bool(normal[1] > _TILT * np.linalg.norm(normal))
