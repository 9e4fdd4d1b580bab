"""What is fixed to the walls: doors, windows, curtains, blinds, radiators."""

import numpy as np

from builder.scenes.rooms.boxes import TIGHT, Edge, box, labeled_box
from builder.scenes.rooms.furniture.decor import curtain
from builder.scenes.rooms.look import Look
from builder.scenes.rooms.piece import Finish, Part, Piece, Top, mirrored, parts_of
from builder.scenes.rooms.plan import WALL_M
from builder.scenes.rooms.shapes import ball, cylinder, tube

_BAR_M = 0.055
SILL_M = 0.029
"""Depth of a sill below the lower edge of its window; it rises 6 mm above that edge."""


def door(look: Look, size_m: tuple[float, float], flipped: bool) -> Piece:
    """A closed door in its frame; the handle is on the right, or on the left if flipped."""
    wide, high = size_m
    leaf = labeled_box((wide, 0.035, high - 0.008), (0, 0.0185, high / 2 + 0.004), Edge(0.003))
    frame = mirrored(
        lambda s: box(
            (0.07, 0.045, high + 0.07), (s * (wide / 2 + 0.037), 0.0235, (high + 0.07) / 2), TIGHT
        )
    )
    frame.append(box((wide + 0.002, 0.045, 0.068), (0, 0.0235, high + 0.036), TIGHT))
    x = (1 if flipped else -1) * (wide / 2 - 0.07)
    inward = -1 if flipped else 1
    handle = [
        cylinder(0.024, 0, 0.008, 16).turned(-90, "x").moved(x, 0.036, 1.03),
        tube(
            [
                (x, 0.044, 1.03),
                (x, 0.085, 1.03),
                (x + inward * 0.02, 0.095, 1.03),
                (x + inward * 0.12, 0.095, 1.03),
            ],
            0.009,
        ),
    ]
    leaf_finish = Finish("door", 0, look.paint.color, 0.05)
    return Piece(
        "door",
        (Part(leaf, leaf_finish), *parts_of(look.paint, frame), *parts_of(look.metal, handle)),
    )


def window(look: Look, wide: float, high: float) -> Piece:
    """A window frame in its hole, and the sill; its base is the sill's underside.

    Its frame: y = 0 is the inner face of the wall, z = SILL_M the lower edge of the hole.
    """
    y, deep, lift = -WALL_M * 0.55, 0.06, SILL_M
    panes = 1 if wide < 1.0 else 2 if wide < 1.7 else 3
    shapes = [
        box((wide, deep, _BAR_M), (0, y, z), TIGHT)
        for z in (lift + _BAR_M / 2, lift + high - _BAR_M / 2)
    ]
    tall = high - 2 * _BAR_M
    for x in np.linspace(-wide / 2 + _BAR_M / 2, wide / 2 - _BAR_M / 2, panes + 1):
        shapes.append(box((_BAR_M, deep, tall), (float(x), y, lift + high / 2), TIGHT))
    shapes.append(box((wide + 0.10, 0.27, 0.035), (0, 0.035, 0.0175), Edge(0.006, 2)))
    catch = [
        ball(0.016, (float(x), y + deep / 2 + 0.014, lift + high * 0.5), 10)
        for x in np.linspace(-wide / 2 + _BAR_M / 2, wide / 2 - _BAR_M / 2, panes + 1)[1:-1]
    ]
    top = Top((-wide / 2, 0.005), (wide / 2, 0.168), 0.035, 0.6)
    return Piece("window", (*parts_of(look.paint, shapes), *parts_of(look.metal, catch)), (top,))


def drapes(look: Look, wide: float, drop: float) -> tuple[Piece, Piece]:
    """A pair of curtains' one half, and the rod over both; the rod's base is its lowest point."""
    half = curtain(look, 0.40, drop, 5)
    long = wide + 2 * 0.55
    rod = cylinder(0.013, -long / 2, long / 2, 12).turned(90, "y").moved(0, 0, 0.026)
    ends = mirrored(lambda s: ball(0.026, (s * (long / 2 + 0.015), 0, 0.026), 14))
    arms = mirrored(
        lambda s: box((0.018, 0.088, 0.018), (s * (long / 2 - 0.06), -0.056, 0.026), TIGHT)
    )
    return half, Piece("curtain rod", tuple(parts_of(look.metal, [rod, *ends, *arms])))


def blind(look: Look, wide: float, drop: float) -> Piece:
    """A roller blind, partly down; its base is its lower bar, its top the roller."""
    cloth = box((wide, 0.003, drop), (0, 0, 0.01 + drop / 2), TIGHT)
    bars = [
        cylinder(0.022, -wide / 2, wide / 2, 14).turned(90, "y").moved(0, -0.01, drop + 0.025),
        box((wide, 0.012, 0.02), (0, 0, 0.010), TIGHT),
    ]
    fabric = Finish("weave", 0, look.fabrics[1], 0.0)
    return Piece("blind", (Part(cloth, fabric), *parts_of(look.paint, bars)))


def radiator(wide: float) -> Piece:
    """A panel radiator with upright ribs; its base is its lower edge, y = 0 the wall."""
    white = Finish("plain", 0, (0.93, 0.93, 0.92), 0.08, 30)
    ribs = [
        box((0.030, 0.016, 0.48), (float(x), 0.098, 0.26), Edge(0.006, 2, step_m=0.25))
        for x in np.arange(-wide / 2 + 0.03, wide / 2 - 0.02, 0.045)
    ]
    panels = [
        box((wide, 0.018, 0.52), (0, 0.082, 0.26), TIGHT),
        box((wide, 0.10, 0.014), (0, 0.06, 0.527), TIGHT),
    ]
    legs = mirrored(lambda s: box((0.03, 0.07, 0.03), (s * (wide / 2 - 0.12), 0.037, 0.42), TIGHT))
    pipe = tube([(wide / 2 - 0.05, 0.06, 0.01), (wide / 2 - 0.05, 0.06, -0.13)], 0.008)
    return Piece("radiator", tuple(parts_of(white, [*ribs, *panels, *legs, pipe])))
