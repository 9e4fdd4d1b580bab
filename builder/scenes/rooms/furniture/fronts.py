"""Doors and drawers: the fronts of whatever stores things."""

from typing import Literal

import numpy as np

from builder.scenes.rooms.boxes import TIGHT, box
from builder.scenes.rooms.shapes import Shape, ball, cylinder

Handle = Literal["knob", "bar", "upright bar"]

GAP_M = 0.003
THICK_M = 0.016


def fronts(
    field: tuple[float, float, float, float],
    front_m: float,
    grid: tuple[int, int],
    handle: Handle = "knob",
) -> tuple[list[Shape], list[Shape]]:
    """Return front panels with gaps between them, and their handles.

    Args:
        field: Least x, largest x, least z, largest z, metres.
        front_m: The y of the carcass that the panels lie on.
        grid: (rows, columns).
        handle: Upright bars sit on the side where neighbors meet, knobs and bars in the middle.
    """
    x_edges = np.linspace(field[0], field[1], grid[1] + 1)
    z_edges = np.linspace(field[2], field[3], grid[0] + 1)
    panels, handles = [], []
    for column, (x0, x1) in enumerate(zip(x_edges[:-1], x_edges[1:], strict=True)):
        for z0, z1 in zip(z_edges[:-1], z_edges[1:], strict=True):
            size = (x1 - x0 - 2 * GAP_M, THICK_M, z1 - z0 - 2 * GAP_M)
            middle = ((x0 + x1) / 2, front_m + THICK_M / 2, (z0 + z1) / 2)
            panels.append(box(size, middle, TIGHT))
            inner_edge = x1 - 0.04 if column % 2 == 0 else x0 + 0.04
            x = inner_edge if handle == "upright bar" and grid[1] > 1 else middle[0]
            handles.append(_handle(handle, x, front_m + THICK_M, (z0, z1)))
    return panels, handles


def _handle(handle: Handle, x: float, y: float, z_span: tuple[float, float]) -> Shape:
    middle, high = sum(z_span) / 2, z_span[1] - z_span[0]
    if handle == "knob":
        return ball(0.013, (x, y + 0.013, middle + 0.1 * high), 10)
    if handle == "bar":
        bar = cylinder(0.006, -0.06, 0.06, 8).turned(90, "y")
        return bar.moved(x, y + 0.014, z_span[1] - min(0.05, high / 3))
    length = min(0.12, high * 0.3)
    return cylinder(0.006, -length / 2, length / 2, 8).moved(x, y + 0.014, middle)
