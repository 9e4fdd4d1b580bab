"""Backends: what paints the frames along a trajectory.

To add one, add one module here that binds `PLUGIN` to a `Backend`; heavy imports belong in
`open`, so that listing the backends needs no GPU, no weights and no extra.
`tests/contracts/test_backend_contract.py` finds it and holds it to what every backend promises.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from builder import registry
from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.protocol import Teacher
from builder.core.scene import Anchor, Scene
from builder.core.trajectory import Trajectory
from builder.core.view import View


@dataclass(frozen=True, eq=False)
class Plan:
    """What a backend will do, worked out on the CPU before anything is painted.

    Attributes:
        trajectory: All scheduled poses.
        wanted: The poses whose frames are to be returned, ascending; the first is 0.
        frame_of_pose: The teacher's own frame index of every scheduled pose.
        camera: The effective camera of the frames, after the teacher's crop.
        forwards: Forward passes of the model, for estimates; views to paint for the embedded one.
    """

    trajectory: Trajectory
    wanted: tuple[int, ...]
    frame_of_pose: tuple[int, ...]
    camera: Camera
    forwards: int

    @property
    def poses(self) -> tuple[Pose, ...]:
        """`world_from_camera` of the wanted frames."""
        return tuple(self.trajectory.world_from_camera[pose] for pose in self.wanted)


@dataclass(frozen=True, eq=False)
class Rendered:
    """What a backend gives back, one entry a wanted pose.

    Attributes:
        frames: (N, H, W, 3) uint8, sRGB; frame 0 shows the anchor.
        views: The truth behind each frame where the backend knows it, else None.
    """

    frames: NDArray[np.uint8]
    views: tuple[View, ...] | None


class Backend(ABC):
    """A painter behind three calls. Use it in a `with`: `open` on entry, `close` on exit."""

    name: ClassVar[str]
    teachers: ClassVar[tuple[Teacher, ...]]
    needs_gpu: ClassVar[bool]
    output_license: ClassVar[str | None]

    def open(self) -> None:
        """Load what painting needs; heavy imports belong here."""

    @abstractmethod
    def plan(self, trajectory: Trajectory, camera: Camera, wanted: tuple[int, ...]) -> Plan:
        """Work out what will be painted, on the CPU.

        Args:
            trajectory: The scheduled poses.
            camera: Of the anchor, as it is shown.
            wanted: The poses whose frames are to be kept, ascending, from 0.

        Raises:
            PlanError: If this backend cannot do it; it never hangs later instead.
        """

    @abstractmethod
    def render(self, scene: Scene, anchor: Anchor, plan: Plan, seed: int) -> Rendered:
        """Paint the wanted frames.

        Raises:
            BackendError: If painting fails.
        """

    def close(self) -> None:
        """Let go of what `open` loaded."""

    def __enter__(self) -> Self:
        self.open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def all_backends() -> Mapping[str, Backend]:
    """Return every backend, by name, none of them opened."""
    return registry.discover(__name__)


def backend_named(name: str) -> Backend:
    """Return the backend called `name`, such as "embedded"."""
    found: Backend = registry.get(__name__, name)
    return found
