"""Boxes with soft edges and, for upholstery, with bulging sides."""

from dataclasses import dataclass
from itertools import product

import numpy as np

from builder.scenes.rooms.shapes import Array, Point, Shape, joined, patch


@dataclass(frozen=True, slots=True)
class Edge:
    """How the edges and sides of a box are made.

    Attributes:
        radius_m: Of the rounding; it never exceeds half the smallest side.
        rounds: Facets of the rounding; 0 makes sharp edges.
        puff_m: How far the middle of each side bulges.
        step_m: Longest edge of a triangle on a flat side.
    """

    radius_m: float = 0.005
    rounds: int = 1
    puff_m: float = 0.0
    step_m: float = 0.14


SHARP = Edge(0.0, 0)
TIGHT = Edge(0.003, 1, step_m=0.3)
SOFT = Edge(0.05, 3, 0.012, 0.10)


def box(
    size: Point, center: Point = (0, 0, 0), edge: Edge | None = None, uv_per_m: float = 1.0
) -> Shape:
    """Return a box whose texture is laid on in metres, along the longer edge of each side."""
    return _box(size, center, edge or Edge(), uv_per_m)


def labeled_box(size: Point, center: Point = (0, 0, 0), edge: Edge | None = None) -> Shape:
    """Return a box that shows the whole texture on each of its sides, upright on the upright."""
    return _box(size, center, edge or Edge(), None)


def _box(size: Point, center: Point, edge: Edge, uv_per_m: float | None) -> Shape:
    half = np.array(size, dtype=np.float64) / 2
    radius = min(edge.radius_m, float(half.min()) * 0.98) if edge.rounds else 0.0
    shift = np.array(center, dtype=np.float64) @ np.array([[0.73, 1.37], [1.91, 0.57], [0.41, 2.3]])
    sides = [_side(half, radius, edge, axis, sign) for axis, sign in product(range(3), (-1.0, 1.0))]
    laid = []
    for (points, normals, flat), (axis, sign) in zip(
        sides, product(range(3), (-1.0, 1.0)), strict=True
    ):
        uv = _fitted(flat, half, axis, sign) if uv_per_m is None else None
        uv = _metric(flat, half, axis) * (uv_per_m or 1.0) + shift if uv is None else uv
        shape = patch(points, normals, uv)
        faces = shape.faces if sign > 0 else shape.faces[:, ::-1]
        laid.append(Shape(shape.vertices_m, shape.normals, shape.uv, faces))
    return joined(laid).moved(*center)


def _side(
    half: Array, radius: float, edge: Edge, axis: int, sign: float
) -> tuple[Array, Array, Array]:
    """Return points and normals of one side, and where they lay before the edge was rounded."""
    first, second = (axis + 1) % 3, (axis + 2) % 3
    a = _coordinates(float(half[first]), radius, edge)
    b = _coordinates(float(half[second]), radius, edge)
    flat = np.zeros((len(a), len(b), 3))
    flat[..., first], flat[..., second], flat[..., axis] = a[:, None], b[None], sign * half[axis]
    core = np.clip(flat, -(half - radius), half - radius)
    if radius > 0:
        normals = (flat - core) / np.linalg.norm(flat - core, axis=-1, keepdims=True)
    else:
        normals = np.broadcast_to(np.eye(3)[axis] * sign, flat.shape).copy()
    points = core + radius * normals
    if edge.puff_m > 0:
        u, v = flat[..., first] / half[first], flat[..., second] / half[second]
        # A narrow side bulges less than a broad one, as a stuffed cloth does.
        puff = edge.puff_m * float(min(half[first], half[second]) / half.max())
        points[..., axis] += sign * puff * (1 - u * u) * (1 - v * v)
        normals[..., first] += 2 * puff * u / half[first] * (1 - v * v)
        normals[..., second] += 2 * puff * v / half[second] * (1 - u * u)
        normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    return points, normals, flat


def _coordinates(half: float, radius: float, edge: Edge) -> Array:
    count = max(1, int(np.ceil(2 * (half - radius) / edge.step_m - 1e-9)))
    flat = np.linspace(-(half - radius), half - radius, count + 1)
    if radius <= 0:
        return flat
    turn = radius * np.tan(np.arange(1, edge.rounds + 1) / edge.rounds * np.pi / 4)
    return np.concatenate([-(half - radius) - turn[::-1], flat, half - radius + turn])


def _metric(flat: Array, half: Array, axis: int) -> Array:
    others = [other for other in range(3) if other != axis]
    long, short = sorted(others, key=lambda other: -half[other])
    return np.stack([flat[..., long], flat[..., short]], axis=-1)


def _fitted(flat: Array, half: Array, axis: int, sign: float) -> Array:
    """Return 0..1 on a side: from left to right and from top to bottom as seen from outside."""
    x, y, z = (flat[..., k] / half[k] / 2 + 0.5 for k in range(3))
    if axis == 2:
        return np.stack([x, 1 - y if sign > 0 else y], axis=-1)
    across = (y if sign > 0 else 1 - y) if axis == 0 else (1 - x if sign > 0 else x)
    return np.stack([across, 1 - z], axis=-1)
