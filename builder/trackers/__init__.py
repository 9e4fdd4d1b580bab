"""Trackers: objects through the frames of one rollout, with identities that hold.

To add one, add one module here that binds `PLUGIN` to a `Tracker`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from builder import registry
from builder.core.scene import SceneObject
from builder.core.track import Track
from builder.core.view import View


class Tracker(ABC):
    """Finds each object in each stored frame."""

    name: ClassVar[str]

    @abstractmethod
    def tracks(
        self,
        frames: NDArray[np.uint8],
        views: Sequence[View] | None,
        objects: Sequence[SceneObject],
    ) -> tuple[Track, ...]:
        """Return the objects that are seen in any frame, in order of `track_id`.

        Args:
            frames: (N, H, W, 3) uint8, the stored frames.
            views: The truth behind them, or None where the backend knows none.
            objects: What the scene holds.

        Raises:
            PlanError: If the tracker needs truth and there is none.
        """


def all_trackers() -> Mapping[str, Tracker]:
    """Return every tracker, by name."""
    return registry.discover(__name__)


def tracker_named(name: str) -> Tracker:
    """Return the tracker called `name`, such as "truth"."""
    found: Tracker = registry.get(__name__, name)
    return found
