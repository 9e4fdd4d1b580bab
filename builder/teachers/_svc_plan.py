"""What Stable Virtual Camera is asked for a trajectory: poses, scale, window and chunks.

What upstream's chunking accepts was found by running it: `interp` with a window of two or three
frames asserts or divides by zero, and `interp-gt` with four never ends (docs/teachers.md). Only
what is known to work is planned; `tests/golden/teachers/svc.json` holds it to the real functions.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.config import SvcSettings
from builder.core.camera import Camera
from builder.core.errors import PlanError
from builder.core.pose import Pose
from builder.core.trajectory import Trajectory

SIZE_STEP_PX = 64
TRAINED_FRAMES = 21
MOST_FRAMES = 80  # upstream documents windows of 80 and 90 frames without training for them
LEAST_PAPER_FRAMES = 8  # the paper's own minimum
_ZERO_M = 1e-5  # below it upstream does not divide by the distance


def conditioning(trajectory: Trajectory, camera: Camera, settings: SvcSettings) -> dict[str, Any]:
    """Return the arguments of `seva.eval.run_one_scene`, as JSON values.

    Args:
        trajectory: The scheduled poses, one a frame.
        camera: Of the frames; the anchor is handed over at this size, so that nothing is cropped.
        settings: Profile, steps, guidance and scale.

    Raises:
        PlanError: If upstream cannot do it, or would not end.
    """
    c2w = _camera_to_world(trajectory)
    two_passes = settings.profile == "paper"
    return {
        "c2w": c2w.tolist(),
        "K": camera.matrix().tolist(),
        "W": camera.width_px,
        "H": camera.height_px,
        "T": _window(len(c2w), two_passes),
        "prior_indices": list(range(1, len(c2w))) if two_passes else None,
        "options": {
            "chunk_strategy": "interp" if two_passes else "gt",
            "guider_types": [1, 2] if two_passes else [1],
            "cfg": float(settings.cfg),  # an int is refused upstream
            "cfg_min": float(settings.cfg_min),
            "camera_scale": camera_scale(c2w[:, :, 3], settings.units_per_m),
            "num_steps": settings.steps,
            "encoding_t": 1,
            "decoding_t": 1,
            "replace_or_include_input": True,
            "save_input": False,
            "save_first_pass": False,
            "save_second_pass": False,
            "num_targets": len(c2w) - 1,
            "sampler_verbose": False,
        },
    }


def forwards(asked: Mapping[str, Any]) -> int:
    """Return how often the model is run over a whole window: 3 for the paper's two passes."""
    return 3 if asked["prior_indices"] is not None else 1


def camera_scale(centers_m: NDArray[np.floating[Any]], units_per_m: float) -> float:
    """Return the `camera_scale` with which upstream multiplies metres by `units_per_m`.

    Upstream puts the first camera `camera_scale` units from the mean of all (those far out left
    aside), whatever the metres were; so the scale has to be that distance. Where the first camera
    stands at the mean, upstream multiplies by `camera_scale` itself.

    Args:
        centers_m: (n, 3), camera centers, metres.
        units_per_m: The model's units a metre.
    """
    centers = np.asarray(centers_m, dtype=np.float32)
    middle = np.sort(centers, axis=0)[(len(centers) - 1) // 2]  # as torch.median takes it
    far = np.linalg.norm(centers - middle, axis=1)
    kept = centers[far <= min(1e6, 10 * float(np.quantile(far, 0.97)))]
    first = float(np.linalg.norm(centers[0] - kept.mean(axis=0, dtype=np.float32)))
    return units_per_m * first if first > _ZERO_M else units_per_m


def _camera_to_world(trajectory: Trajectory) -> NDArray[np.float32]:
    """Return (n, 3, 4) float32; a turn on the spot moves the center by exactly nothing."""
    poses: Sequence[Pose] = trajectory.world_from_camera
    matrices = np.stack([pose.matrix()[:3] for pose in poses])
    if not np.isfinite(matrices).all():
        raise PlanError("a pose is not finite")
    # Upstream would blow up a rest of rounding: 1e-4 m beside a turn became 2 of its units.
    matrices[:, :, 3] = np.round(matrices[:, :, 3], 9) + 0.0
    return matrices.astype(np.float32)


def _window(frames: int, two_passes: bool) -> int:
    least = LEAST_PAPER_FRAMES if two_passes else 2
    if not least <= frames <= MOST_FRAMES:
        profile = "paper" if two_passes else "gt"
        raise PlanError(
            f"svc, profile {profile}: {frames} frames; {least} to {MOST_FRAMES} can be painted: "
            f"take a {'longer' if frames < least else 'shorter'} trajectory"
        )
    return frames if two_passes else max(TRAINED_FRAMES, frames)


def windows(asked: Mapping[str, Any]) -> float:
    """Return the work in windows of 21 frames and 50 steps: what published times are stated for."""
    frames = forwards(asked) * float(asked["T"]) / TRAINED_FRAMES
    return frames * float(asked["options"]["num_steps"]) / 50
