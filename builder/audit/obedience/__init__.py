"""Obedience: do the pictures of a rollout show the motion that was commanded?

Points are found again between stored frames; the motion that most of them agree on is compared
with the plan. What cannot be seen is not judged: the length of a move, which no two views tell
without depth, and motion between views that share too little.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.audit.obedience.limits import Limits
from builder.audit.obedience.looks import faults_of, looks_of
from builder.audit.obedience.seen import Features, drum_of, features, repeatable
from builder.audit.obedience.spans import span_of
from builder.audit.obedience.verdict import Looks, Motion, Obedience, Span, Verdict
from builder.core.camera import Camera
from builder.core.errors import GeometryError
from builder.core.pose import Pose

__all__ = ["Limits", "Looks", "Motion", "Obedience", "Span", "Verdict", "judge"]

_DEFAULT = Limits()
_NOTHING_M, _NOTHING_DEG = 1e-3, 0.1


def judge(
    frames: Sequence[NDArray[np.uint8]],
    world_from_camera: Sequence[Pose],
    camera: Camera,
    keys: Sequence[int] | None = None,
    limits: Limits = _DEFAULT,
) -> Obedience:
    """Judge whether frames show the motion that was commanded.

    The same arguments give the same answer, whatever the number of threads.

    Args:
        frames: (H, W, 3) uint8 each, the stored frames.
        world_from_camera: The commanded pose of each.
        camera: Of all of them.
        keys: The frame at each action boundary, ascending from 0; None: every frame. Frames
            between them are looked at where two keys share too little.
        limits: Tolerances.

    Raises:
        GeometryError: If frames, poses, keys and camera do not go together.
        MissingExtra: If OpenCV is not installed.
    """
    places = tuple(range(len(frames)) if keys is None else keys)
    _check(frames, world_from_camera, camera, places)
    looks = looks_of(frames)
    faults = list(faults_of(frames, looks, world_from_camera, places, limits))
    spans: list[Span] = []
    with repeatable() as cv2:
        drum = drum_of(camera)
        known: dict[int, Features] = {}

        def look(place: int) -> Features:
            if place not in known:
                known[place] = features(cv2, frames[place], drum)
            return known[place]

        def walk(before: int, after: int) -> list[Span]:
            plan = world_from_camera[before].inverse() @ world_from_camera[after]
            if _is_nothing(plan):
                return []
            pair = (look(before), look(after))
            span = span_of(cv2, (before, after), pair, plan, camera, limits)
            if span.verdict != "undecided" or after - before == 1:
                return [span]
            middle = (before + after) // 2
            return [*walk(before, middle), *walk(middle, after)]

        for before, after in zip(places, places[1:], strict=False):
            spans += walk(before, after)
    return _together(faults, spans, looks)


def _together(faults: list[str], spans: list[Span], looks: Looks) -> Obedience:
    failed = faults + [span.reason for span in spans if span.verdict == "fail"]
    open_ = [span.reason for span in spans if span.verdict == "undecided"]
    verdict: Verdict = "fail" if failed else "undecided" if open_ or not spans else "pass"
    reasons = failed or open_ or ([] if spans else ["no-motion-planned"])
    return Obedience(verdict, tuple(dict.fromkeys(reasons)), tuple(spans), looks)


def _is_nothing(plan: Pose) -> bool:
    moved_m = float(np.abs(plan.translation_m).max())
    return moved_m < _NOTHING_M and abs(plan.yaw_deg) < _NOTHING_DEG


def _check(
    frames: Sequence[NDArray[np.uint8]],
    world_from_camera: Sequence[Pose],
    camera: Camera,
    keys: tuple[int, ...],
) -> None:
    if len(frames) != len(world_from_camera):
        raise GeometryError(f"{len(frames)} frames do not go with {len(world_from_camera)} poses")
    wanted = (camera.height_px, camera.width_px, 3)
    for place, frame in enumerate(frames):
        if frame.shape != wanted or frame.dtype != np.uint8:
            raise GeometryError(
                f"frame {place} must be uint8 of shape {wanted}, as its camera says; got "
                f"{frame.dtype} {frame.shape}"
            )
    ascending = list(keys) == sorted(set(keys))
    if not (len(keys) >= 2 and keys[0] == 0 and ascending and keys[-1] < len(frames)):
        raise GeometryError(
            f"keys must be two or more frames that ascend from 0 and stay below {len(frames)}, "
            f"got {list(keys)}"
        )
