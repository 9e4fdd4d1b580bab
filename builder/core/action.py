"""What the camera may do: `Move` by metres or `Turn` by degrees.

Two types, not one type with a `magnitude`: metres and degrees can then never be added by mistake,
and a type checker says so.
"""

import math
from dataclasses import dataclass
from typing import Literal, get_args

from builder.core.errors import GeometryError

MoveDirection = Literal["forward", "backward", "left", "right"]
TurnDirection = Literal["left", "right"]
MOVE_DIRECTIONS: tuple[MoveDirection, ...] = get_args(MoveDirection)
TURN_DIRECTIONS: tuple[TurnDirection, ...] = get_args(TurnDirection)

_AXIS = {"forward": "z", "backward": "z", "left": "x", "right": "x"}


@dataclass(frozen=True, slots=True)
class Move:
    """Translate along one camera axis, without turning.

    Attributes:
        direction: Seen from the camera, at the start of the move.
        distance_m: Metres, finite and greater than zero.
    """

    direction: MoveDirection
    distance_m: float

    def __post_init__(self) -> None:
        _check_direction(self.direction, MOVE_DIRECTIONS)
        _check_amount(self.distance_m, "distance_m")

    @property
    def axis(self) -> str:
        """`"x"` or `"z"`: the camera axis it moves along."""
        return _AXIS[self.direction]


@dataclass(frozen=True, slots=True)
class Turn:
    """Yaw on the spot, about the camera's vertical axis.

    Attributes:
        direction: Seen from the camera, at the start of the turn.
        angle_deg: Degrees, finite and greater than zero.
    """

    direction: TurnDirection
    angle_deg: float

    def __post_init__(self) -> None:
        _check_direction(self.direction, TURN_DIRECTIONS)
        _check_amount(self.angle_deg, "angle_deg")

    @property
    def axis(self) -> str:
        """`"yaw"`: what it changes."""
        return "yaw"

    @property
    def yaw_deg(self) -> float:
        """The signed angle; left is negative."""
        return self.angle_deg if self.direction == "right" else -self.angle_deg


Action = Move | Turn


def kind_of(action: Action) -> str:
    """Return the verb and direction of `action`, such as "move left": what it is but for its size.

    Example:
        >>> kind_of(Turn("left", 20.0))
        'turn left'
    """
    return f"{'move' if isinstance(action, Move) else 'turn'} {action.direction}"


def amount_of(action: Action) -> float:
    """Return metres of a move or degrees of a turn; never add one to the other."""
    return action.distance_m if isinstance(action, Move) else action.angle_deg


def _check_amount(amount: float, name: str) -> None:
    if not (math.isfinite(amount) and amount > 0):
        raise GeometryError(
            f"{name} must be finite and > 0, got {amount!r}; the direction carries the sign"
        )


def _check_direction(direction: str, directions: tuple[str, ...]) -> None:
    if direction not in directions:
        raise GeometryError(f"direction must be one of {', '.join(directions)}, got {direction!r}")
