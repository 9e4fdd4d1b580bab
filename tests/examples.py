"""Rollouts small enough to read, one of each kind that a task must cope with. Import them freely.

Every one stands in front of a wall 3 m away (a plane of depth) and sees four things: two chairs, a
lamp and a vase. `rollout(...)` takes the actions and what is special; the rest is filled in.
"""

import itertools
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from builder.core.action import Action, Move, Turn
from builder.core.box import Box
from builder.core.camera import Camera
from builder.core.covisibility import Covisibility
from builder.core.pose import Pose, start_from_end
from builder.core.protocol import SUBSETS
from builder.core.rollout import Provenance, Rollout
from builder.core.track import Sighting, Track
from builder.core.view import ViewQuality

WALL_M = 3.0


def sighting(x: float, y: float = 200.0, size: float = 80.0, share: float = 1.0) -> Sighting:
    """A square of `size` pixels with its top left corner at (x, y), `share` of it visible."""
    visible_px = int(share * size * size)
    return Sighting(Box(x, y, x + size, y + size), visible_px, int(size * size))


def track(track_id: int, label: str, *xs: float | None, **how: float) -> Track:
    """A track that is at `xs` in the frames, one after the other; None: not a pixel of it."""
    seen = {frame: sighting(x, **how) for frame, x in enumerate(xs) if x is not None}
    return Track(track_id, label, seen)


def four_things(frames: int) -> tuple[Track, ...]:
    """Two chairs and a vase that drift to the right, and a lamp that leaves after the start."""
    return (
        track(1, "chair", *(100.0 + 90 * frame % 400 for frame in range(frames))),
        track(2, "lamp", 480.0),
        track(3, "chair", *(300.0 + 65 * frame % 270 for frame in range(frames)), y=350.0),
        track(4, "vase", *(20.0 + 70 * frame % 500 for frame in range(frames)), y=60.0),
    )


def rollout(
    *actions: Action,
    subset: str = "svc-simulated",
    scene_id: str = "room-7-0000",
    trajectory_id: str = "example",
    tracks: tuple[Track, ...] | None = None,
    quality: Mapping[int, ViewQuality] | None = None,
    covisibility: Mapping[tuple[int, int], Covisibility] | None = None,
) -> Rollout:
    """A rollout whose stored frames are its keys; views overlap by half and move by 40 px."""
    poses = [Pose.identity()]
    for action in actions:
        poses.append(poses[-1] @ start_from_end(action))
    width_px, height_px = SUBSETS[subset].protocol.frame_px
    count = len(poses)
    pairs = itertools.combinations(range(count), 2)
    return Rollout(
        subset=subset,
        scene_id=scene_id,
        trajectory_id=trajectory_id,
        anchor=0,
        camera=Camera.from_fov(width_px, height_px, 73.7),
        camera_source="exact",
        actions=actions,
        world_from_camera=tuple(poses),
        keys=tuple(range(count)),
        images=tuple(
            f"scenes/{scene_id}/traj_{trajectory_id}/samples-rgb/{i:03d}.jpg" for i in range(count)
        ),
        tracks=four_things(count) if tracks is None else tracks,
        quality=tuple((quality or {}).get(frame, ViewQuality()) for frame in range(count)),
        covisibility={pair: Covisibility(40.0, 0.5, 0.5) for pair in pairs}
        | dict(covisibility or {}),
        depth_grids_m=tuple(np.full((24, 24), WALL_M, np.float32) for _ in range(count)),
        provenance=Provenance("embedded", 7, "0.1.0", "CC0-1.0", "made up by hand"),
    )


def stretched(given: Rollout, every: int = 3) -> Rollout:
    """The same rollout with all frames stored: keys stand `every` frames apart."""
    frames = range(every * (len(given.keys) - 1) + 1)
    tracks = tuple(
        replace(one, sightings={every * frame: seen for frame, seen in one.sightings.items()})
        for one in given.tracks
    )
    return replace(
        given,
        world_from_camera=tuple(given.world_from_camera[frame // every] for frame in frames),
        keys=tuple(range(0, len(frames), every)),
        images=tuple(f"{given.images[0][:-7]}{frame:03d}.jpg" for frame in frames),
        quality=tuple(given.quality[frame // every] for frame in frames),
        tracks=tracks,
    )


ROLLOUTS = {
    "still": rollout(trajectory_id="still"),
    "one-move": rollout(Move("forward", 0.5), trajectory_id="forward_00"),
    "small-move": rollout(Move("left", 0.1), trajectory_id="shift_left_04"),
    "one-turn": rollout(Turn("left", 30.0), subset="svc-real", trajectory_id="turn_left_02"),
    "two-steps": rollout(
        Move("forward", 0.6),
        Turn("right", 30.0),
        subset="hy-worldplay-real",
        trajectory_id="multi_step_01_forward_turn_right",
    ),
    "three-steps": rollout(
        Move("left", 0.3),
        Move("forward", 0.5),
        Turn("right", 20.0),
        trajectory_id="multi_step_02_shift_left_then_forward_then_turn_right",
    ),
    "long-way": rollout(
        Move("forward", 0.4),
        Turn("left", 20.0),
        Move("right", 0.3),
        Move("backward", 0.2),
        Turn("right", 40.0),
        subset="hy-worldplay-simulated",
        trajectory_id="long_horizon_00",
    ),
    "all-frames": stretched(rollout(Turn("right", 20.0), Move("forward", 0.3))),
}
