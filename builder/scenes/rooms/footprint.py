"""Where a placed piece is, as upright boxes: what two pieces must not share."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from builder.scenes.rooms.piece import Piece
from builder.scenes.rooms.shapes import Array, Shape, rotation

FLOOR, WALL, CEILING = -1, -2, -3
"""What a piece rests on that is not another piece."""


@dataclass(frozen=True, eq=False)
class Blocks:
    """Upright boxes that share one turn about z.

    Attributes:
        center_m: (n, 2), x and y of their middles.
        half_m: (n, 2), half their width and depth, along their own axes.
        z_m: (n, 2), their lowest and highest points.
        turn_deg: Their turn.
    """

    center_m: Array
    half_m: Array
    z_m: Array
    turn_deg: float

    @cached_property
    def axes(self) -> Array:
        """(2, 2): the unit vectors along width and depth."""
        return rotation(self.turn_deg, "z")[:2, :2].T

    @cached_property
    def corners_m(self) -> Array:
        """(n, 4, 2), counter-clockwise."""
        signs = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)], dtype=np.float64)
        return self.center_m[:, None] + (signs * self.half_m[:, None]) @ self.axes

    @cached_property
    def bounds_m(self) -> Array:
        """(6,): least x, y, z, then largest."""
        low, high = self.corners_m.min(axis=(0, 1)), self.corners_m.max(axis=(0, 1))
        return np.array([*low, self.z_m[:, 0].min(), *high, self.z_m[:, 1].max()])


def overlap(first: Blocks, second: Blocks, slack_m: float = 0.0005) -> bool:
    """Return whether any box of one shares space with any of the other, beyond `slack_m`.

    Rectangles that do not overlap have a separating line along one of their sides.
    """
    a, b = first.bounds_m, second.bounds_m
    if (a[:3] + slack_m >= b[3:]).any() or (b[:3] + slack_m >= a[3:]).any():
        return False
    low = np.maximum(first.z_m[:, None, 0], second.z_m[None, :, 0])
    high = np.minimum(first.z_m[:, None, 1], second.z_m[None, :, 1])
    together: NDArray[np.bool_] = high - low > slack_m
    for axis in (*first.axes, *second.axes):
        reach = (first.half_m @ np.abs(first.axes @ axis))[:, None] + (
            second.half_m @ np.abs(second.axes @ axis)
        )[None]
        apart = np.abs((first.center_m @ axis)[:, None] - (second.center_m @ axis)[None])
        together &= apart < reach - slack_m
    return bool(together.any())


@dataclass(frozen=True, eq=False)
class Placed:
    """A piece at its place.

    Attributes:
        piece: What it is.
        x_m: Of its origin, in the room.
        y_m: Of its origin.
        z_m: Of its base.
        turn_deg: Counter-clockwise seen from above; at 0 its front looks along +y.
        rests_on: Index of the placed piece below it, or FLOOR, WALL or CEILING.
        tag: What the arrangement calls it.
    """

    piece: Piece
    x_m: float
    y_m: float
    z_m: float
    turn_deg: float
    rests_on: int = FLOOR
    tag: str = ""

    @cached_property
    def blocks(self) -> Blocks:
        """Its parts, as boxes in the room."""
        return blocks_at(self.piece.blocks_m, (self.x_m, self.y_m, self.z_m), self.turn_deg)

    def to_room(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Take a point of the piece's frame to the room's."""
        x, y = rotation(self.turn_deg, "z")[:2, :2] @ np.array([x_m, y_m])
        return self.x_m + float(x), self.y_m + float(y)

    def in_room(self, shape: Shape) -> Shape:
        """Take one of the piece's shapes to its place."""
        return shape.turned(self.turn_deg).moved(self.x_m, self.y_m, self.z_m)


def blocks_at(boxes_m: Array, place_m: tuple[float, float, float], turn_deg: float = 0.0) -> Blocks:
    """Return boxes (n, 6) of a piece's frame, turned and moved to a place."""
    x, y, z = place_m
    middle = (boxes_m[:, [0, 1]] + boxes_m[:, [3, 4]]) / 2
    half = (boxes_m[:, [3, 4]] - boxes_m[:, [0, 1]]) / 2
    center = middle @ rotation(turn_deg, "z")[:2, :2].T + (x, y)
    return Blocks(center, half, boxes_m[:, [2, 5]] + z, turn_deg)
