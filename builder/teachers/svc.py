"""The backend `svc`: Stable Virtual Camera paints, in workers of its own interpreter."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.core.camera import Camera
from builder.core.errors import ConfigError
from builder.core.licenses import SVC_LICENSE
from builder.core.protocol import SVC
from builder.core.trajectory import Trajectory
from builder.teachers import Plan, _svc_plan, check_wanted
from builder.teachers._gpus import seats, visible
from builder.teachers._world_model import WorldModel, effective_camera

LEAST_GIB = {1: 22.0}  # a maintainer: 18 to 22 GB
# A window of 21 frames, 50 steps, 576 x 576: upstream's docs/GR_USAGE.md, an H100 and an L40S.
WINDOW_S = (20.0, 48.0)


class Svc(WorldModel):
    """One process a GPU; each trajectory in one pass over all its frames."""

    name = "svc"
    teachers = ("svc",)
    memory_gib = LEAST_GIB[1]
    output_license = SVC_LICENSE.spdx
    root_variable, python_variable = "W2V_SVC_ROOT", "W2V_SVC_PYTHON"
    package, upstream, short = "seva", "Stability-AI/stable-virtual-camera", "svc"

    def plan(self, trajectory: Trajectory, camera: Camera, wanted: tuple[int, ...]) -> Plan:
        """Plan one frame a pose.

        Raises:
            PlanError: If `wanted` is wrong, or the trajectory is too short or long for the profile.
        """
        check_wanted(trajectory, wanted)
        effective = effective_camera(camera, SVC.frame_px, _svc_plan.SIZE_STEP_PX)
        asked = _svc_plan.conditioning(trajectory, effective, self.svc)
        frames = tuple(range(len(trajectory.world_from_camera)))
        return Plan(trajectory, wanted, frames, effective, _svc_plan.forwards(asked), asked)

    def gpu_seconds(self, plan: Plan) -> tuple[float, float]:
        """Scale upstream's published times by frames and steps."""
        windows = _svc_plan.windows(plan.conditioning)
        return windows * WINDOW_S[0], windows * WINDOW_S[1]

    def check(self) -> None:
        """Look for the weights too, where they are files of this machine.

        Raises:
            ConfigError: With what is missing and the option that gives it.
        """
        super().check()
        for name in ("weights", "vae"):
            given = getattr(self.machine, f"svc_{name}")
            if given is not None and not Path(given).expanduser().exists():
                raise ConfigError(f"--svc-{name} {given}: no such file or folder")

    def _loaded(self) -> Mapping[str, Any]:
        given = {"weights": self.machine.svc_weights, "vae": self.machine.svc_vae}
        files = {
            name: None if path is None else str(Path(path).expanduser().resolve())
            for name, path in given.items()
        }
        return {"root": self._root(), **files}

    def _seats(self) -> list[str]:
        return seats(visible(self.machine.gpus), 1, LEAST_GIB)


PLUGIN = Svc()
