"""A move: a contest of the planned motion with all others, ever less exactly.

Two views of things that are far away, or at one distance, leave a small move and a small turn
nearly alike. So no estimate is compared with the plan; motions near the plan compete with motions
near the other directions, first exactly and then with ever more tolerance: whoever explains clearly
more of the matches wins at the first level where somebody does.
"""

from typing import Any

import numpy as np

from builder.audit.obedience.found import Found
from builder.audit.obedience.limits import Limits
from builder.audit.obedience.motion import (
    Fit,
    Matches,
    angle_deg,
    between_deg,
    explained,
    moved,
    nearby,
    slid_deg,
    turned,
)
from builder.core.pose import Pose

_ASIDE_DEG = (90.0, 180.0, -90.0)
_LEVELS_DEG = ((0.0, 0.0), (1.0, 8.0), (3.0, 20.0))  # how far rotation and heading may be off
_LEAST_SHARE = 0.25
_CLEAR_SHARE = 0.5
_BACKWARDS_DEG = 120.0


def judge_move(cv2: Any, matches: Matches, plan: Pose, limits: Limits) -> Found:  # noqa: ANN401
    """Judge the matches of two frames between which the camera should move, and may turn too.

    Args:
        cv2: OpenCV.
        matches: Of the two frames.
        plan: before_from_after, as commanded; its translation is not zero.
        limits: Tolerances.
    """
    if len(matches) < limits.enough:
        return Found("undecided", "too-few-matches")
    if _stands_still(matches, limits):
        return Found("fail", "did-not-move", Fit(np.eye(3), np.zeros(3), 1.0))
    free = max((turned(matches), moved(cv2, matches)), key=lambda fit: fit.share)
    own = best = Fit(plan.rotation.T, np.zeros(3), 0.0)
    for level in _LEVELS_DEG:
        own = nearby(matches, plan, level)
        rival = max((nearby(matches, _aside(plan, turn), level) for turn in _ASIDE_DEG), key=_share)
        best = max((own, rival, free), key=_share)
        if _wins(own, rival, free, len(matches), limits):
            return Found("pass", "", own, own.share)
        if rival.share >= _CLEAR_SHARE and rival.share - own.share >= 2 * limits.margin:
            best = rival  # the more a motion may be off, the more like another it looks: stop here
            break
    if best.share * len(matches) >= 2 * limits.enough and best.share - own.share >= limits.margin:
        return Found("fail", _fault(best, plan), best, own.share)
    if own.share * len(matches) < limits.enough:
        return Found("undecided", "too-few-matches", None, own.share)
    return Found("undecided", "ambiguous-motion", own, own.share)


def _wins(own: Fit, rival: Fit, free: Fit, count: int, limits: Limits) -> bool:
    """Whether the plan is believed, clearly before its rivals and not far behind a free fit."""
    believed = own.share * count >= limits.enough and own.share >= _LEAST_SHARE
    # What is free to move as it likes explains a little more than any plan, true or not.
    near_free = own.share >= free.share - limits.margin / 2
    return believed and near_free and own.share - rival.share >= limits.margin


def _stands_still(matches: Matches, limits: Limits) -> bool:
    slid_px = slid_deg(matches, np.eye(3)) / matches.hit_deg * limits.hit_px
    share = explained(matches, np.eye(3), np.zeros(3))
    return slid_px < limits.still_px and share * len(matches) >= limits.enough


def _fault(fit: Fit, plan: Pose) -> str:
    most_deg = _LEVELS_DEG[-1][0] + 1
    if not fit.heading.any() or angle_deg(fit.rotation, plan.rotation.T) > most_deg:
        return "turned-in-a-move"
    heading = plan.translation_m / np.linalg.norm(plan.translation_m)
    backwards = between_deg(fit.heading, heading) > _BACKWARDS_DEG
    return "moved-backwards" if backwards else "moved-elsewhere"


def _aside(plan: Pose, turn_deg: float) -> Pose:
    """Return the plan with its move turned aside."""
    return Pose(plan.rotation, Pose.from_yaw(turn_deg).rotation @ plan.translation_m)


def _share(fit: Fit) -> float:
    return fit.share
