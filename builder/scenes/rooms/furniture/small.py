"""Small things for tops and shelves: crockery, books, bottles, vases, fruit, boxes."""

import numpy as np

from builder.scenes.rooms.boxes import SHARP, TIGHT, Edge, box, labeled_box
from builder.scenes.rooms.look import Look, ceramic, shade
from builder.scenes.rooms.piece import Color, Finish, Part, Piece, parts_of
from builder.scenes.rooms.shapes import Shape, ball, joined, lathe, tube

_CARD = Finish("cardboard", 0, (1, 1, 1), 0.0)


def mug(look: Look, rng: np.random.Generator) -> Piece:
    """A mug with a handle."""
    body = lathe(
        [
            (0, 0),
            (0.034, 0),
            (0.040, 0.012),
            (0.041, 0.095),
            (0.037, 0.095),
            (0.036, 0.012),
            (0, 0.010),
        ],
        22,
    )
    arc = np.linspace(-0.45 * np.pi, 0.45 * np.pi, 8)
    handle = tube(
        [(0.040 + 0.026 * np.cos(a), 0, 0.050 + 0.032 * np.sin(a)) for a in arc], 0.005, 6
    )
    turned = [shape.turned(float(rng.uniform(0, 360))) for shape in (joined([body, handle]),)]
    return Piece("mug", tuple(parts_of(ceramic(look.accent(rng)), turned)))


def bowl(look: Look, rng: np.random.Generator) -> Piece:
    """An open bowl."""
    r = float(rng.uniform(0.10, 0.15))
    profile = [
        (0, 0),
        (0.45, 0),
        (0.5, 0.06),
        (0.82, 0.32),
        (1, 0.62),
        (0.96, 0.62),
        (0.78, 0.36),
        (0.4, 0.12),
        (0, 0.10),
    ]
    shape = lathe([(a * r, b * r) for a, b in profile], 30)
    color = look.accent(rng) if rng.random() < 0.7 else (0.93, 0.92, 0.89)
    return Piece("bowl", (Part(shape, ceramic(color)),))


def fruit_bowl(look: Look, rng: np.random.Generator) -> Piece:
    """A bowl with fruit in it: one thing, called by its holder."""
    base = bowl(look, rng)
    r = base.size_m[0] / 2
    tones: tuple[Color, ...] = (
        (0.76, 0.26, 0.18),
        (0.88, 0.58, 0.20),
        (0.62, 0.68, 0.28),
        (0.86, 0.74, 0.30),
    )
    color = tones[int(rng.integers(4))]
    fruit = [
        ball(0.036, (0.42 * r * np.cos(a), 0.42 * r * np.sin(a), 0.30 * r + 0.036), 14)
        for a in np.linspace(0, 2 * np.pi, 4, endpoint=False)
    ]
    fruit.append(ball(0.036, (0, 0, 0.30 * r + 0.085), 14))
    skins = [Part(shape, Finish("plain", 0, shade(color, rng, 0.12), 0.10, 30)) for shape in fruit]
    return Piece("bowl", (*base.parts, *skins))


def plate(look: Look, rng: np.random.Generator) -> Piece:
    """A dinner plate."""
    r = float(rng.uniform(0.11, 0.135))
    profile = [(0, 0), (0.6, 0), (0.68, 0.02), (1, 0.12), (0.99, 0.14), (0.66, 0.06), (0, 0.05)]
    color = look.accents[0] if rng.random() < 0.3 else (0.94, 0.93, 0.91)
    return Piece("plate", (Part(lathe([(a * r, b * r) for a, b in profile], 32), ceramic(color)),))


def vase(look: Look, rng: np.random.Generator) -> Piece:
    """A vase, in one of four outlines; some hold dry twigs."""
    profiles = (
        [
            (0, 0),
            (0.05, 0),
            (0.085, 0.09),
            (0.075, 0.17),
            (0.032, 0.24),
            (0.045, 0.28),
            (0.038, 0.28),
            (0.026, 0.24),
            (0, 0.2),
        ],
        [(0, 0), (0.045, 0), (0.06, 0.10), (0.065, 0.22), (0.06, 0.22), (0.05, 0.1), (0, 0.05)],
        [
            (0, 0),
            (0.06, 0),
            (0.10, 0.06),
            (0.105, 0.11),
            (0.07, 0.17),
            (0.04, 0.19),
            (0.035, 0.19),
            (0.05, 0.16),
            (0, 0.1),
        ],
        [
            (0, 0),
            (0.07, 0),
            (0.055, 0.12),
            (0.03, 0.25),
            (0.04, 0.33),
            (0.034, 0.33),
            (0.024, 0.25),
            (0, 0.2),
        ],
    )
    factor = float(rng.uniform(0.85, 1.15))
    profile = [(r * factor, z * factor) for r, z in profiles[int(rng.integers(4))]]
    parts = [Part(lathe(profile, 28), ceramic(look.accent(rng)))]
    if rng.random() < 0.4:
        mouth = max(z for _, z in profile)
        twigs = []
        for angle in rng.uniform(0, 2 * np.pi, 5):
            lean, high = rng.uniform(0.04, 0.11), rng.uniform(0.18, 0.32)
            t = np.linspace(0, 1, 5)[:, None]
            path = (
                np.array([0, 0, mouth - 0.06])
                + t * (0, 0, high)
                + t**2 * (lean * np.cos(angle), lean * np.sin(angle), 0)
            )
            twigs += [
                tube(path, 0.0025, 5),
                ball(0.014, (path[-1][0], path[-1][1], path[-1][2]), 8),
            ]
        parts += parts_of(Finish("plain", 0, (0.62, 0.50, 0.36), 0.0), twigs, 0.01)
    return Piece("vase", tuple(parts))


def bottle(look: Look, rng: np.random.Generator) -> Piece:
    """A bottle with a label."""
    high, r = float(rng.uniform(0.24, 0.31)), float(rng.uniform(0.032, 0.038))
    colors: tuple[Color, ...] = (
        (0.16, 0.28, 0.18),
        (0.32, 0.20, 0.12),
        (0.82, 0.84, 0.82),
        look.accent(rng),
    )
    body = lathe(
        [
            (0, 0),
            (r, 0),
            (r, high * 0.58),
            (r * 0.75, high * 0.68),
            (r * 0.36, high * 0.76),
            (r * 0.36, high),
            (0, high),
        ],
        20,
    )
    label = lathe([(r + 0.0006, high * 0.18), (r + 0.0006, high * 0.46)], 20)
    parts = [
        Part(body, Finish("plain", 0, colors[int(rng.integers(4))], 0.30, 60)),
        Part(label, Finish("plain", 0, (0.90, 0.87, 0.79), 0.0)),
    ]
    return Piece("bottle", tuple(parts))


def jar(look: Look, rng: np.random.Generator) -> Piece:
    """A storage jar with a wooden lid."""
    r, high = float(rng.uniform(0.045, 0.06)), float(rng.uniform(0.12, 0.2))
    body = lathe([(0, 0), (r * 0.95, 0), (r, 0.008), (r, high), (0, high)], 22)
    lid = lathe([(0, high), (r * 1.02, high), (r * 1.02, high + 0.02), (0, high + 0.02)], 22)
    return Piece("jar", (Part(body, ceramic((0.92, 0.91, 0.88))), Part(lid, look.wood)))


def soap_bottle(look: Look, rng: np.random.Generator) -> Piece:
    """A pump bottle."""
    r, high = 0.032, float(rng.uniform(0.12, 0.16))
    body = lathe(
        [
            (0, 0),
            (r, 0),
            (r, high - 0.02),
            (r * 0.5, high),
            (0.008, high),
            (0.008, high + 0.03),
            (0, high + 0.03),
        ],
        18,
    )
    pump = tube([(0, 0, high + 0.03), (0, 0.02, high + 0.033), (0, 0.045, high + 0.025)], 0.006, 6)
    parts = [Part(body, ceramic(look.accent(rng))), Part(pump, look.metal)]
    return Piece("bottle", tuple(parts))


def book(look: Look, rng: np.random.Generator) -> Piece:
    """A closed book, lying."""
    wide, deep, thick = (
        float(rng.uniform(0.15, 0.22)),
        float(rng.uniform(0.21, 0.29)),
        float(rng.uniform(0.02, 0.04)),
    )
    cover = Finish("leather", 0, look.accent(rng), 0.05)
    boards = [box((wide, deep, 0.003), (0, 0, z), SHARP) for z in (0.0015, thick - 0.0015)]
    boards.append(box((0.004, deep, thick - 0.006), (-wide / 2 + 0.002, 0, thick / 2), SHARP))
    pages = box((wide - 0.012, deep - 0.010, thick - 0.006), (0, 0, thick / 2), SHARP)
    paper = Finish("wood", 0, (0.95, 0.92, 0.85), 0.0)
    return Piece("book", (*parts_of(cover, boards), Part(pages, paper)))


def books(look: Look, rng: np.random.Generator) -> Piece:
    """A row of standing books: one thing."""
    return _row(rng, float(rng.uniform(0.32, 0.66)))


def few_books(look: Look, rng: np.random.Generator) -> Piece:
    """A short row of standing books."""
    return _row(rng, float(rng.uniform(0.12, 0.24)))


def _row(rng: np.random.Generator, wide: float) -> Piece:
    x, shapes = -wide / 2, []
    tall = float(rng.uniform(0.19, 0.26))
    while x < wide / 2 - 0.03:
        thick, high = float(rng.uniform(0.018, 0.042)), tall * float(rng.uniform(0.8, 1.08))
        deep = float(rng.uniform(0.14, 0.19))
        shape = box((thick, deep, high), (x + thick / 2, 0.095 - deep / 2, high / 2), SHARP)
        shapes.append(_spine(shape, int(rng.integers(16))))
        x += thick + 0.001
    finish = Finish("spines", int(rng.integers(3)), (1, 1, 1), 0.04)
    return Piece("books", (Part(joined(shapes), finish),))


def _spine(shape: Shape, column: int) -> Shape:
    """Show one spine of the texture on all sides of a book."""
    low, high = shape.vertices_m.min(axis=0), shape.vertices_m.max(axis=0)
    share = (shape.vertices_m - low) / (high - low)
    side = np.abs(shape.normals[:, 0]) > 0.5
    u = np.where(side, 0.5, 1 - share[:, 0])
    uv = np.stack([(column + 0.06 + 0.88 * u) / 16, 0.03 + 0.94 * (1 - share[:, 2])], axis=-1)
    return Shape(shape.vertices_m, shape.normals, uv, shape.faces)


def cardboard_box(look: Look, rng: np.random.Generator) -> Piece:
    """A taped moving box."""
    del look
    size = (
        float(rng.uniform(0.32, 0.52)),
        float(rng.uniform(0.28, 0.42)),
        float(rng.uniform(0.24, 0.38)),
    )
    shape = labeled_box(size, (0, 0, size[2] / 2), Edge(0.004))
    color = shade((0.98, 0.95, 0.90), rng, 0.06)
    return Piece("cardboard box", (Part(shape, _CARD.tinted(color)),), ())


def storage_box(look: Look, rng: np.random.Generator) -> Piece:
    """A lidded box for a shelf."""
    size = (
        float(rng.uniform(0.24, 0.34)),
        float(rng.uniform(0.22, 0.26)),
        float(rng.uniform(0.14, 0.20)),
    )
    shapes = [
        box(
            (size[0] - 0.008, size[1] - 0.008, size[2] - 0.04), (0, 0, (size[2] - 0.04) / 2), TIGHT
        ),
        box((size[0], size[1], 0.045), (0, 0, size[2] - 0.0225), TIGHT),
    ]
    return Piece("storage box", tuple(parts_of(Finish("weave", 0, look.accent(rng), 0.0), shapes)))


def candle(look: Look, rng: np.random.Generator) -> Piece:
    """A thick candle in a dish."""
    r, high = float(rng.uniform(0.03, 0.04)), float(rng.uniform(0.08, 0.16))
    dish = lathe(
        [(0, 0), (r * 1.7, 0), (r * 1.8, 0.012), (r * 1.7, 0.012), (r * 1.5, 0.006), (0, 0.006)], 24
    )
    wax = lathe([(0, 0.006), (r, 0.006), (r, high), (r * 0.8, high - 0.004), (0, high - 0.006)], 20)
    wick = lathe([(0, high - 0.006), (0.002, high - 0.006), (0.001, high + 0.008)], 6)
    parts = [
        Part(dish, look.metal),
        Part(wax, Finish("plain", 0, (0.93, 0.90, 0.82), 0.05)),
        Part(wick, Finish("plain", 0, (0.15, 0.14, 0.13), 0.0)),
    ]
    return Piece("candle", tuple(parts))
