"""One scene, one trajectory, one backend: everything a task may know about it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.action import Action
from builder.core.camera import Camera
from builder.core.covisibility import Covisibility
from builder.core.pose import Pose
from builder.core.scene import CameraSource
from builder.core.track import Track
from builder.core.view import ViewQuality


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where frames come from.

    Attributes:
        backend: Who painted them, such as "embedded".
        seed: The build's seed.
        builder_version: Of this package.
        license: SPDX expression, scene AND backend output.
        source: The scene's source, in words.
    """

    backend: str
    seed: int
    builder_version: str
    license: str
    source: str


@dataclass(frozen=True, eq=False)
class Rollout:
    """The facts of one bundle; what is read from disk equals what was made.

    Frames are counted among the *stored* frames; keys are counted 0..len(actions).

    Attributes:
        subset: Configuration name, such as "svc-real".
        scene_id: The place.
        trajectory_id: Unique in the scene and subset; folder `traj_<trajectory_id>`.
        anchor: Index of the anchor it starts from.
        camera: Of every frame.
        camera_source: How the camera is known.
        actions: What the camera did, in order.
        world_from_camera: One pose a stored frame; the first is the identity.
        keys: The stored frame at each action boundary, `len(actions) + 1` of them.
        images: One path a stored frame, relative to the subset's folder, "/" between parts.
        tracks: The objects, in order of `track_id`.
        quality: One a stored frame.
        covisibility: For each pair of keys i < j.
        depth_grids_m: For each key a (g, g) float32 array, metres, 0 = unknown; empty if unknown.
        provenance: Where the frames come from.
    """

    subset: str
    scene_id: str
    trajectory_id: str
    anchor: int
    camera: Camera
    camera_source: CameraSource
    actions: tuple[Action, ...]
    world_from_camera: tuple[Pose, ...]
    keys: tuple[int, ...]
    images: tuple[str, ...]
    tracks: tuple[Track, ...]
    quality: tuple[ViewQuality, ...]
    covisibility: Mapping[tuple[int, int], Covisibility]
    depth_grids_m: tuple[NDArray[np.float32], ...]
    provenance: Provenance

    def actions_between(self, before: int, after: int) -> tuple[Action, ...]:
        """Return what was done from key `before` to key `after`, in the axes of key `before`."""
        return self.actions[before:after]

    def motion_between(self, before: int, after: int) -> Pose:
        """Return the pose of key `after` seen from key `before`, from the stored poses."""
        world_from_before = self.world_from_camera[self.keys[before]]
        return world_from_before.inverse() @ self.world_from_camera[self.keys[after]]
