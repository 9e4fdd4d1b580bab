"""When two ways to say a motion mean the same one."""

import functools
import math

import numpy as np

from builder.core.action import Action, Turn
from builder.core.pose import Pose
from builder.language.grammar import hear

TOLERANCE_M = 0.001
TOLERANCE_DEG = 0.01
_STEPS = {"forward": (0, 1), "backward": (0, -1), "right": (1, 0), "left": (-1, 0)}  # x, z
_REMEMBERED = 1 << 16  # motions on a grid repeat


@functools.lru_cache(maxsize=_REMEMBERED)
def heard(text: str) -> tuple[Action, ...]:
    """Return the actions that a text says; what has been read is remembered.

    Raises:
        GrammarError: If a part is no action.
    """
    return hear(text)


def difference(said: Pose, stored: Pose, most_m: float = TOLERANCE_M) -> str:
    """Return how far two poses are apart, in words; "" if they are the same within tolerance."""
    apart_m = float(np.linalg.norm(said.translation_m - stored.translation_m))
    cosine = (np.trace(said.rotation.T @ stored.rotation) - 1) / 2
    apart_deg = float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
    return _words(apart_m, apart_deg, most_m)


def _words(apart_m: float, apart_deg: float, most_m: float = TOLERANCE_M) -> str:
    if apart_m <= most_m and apart_deg <= TOLERANCE_DEG:
        return ""
    return f"{apart_m:.3f} m and {apart_deg:.2f} degrees apart"


def difference_of(said: tuple[Action, ...], done: tuple[Action, ...]) -> str:
    """Return how far the ends of two sequences are apart, in words; "" if they are the same."""
    if said == done:
        return ""
    (x_m, z_m, yaw_deg), (other_x_m, other_z_m, other_yaw_deg) = _end_of(said), _end_of(done)
    apart_m = math.hypot(x_m - other_x_m, z_m - other_z_m)
    return _words(apart_m, abs((yaw_deg - other_yaw_deg + 180) % 360 - 180))


def _end_of(actions: tuple[Action, ...]) -> tuple[float, float, float]:
    """Return x, z and yaw (left is negative) at the end: `start_from_end_of`, in plain numbers.

    Every action stays in the plane, and this is asked of many answers.
    """
    x_m = z_m = yaw_deg = 0.0
    for action in actions:
        if isinstance(action, Turn):
            yaw_deg += action.angle_deg if action.direction == "right" else -action.angle_deg
            continue
        side, ahead = _STEPS[action.direction]
        sine, cosine = math.sin(math.radians(yaw_deg)), math.cos(math.radians(yaw_deg))
        x_m += action.distance_m * (cosine * side + sine * ahead)
        z_m += action.distance_m * (cosine * ahead - sine * side)
    return x_m, z_m, yaw_deg
