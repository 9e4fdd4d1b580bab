"""How a camera moved between two frames, as the matches of their points tell it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.pose import Pose
from builder.core.seeding import rng_for

Directions = NDArray[np.float64]

_TRIALS = 400
_ENOUGH_TO_SEARCH = 300


@dataclass(frozen=True, eq=False)
class Matches:
    """The points that two frames share.

    Attributes:
        before: (n, 3) unit vectors, camera of the frame before.
        after: (n, 3) unit vectors of the same points, camera of the frame after.
        hit_deg: How far a point may lie from where a motion puts it.
    """

    before: Directions
    after: Directions
    hit_deg: float

    def __len__(self) -> int:
        return len(self.before)

    def thinned(self, most: int) -> "Matches":
        """Return an even choice of at most `most`."""
        every = -(-len(self) // most) or 1
        return Matches(self.before[::every], self.after[::every], self.hit_deg)


@dataclass(frozen=True, eq=False)
class Fit:
    """One motion, and how much of what was matched it explains.

    Attributes:
        rotation: (3, 3), after_from_before.
        heading: (3,) unit vector, where the camera went, in the axes of the frame before; zeros:
            it turned only.
        share: Of the matches that it explains, 0..1.
    """

    rotation: NDArray[np.float64]
    heading: NDArray[np.float64]
    share: float

    @property
    def yaw_deg(self) -> float:
        """The turn about the vertical axis; left is negative."""
        return Pose(self.rotation.T, np.zeros(3)).yaw_deg


def turned(matches: Matches) -> Fit:
    """Return the rotation that explains most matches (RANSAC over pairs of them, then refined)."""
    before, after = matches.before, matches.after
    if len(before) < 2:
        return Fit(np.eye(3), np.zeros(3), 0.0)
    rng = rng_for(0, "obedience", "turn", len(before))
    first = rng.integers(len(before), size=_TRIALS)
    second = (first + 1 + rng.integers(len(before) - 1, size=_TRIALS)) % len(before)
    trials = _frames(after[first], after[second]) @ _frames(
        before[first], before[second]
    ).transpose(0, 2, 1)
    hits = [_apart_deg(before @ trial.T, after) < matches.hit_deg for trial in trials]
    best = trials[int(np.argmax([hit.sum() for hit in hits]))]
    for _ in range(3):
        hit = _apart_deg(before @ best.T, after) < matches.hit_deg
        if hit.sum() >= 3:
            best = _kabsch(before[hit], after[hit])
    return Fit(best, np.zeros(3), _share(_apart_deg(before @ best.T, after) < matches.hit_deg))


def moved(cv2: Any, matches: Matches) -> Fit:  # noqa: ANN401 - module
    """Return the motion of the essential matrix that explains most matches (MAGSAC)."""
    nothing = Fit(np.eye(3), np.zeros(3), 0.0)
    if len(matches) < 8:
        return nothing
    a, b = (
        np.ascontiguousarray(one[:, :2] / one[:, 2:]) for one in (matches.before, matches.after)
    )
    matrix, mask = cv2.findEssentialMat(
        a, b, np.eye(3), cv2.USAC_MAGSAC, 0.999, np.radians(matches.hit_deg), 2000
    )
    if matrix is None or matrix.shape != (3, 3):
        return nothing
    _, rotation, offset, _ = cv2.recoverPose(matrix, a, b, np.eye(3), mask=mask)
    heading = -rotation.T @ offset[:, 0]  # where the second camera stands, seen from the first
    return Fit(rotation, heading, explained(matches, rotation, heading))


def explained(
    matches: Matches, rotation: NDArray[np.float64], heading: NDArray[np.float64]
) -> float:
    """Return the share of matches that lie where a motion may put them; see `hits`."""
    return _share(hits(matches, rotation, heading))


def hits(
    matches: Matches, rotation: NDArray[np.float64], heading: NDArray[np.float64]
) -> NDArray[np.bool_]:
    """Return which matches lie where a motion may put them: on their line, ahead.

    Args:
        matches: Directions before and after.
        rotation: (3, 3), after_from_before.
        heading: (3,) unit vector, where the camera goes, in the axes of the frame before; zeros:
            nowhere, so that each point must stay.
    """
    before, after = matches.before, matches.after
    then = after @ rotation  # in the axes of the frame before
    # A point slides along the great circle through itself and the heading, away from the heading.
    normal = np.cross(heading, before)
    length = np.linalg.norm(normal, axis=1)
    off = np.abs((normal * then).sum(1)) / np.maximum(length, 1e-9)
    away = (np.cross(before, then) * normal).sum(1) > 0
    near = _apart_deg(before, then) < matches.hit_deg
    on_line = np.degrees(np.arcsin(np.clip(off, 0, 1))) < matches.hit_deg
    return np.asarray((on_line & away) | near)


def nearby(matches: Matches, plan: Pose, most: tuple[float, float]) -> Fit:
    """Return the motion that explains most matches, of those near a planned one.

    Args:
        matches: Directions before and after.
        plan: before_from_after; its translation is not zero.
        most: How far rotation and heading may be off, degrees.
    """
    heading = plan.translation_m / np.linalg.norm(plan.translation_m)
    best = _best(matches, [(plan.rotation.T, heading)])
    if not any(most):
        return best
    matches = matches.thinned(_ENOUGH_TO_SEARCH)
    reach = np.array([most[0], most[0], most[1], most[1]])
    center = np.zeros(4)
    for size in (1.0, 0.4, 0.15):
        tried = [
            offset for offset in center + _CROSS * size * reach if (np.abs(offset) <= reach).all()
        ]
        fits = [_off(plan.rotation.T, heading, offset) for offset in tried]
        found = _best(matches, fits)
        if found.share > best.share:
            best = found
            center = tried[[fit[0] is found.rotation for fit in fits].index(True)]
    return best


def angle_deg(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the angle between two rotations, degrees."""
    return float(np.degrees(np.arccos(np.clip((np.trace(one.T @ other) - 1) / 2, -1.0, 1.0))))


def between_deg(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    """Return the angle between two unit vectors, degrees."""
    return float(np.degrees(np.arccos(np.clip(one @ other, -1.0, 1.0))))


def slid_deg(matches: Matches, rotation: NDArray[np.float64]) -> float:
    """Return the median angle by which matches are apart once a rotation is taken back."""
    return float(np.median(_apart_deg(matches.before @ rotation.T, matches.after)))


def _best(
    matches: Matches, motions: Sequence[tuple[NDArray[np.float64], NDArray[np.float64]]]
) -> Fit:
    fits = [Fit(*motion, explained(matches, *motion)) for motion in motions]
    return max(fits, key=lambda fit: fit.share)


def _off(
    rotation: NDArray[np.float64], heading: NDArray[np.float64], offset_deg: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return a motion, its rotation and heading off by yaw, pitch, yaw, pitch, degrees."""
    yaw, pitch, aside, up = offset_deg
    return _turn(yaw, pitch) @ rotation, _turn(aside, up) @ heading


def _turn(yaw_deg: float, pitch_deg: float) -> NDArray[np.float64]:
    cos, sin = np.cos(np.radians(pitch_deg)), np.sin(np.radians(pitch_deg))
    pitch = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]])
    return np.asarray(Pose.from_yaw(yaw_deg).rotation @ pitch)


def _grid() -> Iterator[tuple[float, ...]]:
    """Yield every offset in yaw with every one in heading, and each of the two pitches alone."""
    for yaw in (-1, -0.5, 0, 0.5, 1):
        for aside in (-1, 0, 1):
            for pitch in (-0.5, 0, 0.5):
                yield yaw, pitch, aside, 0
        yield yaw, 0, 0, -1
        yield yaw, 0, 0, 1


_CROSS = np.array(list(_grid()), dtype=np.float64)


def _apart_deg(one: Directions, other: Directions) -> NDArray[np.float64]:
    # By the chord: an arccosine of what is nearly 1 has no digits left.
    chord = np.linalg.norm(one - other, axis=1)
    return np.asarray(np.degrees(2 * np.arcsin(np.clip(chord / 2, 0, 1))))


def _frames(one: Directions, other: Directions) -> NDArray[np.float64]:
    """Return (n, 3, 3) orthonormal axes, in columns, of pairs of directions."""
    middle = one + other
    across = np.cross(one, other)
    middle /= np.maximum(np.linalg.norm(middle, axis=1, keepdims=True), 1e-12)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)
    return np.stack([middle, across, np.cross(middle, across)], axis=-1)


def _kabsch(before: Directions, after: Directions) -> NDArray[np.float64]:
    u, _, vt = np.linalg.svd(after.T @ before)
    return np.asarray(u @ np.diag([1.0, 1.0, np.linalg.det(u @ vt)]) @ vt)


def _share(hits: NDArray[np.bool_]) -> float:
    return float(hits.mean()) if hits.size else 0.0
