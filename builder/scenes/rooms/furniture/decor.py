"""What makes a room a home: lamps, plants, pictures, clocks, rugs, curtains."""

import numpy as np

from builder.scenes.rooms.boxes import Edge, box, labeled_box
from builder.scenes.rooms.look import Look, ceramic
from builder.scenes.rooms.piece import Finish, Part, Piece, parts_of
from builder.scenes.rooms.shapes import Shape, ball, cylinder, joined, lathe, panel, sheet

SHADE = Finish("weave", 1, (0.96, 0.90, 0.78), 0.0, 1.0, 0.9)
BULB = Finish("plain", 0, (1.0, 0.95, 0.86), 0.0, 1.0, 3.0)
RUG_HIGH_M = 0.010


def floor_lamp(look: Look, rng: np.random.Generator) -> Piece:
    """A standing lamp with a cloth shade."""
    high = float(rng.uniform(1.45, 1.65))
    stand = lathe(
        [
            (0, 0),
            (0.14, 0),
            (0.14, 0.016),
            (0.03, 0.026),
            (0.011, 0.04),
            (0.011, high - 0.14),
            (0, high - 0.14),
        ],
        24,
    )
    return Piece(
        "floor lamp", (Part(stand, look.metal), Part(_shade(0.20, 0.15, high - 0.26, high), SHADE))
    )


def table_lamp(look: Look, rng: np.random.Generator) -> Piece:
    """A lamp with a ceramic foot and a cloth shade."""
    feet = (
        [
            (0, 0),
            (0.065, 0),
            (0.075, 0.05),
            (0.06, 0.12),
            (0.025, 0.18),
            (0.010, 0.20),
            (0.010, 0.30),
            (0, 0.30),
        ],
        [(0, 0), (0.07, 0), (0.07, 0.015), (0.012, 0.03), (0.012, 0.30), (0, 0.30)],
        [
            (0, 0),
            (0.05, 0),
            (0.085, 0.06),
            (0.085, 0.11),
            (0.05, 0.17),
            (0.010, 0.19),
            (0.010, 0.30),
            (0, 0.30),
        ],
    )
    which = int(rng.integers(3))
    foot = lathe(feet[which], 24)
    finish = look.metal if which == 1 else ceramic(look.accent(rng))
    return Piece("table lamp", (Part(foot, finish), Part(_shade(0.125, 0.085, 0.26, 0.44), SHADE)))


def desk_lamp(look: Look, rng: np.random.Generator) -> Piece:
    """A jointed lamp with a metal cone."""
    from_color = look.metal if rng.random() < 0.5 else Finish("plain", 0, look.accent(rng), 0.2, 40)
    foot = lathe([(0, 0), (0.085, 0), (0.085, 0.018), (0.02, 0.025), (0, 0.025)], 24)
    lower = cylinder(0.008, 0, 0.24, 10).turned(-18, "x").moved(0, 0, 0.02)
    elbow = (0.0, 0.24 * np.sin(np.radians(18)), 0.02 + 0.24 * np.cos(np.radians(18)))
    upper = cylinder(0.008, 0, 0.22, 10).turned(-70, "x").moved(*elbow)
    end = (0.0, elbow[1] + 0.22 * np.sin(np.radians(70)), elbow[2] + 0.22 * np.cos(np.radians(70)))
    cone = lathe([(0.07, -0.08), (0.028, 0.02), (0.0, 0.025)], 22).moved(*end)
    inner = lathe([(0.0, 0.015), (0.022, 0.012), (0.064, -0.078)], 22).moved(*end)
    parts = [
        *parts_of(from_color, [foot, lower, upper, cone]),
        Part(inner, BULB.tinted((0.98, 0.94, 0.86))),
    ]
    return Piece("table lamp", tuple(parts))


def ceiling_lamp(look: Look, rng: np.random.Generator) -> Piece:
    """A flat glass body close under the ceiling; its top is what touches the ceiling."""
    radius = float(rng.uniform(0.17, 0.21))
    glass = ball(radius, (0, 0, 0), 34).stretched(1, 1, 0.45).moved(0, 0, 0.45 * radius)
    low, high = 0.88 * radius, 0.88 * radius + 0.13
    stem = lathe(
        [
            (0.03, low),
            (0.02, low + 0.02),
            (0.02, high - 0.02),
            (0.06, high - 0.015),
            (0.06, high),
            (0, high),
        ],
        24,
    )
    return Piece("ceiling lamp", (Part(glass, BULB), Part(stem, look.metal)))


def globe_lamp(look: Look, rng: np.random.Generator) -> Piece:
    """A paper globe on a cord; its top is what touches the ceiling."""
    radius, drop = float(rng.uniform(0.15, 0.19)), float(rng.uniform(0.55, 0.70))
    cord = [
        cylinder(0.004, 2 * radius, drop, 6),
        lathe([(0, drop - 0.03), (0.05, drop - 0.02), (0.05, drop), (0, drop)], 20),
    ]
    parts = [Part(ball(radius, (0, 0, radius), 32), BULB), *parts_of(look.metal, cord)]
    return Piece("ceiling lamp", tuple(parts))


def pendant_lamp(look: Look, rng: np.random.Generator) -> Piece:
    """A shade, open above and below, on a cord; its top is what touches the ceiling."""
    drop = float(rng.uniform(0.55, 0.75))
    outer = lathe([(0.20, 0), (0.19, 0.05), (0.14, 0.13), (0.07, 0.17)], 32)
    inner = lathe([(0.066, 0.17), (0.134, 0.127), (0.184, 0.05), (0.196, 0.0)], 32)
    bulb = ball(0.05, (0, 0, 0.085), 18)
    cord = [
        cylinder(0.004, 0.13, drop, 6),
        lathe([(0, drop - 0.03), (0.05, drop - 0.02), (0.05, drop), (0, drop)], 20),
    ]
    color = look.metal if rng.random() < 0.5 else Finish("plain", 0, look.accent(rng), 0.15, 40)
    parts = [
        Part(outer, color),
        Part(inner, look.paint),
        Part(bulb, BULB),
        *parts_of(look.metal, cord),
    ]
    return Piece("ceiling lamp", tuple(parts))


def _shade(low_radius: float, high_radius: float, low: float, high: float) -> Shape:
    z = np.linspace(0, 1, 5)
    outside = [(low_radius + (high_radius - low_radius) * t, low + (high - low) * t) for t in z]
    inside = [(radius - 0.004, height) for radius, height in outside[::-1]]
    return lathe([*outside, *inside], 30, (4, 2))


def picture(look: Look, rng: np.random.Generator) -> Piece:
    """A framed picture; its base is its lower edge."""
    shapes = ((0.50, 0.68), (0.90, 0.62), (0.62, 0.62), (0.36, 0.48), (1.10, 0.72), (0.42, 0.42))
    wide, high = shapes[int(rng.integers(len(shapes)))]
    return _framed(look, rng, wide, high)


def small_picture(look: Look, rng: np.random.Generator) -> Piece:
    """A picture for a narrow wall, one of several."""
    return _framed(look, rng, float(rng.choice([0.30, 0.40])), float(rng.choice([0.40, 0.50])))


def _framed(look: Look, rng: np.random.Generator, wide: float, high: float) -> Piece:
    frame = (look.wood, look.second_wood, look.metal, look.paint)[int(rng.integers(4))]
    bar = 0.022
    bars = [
        box((bar, 0.026, high), (s * (wide - bar) / 2, 0, high / 2), Edge(0.003)) for s in (-1, 1)
    ]
    bars += [
        box((wide - 2 * bar, 0.026, bar), (0, 0, z), Edge(0.003)) for z in (bar / 2, high - bar / 2)
    ]
    art = panel((wide / 2 - bar, 0.004, bar), (2 * bar - wide, 0, 0), (0, 0, high - 2 * bar))
    back = box((wide - 2 * bar, 0.012, high - 2 * bar), (0, -0.006, high / 2))
    paper = Finish("painting", int(rng.integers(24)), (1, 1, 1), 0.06, 60)
    return Piece("painting", (*parts_of(frame, bars), Part(art, paper), Part(back, look.paint)))


def clock(look: Look, rng: np.random.Generator) -> Piece:
    """A round clock; its base is its lowest point."""
    radius = float(rng.uniform(0.14, 0.18))
    rim = lathe(
        [(0, 0), (radius, 0), (radius, 0.035), (radius - 0.014, 0.035), (radius - 0.016, 0.022)], 40
    )
    steps = outline_disk(radius - 0.016, 0.022)
    frame = look.metal if rng.random() < 0.5 else look.wood
    face = Finish("clock_face", int(rng.integers(6)), (1, 1, 1), 0.05)
    turned = [shape.turned(-90, "x").moved(0, -0.017, radius) for shape in (rim, steps)]
    return Piece("clock", (Part(turned[0], frame), Part(turned[1], face)))


def outline_disk(radius: float, z: float) -> Shape:
    """Return a disk facing +z whose texture is upright once +z has become +y (a wall's front)."""
    shape = lathe([(radius, z), (radius * 0.5, z), (0, z)], 40)
    uv = shape.vertices_m[:, :2] / radius * np.array([-0.5, 0.5]) + 0.5
    return Shape(shape.vertices_m, shape.normals, uv, shape.faces)


def rug(look: Look, rng: np.random.Generator) -> Piece:
    """A rug of 2 m by 1.4 m or more, long along x."""
    del look
    return rug_of(rng, float(rng.uniform(1.9, 2.5)), float(rng.uniform(1.35, 1.7)))


def bath_mat(look: Look, rng: np.random.Generator) -> Piece:
    """A small terry mat."""
    shape = box((0.75, 0.48, RUG_HIGH_M), (0, 0, RUG_HIGH_M / 2), Edge(0.004))
    return Piece("bath mat", (Part(shape, Finish("terry", 0, look.accent(rng), 0.0)),))


def rug_of(rng: np.random.Generator, wide: float, deep: float) -> Piece:
    """Return a rug of a given size."""
    shape = labeled_box(
        (wide, deep, RUG_HIGH_M), (0, 0, RUG_HIGH_M / 2), Edge(0.004, 1, step_m=0.10)
    )
    return Piece("rug", (Part(shape, Finish("rug", int(rng.integers(24)), (1, 1, 1), 0.0)),))


def curtain(look: Look, wide: float, high: float, waves: int) -> Piece:
    """A gathered curtain in folds; its base is its hem."""
    x = np.linspace(-wide / 2, wide / 2, waves * 9 + 1)
    z = np.linspace(0, high, 15)
    points = np.zeros((len(x), len(z), 3))
    points[..., 0], points[..., 2] = x[:, None], z
    fold = 0.030 * np.cos(2 * np.pi * waves * (x + wide / 2) / wide)
    points[..., 1] = fold[:, None] * (0.55 + 0.45 * (1 - z / high))
    front = sheet(points[::-1])
    uv = front.uv * np.array([3 * wide, 1.0 * high])
    back = sheet(points - (0, 0.004, 0))
    cloth = [Shape(front.vertices_m, front.normals, uv, front.faces), back]
    return Piece("curtain", (Part(joined(cloth), Finish("weave", 0, look.fabrics[1], 0.0), 0.004),))
