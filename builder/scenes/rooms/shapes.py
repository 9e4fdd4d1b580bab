"""Triangle shapes to build furniture from: boxes with soft edges, skins over rings, sheets, tubes.

Everything here is in a builder's frame: metres, +z up, right-handed; `shell.stage_of` turns the
finished room into the scene's frame (+y down) once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Axis = Literal["x", "y", "z"]
Point = tuple[float, float, float]

_CREASE_DEG = 38.0
"""Neighboring strips of a skin that meet at a sharper angle are shaded apart."""


@dataclass(frozen=True, eq=False)
class Shape:
    """Triangles with shading normals and texture coordinates.

    Attributes:
        vertices_m: (V, 3).
        normals: (V, 3), unit length, outward.
        uv: (V, 2), texture coordinates; (0, 0) is the top left of the texture.
        faces: (F, 3) int64, counter-clockwise seen from outside.
    """

    vertices_m: Array
    normals: Array
    uv: Array
    faces: NDArray[np.int64]

    def moved(self, x_m: float = 0.0, y_m: float = 0.0, z_m: float = 0.0) -> "Shape":
        """Return the shape shifted."""
        return replace(self, vertices_m=self.vertices_m + np.array([x_m, y_m, z_m]))

    def turned(self, angle_deg: float, axis: Axis = "z", about: Point = (0, 0, 0)) -> "Shape":
        """Return the shape turned by the right-hand rule about an axis through `about`."""
        matrix = rotation(angle_deg, axis)
        vertices = (self.vertices_m - np.array(about)) @ matrix.T + np.array(about)
        return replace(self, vertices_m=vertices, normals=self.normals @ matrix.T)

    def stretched(self, x: float = 1.0, y: float = 1.0, z: float = 1.0) -> "Shape":
        """Return the shape scaled along its axes, by positive factors."""
        factor = np.array([x, y, z])
        normals = self.normals / factor
        return replace(
            self,
            vertices_m=self.vertices_m * factor,
            normals=normals / np.linalg.norm(normals, axis=1, keepdims=True),
        )

    def bowed(self, depth_m: float, half_width_m: float) -> "Shape":
        """Return the shape bent: its middle moves along +y by `depth_m`, x = ±half width stays."""
        share = self.vertices_m[:, 0] / half_width_m
        vertices, normals = self.vertices_m.copy(), self.normals.copy()
        vertices[:, 1] += depth_m * (1 - share**2)
        normals[:, 0] += normals[:, 1] * 2 * depth_m * share / half_width_m
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        return replace(self, vertices_m=vertices, normals=normals)

    def bounds_m(self) -> Array:
        """Return (6,): least x, y, z, then largest x, y, z."""
        return np.concatenate([self.vertices_m.min(axis=0), self.vertices_m.max(axis=0)])


def rotation(angle_deg: float, axis: Axis) -> Array:
    """Return the (3, 3) matrix of a right-hand turn about an axis."""
    angle = np.radians(angle_deg)
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    matrix = np.eye(3)
    matrix[first, first] = matrix[second, second] = np.cos(angle)
    matrix[first, second], matrix[second, first] = -np.sin(angle), np.sin(angle)
    return matrix


def joined(shapes: Sequence[Shape]) -> Shape:
    """Return several shapes as one."""
    starts = np.cumsum([0, *(len(shape.vertices_m) for shape in shapes)])
    return Shape(
        np.concatenate([shape.vertices_m for shape in shapes]),
        np.concatenate([shape.normals for shape in shapes]),
        np.concatenate([shape.uv for shape in shapes]),
        np.concatenate([s.faces + start for s, start in zip(shapes, starts[:-1], strict=True)]),
    )


def patch(points: Array, normals: Array, uv: Array) -> Shape:
    """Return a grid of points as triangles; outside is the side of (first axis) x (second axis).

    Args:
        points: (a, b, 3).
        normals: (a, b, 3).
        uv: (a, b, 2).
    """
    rows, columns = points.shape[:2]
    index = np.arange(rows * columns).reshape(rows, columns)
    corners = [index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]]
    quads = np.stack(corners, axis=-1).reshape(-1, 4)
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])
    return Shape(points.reshape(-1, 3), normals.reshape(-1, 3), uv.reshape(-1, 2), faces)


def sheet(points: ArrayLike, uv: Array | None = None) -> Shape:
    """Return a surface through a grid of points, with normals from its own slopes.

    Args:
        points: (a, b, 3), a and b at least 2.
        uv: (a, b, 2); 0..1 along both axes by default.
    """
    grid = np.asarray(points, dtype=np.float64)
    normals = np.cross(np.gradient(grid, axis=0), np.gradient(grid, axis=1))
    length = np.linalg.norm(normals, axis=-1, keepdims=True)
    return patch(grid, normals / np.maximum(length, 1e-12), _unit_uv(grid) if uv is None else uv)


def panel(
    corner: Point,
    along: Point,
    up: Point,
    step_m: float = 0.12,
    repeat: tuple[float, float] = (1, 1),
) -> Shape:
    """Return a flat rectangle; the texture's left edge is at `corner`, its top at `corner + up`.

    Outside is the side of `along` x `up`. `repeat` says how often the texture repeats.
    """
    start, across, rise = (np.array(vector, dtype=np.float64) for vector in (corner, along, up))
    columns = _steps(float(np.linalg.norm(across)), step_m)
    rows = _steps(float(np.linalg.norm(rise)), step_m)
    u, v = np.meshgrid(np.linspace(0, 1, columns + 1), np.linspace(0, 1, rows + 1), indexing="ij")
    points = start + u[..., None] * across + v[..., None] * rise
    normal = np.cross(across, rise)
    normals = np.broadcast_to(normal / np.linalg.norm(normal), points.shape)
    return patch(points, normals, np.stack([u * repeat[0], (1 - v) * repeat[1]], axis=-1))


def skin(rings: ArrayLike, repeat: tuple[float, float] = (1, 1)) -> Shape:
    """Return the surface over a stack of closed rings, the first below the last outside.

    Args:
        rings: (n, m, 3); each ring runs counter-clockwise seen from above and is closed by itself.
            A ring may be one point, repeated: a pole, or the middle of a flat end.
        repeat: Texture repeats around and along the profile.
    """
    closed = np.asarray(rings, dtype=np.float64)
    closed = np.concatenate([closed, closed[:, :1]], axis=1)
    strips = np.diff(closed, axis=0)
    lengths = np.linalg.norm(strips, axis=-1).mean(axis=1)
    along = np.concatenate([[0.0], np.cumsum(lengths)]) / max(float(lengths.sum()), 1e-9)
    return joined(
        [
            _skin_run(closed[first : last + 1], along[first : last + 1], repeat)
            for first, last in _smooth_runs(strips)
        ]
    )


def lathe(
    profile: Sequence[tuple[float, float]], sides: int = 24, repeat: tuple[float, float] = (1, 1)
) -> Shape:
    """Return a body of revolution about z from (radius, height) pairs, up the outside first."""
    angles = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    circle = np.stack([np.cos(angles), np.sin(angles), np.zeros(sides)], axis=-1)
    rings = [circle * radius + np.array([0.0, 0.0, height]) for radius, height in profile]
    return skin(np.array(rings), repeat)


def cylinder(radius_m: float, low_m: float, high_m: float, sides: int = 16) -> Shape:
    """Return a closed upright cylinder."""
    return lathe([(0, low_m), (radius_m, low_m), (radius_m, high_m), (0, high_m)], sides)


def ball(radius_m: float, center: Point = (0, 0, 0), sides: int = 24) -> Shape:
    """Return a sphere; its texture wraps once around z."""
    tilt = np.linspace(-np.pi / 2, np.pi / 2, sides // 2 + 1)
    profile = [(float(radius_m * np.cos(t)), float(radius_m * np.sin(t))) for t in tilt]
    return lathe(profile, sides).moved(*center)


def tube(path: ArrayLike, radius_m: float, sides: int = 8) -> Shape:
    """Return a round bar along a path of (n, 3) points, with flat ends."""
    points = np.asarray(path, dtype=np.float64)
    tangents = np.gradient(points, axis=0)
    tangents /= np.linalg.norm(tangents, axis=1, keepdims=True)
    flattest = np.eye(3)[np.argmin(np.abs(tangents).max(axis=0))]
    first = np.cross(tangents, flattest)
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    second = np.cross(tangents, first)
    angles = np.linspace(0, 2 * np.pi, sides, endpoint=False)[:, None]
    around = np.cos(angles) * first[:, None] + np.sin(angles) * second[:, None]
    rings = points[:, None] + radius_m * around
    ends = [np.repeat(points[[end]], sides, axis=0)[None] for end in (0, -1)]
    length_m = float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())
    return skin(np.concatenate([ends[0], rings, ends[1]]), (1, max(1.0, 2 * length_m)))


def outline(width_m: float, depth_m: float, power: float = 4.0, sides: int = 32) -> Array:
    """Return a superellipse around the origin, (sides, 2): 2 is an ellipse, 8 nearly a box."""
    angles = np.linspace(0, 2 * np.pi, sides, endpoint=False)
    cos, sin = np.cos(angles), np.sin(angles)
    x = np.sign(cos) * np.abs(cos) ** (2 / power) * width_m / 2
    y = np.sign(sin) * np.abs(sin) ** (2 / power) * depth_m / 2
    return np.stack([x, y], axis=-1)


def stack(
    sections: Sequence[tuple[Array, float]],
    repeat: tuple[float, float] = (1, 1),
    closed: bool = True,
) -> Shape:
    """Return a skin over flat outlines at given heights; `closed` adds flat ends."""
    rings = [np.column_stack([flat, np.full(len(flat), height)]) for flat, height in sections]
    if closed:
        middles = [np.broadcast_to(ring.mean(axis=0), ring.shape) for ring in (rings[0], rings[-1])]
        rings = [middles[0], *rings, middles[1]]
    return skin(np.array(rings), repeat)


def _unit_uv(grid: Array) -> Array:
    u, v = np.meshgrid(
        np.linspace(0, 1, grid.shape[0]), np.linspace(1, 0, grid.shape[1]), indexing="ij"
    )
    return np.stack([u, v], axis=-1)


def _steps(length_m: float, step_m: float) -> int:
    return max(1, int(np.ceil(length_m / step_m - 1e-9)))


def _smooth_runs(strips: Array) -> list[tuple[int, int]]:
    """Return (first ring, last ring) of each stretch of a skin without a crease."""
    length = np.linalg.norm(strips, axis=-1)
    typical = np.argmax(length, axis=1)
    rows = np.arange(len(strips))
    slope = strips[rows, typical] / np.maximum(length[rows, typical], 1e-12)[:, None]
    runs, first = [], 0
    for ring in range(1, len(strips)):
        column = typical[ring]
        before = strips[ring - 1, column]
        before = before / max(float(np.linalg.norm(before)), 1e-12)
        if float(before @ slope[ring]) < np.cos(np.radians(_CREASE_DEG)):
            runs.append((first, ring))
            first = ring
    return [*runs, (first, len(strips))]


def _skin_run(rings: Array, along: Array, repeat: tuple[float, float]) -> Shape:
    around = np.gradient(np.concatenate([rings[:, -2:-1], rings, rings[:, 1:2]], axis=1), axis=1)
    normals = np.cross(around[:, 1:-1], np.gradient(rings, axis=0))
    size = np.linalg.norm(normals, axis=-1, keepdims=True)
    poles = np.flatnonzero(size.max(axis=(1, 2)) < 1e-12)
    normals = normals / np.maximum(size, 1e-15)
    for pole in poles:
        neighbor = 1 if pole == 0 else pole - 1
        mean = normals[neighbor, :-1].mean(axis=0)
        normals[pole] = mean / max(float(np.linalg.norm(mean)), 1e-12)
    u = np.linspace(0, repeat[0], rings.shape[1])
    uv = np.stack(np.broadcast_arrays(u[None], repeat[1] * (1 - along[:, None])), axis=-1)
    run = patch(rings, normals, uv)
    return replace(run, faces=run.faces[:, ::-1])
