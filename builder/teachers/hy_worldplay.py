"""The backend `hy-worldplay`: HY-WorldPlay paints, in workers of its own interpreter."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.core.camera import Camera
from builder.core.errors import ConfigError
from builder.core.licenses import HY_LICENSE
from builder.core.protocol import HY_WORLDPLAY
from builder.core.trajectory import Trajectory
from builder.teachers import Plan, _hy_plan, check_wanted
from builder.teachers._gpus import seats, visible
from builder.teachers._world_model import WorldModel, effective_camera

# Upstream's README, for 125 frames, by the number of GPUs that paint one video together.
LEAST_GIB = {1: 72.0, 4: 34.0, 8: 28.0}
# GPU-seconds a frame, distilled: upstream claims 24 frames a second (8 GPUs in its script); a user
# had 125 frames in 4 minutes on 4 GPUs, loading included (upstream's issue 8).
FRAME_S = (8 / 24, 4 * 240 / 125)


class HyWorldPlay(WorldModel):
    """A resident pipeline on each large GPU, or on a group of smaller ones in step."""

    name = "hy-worldplay"
    teachers = ("hy-worldplay",)
    memory_gib = LEAST_GIB[1]
    central = True
    output_license = HY_LICENSE.spdx
    root_variable, python_variable = "W2V_HY_ROOT", "W2V_HY_PYTHON"
    package, upstream, short = "hyvideo", "Tencent-Hunyuan/HY-WorldPlay", "hy"

    def plan(self, trajectory: Trajectory, camera: Camera, wanted: tuple[int, ...]) -> Plan:
        """Plan one latent a pose; pose i is shown by frame 4 i.

        Raises:
            PlanError: If `wanted` is wrong, the trajectory too long, or the camera off its middle.
        """
        check_wanted(trajectory, wanted)
        effective = effective_camera(camera, HY_WORLDPLAY.frame_px, _hy_plan.SIZE_STEP_PX)
        asked = _hy_plan.conditioning(trajectory, effective, self.hy)
        poses = range(len(trajectory.world_from_camera))
        frames = tuple(_hy_plan.FRAMES_PER_POSE * pose for pose in poses)
        return Plan(trajectory, wanted, frames, effective, _hy_plan.forwards(asked), asked)

    def gpu_seconds(self, plan: Plan) -> tuple[float, float]:
        """Scale published times by frames, and by steps beyond the distilled model's."""
        asked = plan.conditioning
        distilled = {**asked, "few_step": True, "num_inference_steps": 4}
        share = _hy_plan.forwards(asked) / _hy_plan.forwards(distilled)
        frames = share * float(asked["video_length"])
        return frames * FRAME_S[0], frames * FRAME_S[1]

    def check(self) -> None:
        """Look for the weights too.

        Raises:
            ConfigError: With what is missing and the option that gives it.
        """
        super().check()
        self._loaded()

    def _loaded(self) -> Mapping[str, Any]:
        found = {"root": self._root()}
        for name, what in (("weights", "folder"), ("action_weights", "file")):
            option, given = f"--hy-{name.replace('_', '-')}", getattr(self.machine, f"hy_{name}")
            if given is None:
                raise ConfigError(f"the backend 'hy-worldplay' needs {option}, a {what}")
            if not Path(given).expanduser().exists():
                raise ConfigError(f"{option} {given}: no such {what}")
            found[name] = str(Path(given).expanduser().resolve())
        return found

    def _seats(self) -> list[str]:
        return seats(visible(self.machine.gpus), self.machine.hy_ranks, LEAST_GIB)


PLUGIN = HyWorldPlay()
