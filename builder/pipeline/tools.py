"""What a build works with, by name, so that a worker process can make its own."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from builder.audit.obedience import judge
from builder.audit.obedience.shared import shared_by_moves
from builder.core.camera import Camera
from builder.core.covisibility import Covisibility
from builder.core.errors import PlanError, UnknownPlugin, nearest
from builder.core.pose import Pose
from builder.core.protocol import Subset
from builder.scenes import SceneSource, all_sources
from builder.tasks import Task, all_tasks
from builder.teachers import Backend, all_backends
from builder.trackers import Tracker, all_trackers

SOURCE_OF: Mapping[str, str] = {"real": "photos", "simulated": "rooms"}


class Judged(Protocol):
    """What the pictures say of the commanded motion."""

    @property
    def verdict(self) -> Literal["pass", "fail", "undecided"]:
        """A rollout that fails is dropped."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it does not pass."""

    def to_json(self) -> dict[str, Any]:
        """Return what `traj.json` keeps as `obedience`."""


# (frames, commanded world_from_camera of each, camera, the frame at each action boundary)
Judge = Callable[[Sequence[NDArray[np.uint8]], Sequence[Pose], Camera, Sequence[int]], Judged]
Compare = Callable[
    [Sequence[NDArray[np.uint8]], Sequence[Pose], Camera, Sequence[int]],
    Mapping[tuple[int, int], Covisibility],
]


@dataclass(frozen=True)
class Tools:
    """The plug-ins of a build.

    Attributes:
        sources: Scene sources by name.
        backends: Backends by name, none of them opened.
        trackers: Trackers by name.
        tasks: Tasks by name, in the order in which they are asked.
        judge: Verifies the rollouts of a backend that follows motion only about; None: nobody does.
        compare: Says how views compare that no depth is known of; None: only turns are compared.
    """

    sources: Mapping[str, SceneSource]
    backends: Mapping[str, Backend]
    trackers: Mapping[str, Tracker]
    tasks: Mapping[str, Task]
    judge: Judge | None = None
    compare: Compare | None = None

    def source_for(self, scene_type: str) -> SceneSource:
        """Return the source of "real" or "simulated" places."""
        return self.sources[SOURCE_OF[scene_type]]

    def backend(self, name: str, subsets: tuple[Subset, ...]) -> Backend:
        """Return the backend called `name`.

        Raises:
            UnknownPlugin: If there is none.
            PlanError: If it cannot follow the teacher of one of `subsets`.
        """
        if name not in self.backends:
            raise UnknownPlugin(f"no backend {name!r}: {nearest(name, self.backends)}")
        backend = self.backends[name]
        for subset in subsets:
            if subset.teacher not in backend.teachers:
                raise PlanError(
                    f"the backend {name!r} follows {', '.join(backend.teachers)}, but the subset "
                    f"{subset.name!r} belongs to {subset.teacher}; leave the subset out, or take "
                    f"the backend 'embedded'"
                )
        return backend

    def tracker(self, name: str) -> Tracker:
        """Return the tracker called `name`.

        Raises:
            UnknownPlugin: If there is none.
        """
        if name not in self.trackers:
            raise UnknownPlugin(f"no tracker {name!r}: {nearest(name, self.trackers)}")
        return self.trackers[name]


ToolMaker = Callable[[], Tools]


def default_tools() -> Tools:
    """Return every plug-in of the package."""
    return Tools(all_sources(), all_backends(), all_trackers(), all_tasks(), judge, shared_by_moves)
