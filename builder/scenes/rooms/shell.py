"""What encloses a room: thick walls with holes, floor, ceiling, baseboards, and the view outside.

None of it is an object; doors, windows, curtains and radiators are (`fittings`).
"""

from collections.abc import Sequence

import numpy as np

from builder.scenes.rooms.boxes import TIGHT, box
from builder.scenes.rooms.look import Look
from builder.scenes.rooms.piece import Finish, Part
from builder.scenes.rooms.plan import WALL_M, Opening, Plan
from builder.scenes.rooms.shapes import Array, Shape, joined, panel, patch

_STEP_M = 0.09
_FAR_M = 4.0
"""How far beyond the corners of the room the picture of the outdoors stands."""
_DRUM_Z_M, _DRUM_SIDES = (-5.0, 8.5), 48
_PICTURE_M = 13.0
"""How wide one repetition of that picture is."""

BACKDROP = Finish("outdoors", 0, (1, 1, 1), 0.0, 1.0, 2.0)
_HIDDEN = Finish("plain", 0, (0.5, 0.5, 0.5), 0.0)


def shell_parts(
    plan: Plan, look: Look, floor: tuple[Finish, float], tiles: Finish | None, accent: int
) -> list[Part]:
    """Return everything around the furniture.

    Args:
        plan: Size and openings.
        look: Wall colors and paint.
        floor: Its finish, and how many metres one picture of it spans.
        tiles: What covers the lower walls, if anything does.
        accent: Index of the wall in the accent color, or -1.
    """
    finish, span_m = floor
    parts = [
        Part(_floor(plan, span_m), finish),
        Part(_ceiling(plan), _plaster((0.94, 0.935, 0.925))),
    ]
    for wall in range(4):
        color = look.accent_wall if wall == accent else look.wall
        split = 1.2 if tiles else 0.0
        parts += _wall(plan, wall, _plaster(color), tiles, split)
        parts.append(Part(plan.hung(_baseboard(plan, wall), wall), look.paint))
    parts += [Part(shape, _HIDDEN) for shape in _slabs(plan)]
    return parts


def backdrop_parts(plan: Plan, variant: int) -> list[Part]:
    """Return what is seen through the windows, at any angle: a drum around the house.

    The sun passes it. Its picture repeats without a seam, and its horizon is at eye level.
    """
    finish = Finish("outdoors", variant, BACKDROP.color, 0.0, 1.0, BACKDROP.emission)
    radius_m = np.hypot(plan.width_m, plan.depth_m) / 2 + _FAR_M
    turn = np.linspace(2 * np.pi, 0, _DRUM_SIDES + 1)[:, None]  # clockwise: left to right inside
    z_m = np.linspace(*_DRUM_Z_M, 10)[None, :]
    outward = np.stack(np.broadcast_arrays(np.cos(turn), np.sin(turn), 0 * z_m), axis=-1)
    middle = np.array([plan.width_m / 2, plan.depth_m / 2, 0.0])
    points = middle + radius_m * outward + z_m[..., None] * (0.0, 0.0, 1.0)
    across = (1 - turn / (2 * np.pi)) * max(1, round(2 * np.pi * radius_m / _PICTURE_M))
    down = (z_m[:, ::-1] - _DRUM_Z_M[0]) / (_DRUM_Z_M[1] - _DRUM_Z_M[0])
    uv = np.stack(np.broadcast_arrays(across, down), axis=-1)
    return [Part(patch(points, -outward, uv), finish)]


def _plaster(color: tuple[float, float, float]) -> Finish:
    return Finish("plaster", 0, color, 0.0)


def _floor(plan: Plan, span_m: float) -> Shape:
    points = _lattice(_ticks(0, plan.width_m, 0.07), _ticks(0, plan.depth_m, 0.07), 2, 0.0)
    normals = np.broadcast_to((0.0, 0.0, 1.0), points.shape)
    return patch(points, normals, points[..., :2] / span_m)


def _ceiling(plan: Plan) -> Shape:
    points = _lattice(
        _ticks(0, plan.width_m, _STEP_M), _ticks(0, plan.depth_m, _STEP_M), 2, plan.height_m
    )
    points = points.transpose(1, 0, 2)
    normals = np.broadcast_to((0.0, 0.0, -1.0), points.shape)
    return patch(points, normals, points[..., :2] / 2.0)


def _wall(
    plan: Plan, wall: int, finish: Finish, tiles: Finish | None, split_m: float
) -> list[Part]:
    """Return the inner face of one wall, the reveals of its windows, and its outer face."""
    holes = [window for window in plan.windows() if window.wall == wall]
    length = plan.wall_length_m(wall)
    parts = []
    bands = [(0.0, plan.height_m, finish, 1.5)]
    if tiles:
        bands = [(0.0, split_m, tiles, 0.6), (split_m, plan.height_m, finish, 1.5)]
    for low, high, cover, span_m in bands:
        x = _ticks_between(
            [0.0, length, *(edge for h in holes for edge in (h.start_m, h.end_m))], _STEP_M
        )
        inside = [z for h in holes for z in (h.low_m, h.high_m) if low < z < high]
        z = _ticks_between([low, high, *inside], _STEP_M)
        face = _pierced(_lattice(x, z, 1, 0.0).transpose(1, 0, 2), holes, (0, 1, 0))
        uv = np.stack([-face.vertices_m[:, 0], -face.vertices_m[:, 2]], axis=-1) / span_m
        parts.append(
            Part(plan.hung(Shape(face.vertices_m, face.normals, uv, face.faces), wall), cover)
        )
    for hole in holes:
        parts.append(Part(plan.hung(_reveal(hole), wall), finish))
    x = np.unique(
        [-WALL_M, length + WALL_M, *(edge for h in holes for edge in (h.start_m, h.end_m))]
    )
    z = np.unique(
        [-WALL_M, plan.height_m + WALL_M, *(e for h in holes for e in (h.low_m, h.high_m))]
    )
    outer = _pierced(_lattice(x, z, 1, -WALL_M), holes, (0, -1, 0))
    parts.append(Part(plan.hung(outer, wall), _HIDDEN))
    return parts


def _reveal(hole: Opening) -> Shape:
    """The four inner sides of a window's hole, in the wall's frame."""
    wide, tall, deep = hole.end_m - hole.start_m, hole.high_m - hole.low_m, WALL_M
    return joined(
        [
            panel((hole.start_m, -deep, hole.low_m), (wide, 0, 0), (0, deep, 0), 0.1),
            panel((hole.start_m, 0, hole.high_m), (wide, 0, 0), (0, -deep, 0), 0.1),
            panel((hole.start_m, 0, hole.low_m), (0, -deep, 0), (0, 0, tall), 0.1),
            panel((hole.end_m, -deep, hole.low_m), (0, deep, 0), (0, 0, tall), 0.1),
        ]
    )


def _baseboard(plan: Plan, wall: int) -> Shape:
    doors = [door for door in plan.doors() if door.wall == wall]
    gaps = [(door.start_m - 0.075, door.end_m + 0.075) for door in doors]
    edges = [0.0, *(edge for gap in gaps for edge in gap), plan.wall_length_m(wall)]
    bars = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        bars.append(box((end - start, 0.012, 0.075), ((start + end) / 2, 0.006, 0.0375), TIGHT))
    return joined(bars)


def _slabs(plan: Plan) -> list[Shape]:
    """Lids above the ceiling and below the floor, out to the outer faces of the walls."""
    w, d, t = plan.width_m, plan.depth_m, WALL_M
    size_x, size_y = w + 2 * t, d + 2 * t
    roof = panel((-t, -t, plan.height_m + t), (size_x, 0, 0), (0, size_y, 0), 9.0)
    ground = panel((-t, d + t, -t), (size_x, 0, 0), (0, -size_y, 0), 9.0)
    return [roof, ground]


def _pierced(points: Array, holes: Sequence[Opening], normal: tuple[int, int, int]) -> Shape:
    """Return a lattice without the faces whose middle lies in a hole."""
    normals = np.broadcast_to(np.array(normal, dtype=np.float64), points.shape)
    shape = patch(points, normals, points[..., [0, 2]])
    middle = shape.vertices_m[shape.faces].mean(axis=1)
    keep = np.ones(len(shape.faces), dtype=bool)
    for hole in holes:
        keep &= ~(
            (middle[:, 0] > hole.start_m)
            & (middle[:, 0] < hole.end_m)
            & (middle[:, 2] > hole.low_m)
            & (middle[:, 2] < hole.high_m)
        )
    return Shape(shape.vertices_m, shape.normals, shape.uv, shape.faces[keep])


def _lattice(first: Array, second: Array, fixed_axis: int, fixed: float) -> Array:
    a, b = np.meshgrid(first, second, indexing="ij")
    points = np.full((*a.shape, 3), fixed)
    free = [axis for axis in range(3) if axis != fixed_axis]
    points[..., free[0]], points[..., free[1]] = a, b
    return points


def _ticks(start: float, end: float, step_m: float) -> Array:
    return np.linspace(start, end, max(2, int(np.ceil((end - start) / step_m)) + 1))


def _ticks_between(breaks: Sequence[float], step_m: float) -> Array:
    edges = np.unique(breaks)
    return np.unique(
        np.concatenate([_ticks(a, b, step_m) for a, b in zip(edges[:-1], edges[1:], strict=True)])
    )
