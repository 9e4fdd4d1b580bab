"""A list of actions, unrolled into one camera pose a teacher's pose."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from builder.core.action import Action, Move, Turn
from builder.core.pose import Pose, start_from_end
from builder.core.protocol import Protocol


@dataclass(frozen=True, eq=False)
class Trajectory:
    """Where the camera is, pose by pose.

    Attributes:
        actions: What the camera does, in order.
        world_from_camera: One pose a scheduled pose, padding included; the first is the identity.
        steps: What is done from the pose before to each pose; None for the first and for holds.
        keyframes: The pose at each action boundary, `len(actions) + 1` of them.
        frames_per_pose: Video frames from one pose to the next.
    """

    actions: tuple[Action, ...]
    world_from_camera: tuple[Pose, ...]
    steps: tuple[Action | None, ...]
    keyframes: tuple[int, ...]
    frames_per_pose: int

    @property
    def video_frames(self) -> int:
        """How many frames the teacher's video has: n for SVC, 4n - 3 for n latents of HY."""
        return self.frames_per_pose * (len(self.world_from_camera) - 1) + 1

    def frame_of(self, pose: int) -> int:
        """Return the index in the teacher's video of the frame that shows pose number `pose`."""
        return self.frames_per_pose * pose


def unroll(actions: Sequence[Action], protocol: Protocol) -> Trajectory:
    """Cut each action as `protocol` wants it, add the steps up, and pad.

    The key poses are composed from whole actions, not from steps, so that no rounding of the steps
    reaches a label: 0.1 m over 8 frames ends at exactly 0.1 m.

    Example:
        >>> from builder.core.protocol import HY_WORLDPLAY, SVC
        >>> unroll([Move("forward", 0.1), Turn("left", 40.0)], SVC).keyframes
        (0, 7, 15)
        >>> unroll([Move("forward", 0.5)], HY_WORLDPLAY).video_frames  # 8 poses
        29
    """
    poses, keyframes = [Pose.identity()], [0]
    steps: list[Action | None] = [None]
    for action in actions:
        start = poses[-1]
        cut = cut_into_steps(action, protocol)
        for step in cut[:-1]:
            poses.append(poses[-1] @ start_from_end(step))
        poses.append(start @ start_from_end(action))
        steps.extend(cut)
        keyframes.append(len(poses) - 1)
    holds = -len(poses) % protocol.pad_poses_to
    poses.extend([poses[-1]] * holds)
    steps.extend([None] * holds)
    return Trajectory(
        tuple(actions), tuple(poses), tuple(steps), tuple(keyframes), protocol.frames_per_pose
    )


def cut_into_steps(action: Action, protocol: Protocol) -> list[Action]:
    """Return the steps of one action, none longer than the protocol's limit.

    Example:
        >>> from builder.core.protocol import HY_WORLDPLAY
        >>> [step.angle_deg for step in cut_into_steps(Turn("left", 10.0), HY_WORLDPLAY)]
        [3.0, 3.0, 3.0, 1.0]
    """
    match action:
        case Move(direction, distance_m):
            sizes = _cut(distance_m, protocol.max_step_m, protocol)
            return [Move(direction, size_m) for size_m in sizes]
        case Turn(turn_direction, angle_deg):
            sizes = _cut(angle_deg, protocol.max_step_deg, protocol)
            return [Turn(turn_direction, size_deg) for size_deg in sizes]


def _cut(total: float, limit: float, protocol: Protocol) -> list[float]:
    count = max(1, math.ceil(total / limit - 1e-9))
    if protocol.equal_steps:
        count = max(count, protocol.min_frames - 1)
        return [total / count] * count
    rest = total - limit * (count - 1)
    return [limit] * (count - 1) + [round(rest, 9)]
