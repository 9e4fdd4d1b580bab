"""A turn on the spot: is the rotation that most matches agree on the one that was commanded?"""

from typing import Any

import numpy as np

from builder.audit.obedience.found import Found
from builder.audit.obedience.limits import Limits
from builder.audit.obedience.motion import Fit, Matches, angle_deg, moved, slid_deg, turned
from builder.core.pose import Pose

_LEAST_FREE_SHARE = 0.5
_FEW_AGREE = 0.25


def judge_turn(cv2: Any, matches: Matches, plan: Pose, limits: Limits) -> Found:  # noqa: ANN401
    """Judge the matches of two frames between which the camera should only turn.

    Args:
        cv2: OpenCV.
        matches: Of the two frames.
        plan: before_from_after, as commanded.
        limits: Tolerances.
    """
    fit = turned(matches)
    if fit.share * len(matches) < limits.enough:
        # Nothing turned about its own center; it may have turned while it moved.
        fit = moved(cv2, matches)
        few = fit.share * len(matches) < 3 * limits.enough
        if few or fit.share < _LEAST_FREE_SHARE:
            return Found("undecided", "too-few-matches")
    if fault := _fault(fit, plan, limits):
        return Found("fail", fault, fit, fit.share)
    drift_px = slid_deg(matches, fit.rotation) / matches.hit_deg * limits.hit_px
    if drift_px > limits.drift_px and fit.share < _FEW_AGREE:
        return Found("undecided", "moved-in-a-turn", fit, fit.share)
    return Found("pass", "", fit, fit.share)


def _fault(fit: Fit, plan: Pose, limits: Limits) -> str:
    """Return how a rotation is not the planned one; "" if it is, within tolerance."""
    wanted_deg = plan.yaw_deg
    if angle_deg(fit.rotation, plan.rotation.T) <= limits.turn_tolerance_deg(wanted_deg):
        return ""
    if angle_deg(fit.rotation, np.eye(3)) < limits.turn_deg / 2:
        return "did-not-move"
    if angle_deg(fit.rotation, Pose.from_yaw(fit.yaw_deg).rotation.T) > limits.turn_deg:
        return "tilted"
    if fit.yaw_deg * wanted_deg < 0:
        return "turned-the-other-way"
    return "turned-too-little" if abs(fit.yaw_deg) < abs(wanted_deg) else "turned-too-far"
