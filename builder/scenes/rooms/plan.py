"""The plan of a room: its size, its four walls, and the openings in them."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from builder.scenes.rooms.shapes import Shape

WALL_M = 0.22
"""Thickness of the walls, floor and ceiling; without any, light leaks in along the edges."""

DOOR_SIZE_M = (0.88, 2.04)


@dataclass(frozen=True, slots=True)
class Opening:
    """A hole in a wall, or a door before it.

    Attributes:
        kind: A door is a leaf before the closed wall; a window is a hole.
        wall: Index of the wall.
        start_m: Along the wall, from its beginning.
        end_m: Along the wall.
        low_m: Height of its lower edge.
        high_m: Height of its upper edge.
    """

    kind: Literal["window", "door"]
    wall: int
    start_m: float
    end_m: float
    low_m: float
    high_m: float

    @property
    def middle_m(self) -> float:
        """Along the wall."""
        return (self.start_m + self.end_m) / 2


@dataclass(frozen=True, slots=True)
class Plan:
    """A box to live in. Walls run counter-clockwise: 0 along y = 0, then x = width, and so on.

    Attributes:
        width_m: Along x.
        depth_m: Along y.
        height_m: Along z.
        openings: Doors and windows.
    """

    width_m: float
    depth_m: float
    height_m: float
    openings: tuple[Opening, ...] = ()

    def wall_length_m(self, wall: int) -> float:
        """Return the length of a wall."""
        return self.depth_m if wall % 2 else self.width_m

    def spot(self, wall: int, along_m: float, off_m: float) -> tuple[float, float]:
        """Return (x, y) of a point at `along_m` of a wall and `off_m` into the room."""
        corners = (
            (0.0, 0.0),
            (self.width_m, 0.0),
            (self.width_m, self.depth_m),
            (0.0, self.depth_m),
        )
        turn = np.radians(90.0 * wall)
        cos, sin = round(float(np.cos(turn))), round(float(np.sin(turn)))
        x, y = corners[wall]
        return x + cos * along_m - sin * off_m, y + sin * along_m + cos * off_m

    def along(self, wall: int, x_m: float, y_m: float) -> float:
        """Return how far along a wall a point of the room is."""
        x, y = self.spot(wall, 0.0, 0.0)
        ahead_x, ahead_y = self.spot(wall, 1.0, 0.0)
        return (x_m - x) * (ahead_x - x) + (y_m - y) * (ahead_y - y)

    def hung(self, shape: Shape, wall: int) -> Shape:
        """Take a shape from a wall's frame (x along it, y into the room) to the room's."""
        x, y = self.spot(wall, 0.0, 0.0)
        return shape.turned(90.0 * wall).moved(x, y)

    def windows(self) -> tuple[Opening, ...]:
        """Return the windows."""
        return tuple(opening for opening in self.openings if opening.kind == "window")

    def doors(self) -> tuple[Opening, ...]:
        """Return the doors."""
        return tuple(opening for opening in self.openings if opening.kind == "door")


def draw_plan(
    rng: np.random.Generator,
    width_m: tuple[float, float],
    depth_m: tuple[float, float],
    low_m: float = 0.88,
) -> Plan:
    """Draw a room with one door and one or two windows, on walls of their own.

    Args:
        rng: Where it is drawn from.
        width_m: Least and largest width.
        depth_m: Least and largest depth.
        low_m: Height of the window sills.
    """
    plan = Plan(
        round(float(rng.uniform(*width_m)), 2),
        round(float(rng.uniform(*depth_m)), 2),
        round(float(rng.uniform(2.5, 2.75)), 2),
    )
    walls = [int(wall) for wall in rng.permutation(4)]
    openings = [_door(rng, plan, walls[0])]
    big = plan.width_m * plan.depth_m > 13.0
    for wall in walls[1 : 3 if big and rng.random() < 0.5 else 2]:
        openings.append(_window(rng, plan, wall, low_m))
    return Plan(plan.width_m, plan.depth_m, plan.height_m, tuple(openings))


def _door(rng: np.random.Generator, plan: Plan, wall: int) -> Opening:
    length, width = plan.wall_length_m(wall), DOOR_SIZE_M[0]
    near_end = float(rng.uniform(0.20, 0.50))
    start = near_end if rng.random() < 0.5 else length - near_end - width
    return Opening("door", wall, start, start + width, 0.0, DOOR_SIZE_M[1])


def _window(rng: np.random.Generator, plan: Plan, wall: int, low_m: float) -> Opening:
    length = plan.wall_length_m(wall)
    width = float(rng.uniform(1.1, min(2.2, length - 1.8))) if low_m < 1.1 else 0.9
    middle = length / 2 + float(rng.uniform(-0.15, 0.15)) * (length - width - 1.0)
    high = min(2.25, plan.height_m - 0.30)
    return Opening("window", wall, middle - width / 2, middle + width / 2, low_m, high)
