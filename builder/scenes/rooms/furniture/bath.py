"""Bathrooms: sanitary ware, mirrors, towels."""

import numpy as np

from builder.scenes.rooms.boxes import TIGHT, Edge, box, labeled_box
from builder.scenes.rooms.furniture.fronts import fronts
from builder.scenes.rooms.look import STEEL, Look, shade, steel, white_ceramic
from builder.scenes.rooms.piece import Color, Finish, Part, Piece, Top, parts_of
from builder.scenes.rooms.shapes import Shape, cylinder, lathe, outline, sheet, stack, tube

_CHROME = Finish("plain", 0, STEEL, 0.45, 60)
_TOWELS: tuple[Color, ...] = (
    (0.90, 0.88, 0.84), (0.55, 0.64, 0.66), (0.76, 0.60, 0.52), (0.62, 0.66, 0.56),
    (0.42, 0.48, 0.56),
)  # fmt: skip


def toilet(look: Look, rng: np.random.Generator) -> Piece:
    """A close-coupled toilet, lid closed."""
    del look
    deep = float(rng.uniform(0.66, 0.70))
    middle = deep / 2 - 0.27

    def oval(width: float, length: float, z: float, shift: float = 0.0) -> tuple[np.ndarray, float]:
        return outline(width, length, 2.6, 36) + np.array([0, middle + shift]), z

    bowl = stack(
        [
            oval(0.22, 0.40, 0.0, -0.07),
            oval(0.20, 0.36, 0.12, -0.07),
            oval(0.26, 0.42, 0.24, -0.03),
            oval(0.35, 0.48, 0.34),
            oval(0.37, 0.50, 0.39),
            oval(0.36, 0.49, 0.40),
        ]
    )
    lid = stack(
        [
            oval(0.365, 0.50, 0.402),
            oval(0.375, 0.51, 0.415),
            oval(0.375, 0.51, 0.43),
            oval(0.35, 0.48, 0.442),
        ]
    )
    tank = [
        box((0.20, 0.22, 0.36), (0, -deep / 2 + 0.12, 0.18), Edge(0.02, 2)),
        box((0.38, 0.17, 0.36), (0, -deep / 2 + 0.09, 0.57), Edge(0.025, 3)),
        box((0.40, 0.185, 0.03), (0, -deep / 2 + 0.0925, 0.765), Edge(0.012, 2)),
    ]
    button = cylinder(0.022, 0.778, 0.787, 16).moved(0, -deep / 2 + 0.09)
    top = Top((-0.17, -deep / 2 + 0.02), (0.17, -deep / 2 + 0.165), 0.7875, 0.5)
    parts = [*parts_of(white_ceramic(), [bowl, lid, *tank]), Part(button, _CHROME)]
    return Piece("toilet", tuple(parts), (top,))


def bathtub(look: Look, rng: np.random.Generator) -> Piece:
    """A built-in tub along the wall behind it."""
    del look
    long, deep, high = float(rng.uniform(1.6, 1.75)), float(rng.uniform(0.72, 0.78)), 0.56

    def ring(inset: float, z: float, power: float = 9.0) -> tuple[np.ndarray, float]:
        return outline(long - 2 * inset, deep - 2 * inset, power, 56), z

    tub = stack(
        [
            ring(0.015, 0, 30),
            ring(0.015, high - 0.05, 30),
            ring(0.0, high - 0.045, 30),
            ring(0.0, high - 0.008, 30),
            ring(0.012, high, 24),
            ring(0.065, high, 7),
            ring(0.080, high - 0.015, 6),
            ring(0.10, high - 0.15, 5.5),
            ring(0.13, 0.24, 5),
            ring(0.17, 0.15, 4.5),
            ring(0.24, 0.13, 4),
        ]
    )
    x = long / 2 - 0.035
    spout = tube(
        [
            (x, 0, high - 0.01),
            (x, 0, high + 0.10),
            (x - 0.05, 0, high + 0.13),
            (x - 0.13, 0, high + 0.12),
        ],
        0.014,
        10,
    )
    taps = [cylinder(0.022, high, high + 0.05, 12).moved(x, y) for y in (-0.11, 0.11)]
    return Piece("bathtub", (Part(tub, white_ceramic()), *parts_of(_CHROME, [spout, *taps])))


def washbasin(look: Look, rng: np.random.Generator) -> Piece:
    """A basin on a cabinet."""
    wide, deep, high = float(rng.uniform(0.62, 0.95)), 0.47, 0.84
    body = box((wide - 0.02, deep - 0.05, 0.58), (0, -0.02, 0.40), Edge(0.004))
    kick = box((wide - 0.06, deep - 0.12, 0.11), (0, -0.03, 0.055), TIGHT)
    panels, handles = fronts(
        (-wide / 2 + 0.012, wide / 2 - 0.012, 0.12, 0.682), deep / 2 - 0.045, (1, 2), "upright bar"
    )

    def ring(inset: float, z: float, power: float) -> tuple[np.ndarray, float]:
        return outline(wide - 2 * inset, deep - 2 * inset, power, 48), z

    def bowl(width: float, depth: float, z: float) -> tuple[np.ndarray, float]:
        return outline(width, depth, 3.2, 48) + np.array([0, 0.03]), z

    basin = stack(
        [
            ring(0.006, 0.69, 30),
            ring(0, 0.70, 30),
            ring(0, high - 0.006, 30),
            ring(0.006, high, 24),
            bowl(wide * 0.72, 0.30, high),
            bowl(wide * 0.69, 0.28, high - 0.02),
            bowl(wide * 0.56, 0.21, high - 0.09),
            bowl(wide * 0.30, 0.12, high - 0.115),
        ]
    )
    tap = [
        tube(
            [
                (0, -0.17, high),
                (0, -0.17, high + 0.10),
                (0, -0.15, high + 0.14),
                (0, -0.06, high + 0.135),
            ],
            0.013,
            10,
        ),
        cylinder(0.024, high, high + 0.012, 16).moved(0, -0.17),
    ]
    front = look.wood if rng.random() < 0.6 else look.paint
    parts = [
        *parts_of(front, [body, *panels]), Part(kick, look.second_wood),
        Part(basin, white_ceramic()),
        *parts_of(_CHROME, [*tap, *handles]),
    ]  # fmt: skip
    side = wide * 0.36 + 0.01
    tops = tuple(
        Top(
            (min(s * side, s * wide / 2 * 0.97), -0.21),
            (max(s * side, s * wide / 2 * 0.97), 0.20),
            high,
            0.3,
        )
        for s in (-1, 1)
    )
    return Piece("sink", tuple(parts), tops)


def mirror(look: Look, rng: np.random.Generator) -> Piece:
    """A mirror on the wall, round or upright; its base is its lower edge."""
    frame = look.metal if rng.random() < 0.5 else look.wood
    glass = Finish("mirror_glass", 0, (1, 1, 1), 0.25, 60)
    if rng.random() < 0.4:
        radius = float(rng.uniform(0.28, 0.36))
        rim = lathe(
            [
                (0, 0),
                (radius, 0),
                (radius, 0.022),
                (radius - 0.018, 0.022),
                (radius - 0.018, 0.016),
                (0, 0.016),
            ],
            44,
        )
        plate = cylinder(radius - 0.019, 0.0165, 0.018, 44)
        turned = [shape.turned(-90, "x").moved(0, -0.011, radius) for shape in (rim, plate)]
        return Piece("mirror", (Part(turned[0], frame), Part(turned[1], glass)))
    wide, high = float(rng.uniform(0.5, 0.7)), float(rng.uniform(0.7, 0.95))
    back = box((wide, 0.02, high), (0, 0, high / 2), Edge(0.004))
    plate = labeled_box((wide - 0.04, 0.004, high - 0.04), (0, 0.011, high / 2), TIGHT)
    return Piece("mirror", (Part(back, frame), Part(plate, glass)))


def towel(look: Look, rng: np.random.Generator) -> Piece:
    """A towel over a rail on the wall; its base is its lower hem."""
    del look
    wide, high = float(rng.uniform(0.42, 0.55)), float(rng.uniform(0.55, 0.75))
    color = shade(_TOWELS[int(rng.integers(len(_TOWELS)))], rng)
    rail = (
        cylinder(0.009, -wide / 2 - 0.06, wide / 2 + 0.06, 10)
        .turned(90, "y")
        .moved(0, 0, high - 0.014)
    )
    posts = [
        cylinder(0.009, -0.055, 0, 10)
        .turned(-90, "x")
        .moved(s * (wide / 2 + 0.045), 0, high - 0.014)
        for s in (-1, 1)
    ]
    parts = [
        Part(_draped(wide, high, rng), Finish("terry", 0, color, 0.0), 0.008),
        *parts_of(steel(), [rail, *posts]),
    ]
    return Piece("towel", tuple(parts))


def _draped(wide: float, high: float, rng: np.random.Generator) -> Shape:
    """A cloth folded over a rail along x at the height `high`: a closed loop of two layers."""
    arc = np.linspace(0, np.pi, 7)
    front = [(0.020, z) for z in np.linspace(0, high - 0.014, 9)]
    over = [(0.020 * np.cos(a), high - 0.014 + 0.016 * np.sin(a)) for a in arc[1:-1]]
    back = [(-0.020, z) for z in np.linspace(high - 0.014, high * 0.25, 7)]
    profile = np.array([*front, *over, *back])
    x = np.linspace(-wide / 2, wide / 2, 15)
    wave = 0.006 * np.sin(np.linspace(0, 3 * np.pi, 15) + rng.uniform(0, 6))
    points = np.zeros((15, len(profile), 3))
    points[..., 0] = x[:, None]
    fall = np.clip((high - profile[:, 1]) / high, 0, 1)
    points[..., 1] = profile[None, :, 0] + wave[:, None] * fall[None]
    points[..., 2] = profile[None, :, 1]
    return sheet(points[::-1])


def toilet_paper(look: Look, rng: np.random.Generator) -> Piece:
    """A roll, standing."""
    del look, rng
    roll = lathe([(0.022, 0), (0.055, 0), (0.055, 0.10), (0.022, 0.10), (0.022, 0)], 22)
    return Piece("toilet paper", (Part(roll, Finish("terry", 1, (0.95, 0.95, 0.94), 0.0)),))


def folded_towels(look: Look, rng: np.random.Generator) -> Piece:
    """A folded towel, lying."""
    del look
    color = shade(_TOWELS[int(rng.integers(len(_TOWELS)))], rng)
    fold = box((0.30, 0.22, 0.09), (0, 0, 0.045), Edge(0.035, 3, 0.004, 0.06))
    return Piece("towel", (Part(fold, Finish("terry", 0, color, 0.0), 0.004),))
