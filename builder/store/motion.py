"""Actions in the paper's words: acts with magnitudes, and tokens between stored frames."""

from collections.abc import Iterable, Sequence
from typing import Any

from builder.core.action import Action, Move, Turn, amount_of, kind_of
from builder.core.sampling import action_of
from builder.core.trajectory import Trajectory
from builder.language.grammar import say_token

_ACT_OF_KIND = {
    "move forward": "forward",
    "move backward": "backward",
    "move left": "shift_left",
    "move right": "shift_right",
    "turn left": "turn_left",
    "turn right": "turn_right",
}
_KIND_OF_ACT = {act: kind for kind, act in _ACT_OF_KIND.items()}


def act_of(action: Action) -> str:
    """Return the paper's word for a kind of action, such as "shift_left"."""
    return _ACT_OF_KIND[kind_of(action)]


def act_json(action: Action) -> dict[str, Any]:
    """Return {"act", "magnitude"}, metres or degrees."""
    return {"act": act_of(action), "magnitude": float(amount_of(action))}


def action_from(act: dict[str, Any]) -> Action:
    """Return the action of {"act", "magnitude"}: undoes `act_json`."""
    return action_of(_KIND_OF_ACT[act["act"]], float(act["magnitude"]))


def tokens_between(trajectory: Trajectory, poses: Sequence[int]) -> list[list[str]]:
    """Return, for each of the ascending `poses`, what was done since the one before, as tokens."""
    starts = [poses[0], *poses[:-1]]
    return [
        [say_token(action) for action in _done(trajectory, start, end)]
        for start, end in zip(starts, poses, strict=True)
    ]


def tokens_from_start(trajectory: Trajectory, poses: Sequence[int]) -> list[list[str]]:
    """Return, for each of `poses`, what was done since the first pose, as tokens."""
    return [[say_token(action) for action in _done(trajectory, 0, pose)] for pose in poses]


def _done(trajectory: Trajectory, start: int, end: int) -> list[Action]:
    """Return the motion from pose `start` to pose `end`; whole actions as they were asked for."""
    keys, done = trajectory.keyframes, []
    for action, first, last in zip(trajectory.actions, keys[:-1], keys[1:], strict=True):
        if start <= first and last <= end:
            done.append(action)
        elif first < end and start < last:
            done.append(_sum(trajectory.steps[max(start, first) + 1 : min(end, last) + 1]))
    return done


def _sum(steps: Iterable[Action | None]) -> Action:
    """Return the steps of one action as one action."""
    parts = [step for step in steps if step is not None]
    total = round(sum(amount_of(part) for part in parts), 6)
    match parts[0]:
        case Move(direction, _):
            return Move(direction, total)
        case Turn(turn_direction, _):
            return Turn(turn_direction, total)
