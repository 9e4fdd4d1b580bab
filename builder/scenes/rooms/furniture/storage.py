"""What things are kept in: shelves, cabinets, wardrobes, dressers, baskets."""

import numpy as np

from builder.scenes.rooms.boxes import SHARP, TIGHT, Edge, box
from builder.scenes.rooms.furniture.fronts import Handle, fronts
from builder.scenes.rooms.look import Look
from builder.scenes.rooms.piece import Finish, Part, Piece, Top, mirrored, parts_of
from builder.scenes.rooms.shapes import Shape, outline, stack

_BOARD_M = 0.022


def bookshelf(look: Look, rng: np.random.Generator) -> Piece:
    """An open shelf, man-high."""
    size = (float(rng.uniform(0.75, 1.0)), 0.30, float(rng.uniform(1.75, 2.0)))
    return _open_shelf(_carcass(look, rng), size, int(rng.integers(5, 7)))


def low_bookshelf(look: Look, rng: np.random.Generator) -> Piece:
    """An open shelf, waist-high."""
    return _open_shelf(_carcass(look, rng), (float(rng.uniform(0.8, 1.1)), 0.30, 0.85), 3)


def _open_shelf(finish: Finish, size: tuple[float, float, float], boards: int) -> Piece:
    wide, deep, high = size
    shapes = mirrored(
        lambda s: box((_BOARD_M, deep, high), (s * (wide - _BOARD_M) / 2, 0, high / 2), TIGHT)
    )
    shapes.append(
        box(
            (wide - 2 * _BOARD_M, 0.008, high - 0.07),
            (0, -deep / 2 + 0.008, high / 2 + 0.03),
            SHARP,
        )
    )
    levels = np.linspace(0.06, high - _BOARD_M / 2, boards)
    inner = wide - 2 * _BOARD_M
    edge = Edge(0.002, 1, step_m=0.12)
    shapes += [box((inner, deep - 0.014, _BOARD_M), (0, 0.006, z), edge) for z in levels]
    shapes.append(box((inner, 0.012, 0.05), (0, deep / 2 - 0.03, 0.025), SHARP))
    low, limit = (-inner / 2 + 0.01, -deep / 2 + 0.015), (inner / 2 - 0.01, deep / 2 - 0.01)
    clear = float(levels[1] - levels[0]) - _BOARD_M - 0.01
    tops = [Top(low, limit, float(z) + _BOARD_M / 2, clear) for z in levels[:-1]]
    tops.append(Top(low, limit, float(levels[-1]) + _BOARD_M / 2, 0.5 if high < 1.2 else 0.3))
    return Piece("bookshelf", tuple(parts_of(finish, shapes)), tuple(tops))


def wall_shelf(look: Look, rng: np.random.Generator) -> Piece:
    """A board on the wall; its base is its underside."""
    wide, deep = float(rng.uniform(0.6, 0.95)), 0.24
    shapes = [box((wide, deep, 0.03), (0, 0, 0.015), TIGHT)]
    top = Top(
        (-wide / 2 + 0.02, -deep / 2 + 0.015), (wide / 2 - 0.02, deep / 2 - 0.015), 0.03, 0.35
    )
    return Piece("shelf", tuple(parts_of(look.wood, shapes)), (top,))


def cabinet(look: Look, rng: np.random.Generator) -> Piece:
    """A sideboard with doors."""
    size = (float(rng.uniform(1.2, 1.6)), 0.42, float(rng.uniform(0.72, 0.86)))
    return _fronted("cabinet", look, rng, size, (1, int(rng.integers(3, 5)), "upright bar"))


def filing_cabinet(look: Look, rng: np.random.Generator) -> Piece:
    """Three wide drawers of painted steel."""
    size = (0.46, 0.50, float(rng.uniform(0.70, 1.05)))
    return _fronted("cabinet", look, rng, size, (3, 1, "bar"))


def dresser(look: Look, rng: np.random.Generator) -> Piece:
    """A chest of drawers."""
    size = (float(rng.uniform(0.9, 1.25)), 0.45, float(rng.uniform(0.78, 0.95)))
    return _fronted("dresser", look, rng, size, (int(rng.integers(3, 5)), 2, "knob"))


def wardrobe(look: Look, rng: np.random.Generator) -> Piece:
    """Two or three tall doors."""
    doors = int(rng.integers(2, 4))
    size = (doors * float(rng.uniform(0.48, 0.55)), 0.58, float(rng.uniform(1.95, 2.2)))
    return _fronted("wardrobe", look, rng, size, (1, doors, "upright bar"))


def tv_stand(look: Look, rng: np.random.Generator) -> Piece:
    """A low board for a television."""
    size = (float(rng.uniform(1.4, 1.8)), 0.40, float(rng.uniform(0.42, 0.52)))
    return _fronted("tv stand", look, rng, size, (1, 3, "knob"))


def toy_chest(look: Look, rng: np.random.Generator) -> Piece:
    """A chest with a lid, painted."""
    wide, deep, high = float(rng.uniform(0.7, 0.9)), 0.42, 0.44
    shapes = [
        box((wide, deep, high - 0.04), (0, 0, (high - 0.04) / 2), Edge(0.008)),
        box((wide + 0.02, deep + 0.02, 0.035), (0, 0, high - 0.0175), Edge(0.01, 2)),
    ]
    paint = look.paint.tinted(look.accent(rng))
    top = Top((-wide / 2 + 0.03, -deep / 2 + 0.03), (wide / 2 - 0.03, deep / 2 - 0.03), high)
    return Piece("chest", tuple(parts_of(paint, shapes)), (top,))


def _fronted(
    label: str,
    look: Look,
    rng: np.random.Generator,
    size: tuple[float, float, float],
    grid: tuple[int, int, Handle],
) -> Piece:
    wide, deep, high = size
    foot = 0.12 if label in {"cabinet", "tv stand", "dresser"} and rng.random() < 0.6 else 0.06
    carcass = _carcass(look, rng)
    front = carcass if rng.random() < 0.45 else look.paint
    shapes = [
        box((wide, deep - 0.02, high - foot), (0, -0.01, (high + foot) / 2), Edge(0.004)),
    ]
    if foot > 0.1:
        shapes += [
            box(
                (0.04, 0.04, foot),
                (x * (wide / 2 - 0.06), y * (deep / 2 - 0.07) - 0.01, foot / 2),
                TIGHT,
            )
            for x in (-1, 1)
            for y in (-1, 1)
        ]
    else:
        shapes.append(box((wide - 0.04, deep - 0.08, foot), (0, -0.02, foot / 2), TIGHT))
    field = (-wide / 2 + 0.006, wide / 2 - 0.006, foot + 0.008, high - 0.022)
    panels, handles = fronts(field, deep / 2 - 0.02, grid[:2], grid[2])
    parts = [*parts_of(carcass, shapes), *parts_of(front, panels), *parts_of(look.metal, handles)]
    top = Top((-wide / 2 + 0.03, -deep / 2 + 0.03), (wide / 2 - 0.03, deep / 2 - 0.04), high, 0.9)
    return Piece(label, tuple(parts), (top,) if high < 1.3 else ())


def basket(look: Look, rng: np.random.Generator) -> Piece:
    """A woven laundry or toy basket."""
    radius, high = float(rng.uniform(0.18, 0.23)), float(rng.uniform(0.30, 0.46))
    finish = Finish("coarse_weave", 0, (0.72, 0.58, 0.40), 0.0)
    return Piece("basket", (Part(_open_vessel(radius, high, 0.86, 0.012), finish),))


def waste_bin(look: Look, rng: np.random.Generator) -> Piece:
    """A waste bin."""
    radius, high = float(rng.uniform(0.12, 0.15)), float(rng.uniform(0.27, 0.34))
    finish = look.metal if rng.random() < 0.5 else look.paint.tinted(look.accent(rng))
    return Piece("waste bin", (Part(_open_vessel(radius, high, 0.82, 0.004), finish),))


def _open_vessel(radius: float, high: float, base: float, wall: float) -> Shape:
    def ring(size: float) -> np.ndarray:
        return outline(2 * size, 2 * size, 2.0, 32)

    levels = np.linspace(0, 1, 5)
    outside = [(ring(radius * (base + (1 - base) * t)), t * high) for t in levels]
    inside = [
        (ring(radius * (base + (1 - base) * t) - wall), max(t * high, wall)) for t in levels[::-1]
    ]
    return stack([*outside, *inside], (5, 3))


def _carcass(look: Look, rng: np.random.Generator) -> Finish:
    return (look.wood, look.wood, look.second_wood, look.paint)[int(rng.integers(4))]
