"""Screens, and the things people carry, play with, and leave on the floor."""

import numpy as np

from builder.scenes.rooms.boxes import TIGHT, Edge, box, labeled_box
from builder.scenes.rooms.look import BLACK, Look, plastic, shade
from builder.scenes.rooms.piece import Color, Finish, Part, Piece, Top, mirrored, parts_of
from builder.scenes.rooms.shapes import ball as sphere
from builder.scenes.rooms.shapes import cylinder, lathe, panel, tube

_DARK = Finish("plain", 0, BLACK, 0.20, 40)
_TOYS: tuple[Color, ...] = (
    (0.78, 0.36, 0.28), (0.32, 0.50, 0.64), (0.86, 0.70, 0.34), (0.46, 0.60, 0.42),
    (0.84, 0.56, 0.40),
)  # fmt: skip


def tv(look: Look, rng: np.random.Generator) -> Piece:
    """A flat television on two feet."""
    del look
    wide = float(rng.uniform(1.0, 1.25))
    high = wide * 0.565
    slab = box((wide, 0.035, high), (0, 0, 0.07 + high / 2), Edge(0.004))
    glass = panel((wide / 2 - 0.012, 0.0185, 0.085), (0.024 - wide, 0, 0), (0, 0, high - 0.028))
    feet = mirrored(lambda s: box((0.03, 0.22, 0.012), (s * wide * 0.33, 0, 0.006), TIGHT))
    feet += mirrored(lambda s: box((0.02, 0.02, 0.08), (s * wide * 0.33, 0, 0.045), TIGHT))
    screen = Finish("screen", 0, (1, 1, 1), 0.45, 70)
    return Piece("tv", (*parts_of(_DARK, [slab, *feet]), Part(glass, screen)))


def monitor(look: Look, rng: np.random.Generator) -> Piece:
    """A computer screen on a foot."""
    del look
    wide = float(rng.uniform(0.52, 0.64))
    high = wide * 0.58
    slab = box((wide, 0.025, high), (0, 0, 0.11 + high / 2), Edge(0.004))
    glass = panel((wide / 2 - 0.008, 0.0135, 0.118), (0.016 - wide, 0, 0), (0, 0, high - 0.016))
    foot = [
        box((0.22, 0.18, 0.012), (0, -0.03, 0.006), TIGHT),
        box((0.05, 0.02, 0.26), (0, -0.03, 0.14), TIGHT),
    ]
    lit = rng.random() < 0.6
    face = (
        Finish("desktop", int(rng.integers(3)), (1, 1, 1), 0.2, 70, 0.9)
        if lit
        else Finish("screen", 0, (1, 1, 1), 0.4, 70)
    )
    return Piece("monitor", (*parts_of(_DARK, [slab, *foot]), Part(glass, face)))


def keyboard(look: Look, rng: np.random.Generator) -> Piece:
    """A keyboard."""
    del look, rng
    body = box((0.43, 0.135, 0.018), (0, 0, 0.009), Edge(0.004))
    caps = panel((-0.207, -0.058, 0.0185), (0.414, 0, 0), (0, 0.116, 0))
    return Piece("keyboard", (Part(body, _DARK), Part(caps, Finish("keys", 0, (1, 1, 1), 0.05))))


def laptop(look: Look, rng: np.random.Generator) -> Piece:
    """An open laptop that faces +y."""
    del look
    shell = Finish(
        "plain", 0, (0.70, 0.71, 0.72) if rng.random() < 0.6 else (0.25, 0.26, 0.28), 0.25, 45
    )
    base = box((0.33, 0.23, 0.016), (0, 0, 0.008), Edge(0.004))
    caps = panel((0.14, 0.02, 0.0165), (-0.28, 0, 0), (0, -0.10, 0))
    lid = (
        box((0.33, 0.008, 0.22), (0, 0, 0.11), Edge(0.003)).turned(18, "x").moved(0, -0.112, 0.016)
    )
    face = (
        panel((0.155, 0.0045, 0.008), (-0.31, 0, 0), (0, 0, 0.204))
        .turned(18, "x")
        .moved(0, -0.112, 0.016)
    )
    lit = Finish("desktop", int(rng.integers(3)), (1, 1, 1), 0.2, 70, 0.9)
    parts = [
        *parts_of(shell, [base, lid]),
        Part(caps, Finish("keys", 0, (1, 1, 1), 0.05)),
        Part(face, lit),
    ]
    return Piece("laptop", tuple(parts))


def ball(look: Look, rng: np.random.Generator) -> Piece:
    """A play ball."""
    del look
    radius = float(rng.uniform(0.09, 0.13))
    shape = (
        sphere(radius, sides=28)
        .turned(float(rng.uniform(20, 70)), "x")
        .turned(float(rng.uniform(0, 360)))
    )
    finish = Finish("toy_ball", int(rng.integers(3)), (1, 1, 1), 0.12, 40)
    return Piece("ball", (Part(shape.moved(0, 0, radius), finish, radius * 0.12),))


def toy_block(look: Look, rng: np.random.Generator) -> Piece:
    """A wooden building block."""
    del look
    side = float(rng.uniform(0.09, 0.12))
    finish = Finish(
        "toy_block", int(rng.integers(3)), shade(_TOYS[int(rng.integers(5))], rng), 0.05
    )
    shape = labeled_box((side, side, side), (0, 0, side / 2), Edge(0.005, 2))
    return Piece(
        "toy block",
        (Part(shape, finish),),
        (Top((-side / 2, -side / 2), (side / 2, side / 2), side),),
    )


def teddy_bear(look: Look, rng: np.random.Generator) -> Piece:
    """A sitting teddy bear."""
    del look
    k = float(rng.uniform(0.85, 1.2))
    fur = Finish(
        "plush",
        0,
        shade(
            ((0.62, 0.44, 0.28), (0.80, 0.70, 0.56), (0.56, 0.52, 0.50))[int(rng.integers(3))], rng
        ),
        0.0,
    )
    pale, dark = Finish("plush", 0, (0.86, 0.78, 0.66), 0.0), plastic((0.12, 0.10, 0.10))
    body = [
        sphere(0.10).stretched(1, 0.9, 1.15).moved(0, 0, 0.115),
        sphere(0.085).moved(0, 0.01, 0.285),
        *mirrored(lambda s: sphere(0.032, (s * 0.065, 0, 0.355), 14)),
        *mirrored(
            lambda s: (
                sphere(0.042, sides=16)
                .stretched(1, 2.0, 1)
                .turned(s * -18)
                .moved(s * 0.075, 0.11, 0.042)
            )
        ),
        *mirrored(
            lambda s: (
                sphere(0.035, sides=16)
                .stretched(1, 1, 1.9)
                .turned(s * -30, "y")
                .moved(s * 0.115, 0.03, 0.155)
            )
        ),
    ]
    light = [
        sphere(0.042, (0, 0.075, 0.27), 16),
        *mirrored(lambda s: sphere(0.030, (s * 0.10, 0.172, 0.045), 12).stretched(1, 1, 1)),
    ]
    face = [
        sphere(0.013, (0, 0.115, 0.283), 10),
        *mirrored(lambda s: sphere(0.010, (s * 0.032, 0.086, 0.312), 10)),
    ]
    parts = [*parts_of(fur, body, 0.008), *parts_of(pale, light, 0.008), *parts_of(dark, face)]
    return Piece(
        "teddy bear",
        tuple(Part(part.shape.stretched(k, k, k), part.finish, part.give_m) for part in parts),
    )


def toy_car(look: Look, rng: np.random.Generator) -> Piece:
    """A wooden toy car."""
    del look
    paint = plastic(shade(_TOYS[int(rng.integers(5))], rng))
    hull = [
        box((0.11, 0.26, 0.06), (0, 0, 0.065), Edge(0.018, 3)),
        box((0.10, 0.13, 0.06), (0, -0.015, 0.12), Edge(0.02, 3)),
    ]
    wheels = [
        lathe([(0, -0.012), (0.034, -0.012), (0.034, 0.012), (0, 0.012)], 18)
        .turned(90, "y")
        .moved(x * 0.058, y * 0.08, 0.034)
        for x in (-1, 1)
        for y in (-1, 1)
    ]
    return Piece("toy car", (*parts_of(paint, hull), *parts_of(plastic((0.2, 0.2, 0.2)), wheels)))


def backpack(look: Look, rng: np.random.Generator) -> Piece:
    """A standing backpack."""
    cloth = Finish("weave", 0, look.accent(rng), 0.0)
    dark = Finish("weave", 0, (0.24, 0.24, 0.25), 0.0)
    body = [
        box((0.30, 0.16, 0.42), (0, 0, 0.21), Edge(0.07, 3, 0.008, 0.08)),
        box((0.24, 0.07, 0.20), (0, 0.095, 0.13), Edge(0.03, 3, 0.004, 0.08)),
    ]
    arc = np.linspace(0, np.pi, 8)
    loop = tube([(0.04 * np.cos(a), -0.03, 0.415 + 0.045 * np.sin(a)) for a in arc], 0.007, 6)
    straps = mirrored(
        lambda s: tube(
            [
                (s * 0.08, -0.07, 0.40),
                (s * 0.09, -0.125, 0.30),
                (s * 0.09, -0.12, 0.14),
                (s * 0.10, -0.07, 0.04),
            ],
            0.014,
            6,
        )
    )
    return Piece(
        "backpack", (*parts_of(cloth, body, 0.006), *parts_of(dark, [loop, *straps], 0.006))
    )


def suitcase(look: Look, rng: np.random.Generator) -> Piece:
    """A hard-shell trolley, standing."""
    high = float(rng.uniform(0.52, 0.66))
    shell = plastic(look.accent(rng))
    body = box((0.40, 0.24, high), (0, 0, 0.05 + high / 2), Edge(0.05, 3))
    grooves = [
        box((0.012, 0.246, high * 0.8), (x, 0, 0.05 + high / 2), TIGHT)
        for x in np.linspace(-0.13, 0.13, 5)
    ]
    wheels = [
        cylinder(0.022, 0, 0.05, 12).moved(x * 0.15, y * 0.08) for x in (-1, 1) for y in (-1, 1)
    ]
    grip = tube(
        [
            (-0.07, 0, high + 0.045),
            (-0.07, 0, high + 0.085),
            (0.07, 0, high + 0.085),
            (0.07, 0, high + 0.045),
        ],
        0.010,
        6,
    )
    parts = [*parts_of(shell, [body, *grooves]), *parts_of(plastic(BLACK), [*wheels, grip])]
    return Piece("suitcase", tuple(parts))


def printer(look: Look, rng: np.random.Generator) -> Piece:
    """A desktop printer."""
    del look
    color = (0.88, 0.88, 0.87) if rng.random() < 0.5 else (0.25, 0.25, 0.26)
    body = box((0.44, 0.36, 0.17), (0, 0, 0.085), Edge(0.015, 2))
    tray = box((0.26, 0.10, 0.012), (0, 0.21, 0.04), TIGHT)
    slot = box((0.30, 0.008, 0.045), (0, 0.179, 0.075), TIGHT)
    paper = box((0.21, 0.02, 0.10), (0, -0.13, 0.215), TIGHT).turned(14, "x", (0, -0.13, 0.17))
    parts = [
        *parts_of(plastic(color), [body, tray]),
        Part(slot, _DARK),
        Part(paper, Finish("plain", 0, (0.95, 0.95, 0.94), 0.0)),
    ]
    return Piece("printer", tuple(parts))


def coat_stand(look: Look, rng: np.random.Generator) -> Piece:
    """A coat stand with pegs."""
    del rng
    pole = lathe(
        [(0, 0), (0.17, 0), (0.17, 0.015), (0.02, 0.03), (0.016, 1.70), (0.024, 1.72), (0, 1.74)],
        20,
    )
    pegs = []
    for turn in np.linspace(0, 2 * np.pi, 5, endpoint=False):
        x, y = np.cos(turn), np.sin(turn)
        pegs.append(
            tube([(0, 0, 1.58), (0.09 * x, 0.09 * y, 1.61), (0.13 * x, 0.13 * y, 1.67)], 0.010, 6)
        )
    return Piece("coat stand", tuple(parts_of(look.second_wood, [pole, *pegs])))
