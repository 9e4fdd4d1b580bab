"""When two ways to say a motion mean the same one."""

import functools

import numpy as np

from builder.core.action import Action
from builder.core.pose import Pose, start_from_end_of

TOLERANCE_M = 0.001
TOLERANCE_DEG = 0.01


def difference(said: Pose, stored: Pose, most_m: float = TOLERANCE_M) -> str:
    """Return how far two poses are apart, in words; "" if they are the same within tolerance."""
    apart_m = float(np.linalg.norm(said.translation_m - stored.translation_m))
    cosine = (np.trace(said.rotation.T @ stored.rotation) - 1) / 2
    apart_deg = float(np.degrees(np.arccos(np.clip(cosine, -1.0, 1.0))))
    if apart_m <= most_m and apart_deg <= TOLERANCE_DEG:
        return ""
    return f"{apart_m:.3f} m and {apart_deg:.2f} degrees apart"


@functools.lru_cache(maxsize=4096)
def difference_of(said: tuple[Action, ...], done: tuple[Action, ...]) -> str:
    """Return how far the ends of two sequences are apart, in words; "" if they are the same."""
    return difference(start_from_end_of(said), start_from_end_of(done))
