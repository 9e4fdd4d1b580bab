"""Trackers: objects through the frames of one rollout, with identities that hold.

To add one, add one module here that binds `PLUGIN` to a `Tracker`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from builder import registry
from builder.config.detect import Detect
from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.scene import SceneObject
from builder.core.track import Track
from builder.core.view import View


@dataclass(frozen=True, eq=False)
class CameraPath:
    """Where the camera was in each frame, for trackers that have no ids to go by.

    Attributes:
        camera: Of all frames.
        world_from_camera: One pose a frame.
        depth_m: (H, W) of each frame, metres along +z, 0 = unknown; None: no depth.
    """

    camera: Camera
    world_from_camera: Sequence[Pose]
    depth_m: Sequence[NDArray[np.float32]] | None = None


class Tracker(ABC):
    """Finds each object in each stored frame."""

    name: ClassVar[str]

    @abstractmethod
    def tracks(
        self,
        frames: NDArray[np.uint8],
        views: Sequence[View] | None,
        objects: Sequence[SceneObject],
        path: CameraPath | None = None,
    ) -> tuple[Track, ...]:
        """Return the objects that are seen in any frame, in order of `track_id`.

        Args:
            frames: (N, H, W, 3) uint8: the stored frames, or, for a tracker without truth, every
                frame of the video; `at_frames` then keeps the sightings of the stored ones.
            views: The truth behind them, or None where the backend knows none.
            objects: What the scene holds.
            path: The camera of each frame; a tracker with truth does not need it.

        Raises:
            PlanError: If the tracker needs truth, or the path, and there is none.
        """

    def configured(self, settings: Detect) -> "Tracker":
        """Return this tracker with the settings of detection; one with truth has none."""
        del settings
        return self


def at_frames(tracks: Sequence[Track], stored: Sequence[int]) -> tuple[Track, ...]:
    """Return tracks of a whole video as tracks of its stored frames.

    Args:
        tracks: Their sightings counted among all frames.
        stored: Which of these are stored, ascending.

    Returns:
        The tracks with a sighting in a stored frame, counted among those.
    """
    place = {frame: index for index, frame in enumerate(stored)}
    kept = (
        replace(
            one,
            sightings={place[at]: seen for at, seen in one.sightings.items() if at in place},
        )
        for one in tracks
    )
    return tuple(one for one in kept if one.sightings)


def all_trackers() -> Mapping[str, Tracker]:
    """Return every tracker, by name."""
    return registry.discover(__name__)


def tracker_named(name: str) -> Tracker:
    """Return the tracker called `name`, such as "truth"."""
    found: Tracker = registry.get(__name__, name)
    return found
