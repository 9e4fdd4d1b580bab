"""Boxes as they would lie if the camera had not turned: the commanded turns are taken back."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.trackers._detection import Detection


def steady_boxes(
    detections: Sequence[Detection], world_from_camera: Pose, camera: Camera
) -> NDArray[np.float64]:
    """Return (n, 4) boxes x1, y1, x2, y2 on a cylinder about the vertical axis of the world.

    What a turn does to a box is gone there, however large the turn; what is left is the slow
    parallax of moves, which a tracker's own motion model follows.

    Args:
        detections: Of one frame.
        world_from_camera: Its commanded pose.
        camera: Of the frame.

    Returns:
        Pixels of a cylinder with the camera's focal lengths.
    """
    corners_px = np.array([one.box.corners_px() for one in detections]).reshape(-1, 4)
    (fx, fy), (cx, cy) = camera.focal_px, camera.center_px
    across = np.arctan((corners_px[:, [0, 2]] - cx) / fx)
    down = (corners_px[:, [1, 3]] - cy) / fy * np.cos(across.mean(axis=1, keepdims=True))
    across = (across + np.radians(world_from_camera.yaw_deg)) * fx
    return np.stack([across[:, 0], down[:, 0] * fy, across[:, 1], down[:, 1] * fy], axis=1)
