"""What both world models share: settings, the gate, the workers, and one trajectory's way there."""

import json
import os
import sys
from abc import abstractmethod
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np

from builder.config import BuildConfig, HySettings, Machine, SvcSettings
from builder.core.camera import Camera
from builder.core.errors import BackendError, ConfigError
from builder.core.licenses import refuse_unaccepted
from builder.core.scene import Anchor, Scene
from builder.core.seeding import rank_of
from builder.teachers import Backend, Painting, Plan, Rendered
from builder.teachers._answers import Expected
from builder.teachers._pool import Pool, Task
from builder.teachers._process import Recipe, torchrun

_SEEDS = 2**31
START = Path(__file__).parent / "_workers" / "start.py"


def effective_camera(camera: Camera, frame_px: tuple[int, int], step_px: int) -> Camera:
    """Return the camera of the frames: the given one if the model takes its size, else cropped."""
    sizes = zip(camera.size_px, frame_px, strict=True)
    if all(size % step_px == 0 and size <= most for size, most in sizes):
        return camera
    return camera.cover(*frame_px)


class WorldModel(Backend):
    """A teacher that paints in worker processes of its own interpreter."""

    needs_gpu = True
    root_variable: ClassVar[str]
    python_variable: ClassVar[str]
    package: ClassVar[str]
    upstream: ClassVar[str]
    short: ClassVar[str]  # in the names of options: "svc", "hy"
    sensible = True

    def __init__(
        self,
        settings: BuildConfig | None = None,
    ) -> None:
        config = settings or BuildConfig()
        self.svc: SvcSettings = config.svc
        self.hy: HySettings = config.hy
        self.machine: Machine = config.machine
        self._pool: Pool | None = None
        self._opened = 0

    def configured(self, config: BuildConfig) -> Backend:
        """Return the backend with the settings of `config`, once its license was accepted.

        Raises:
            ConfigError: If the license was not accepted, or the checkout or interpreter is missing.
        """
        refuse_unaccepted(self.output_license, config.machine.accept_license, self.name)
        made = _same(type(self), config.svc, config.hy, config.machine)
        made.check()
        return made

    def planning(self, config: BuildConfig) -> Backend:
        """Return the backend with the settings of `config`; look for nothing on this machine."""
        return _same(type(self), config.svc, config.hy, config.machine)

    def check(self) -> None:
        """Look for the checkout, the interpreter, the files and the GPUs, and load nothing.

        Raises:
            ConfigError: With what is missing and the option that gives it.
        """
        self._root(), self._python(), self._seats()

    def open(self) -> None:
        """Get ready; may be nested. The workers start with the first trajectory."""
        self._opened += 1

    def close(self) -> None:
        """End the workers with the last of nested openings."""
        self._opened = max(0, self._opened - 1)
        if not self._opened and self._pool is not None:
            self._pool.close()
            self._pool = None

    @property
    def ahead(self) -> int:
        """Two trajectories a worker: one that it paints and one that waits for it."""
        return 2 * self._workers().seats

    def begin(self, scene: Scene, anchor: Anchor, plan: Plan, seed: int) -> Painting:
        """Hand a trajectory to the workers; the call that comes back waits for its frames."""
        picture = scene.world.look(anchor.scene_from_anchor, plan.camera).rgb
        asked = dict(plan.conditioning)
        request = {
            "asked": asked,
            "keep": [plan.frame_of_pose[pose] for pose in plan.wanted],
            "seed": self.seed_of(scene, anchor, plan, seed),
            "prompt": scene.prompt,
        }
        first = plan.poses[0].matrix()
        moved = tuple(not np.allclose(pose.matrix(), first) for pose in plan.poses)
        expected = Expected(len(plan.wanted), plan.camera.size_px, moved, self.sensible)
        wait = self._workers().submit(Task(picture, request, expected))
        return lambda: Rendered(wait(), None)

    def render(self, scene: Scene, anchor: Anchor, plan: Plan, seed: int) -> Rendered:
        """Paint the wanted frames, and wait for them.

        Raises:
            RolloutFailed: If this trajectory failed as often as is allowed.
            BackendError: If no worker can do any.
        """
        return self.begin(scene, anchor, plan, seed)()

    @staticmethod
    def seed_of(scene: Scene, anchor: Anchor, plan: Plan, seed: int) -> int:
        """Return the trajectory's own seed: another one for each, the same in every build."""
        asked = json.dumps(plan.conditioning, sort_keys=True)
        return rank_of(seed, "world-model", scene.scene_id, anchor.index, asked) % _SEEDS

    @abstractmethod
    def _loaded(self) -> Mapping[str, Any]:
        """Return what the worker loads."""

    @abstractmethod
    def _seats(self) -> list[str]:
        """Return what each worker sees."""

    @property
    def _ranks(self) -> int:
        return self._seats()[0].count(",") + 1

    def _script(self) -> tuple[str, ...]:
        return (str(START), self.short)

    def _workers(self) -> Pool:
        if not self._opened:
            raise BackendError(f"the backend {self.name!r} was not opened")
        if self._pool is None:
            machine = self.machine
            command = torchrun(self._python(), self._script(), self._ranks)
            limits = (machine.start_limit_s, machine.task_limit_s)
            self._pool = Pool(
                Recipe(command, self._loaded(), *limits), self._seats(), machine.attempts
            )
        return self._pool

    def _root(self) -> str:
        given = getattr(self.machine, f"{self.short}_root") or os.environ.get(self.root_variable)
        option = f"--{self.short}-root"
        if not given:
            raise ConfigError(
                f"the backend {self.name!r} needs a checkout of {self.upstream}: give {option} DIR "
                f"or set {self.root_variable}"
            )
        root = Path(given).expanduser().resolve()
        if not (root / self.package / "__init__.py").is_file():
            raise ConfigError(
                f"{option} {given}: holds no package {self.package!r}; it must be a checkout of "
                f"{self.upstream}"
            )
        return str(root)

    def _python(self) -> str:
        given = getattr(self.machine, f"{self.short}_python")
        python = given or os.environ.get(self.python_variable) or sys.executable
        if not os.access(python, os.X_OK):
            raise ConfigError(
                f"--{self.short}-python {python}: cannot be run; it must be the interpreter that "
                f"has the packages of {self.upstream} (or set {self.python_variable})"
            )
        return str(python)

    def __enter__(self) -> Self:
        self.open()
        return self


@lru_cache(maxsize=8)
def _same(kind: type[WorldModel], svc: SvcSettings, hy: HySettings, machine: Machine) -> WorldModel:
    """Return one backend for equal settings, so that nested openings share its workers."""
    return kind(BuildConfig(svc=svc, hy=hy, machine=machine))
