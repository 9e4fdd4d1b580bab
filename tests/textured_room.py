"""A textured box of a room, seen by numpy alone: pictures with known motion, in milliseconds."""

import functools

import numpy as np

from builder.core.camera import Camera
from builder.core.pose import Pose, start_from_end
from builder.core.seeding import rng_for

CAMERA = Camera.from_fov(256, 256, 75.0)
_HALF_M = np.array([3.0, 1.4, 3.5])
_CENTER_M = np.array([0.4, 0.1, 0.6])


def _texture(seed):
    """Squares of several sizes, gray with a little color: there is something everywhere."""
    rng, size = rng_for(seed, "texture"), 512
    gray = np.zeros((size, size, 3))
    for cells, weight in ((8, 60.0), (32, 60.0), (64, 60.0), (128, 40.0)):
        small = rng.normal(0, 1, (cells, cells, 1)) + 0.3 * rng.normal(0, 1, (cells, cells, 3))
        step = size // cells
        gray += weight * small.repeat(step, 0).repeat(step, 1)
    return np.clip(128 + gray * 0.5, 0, 255)


TEXTURES = [_texture(seed) for seed in range(6)]


def look(world_from_camera, camera=CAMERA):
    """Return the (H, W, 3) uint8 picture of the room from a pose; 2 x 2 samples a pixel."""
    return _look(world_from_camera.matrix().tobytes(), camera)


@functools.lru_cache(maxsize=64)
def _look(matrix, camera):
    world_from_camera = Pose.from_matrix(np.frombuffer(matrix).reshape(4, 4))
    rows, columns = np.indices((2 * camera.height_px, 2 * camera.width_px))
    uv_px = np.stack([(columns + 0.5) / 2, (rows + 0.5) / 2], axis=-1)
    rays = camera.lift(uv_px, np.ones(uv_px.shape[:2])) @ world_from_camera.rotation.T
    eye = world_from_camera.translation_m - _CENTER_M
    with np.errstate(divide="ignore"):
        reach = np.where(rays > 0, _HALF_M - eye, -_HALF_M - eye) / rays
    axis = reach.argmin(axis=-1)
    points = eye + rays * np.take_along_axis(reach, axis[..., None], -1)
    picture = np.zeros((*axis.shape, 3))
    for side in range(6):
        across, down = [k for k in range(3) if k != side // 2]
        here = (axis == side // 2) & ((rays[..., side // 2] > 0) == side % 2)
        places = ((points[here][:, [across, down]] + 4.0) * 64).astype(int) % 512
        picture[here] = TEXTURES[side][places[:, 1], places[:, 0]]
    height, width = camera.height_px, camera.width_px
    mean = picture.reshape(height, 2, width, 2, 3).mean(axis=(1, 3))
    return np.clip(mean, 0, 255).astype(np.uint8)


def poses_of(actions):
    """Return the pose at each boundary of actions, from the identity."""
    poses = [Pose.identity()]
    for action in actions:
        poses.append(poses[-1] @ start_from_end(action))
    return tuple(poses)


def film(actions):
    """Return (frames, poses), one a boundary of actions."""
    poses = poses_of(actions)
    return [look(pose) for pose in poses], poses
