"""Which pairs of views a trajectory offers, and what happened between them."""

import functools
import math
from dataclasses import dataclass

from builder.core.action import Action, Move
from builder.core.errors import GeometryError
from builder.core.pose import Pose, start_from_end_of
from builder.core.rollout import Rollout
from builder.language.canonical import canonical

POSITION_TOLERANCE_M = 0.001
YAW_TOLERANCE_DEG = 0.01


@dataclass(frozen=True, slots=True)
class Pair:
    """Two key views of one trajectory, the first before the second.

    Attributes:
        index: Its place among all pairs of the trajectory; part of every record id.
        before: First key.
        after: Second key.
        actions: What was done in between, in the axes of the first; neighbors on an axis added up.
    """

    index: int
    before: int
    after: int
    actions: tuple[Action, ...]

    @property
    def keys(self) -> tuple[int, int]:
        """(before, after): also how a rollout's covisibility is found."""
        return self.before, self.after

    @property
    def moves(self) -> int:
        """How many of the actions are moves."""
        return sum(isinstance(action, Move) for action in self.actions)


@functools.lru_cache(maxsize=4)
def pairs_of(rollout: Rollout) -> tuple[Pair, ...]:
    """Return every pair of key views between which something happened, in a fixed order.

    Raises:
        GeometryError: If the stored poses do something else than the actions say.
    """
    keys = range(len(rollout.keys))
    spans = [(before, after) for before in keys for after in keys if before < after]
    pairs = []
    for index, (before, after) in enumerate(spans):
        actions = canonical(rollout.actions_between(before, after))
        _check_pose(rollout, before, after)
        if actions:
            pairs.append(Pair(index, before, after, actions))
    return tuple(pairs)


def same_pose(one: Pose, other: Pose) -> bool:
    """Return whether two cameras stand within 1 mm and 0.01 degrees of each other."""
    one_from_other = one.inverse() @ other
    offset_m = math.hypot(*one_from_other.translation_m)
    return offset_m <= POSITION_TOLERANCE_M and abs(one_from_other.yaw_deg) <= YAW_TOLERANCE_DEG


def _check_pose(rollout: Rollout, before: int, after: int) -> None:
    # One step at a time is enough, and all steps are pairs. A teacher that turns the other way than
    # it was told (as one of the paper's does) is found here, before it becomes a label.
    if after != before + 1:
        return
    said = start_from_end_of(rollout.actions_between(before, after))
    done = rollout.motion_between(before, after)
    if not same_pose(said, done):
        raise GeometryError(
            f"{rollout.scene_id}/{rollout.trajectory_id}: from key {before} to {after} the poses "
            f"do not do what the actions say: yaw {done.yaw_deg:+.3f} instead of "
            f"{said.yaw_deg:+.3f} degrees, translation {done.translation_m.round(4).tolist()} "
            f"instead of {said.translation_m.round(4).tolist()} m; left turns have negative yaw"
        )
