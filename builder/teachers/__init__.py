"""Backends: what paints the frames along a trajectory.

To add one, add one module here that binds `PLUGIN` to a `Backend`; heavy imports belong in
`open`, so that listing the backends needs no GPU, no weights and no extra.
`tests/contracts/test_backend_contract.py` finds it and holds it to what every backend promises.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from builder import registry
from builder.config import BuildConfig
from builder.core.camera import Camera
from builder.core.errors import PlanError
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
        conditioning: What the teacher is asked in its own terms, as JSON values.
    """

    trajectory: Trajectory
    wanted: tuple[int, ...]
    frame_of_pose: tuple[int, ...]
    camera: Camera
    forwards: int
    conditioning: Mapping[str, Any] = field(default_factory=dict)

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


Painting = Callable[[], Rendered]


class Backend(ABC):
    """A painter behind three calls. Use it in a `with`: `open` on entry, `close` on exit."""

    name: ClassVar[str]
    teachers: ClassVar[tuple[Teacher, ...]]
    needs_gpu: ClassVar[bool]
    output_license: ClassVar[str | None]
    memory_gib: ClassVar[float | None] = None  # of a GPU; an estimate
    central: ClassVar[bool] = False  # whether it only knows cameras that look through the middle

    def configured(self, config: BuildConfig) -> "Backend":
        """Return this backend with the settings that are its own; equal settings, same backend.

        Raises:
            ConfigError: If what it needs is not there, or its license was not accepted.
        """
        del config
        return self

    def planning(self, config: BuildConfig) -> "Backend":
        """Return this backend with its settings, to plan with and not to paint; checks nothing."""
        del config
        return self

    def gpu_seconds(self, plan: Plan) -> tuple[float, float]:
        """Return an estimate (least, most) of what a plan takes of one GPU."""
        del plan
        return 0.0, 0.0

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

    def begin(self, scene: Scene, anchor: Anchor, plan: Plan, seed: int) -> "Painting":
        """Begin to paint, and return the call that waits for the frames.

        A backend that paints elsewhere paints meanwhile; this default paints when it is waited for.
        """
        return lambda: self.render(scene, anchor, plan, seed)

    @property
    def ahead(self) -> int:
        """How many paintings are worth to be begun before the first is waited for."""
        return 0

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


def check_wanted(trajectory: Trajectory, wanted: tuple[int, ...]) -> None:
    """Refuse poses that do not ascend from 0 or were never scheduled.

    Raises:
        PlanError: With what was wanted.
    """
    poses = len(trajectory.world_from_camera)
    ascending = list(wanted) == sorted(set(wanted))
    if not (wanted and wanted[0] == 0 and ascending and wanted[-1] < poses):
        raise PlanError(
            f"wanted must ascend from 0 and stay below {poses} poses, got {list(wanted)}"
        )


def all_backends() -> Mapping[str, Backend]:
    """Return every backend, by name, none of them opened."""
    return registry.discover(__name__)


def backend_named(name: str) -> Backend:
    """Return the backend called `name`, such as "embedded"."""
    found: Backend = registry.get(__name__, name)
    return found
