"""What the camera did, from commands, tokens and poses that must tell one story."""

from collections.abc import Sequence

import numpy as np

from builder.core.action import Action, Move, Turn, amount_of, kind_of
from builder.core.errors import GeometryError, GrammarError
from builder.core.pose import Pose, start_from_end, start_from_end_of
from builder.language.grammar import hear_token, say
from builder.store.foreign.node import Node
from builder.store.motion import action_from

_MOST_OFF_M = 0.005
_MOST_OFF_DEG = 0.1
_TOKEN_OFF = 1e-5  # of a token, which has six decimals
_MOST_OFF_SCALE = 0.05


def action_of_node(name: Node, amount: Node) -> Action:
    """Return a commanded action, such as ("shift_left", 0.3).

    Raises:
        Refusal: If there is no such act, or the text of answers cannot write its amount.
    """
    try:
        act = {"act": name.text(), "magnitude": round(amount.number(), 6)}
        action = action_from(act)
        say([action])
    except (KeyError, GeometryError, GrammarError) as error:
        raise amount.wrong(f"no action {name.short()} {amount.short()}: {error}") from error
    return action


def pose_of(matrix: Node) -> Pose:
    """Return a camera-to-world matrix, 4x4 or 3x4, as a pose.

    Raises:
        Refusal: If it is none.
    """
    rows = len(matrix.value) if isinstance(matrix.value, list) else 0
    try:
        return Pose.from_matrix(matrix.matrix(3 if rows == 3 else 4, 4))
    except GeometryError as error:
        raise matrix.wrong(str(error), "not-a-pose") from error


def same_motion(one: Pose, other: Pose) -> bool:
    """Return whether two motions are one, to 5 mm and 0.1 degrees."""
    apart = one.inverse() @ other
    turned_deg = np.degrees(np.arccos(np.clip((np.trace(apart.rotation) - 1) / 2, -1, 1)))
    return bool(np.abs(apart.translation_m).max() <= _MOST_OFF_M and turned_deg <= _MOST_OFF_DEG)


def mirrored(action: Action) -> Action:
    """Return a turn the other way round; a move as it is."""
    match action:
        case Turn("left", angle_deg):
            return Turn("right", angle_deg)
        case Turn(_, angle_deg):
            return Turn("left", angle_deg)
        case _:
            return action


def done_between(before: Pose, after: Pose, said: Action, where: Node) -> Action:
    """Return the action that two poses show: the one that was said, or its mirror image.

    Raises:
        Refusal: If they show neither.
    """
    done = before.inverse() @ after
    for action in (said, mirrored(said)):
        if same_motion(start_from_end(action), done):
            return action
    text = (
        f"the poses do not do what {say([said])!r} says: yaw {done.yaw_deg:+.2f} degrees, "
        f"translation {done.translation_m.round(3).tolist()} m"
    )
    raise where.wrong(text, "pose-mismatch")


def check_steps(steps: Sequence[Node], keys: Sequence[int], actions: Sequence[Action]) -> None:
    """Hold the tokens between keys to the commanded actions.

    Raises:
        Refusal: If a token is none, of another kind, or their sum is another amount.
    """
    for action, first, last in zip(actions, keys[:-1], keys[1:], strict=True):
        total, count = 0.0, 0
        for step in steps[first + 1 : last + 1]:
            for token in step.each():
                try:
                    part = hear_token(token.text())
                except GrammarError as error:
                    raise token.wrong(str(error), "steps-mismatch") from error
                if kind_of(part) != kind_of(action):
                    text = f"{token.short()} is no part of {say([action])!r}"
                    raise token.wrong(text, "steps-mismatch")
                total, count = total + amount_of(part), count + 1
        if count and abs(total - amount_of(action)) > _TOKEN_OFF * max(count, 100):
            text = f"the steps to frame {last} add up to {total:.6g}, not to {say([action])!r}"
            raise steps[last].wrong(text, "steps-mismatch")


def exact_poses(actions: Sequence[Action]) -> tuple[Pose, ...]:
    """Return the pose at each action's boundary, composed from whole actions."""
    return tuple(start_from_end_of(actions[:done]) for done in range(len(actions) + 1))


def check_scale(params: Node, actions: Sequence[Action], poses: Sequence[Pose]) -> None:
    """Refuse moves whose metres SVC never saw.

    SVC scales a path so that its first camera lies `camera_scale` from the mean of all. Only where
    that factor is 1 does a commanded metre mean the same as in every other trajectory. In the
    paper's settings all moves below 1 m come out as 1 m, and a turn in the sequence multiplies its
    moves by up to some hundred.

    Raises:
        Refusal: If there is a move and the factor is not 1 (to 5 %), or unknown.
    """
    if not any(isinstance(action, Move) for action in actions):
        return
    centers = np.array([pose.translation_m for pose in poses])
    reach_m = float(np.linalg.norm(centers[0] - centers.mean(axis=0)))
    stated = params.get("camera_scale")
    if stated is None or reach_m < 1e-5:
        raise params.wrong("no camera_scale: how far a metre went is unknown", "camera-scale")
    factor = stated.number() / reach_m
    if abs(factor - 1) > _MOST_OFF_SCALE:
        text = f"a commanded metre was {factor:.3g} of the teacher's, so distances are not labels"
        raise stated.wrong(text, "camera-scale")
