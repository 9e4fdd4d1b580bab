"""How far the picture moves between frames, and how much both show, where no depth tells it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.audit.obedience.limits import Limits
from builder.audit.obedience.motion import hits
from builder.audit.obedience.moves import judge_move
from builder.audit.obedience.seen import Directions, Features, drum_of, features, repeatable
from builder.audit.obedience.spans import matches_of
from builder.core.camera import Camera
from builder.core.covisibility import Covisibility
from builder.core.pose import Pose

_CELLS = 12  # a side: 48 pixels of 576
_STILL_M = 1e-3
_DEFAULT = Limits()


def shared_by_moves(
    frames: Sequence[NDArray[np.uint8]],
    world_from_camera: Sequence[Pose],
    camera: Camera,
    keys: Sequence[int],
    limits: Limits = _DEFAULT,
) -> Mapping[tuple[int, int], Covisibility]:
    """Return what the points that are found again say of each two keys that a move lies between.

    A pair is left out unless the pictures show its own planned motion (`judge_move` passes): only
    then are the matches known to be matches. A cell of the frame counts as shared if a point in it
    was found again; bare walls count as not shared. Held to known depth, displacements are right
    within a fourth and overlaps within 0.2 (`bench/shared_without_depth.py`): enough for gates.

    Args:
        frames: (H, W, 3) uint8 each.
        world_from_camera: The commanded pose of each.
        camera: Of all of them.
        keys: The frames to compare; pairs are counted among them.
        limits: Tolerances.

    Raises:
        MissingExtra: If OpenCV is not installed.
    """
    pairs: dict[tuple[int, int], Covisibility] = {}
    drum = drum_of(camera)
    with repeatable() as cv2:
        known = [features(cv2, frames[key], drum) for key in keys]
        for after in range(len(keys)):
            for before in range(after):
                here, there = (world_from_camera[keys[key]] for key in (before, after))
                plan = here.inverse() @ there
                if float(np.linalg.norm(plan.translation_m)) < _STILL_M:
                    continue  # a turn is exact without any picture
                found = _pair(cv2, (known[before], known[after]), plan, camera, limits)
                if found is not None:
                    pairs[before, after] = found
    return pairs


def _pair(
    cv2: Any,  # noqa: ANN401 - module
    pair: tuple[Features, Features],
    plan: Pose,
    camera: Camera,
    limits: Limits,
) -> Covisibility | None:
    matches = matches_of(pair, camera, limits)
    found = judge_move(cv2, matches, plan, limits)
    if found.verdict != "pass" or found.fit is None:
        return None
    sure = hits(matches, found.fit.rotation, found.fit.heading)
    before_px, after_px = (_pixels(one[sure], camera) for one in (matches.before, matches.after))
    moved_px = float(np.median(np.linalg.norm(after_px - before_px, axis=1)))
    shares = (round(_covered(one, camera), 4) for one in (before_px, after_px))
    return Covisibility(round(moved_px, 3), *shares)


def _pixels(directions: Directions, camera: Camera) -> NDArray[np.float64]:
    return camera.project(directions)[0]


def _covered(points_px: NDArray[np.float64], camera: Camera) -> float:
    """Return the share of the frame's cells that hold a point."""
    cells = np.floor(points_px / camera.size_px * _CELLS).clip(0, _CELLS - 1).astype(int)
    return len(np.unique(cells, axis=0)) / _CELLS**2
