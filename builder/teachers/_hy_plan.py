"""What HY-WorldPlay is asked for a trajectory: one pose a latent, padded to whole chunks.

`tests/golden/teachers/hy.json` holds it to upstream's own `pose_to_input`.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from builder.config import HySettings
from builder.core.camera import Camera
from builder.core.errors import PlanError
from builder.core.trajectory import Trajectory

SIZE_STEP_PX = 16
FRAMES_PER_POSE = 4
CHUNK = {"ar": 4, "bi": 16}
MOST_POSES = 64
MOST_OFF_CENTER = 0.15


def conditioning(trajectory: Trajectory, camera: Camera, settings: HySettings) -> dict[str, Any]:
    """Return what `pose_to_input` and the pipeline are given, as JSON values.

    Upstream reads the keys in their order and floats only: whole numbers in K become zeros. It
    leaves the latents of an unfinished chunk as noise, so the last pose is held until it is full.

    Raises:
        PlanError: If the model cannot be told the motion or the camera.
    """
    chunk = CHUNK[settings.model_type]
    poses = [pose.matrix() for pose in trajectory.world_from_camera]
    if not np.isfinite(poses).all():
        raise PlanError("a pose is not finite")
    holds = -len(poses) % chunk
    poses += [poses[-1]] * holds
    if not chunk <= len(poses) <= MOST_POSES:
        raise PlanError(
            f"hy-worldplay: {len(poses)} poses, {MOST_POSES} at most: take a shorter trajectory"
        )
    matrix = _centered(camera)
    return {
        "pose": {
            str(index): {
                "extrinsic": (np.round(pose, 12) + 0.0).tolist(),
                "K": matrix,
            }
            for index, pose in enumerate(poses)
        },
        "holds": holds,
        "video_length": FRAMES_PER_POSE * (len(poses) - 1) + 1,
        "W": camera.width_px,
        "H": camera.height_px,
        "model_type": settings.model_type,
        "chunk_latent_frames": chunk,
        "few_step": settings.few_step,
        "num_inference_steps": settings.steps,
        "off_center_px": [
            center - size / 2 for center, size in zip(camera.center_px, camera.size_px, strict=True)
        ],
    }


def forwards(asked: Mapping[str, Any]) -> int:
    """Return how often the transformer is run: the text, each chunk's steps, and its context."""
    chunks = len(asked["pose"]) // asked["chunk_latent_frames"]
    guided = 1 if asked["few_step"] else 2
    context = chunks - 1 if asked["model_type"] == "ar" else 0
    return int(1 + guided * chunks * asked["num_inference_steps"] + context)


def _centered(camera: Camera) -> list[list[float]]:
    """Return K as the model is told it: its principal point is always the middle."""
    for center, size in zip(camera.center_px, camera.size_px, strict=True):
        if abs(center - size / 2) > MOST_OFF_CENTER * size:
            raise PlanError(
                f"hy-worldplay: the camera looks through {camera.center_px} of a frame of "
                f"{camera.size_px}; the model only knows cameras that look through the middle "
                f"(within {MOST_OFF_CENTER:.0%} of the side)"
            )
    fx, fy = map(float, camera.focal_px)
    return [[fx, 0.0, camera.width_px / 2], [0.0, fy, camera.height_px / 2], [0.0, 0.0, 1.0]]
