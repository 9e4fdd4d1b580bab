"""Kitchens: modules of a counter 0.60 m deep, appliances, and what stands on the worktop."""

import numpy as np

from builder.scenes.rooms.boxes import SHARP, TIGHT, Edge, box
from builder.scenes.rooms.furniture.fronts import fronts
from builder.scenes.rooms.look import BLACK, Look, plastic, steel
from builder.scenes.rooms.piece import Finish, Part, Piece, Top, mirrored, parts_of
from builder.scenes.rooms.shapes import Shape, ball, cylinder, lathe, panel, skin, tube

DEEP_M, HIGH_M = 0.60, 0.90
_SLAB_M = 0.035
WORKTOP = Finish("stone", 0, (0.80, 0.78, 0.75), 0.10, 40)
_GLASS = Finish("screen", 0, (1.0, 1.0, 1.0), 0.35, 70)


def base_cabinet(look: Look, rng: np.random.Generator) -> Piece:
    """A counter module with drawers or doors under a worktop."""
    wide = float(rng.choice([0.5, 0.6, 0.8]))
    grid = ((3, 1), (1, 2))[int(wide > 0.7)]
    top = Top(
        (-wide / 2 + 0.02, -DEEP_M / 2 + 0.05), (wide / 2 - 0.02, DEEP_M / 2 - 0.04), HIGH_M, 0.42
    )
    return Piece("cabinet", tuple(_module(look, wide, grid)), (top,))


def sink_cabinet(look: Look, rng: np.random.Generator) -> Piece:
    """A counter module with a steel basin and a tap."""
    wide = float(rng.choice([0.8, 0.9]))
    bodies = _module(look, wide, (1, 2))
    kick_and_fronts, low, high = bodies[2:], 0.70, HIGH_M - _SLAB_M
    hull = [box((wide - 0.002, DEEP_M - 0.04, low - 0.10), (0, -0.02, (low + 0.10) / 2))]
    hull += [
        box(size, (x, y, (low + high) / 2), TIGHT)
        for size, x, y in (
            ((wide - 0.002, 0.02, high - low), 0.0, -DEEP_M / 2 + 0.012),
            ((wide - 0.002, 0.02, high - low), 0.0, DEEP_M / 2 - 0.051),
            ((0.02, DEEP_M - 0.09, high - low), -wide / 2 + 0.012, -0.02),
            ((0.02, DEEP_M - 0.09, high - low), wide / 2 - 0.012, -0.02),
        )
    ]
    basin_w, basin_d, z = wide - 0.26, 0.36, HIGH_M
    y_mid = 0.02
    rim = [
        box(
            ((wide - basin_w) / 2, DEEP_M, _SLAB_M),
            (s * (wide + basin_w) / 4, 0, z - _SLAB_M / 2),
            TIGHT,
        )
        for s in (-1, 1)
    ]
    front, back = DEEP_M / 2 - y_mid - basin_d / 2, DEEP_M / 2 + y_mid - basin_d / 2
    rim.append(box((basin_w, front, _SLAB_M), (0, DEEP_M / 2 - front / 2, z - _SLAB_M / 2), TIGHT))
    rim.append(box((basin_w, back, _SLAB_M), (0, -DEEP_M / 2 + back / 2, z - _SLAB_M / 2), TIGHT))
    bowl = _basin(basin_w, basin_d, 0.17).moved(0, y_mid, z + 0.002)
    neck = [
        (0, 0, 0),
        (0, 0, 0.22),
        (0, 0.02, 0.27),
        (0, 0.07, 0.29),
        (0, 0.12, 0.27),
        (0, 0.13, 0.22),
    ]
    tap = [
        tube(np.array(neck) + np.array([0, -DEEP_M / 2 + 0.09, z]), 0.012, 10),
        cylinder(0.022, z, z + 0.03, 14).moved(0, -DEEP_M / 2 + 0.09),
    ]
    parts = [
        *parts_of(WORKTOP, rim),
        *parts_of(look.paint, hull),
        *kick_and_fronts,
        *parts_of(steel(), [bowl, *tap]),
    ]
    return Piece("sink", tuple(parts))


def _basin(wide: float, deep: float, low: float) -> Shape:
    """A rectangular bowl seen from above, its rim at z = 0."""

    def ring(inset: float, z: float) -> np.ndarray:
        x, y = wide / 2 - inset, deep / 2 - inset
        corners = [(x, -y, z), (x, y, z), (-x, y, z), (-x, -y, z)]
        sides = [
            np.linspace(a, b, 4, endpoint=False)
            for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)
        ]
        return np.concatenate(sides)

    rings = [
        ring(-0.012, 0.0),
        ring(0.0, 0.0),
        ring(0.008, -low / 2),
        ring(0.02, -low),
        ring(min(wide, deep) * 0.49, -low),
    ]
    return skin(np.array(rings))


def oven(look: Look, rng: np.random.Generator) -> Piece:
    """A cooker: a glass hob over an oven door."""
    del look
    wide = 0.60
    body = Finish("plain", 0, (0.93, 0.93, 0.93) if rng.random() < 0.4 else BLACK, 0.10, 30)
    carcass = box((wide - 0.004, DEEP_M - 0.03, HIGH_M - 0.01), (0, -0.015, (HIGH_M - 0.01) / 2))
    hob = box((wide - 0.01, DEEP_M - 0.03, 0.012), (0, -0.01, HIGH_M - 0.006), TIGHT)
    door = box((wide - 0.02, 0.025, 0.50), (0, DEEP_M / 2 - 0.018, 0.42))
    window = panel((0.21, DEEP_M / 2 - 0.004, 0.26), (-0.42, 0, 0), (0, 0, 0.32))
    rings = [
        lathe([(r - 0.004, 0), (r, 0.0012), (r + 0.004, 0)], 28).moved(x, y, HIGH_M + 0.0005)
        for x, y, r in (
            (-0.14, -0.13, 0.075),
            (0.14, -0.13, 0.095),
            (-0.14, 0.12, 0.095),
            (0.14, 0.12, 0.075),
        )
    ]
    knobs = [
        cylinder(0.02, 0, 0.025, 14).turned(-90, "x").moved(x, DEEP_M / 2 - 0.03, 0.78)
        for x in np.linspace(-0.2, 0.2, 5)
    ]
    handle = cylinder(0.009, -0.22, 0.22, 10).turned(90, "y").moved(0, DEEP_M / 2 + 0.02, 0.63)
    parts = [
        *parts_of(body, [carcass, door]),
        *parts_of(_GLASS, [hob, window]),
        *parts_of(steel(), [*knobs, handle]),
        *parts_of(plastic((0.45, 0.45, 0.46)), rings),
    ]
    top = Top((-0.26, -0.22), (0.26, 0.22), HIGH_M + 0.0017, 0.42)
    return Piece("oven", tuple(parts), (top,))


def dishwasher(look: Look, rng: np.random.Generator) -> Piece:
    """A steel door with a handle under the worktop."""
    del rng
    slab, carcass, _ = _module(look, 0.60, (1, 1))[:3]
    door = box((0.594, 0.02, 0.74), (0, DEEP_M / 2 - 0.03, 0.485), TIGHT)
    handle = cylinder(0.009, -0.22, 0.22, 10).turned(90, "y").moved(0, DEEP_M / 2 + 0.008, 0.79)
    kick = box((0.56, DEEP_M - 0.12, 0.10), (0, -0.06, 0.05), TIGHT)
    parts = [slab, carcass, *parts_of(steel(), [door, handle]), *parts_of(plastic(BLACK), [kick])]
    top = Top((-0.28, -DEEP_M / 2 + 0.05), (0.28, DEEP_M / 2 - 0.04), HIGH_M, 0.42)
    return Piece("dishwasher", tuple(parts), (top,))


def _module(look: Look, wide: float, grid: tuple[int, int]) -> list[Part]:
    slab = box((wide, DEEP_M, _SLAB_M), (0, 0, HIGH_M - _SLAB_M / 2), Edge(0.003, 1, step_m=0.12))
    high = HIGH_M - _SLAB_M
    carcass = box((wide - 0.002, DEEP_M - 0.04, high - 0.101), (0, -0.02, (high + 0.099) / 2))
    kick = box((wide - 0.01, DEEP_M - 0.10, 0.10), (0, -0.05, 0.05), TIGHT)
    panels, handles = fronts(
        (-wide / 2, wide / 2, 0.11, high - 0.005), DEEP_M / 2 - 0.04, grid, "bar"
    )
    front = look.paint if sum(look.wall) < 2.62 else look.wood
    return [
        Part(slab, WORKTOP),
        Part(carcass, look.paint),
        Part(kick, plastic((0.30, 0.30, 0.31))),
        *parts_of(front, panels),
        *parts_of(look.metal, handles),
    ]


def wall_cabinet(look: Look, rng: np.random.Generator) -> Piece:
    """A cabinet that hangs over the counter; its base is its underside."""
    wide, deep, high = float(rng.choice([0.6, 0.8])), 0.34, 0.68
    front = look.paint if sum(look.wall) < 2.62 else look.wood
    body = box((wide - 0.002, deep - 0.02, high), (0, -0.01, high / 2))
    panels, handles = fronts(
        (-wide / 2, wide / 2, 0.004, high - 0.004), deep / 2 - 0.02, (1, 2), "upright bar"
    )
    parts = [Part(body, look.paint), *parts_of(front, panels), *parts_of(look.metal, handles)]
    return Piece("cabinet", tuple(parts))


def range_hood(look: Look, rng: np.random.Generator) -> Piece:
    """A hood over the cooker, with its flue; its base is its underside."""
    del look, rng
    flue = box((0.24, 0.24, 0.70), (0, -0.12, 0.45), TIGHT)
    hood = box((0.60, 0.48, 0.07), (0, 0, 0.035), Edge(0.006))
    return Piece("range hood", tuple(parts_of(steel(), [hood, flue])))


def refrigerator(look: Look, rng: np.random.Generator) -> Piece:
    """A fridge over a freezer."""
    del look
    wide, deep, high = float(rng.uniform(0.60, 0.70)), 0.64, float(rng.uniform(1.72, 1.90))
    finish = steel() if rng.random() < 0.55 else plastic((0.93, 0.93, 0.92))
    split = float(rng.uniform(0.60, 0.75))
    shapes = [
        box((wide, deep - 0.06, high - 0.03), (0, -0.03, 0.03 + (high - 0.03) / 2)),
        box((wide - 0.04, deep - 0.14, 0.03), (0, -0.04, 0.015), SHARP),
        box(
            (wide - 0.004, 0.055, split - 0.04),
            (0, deep / 2 - 0.03, (split + 0.03) / 2),
            Edge(0.012, 2),
        ),
        box(
            (wide - 0.004, 0.055, high - split - 0.01),
            (0, deep / 2 - 0.03, (high + split) / 2),
            Edge(0.012, 2),
        ),
    ]
    handles = [
        cylinder(0.010, z0, z1, 10).moved(-wide / 2 + 0.05, deep / 2 + 0.022)
        for z0, z1 in ((split - 0.35, split - 0.06), (split + 0.08, split + 0.45))
    ]
    return Piece("refrigerator", (*parts_of(finish, shapes), *parts_of(steel(), handles)))


def microwave(look: Look, rng: np.random.Generator) -> Piece:
    """A microwave oven."""
    del look
    color = (0.90, 0.90, 0.89) if rng.random() < 0.5 else BLACK
    body = box((0.48, 0.36, 0.28), (0, 0, 0.14), Edge(0.01, 2))
    window = panel((0.13, 0.1815, 0.04), (-0.34, 0, 0), (0, 0, 0.20))
    keys = box((0.07, 0.006, 0.20), (0.185, 0.181, 0.14), TIGHT)
    parts = [
        Part(body, plastic(color)),
        Part(window, _GLASS),
        Part(keys, plastic((0.4, 0.4, 0.41))),
    ]
    return Piece("microwave", tuple(parts))


def toaster(look: Look, rng: np.random.Generator) -> Piece:
    """A two-slot toaster."""
    body = box((0.28, 0.17, 0.18), (0, 0, 0.10), Edge(0.035, 3))
    slots = mirrored(lambda s: box((0.20, 0.025, 0.004), (0, s * 0.035, 0.190), SHARP))
    finish = steel() if rng.random() < 0.5 else plastic(look.accent(rng))
    base = box((0.27, 0.16, 0.02), (0, 0, 0.01), TIGHT)
    parts = [Part(body, finish), *parts_of(plastic(BLACK), [*slots, base])]
    return Piece("toaster", tuple(parts))


def kettle(look: Look, rng: np.random.Generator) -> Piece:
    """A kettle with a spout and a handle."""
    finish = steel() if rng.random() < 0.5 else plastic(look.accent(rng))
    body = lathe(
        [(0, 0), (0.085, 0), (0.088, 0.03), (0.075, 0.16), (0.06, 0.20), (0.02, 0.215), (0, 0.215)],
        28,
    )
    arc = np.linspace(-0.3, 2.2, 9)
    handle = [(-0.075 - 0.055 * np.sin(a), 0, 0.115 + 0.075 * np.cos(a)) for a in arc]
    spout = tube([(0.06, 0, 0.10), (0.10, 0, 0.15), (0.125, 0, 0.18)], 0.014, 10)
    dark = [tube(handle, 0.009), ball(0.012, (0, 0, 0.225), 10)]
    return Piece("kettle", (*parts_of(finish, [body, spout]), *parts_of(plastic(BLACK), dark)))


def pot(look: Look, rng: np.random.Generator) -> Piece:
    """A cooking pot with a lid."""
    radius, high = float(rng.uniform(0.10, 0.13)), float(rng.uniform(0.10, 0.14))
    finish = steel() if rng.random() < 0.6 else plastic(look.accent(rng))
    body = lathe(
        [
            (0, 0),
            (radius * 0.95, 0),
            (radius, 0.01),
            (radius, high),
            (radius + 0.006, high),
            (radius + 0.006, high + 0.006),
            (radius * 0.5, high + 0.022),
            (0, high + 0.026),
        ],
        28,
    )
    grips = mirrored(
        lambda s: box((0.05, 0.06, 0.012), (s * (radius + 0.022), 0, high - 0.025), Edge(0.005))
    )
    knob = ball(0.015, (0, 0, high + 0.036), 10)
    return Piece("pot", (Part(body, finish), *parts_of(plastic(BLACK), [*grips, knob])))
