"""Tables and desks, and what stands beside a bed."""

import numpy as np

from builder.scenes.rooms.boxes import TIGHT, Edge, box
from builder.scenes.rooms.furniture.fronts import fronts
from builder.scenes.rooms.look import Look
from builder.scenes.rooms.piece import Finish, Piece, Top, mirrored, parts_of
from builder.scenes.rooms.shapes import Shape, cylinder, lathe, outline, stack

_LEAF = Edge(0.006, 1, step_m=0.10)


def dining_table(look: Look, rng: np.random.Generator) -> Piece:
    """A table for four or six."""
    size = (float(rng.uniform(1.4, 1.8)), float(rng.uniform(0.82, 0.95)), 0.75)
    return _four_legged("dining table", _wood(look, rng), size, 0.065)


def square_table(look: Look, rng: np.random.Generator) -> Piece:
    """A kitchen table for two to four."""
    side = float(rng.uniform(0.78, 0.92))
    return _four_legged("dining table", _wood(look, rng), (side * 1.15, side, 0.75), 0.055)


def round_table(look: Look, rng: np.random.Generator) -> Piece:
    """A round dining table on one foot."""
    radius, high = float(rng.uniform(0.50, 0.60)), 0.75
    top = _disk(radius, high, 0.03)
    foot = lathe(
        [
            (0, 0),
            (0.27, 0),
            (0.27, 0.015),
            (0.06, 0.04),
            (0.04, 0.12),
            (0.04, 0.64),
            (0.12, 0.72),
            (0, 0.72),
        ],
        28,
    )
    half = radius * 0.66
    parts = [*parts_of(_wood(look, rng), [top]), *parts_of(look.metal, [foot])]
    return Piece("dining table", tuple(parts), (Top((-half, -half), (half, half), high),))


def coffee_table(look: Look, rng: np.random.Generator) -> Piece:
    """A low table: four legs with a shelf, or round on three legs."""
    if rng.random() < 0.4:
        radius, high = float(rng.uniform(0.38, 0.46)), float(rng.uniform(0.38, 0.44))
        legs = [
            cylinder(0.018, 0, high - 0.03, 12).moved(
                radius * 0.72 * np.cos(a), radius * 0.72 * np.sin(a)
            )
            for a in np.linspace(0, 2 * np.pi, 3, endpoint=False)
        ]
        half = radius * 0.66
        parts = [
            *parts_of(_wood(look, rng), [_disk(radius, high, 0.028)]),
            *parts_of(look.metal, legs),
        ]
        return Piece("coffee table", tuple(parts), (Top((-half, -half), (half, half), high),))
    size = (
        float(rng.uniform(0.95, 1.2)),
        float(rng.uniform(0.5, 0.62)),
        float(rng.uniform(0.38, 0.45)),
    )
    table = _four_legged("coffee table", _wood(look, rng), size, 0.05)
    shelf = box((size[0] - 0.14, size[1] - 0.14, 0.02), (0, 0, 0.13), TIGHT)
    return Piece(
        "coffee table", (*table.parts, *parts_of(table.parts[0].finish, [shelf])), table.tops
    )


def side_table(look: Look, rng: np.random.Generator) -> Piece:
    """A small round table beside a seat."""
    radius, high = float(rng.uniform(0.20, 0.25)), float(rng.uniform(0.50, 0.58))
    foot = lathe(
        [
            (0, 0),
            (radius * 0.66, 0),
            (radius * 0.66, 0.012),
            (0.018, 0.025),
            (0.018, high - 0.02),
            (0, high - 0.02),
        ],
        24,
    )
    half = radius * 0.62
    parts = [
        *parts_of(_wood(look, rng), [_disk(radius, high, 0.022)]),
        *parts_of(look.metal, [foot]),
    ]
    return Piece("side table", tuple(parts), (Top((-half, -half), (half, half), high),))


def nightstand(look: Look, rng: np.random.Generator) -> Piece:
    """One or two drawers on legs."""
    wide, deep, high = float(rng.uniform(0.40, 0.50)), 0.38, float(rng.uniform(0.46, 0.55))
    shapes = [box((wide, deep, high - 0.12), (0, 0, (high + 0.12) / 2))]
    shapes += [
        box((0.035, 0.035, 0.12), (x * (wide / 2 - 0.03), y * (deep / 2 - 0.03), 0.06))
        for x in (-1, 1)
        for y in (-1, 1)
    ]
    drawers, knobs = fronts(
        (-wide / 2, wide / 2, 0.135, high - 0.015), deep / 2, (int(rng.integers(1, 3)), 1)
    )
    wood = _wood(look, rng)
    front = wood if rng.random() < 0.5 else look.paint
    parts = [*parts_of(wood, shapes), *parts_of(front, drawers), *parts_of(look.metal, knobs)]
    top = Top((-wide / 2 + 0.02, -deep / 2 + 0.02), (wide / 2 - 0.02, deep / 2 - 0.02), high)
    return Piece("nightstand", tuple(parts), (top,))


def desk(look: Look, rng: np.random.Generator) -> Piece:
    """A writing desk with drawers on one side; one sits at its front."""
    wide, deep, high = float(rng.uniform(1.2, 1.6)), float(rng.uniform(0.62, 0.72)), 0.74
    side = 1.0 if rng.random() < 0.5 else -1.0
    wood = _wood(look, rng)
    shapes = [box((wide, deep, 0.032), (0, 0, high - 0.016), _LEAF)]
    x = side * (wide / 2 - 0.22)
    shapes.append(box((0.40, deep - 0.06, high - 0.09), (x, -0.01, (high - 0.032 + 0.055) / 2)))
    shapes.append(box((0.36, deep - 0.14, 0.05), (x, -0.01, 0.026)))
    shapes.append(
        box(
            (0.035, deep - 0.06, high - 0.032),
            (-side * (wide / 2 - 0.04), -0.01, (high - 0.032) / 2),
        )
    )
    shapes.append(
        box((wide - 0.50, 0.02, 0.30), (-side * 0.18, -deep / 2 + 0.06, high - 0.20), TIGHT)
    )
    drawers, knobs = fronts((x - 0.20, x + 0.20, 0.065, high - 0.045), deep / 2 - 0.04, (3, 1))
    front = wood if rng.random() < 0.5 else look.paint
    parts = [*parts_of(wood, shapes), *parts_of(front, drawers), *parts_of(look.metal, knobs)]
    top = Top((-wide / 2 + 0.03, -deep / 2 + 0.03), (wide / 2 - 0.03, deep / 2 - 0.03), high)
    return Piece("desk", tuple(parts), (top,))


def small_desk(look: Look, rng: np.random.Generator) -> Piece:
    """A child's desk on four legs."""
    return _four_legged("desk", look.wood, (float(rng.uniform(0.9, 1.05)), 0.52, 0.62), 0.045)


def _four_legged(label: str, wood: Finish, size: tuple[float, float, float], leg: float) -> Piece:
    wide, deep, high = size
    inset = leg / 2 + 0.02
    shapes = [box((wide, deep, 0.034), (0, 0, high - 0.017), _LEAF)]
    shapes += [
        box(
            (leg, leg, high - 0.034),
            (x * (wide / 2 - inset), y * (deep / 2 - inset), (high - 0.034) / 2),
        )
        for x in (-1, 1)
        for y in (-1, 1)
    ]
    rail = high - 0.034 - 0.035
    shapes += mirrored(
        lambda s: box(
            (wide - 2 * inset, 0.02, 0.07), (0, s * (deep / 2 - inset - 0.008), rail), TIGHT
        )
    )
    shapes += mirrored(
        lambda s: box(
            (0.02, deep - 2 * inset, 0.07), (s * (wide / 2 - inset - 0.008), 0, rail), TIGHT
        )
    )
    top = Top((-wide / 2 + 0.04, -deep / 2 + 0.04), (wide / 2 - 0.04, deep / 2 - 0.04), high)
    return Piece(label, tuple(parts_of(wood, shapes)), (top,))


def _disk(radius: float, high: float, thick: float) -> Shape:
    rim = thick * 0.3
    widths = (
        (radius - rim, high - thick),
        (radius, high - thick + rim),
        (radius, high - rim),
        (radius - rim, high),
    )
    rings = [(outline(2 * r, 2 * r, 2.0, 40), z) for r, z in widths]
    low, upper = rings[0], rings[-1]
    inner = [(upper[0] * share, high) for share in (0.8, 0.55, 0.3)]
    under = [(low[0] * share, high - thick) for share in (0.4, 0.75)]
    shape = stack([*under, *rings, *inner])
    return Shape(shape.vertices_m, shape.normals, shape.vertices_m[:, :2] * 0.9, shape.faces)


def _wood(look: Look, rng: np.random.Generator) -> Finish:
    return look.wood if rng.random() < 0.65 else look.second_wood
