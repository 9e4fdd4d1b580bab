"""Bundles of somebody else as rollouts: what is known of them, and what would be a guess."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from builder import __version__
from builder.core.action import Turn
from builder.core.camera import Camera
from builder.core.drop import Drop
from builder.core.licenses import HY_LICENSE, SVC_LICENSE, joined
from builder.core.pose import Pose
from builder.core.protocol import Teacher
from builder.core.rollout import Provenance, Rollout
from builder.core.track import Track
from builder.core.trajectory import Trajectory
from builder.core.view import ViewQuality
from builder.pipeline.depthless import turn_pairs
from builder.pipeline.found import numbered_after
from builder.store import Schedule
from builder.store.bundle import image_paths
from builder.store.foreign import Found, Given
from builder.store.foreign.given import Film

Verdict = Literal["pass", "fail", "undecided"]
Obeys = Callable[[Sequence[NDArray[np.uint8]], Sequence[Pose], Camera, Sequence[int]], Verdict]

_LICENSE: Mapping[Teacher, str] = {"svc": SVC_LICENSE.spdx, "hy-worldplay": HY_LICENSE.spdx}


@dataclass(frozen=True, eq=False)
class Read:
    """One bundle of another layout, ready to be written as one of ours.

    Attributes:
        found: Where it lies.
        rollout: The facts; its anchor and its tracks' numbers are those of the whole scene.
        schedule: Where its frames lie in the teacher's video.
        pictures: One file a stored frame.
        given: As it was read.
    """

    found: Found
    rollout: Rollout
    schedule: Schedule
    pictures: tuple[Path, ...]
    given: Given


def turn_drop(found: Found, given: Given, believe_poses: bool, obeys: Obeys | None) -> Drop | None:
    """Return why the turns of a bundle are not believed, or None if they are.

    Args:
        found: Where it lies.
        given: What it says.
        believe_poses: Whether its poses are enough, where its layout is known to be wrong.
        obeys: Judges frames; None: nobody can.
    """
    turns = any(isinstance(action, Turn) for action in given.actions)
    verdict: Verdict = "undecided"
    if obeys is not None and not (turns and believe_poses and not given.trusted_turns):
        verdict = obeys(_frames(given.film), given.film.poses, given.camera, given.film.keys)
    if verdict == "fail":
        return Drop("disobeyed", f"{found.folder}: the pictures show another motion")
    if turns and verdict != "pass" and not given.trusted_turns and not believe_poses:
        return Drop("turn-unverified", f"{found.folder}: no picture confirms which way it turned")
    return None


def rollouts_of_scene(
    bundles: Sequence[tuple[Found, Given]], seed: int, license_: str
) -> Iterator[Read]:
    """Yield the bundles of one place as rollouts: cameras as anchors, tracks numbered through.

    Identities do not reach from one trajectory to another, so every track has its own number.
    """
    cameras: list[Camera] = []
    taken = 0
    for found, given in bundles:
        if given.camera not in cameras:
            cameras.append(given.camera)
        tracks = numbered_after(given.tracks, taken)
        taken += len(tracks)
        rollout = _rollout(found, given, tracks, seed, license_)
        yield Read(
            found=found,
            rollout=replace(rollout, anchor=cameras.index(given.camera)),
            schedule=_schedule(given),
            pictures=given.pictures,
            given=given,
        )


def corrections_of(bundles: Sequence[Read]) -> Counter[str]:
    """Return how many bundles were put right in which way."""
    return Counter(name for one in bundles for name in one.given.corrections)


def _frames(film: Film) -> list[NDArray[np.uint8]]:
    frames = []
    for file in film.pictures:
        with Image.open(file) as image:
            frames.append(np.asarray(image.convert("RGB")))
    return frames


def _rollout(
    found: Found, given: Given, tracks: tuple[Track, ...], seed: int, license_: str
) -> Rollout:
    scene_id, trajectory_id = found.scene_id, found.trajectory_id
    suffix = given.pictures[0].suffix.lower()
    teacher = found.subset.teacher
    keys = tuple(range(len(given.poses)))
    return Rollout(
        subset=found.subset.name,
        scene_id=scene_id,
        trajectory_id=trajectory_id,
        anchor=0,
        camera=given.camera,
        camera_source="assumed",
        actions=given.actions,
        world_from_camera=given.poses,
        keys=keys,
        images=image_paths(scene_id, trajectory_id, len(keys), suffix),
        tracks=tracks,
        quality=(ViewQuality(),) * len(keys),
        covisibility=turn_pairs(given.poses, given.camera),
        depth_grids_m=(),
        provenance=Provenance(
            backend=teacher,
            seed=seed,
            builder_version=__version__,
            license=joined(license_, _LICENSE[teacher]),
            source=f"a bundle of the {found.layout} layout, painted by somebody else",
        ),
    )


def _schedule(given: Given) -> Schedule:
    trajectory = Trajectory(given.actions, given.poses, (), given.schedule, 1)
    return Schedule(trajectory, given.schedule, given.frame_ids)
