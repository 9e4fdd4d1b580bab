"""Motion in the plane, worked out anew: where actions lead, and which actions a path consists of.

Nothing here goes through `core.pose` or the tasks: a camera that only walks and yaws is two metres
and an angle. Forward is +z, right is +x, and a turn to the left makes the yaw smaller.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from builder.core.action import Action, Move, Turn

SAME_M = 0.001
SAME_DEG = 0.01
_NOTHING = 1e-6  # of metres or degrees: rounding, no motion
_ABOVE_PLANE_M = 1e-4

Step = tuple[str, float]  # "x", "z" or "yaw", and how much of it: metres or degrees, signed

_AXES = {
    ("move", "right"): ("x", 1.0),
    ("move", "left"): ("x", -1.0),
    ("move", "forward"): ("z", 1.0),
    ("move", "backward"): ("z", -1.0),
    ("turn", "right"): ("yaw", 1.0),
    ("turn", "left"): ("yaw", -1.0),
}


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a camera stands and looks, seen from another.

    Attributes:
        x_m: To the right.
        z_m: Ahead.
        yaw_deg: Turned to the right; any number of whole turns off.
    """

    x_m: float = 0.0
    z_m: float = 0.0
    yaw_deg: float = 0.0

    def after(self, step: Step) -> "Stand":
        """Return where one step leads."""
        axis, amount = step
        if axis == "yaw":
            return Stand(self.x_m, self.z_m, self.yaw_deg + amount)
        sin, cos = math.sin(math.radians(self.yaw_deg)), math.cos(math.radians(self.yaw_deg))
        east, north = (cos, -sin) if axis == "x" else (sin, cos)
        return Stand(self.x_m + amount * east, self.z_m + amount * north, self.yaw_deg)

    def matrix(self) -> NDArray[np.float64]:
        """Return the (4, 4) pose: it takes points of this camera into the other's frame."""
        sin, cos = math.sin(math.radians(self.yaw_deg)), math.cos(math.radians(self.yaw_deg))
        return np.array(
            [[cos, 0, sin, self.x_m], [0, 1, 0, 0], [-sin, 0, cos, self.z_m], [0, 0, 0, 1]]
        )

    def inverse_matrix(self) -> NDArray[np.float64]:
        """Return the (4, 4) pose that takes points of the other camera's frame into this one's."""
        matrix = self.matrix()
        turned, moved = matrix[:3, :3], matrix[:3, 3]
        inverse = np.eye(4)
        inverse[:3, :3], inverse[:3, 3] = turned.T, -turned.T @ moved
        return inverse


def steps_of(actions: Iterable[Action]) -> tuple[Step, ...]:
    """Return actions as signed steps along an axis."""
    return tuple(_step(action) for action in actions)


def end_of(steps: Iterable[Step]) -> Stand:
    """Return where steps lead from the origin."""
    stand = Stand()
    for step in steps:
        stand = stand.after(step)
    return stand


def apart(one: Stand, other: Stand) -> tuple[float, float]:
    """Return how far two cameras stand (metres) and look (degrees) apart."""
    turn_deg = (one.yaw_deg - other.yaw_deg + 180.0) % 360.0 - 180.0
    return math.hypot(one.x_m - other.x_m, one.z_m - other.z_m), abs(turn_deg)


def is_same(one: Stand, other: Stand, slack: float = 0.0) -> bool:
    """Return whether two cameras stand within 1 mm and 0.01 degrees, `slack` of it given away."""
    apart_m, apart_deg = apart(one, other)
    return apart_m <= SAME_M * (1 + slack) and apart_deg <= SAME_DEG * (1 + slack)


def stand_of(first_from_last: ArrayLike) -> Stand | None:
    """Read a pose; None: the camera left the plane, or did something else than yaw.

    Args:
        first_from_last: (4, 4), the last camera seen from the first.
    """
    matrix = np.asarray(first_from_last, dtype=np.float64)
    yaw_deg = math.degrees(math.atan2(matrix[0, 2], matrix[2, 2]))
    stand = Stand(float(matrix[0, 3]), float(matrix[2, 3]), yaw_deg)
    is_plane = np.allclose(matrix, stand.matrix(), rtol=0, atol=_ABOVE_PLANE_M)
    return stand if is_plane else None


def single_step(stand: Stand) -> Step | None:
    """Return the one step that leads to a stand, amounts to six decimals; None: there is none."""
    found = [
        (axis, round(amount, 6))
        for axis, amount in (("x", stand.x_m), ("z", stand.z_m), ("yaw", stand.yaw_deg))
        if abs(amount) > (SAME_DEG if axis == "yaw" else SAME_M)
    ]
    return found[0] if len(found) == 1 else None


def merged(steps: Iterable[Step]) -> tuple[Step, ...]:
    """Return steps with neighbors on one axis added up, and those that come to nothing left out."""
    kept: list[Step] = []
    for axis, amount in steps:
        if kept and kept[-1][0] == axis:
            amount += kept.pop()[1]  # noqa: PLW2901 - it is this step's amount, added up
        if abs(amount) > _NOTHING:
            kept.append((axis, round(amount, 6)))
    return tuple(kept) if _alternates(kept) else merged(kept)


def actions_of(steps: Sequence[Step]) -> tuple[Action, ...]:
    """Return steps as actions, to be written."""
    found: list[Action] = []
    for axis, amount in steps:
        match axis:
            case "yaw":
                found.append(Turn("right" if amount > 0 else "left", abs(amount)))
            case "z":
                found.append(Move("forward" if amount > 0 else "backward", abs(amount)))
            case _:
                found.append(Move("right" if amount > 0 else "left", abs(amount)))
    return tuple(found)


def _alternates(steps: Sequence[Step]) -> bool:
    return all(one[0] != other[0] for one, other in zip(steps, steps[1:], strict=False))


def _step(action: Action) -> Step:
    if isinstance(action, Move):
        axis, sign = _AXES["move", action.direction]
        return axis, sign * action.distance_m
    axis, sign = _AXES["turn", action.direction]
    return axis, sign * action.angle_deg
