"""Two frames and the motion that was commanded between them: was it this one, or another?"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.audit.obedience.found import Found
from builder.audit.obedience.limits import Limits
from builder.audit.obedience.motion import Fit, Matches
from builder.audit.obedience.moves import judge_move
from builder.audit.obedience.seen import Features, matched
from builder.audit.obedience.turns import judge_turn
from builder.audit.obedience.verdict import Motion, Span
from builder.core.camera import Camera
from builder.core.pose import Pose

_TURN_ONLY_M = 1e-3
_TURN_NONE_DEG = 1.0
_SHORT_SIDE_PX = 576  # the frame side that the limits in pixels are stated for


def span_of(
    cv2: Any,  # noqa: ANN401 - module
    places: tuple[int, int],
    features: tuple[Features, Features],
    plan: Pose,
    camera: Camera,
    limits: Limits,
) -> Span:
    """Judge two frames.

    Args:
        cv2: OpenCV.
        places: Their places among the stored frames.
        features: What they can be recognized by.
        plan: before_from_after, as commanded; not the identity.
        camera: Of both.
        limits: Tolerances.
    """
    matches = matches_of(features, camera, limits)
    length_m = float(np.linalg.norm(plan.translation_m))
    judge = judge_turn if length_m < _TURN_ONLY_M else judge_move
    found = judge(cv2, matches, plan, limits)
    if found.reason == "too-few-matches" and _should_match(features, plan, camera, limits):
        found = Found("fail", "another-place")
    planned = Motion(round(plan.yaw_deg, 3), _heading_deg(plan.translation_m))
    seen = None if found.fit is None else _motion_of(found.fit)
    share = round(found.share, 3)
    return Span(*places, planned, seen, len(matches), share, found.verdict, found.reason)


def matches_of(features: tuple[Features, Features], camera: Camera, limits: Limits) -> Matches:
    """Return the points that two frames share, with the tolerance that their size asks for."""
    hit_px = limits.hit_px * min(camera.size_px) / _SHORT_SIDE_PX
    hit_deg = float(np.degrees(hit_px / np.mean(camera.focal_px)))
    return Matches(*matched(*features), hit_deg)


def _should_match(
    features: tuple[Features, Features], plan: Pose, camera: Camera, limits: Limits
) -> bool:
    """Whether frames that are rich in features must share some, so that none says a lot."""
    if min(len(one.directions) for one in features) < limits.features:
        return False
    length_m = float(np.linalg.norm(plan.translation_m))
    if length_m >= _TURN_ONLY_M:  # how much stays in view depends on depth; after a step, enough
        return length_m <= limits.near_m and abs(plan.yaw_deg) < _TURN_NONE_DEG
    _, visible = camera.project(plan.inverse().apply(features[0].directions))
    return float(visible.mean()) > limits.overlap


def _motion_of(fit: Fit) -> Motion:
    return Motion(round(fit.yaw_deg, 3), _heading_deg(fit.heading))


def _heading_deg(offset: NDArray[np.float64]) -> float | None:
    if float(np.linalg.norm(offset)) < _TURN_ONLY_M:
        return None
    return round(float(np.degrees(np.arctan2(offset[0], offset[2]))), 1)
