"""What frames look like, however the camera moved: flat, noisy, blurred, frozen, mixed up."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from builder.audit.obedience.limits import Limits
from builder.audit.obedience.verdict import Looks
from builder.core.pose import Pose

_SMALL = 8  # gray means of 8 x 8 pixels: what is left of a frame when only its change is asked
_LEAST_STEPS = 3
_LEAST_TRIPLES = 2
_CLEARLY = 0.9
_LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)

Gray = NDArray[np.float32]


def looks_of(frames: Sequence[NDArray[np.uint8]]) -> Looks:
    """Measure (H, W, 3) frames."""
    gray = [frame.astype(np.float32) @ _LUMA for frame in frames]
    return Looks(
        contrast=_rounded(float(one.std()) for one in gray),
        smoothness=_rounded(_smoothness(one) for one in gray),
        sharpness=_rounded(_sharpness(one) for one in gray),
        change=_rounded(_change(one, other) for one, other in zip(gray, gray[1:], strict=False)),
    )


def faults_of(
    frames: Sequence[NDArray[np.uint8]],
    looks: Looks,
    world_from_camera: Sequence[Pose],
    keys: Sequence[int],
    limits: Limits,
) -> Iterator[str]:
    """Yield what is wrong with the looks of frames, such as "noise"; each check by itself."""
    if min(looks.contrast) < limits.contrast:
        yield "no-picture"
    if min(looks.smoothness) < limits.smoothness:
        yield "noise"
    if min(looks.sharpness) < limits.sharpness:
        yield "blurred"
    if any(_frozen(looks.change, world_from_camera, limits)):
        yield "frozen"
    if _disorder(frames, keys) > limits.out_of_order:
        yield "out-of-order"


def _smoothness(gray: Gray) -> float:
    here, right, below = gray[:-1, :-1].ravel(), gray[:-1, 1:].ravel(), gray[1:, :-1].ravel()
    if here.std() < 1e-3:
        return 1.0
    return float(min(np.corrcoef(here, right)[0, 1], np.corrcoef(here, below)[0, 1]))


def _sharpness(gray: Gray) -> float:
    """Return how much of its strongest edges a frame loses when each pixel becomes a mean of 9."""
    across, down = _blurred(gray), _blurred(gray.T).T
    return max(_lost(gray, across), _lost(gray.T, down.T))


def _lost(gray: Gray, blurred: Gray) -> float:
    steps, left = np.abs(np.diff(gray, axis=1)), np.abs(np.diff(blurred, axis=1))
    strong = steps >= max(1.0, float(np.quantile(steps, 0.99)))
    if not strong.any():
        return 0.0
    return float(1 - left[strong].sum() / steps[strong].sum())


def _blurred(gray: Gray) -> Gray:
    """Return running means of 9 pixels along the rows, edges repeated."""
    wide = np.pad(gray, ((0, 0), (5, 4)), mode="edge")
    sums = wide.cumsum(axis=1, dtype=np.float64)
    return np.asarray((sums[:, 9:] - sums[:, :-9]) / 9, dtype=np.float32)


def _change(one: Gray, other: Gray) -> float:
    return float(np.abs(one - other).mean())


def _frozen(
    change: Sequence[float], world_from_camera: Sequence[Pose], limits: Limits
) -> Iterator[bool]:
    """Yield, for each step in which the camera should move, whether the picture stands still."""
    steps = [
        before.inverse() @ after
        for before, after in zip(world_from_camera, world_from_camera[1:], strict=False)
    ]
    kinds = [_kind(step) for step in steps]
    for kind, changed in zip(kinds, change, strict=True):
        if kind is None:
            continue
        alike = [one for one, other in zip(change, kinds, strict=True) if other == kind]
        usual = float(np.median(alike)) if len(alike) >= _LEAST_STEPS else 0.0
        yield changed < max(limits.frozen, limits.frozen * usual)


def _kind(step: Pose) -> str | None:
    """Return what a step does, coarsely; None: nothing."""
    if float(np.abs(step.translation_m).max()) > 1e-3:
        return "move"
    return "turn" if abs(step.yaw_deg) > 0.1 else None


def _disorder(frames: Sequence[NDArray[np.uint8]], keys: Sequence[int]) -> float:
    """Return the share of frames that do not lie between their neighbors.

    Within one action the camera goes one way, so that of three frames the outer two differ most.
    """
    middles = [at for at in range(1, len(frames) - 1) if at not in set(keys)]
    if len(middles) < _LEAST_TRIPLES:
        return 0.0
    small = [_shrunk(frame) for frame in frames]
    wrong = 0
    for at in middles:
        before, here, after = small[at - 1 : at + 2]
        steps = max(_change(before, here), _change(here, after))
        wrong += _change(before, after) < _CLEARLY * steps
    return wrong / len(middles)


def _shrunk(frame: NDArray[np.uint8]) -> Gray:
    height, width = (side // _SMALL * _SMALL for side in frame.shape[:2])
    gray = frame[:height, :width].mean(axis=2, dtype=np.float32)
    blocks = gray.reshape(height // _SMALL, _SMALL, width // _SMALL, _SMALL)
    return np.asarray(blocks.mean(axis=(1, 3)))


def _rounded(values: Iterator[float]) -> tuple[float, ...]:
    return tuple(round(value, 4) for value in values)
