"""The settings of the two world models, and of the machine they run on."""

from dataclasses import dataclass
from typing import Literal

from builder.config.parts import at_least
from builder.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class SvcSettings:
    """How Stable Virtual Camera paints.

    Attributes:
        profile: "gt": every frame from the anchor in one pass. "paper": the two passes of the
            paper's released configuration, three times the work.
        steps: Denoising steps.
        cfg: Guidance scale, of each pass.
        cfg_min: Guidance scale of the view nearest to the anchor.
        units_per_m: The model's own units a metre, the same in every trajectory.
    """

    profile: Literal["gt", "paper"] = "gt"
    steps: int = 50
    cfg: float = 4.0
    cfg_min: float = 1.2
    units_per_m: float = 1.0

    def __post_init__(self) -> None:
        at_least(1, self.steps, "svc.steps")
        at_least(1, self.cfg, "svc.cfg")
        at_least(1, self.cfg_min, "svc.cfg_min")
        at_least(0.01, self.units_per_m, "svc.units_per_m")


@dataclass(frozen=True, slots=True)
class HySettings:
    """How HY-WorldPlay paints.

    Attributes:
        model_type: "ar": autoregressive, chunks of 4 poses. "bi": bidirectional, chunks of 16.
        few_step: Whether the action checkpoint is the distilled one, which needs no guidance.
        steps: Denoising steps a chunk.
    """

    model_type: Literal["ar", "bi"] = "ar"
    few_step: bool = True
    steps: int = 4

    def __post_init__(self) -> None:
        at_least(1, self.steps, "hy.steps")


@dataclass(frozen=True, slots=True)
class Machine:
    """Where the world models lie on this machine, and their workers; it changes no byte.

    Attributes:
        svc_root: Checkout of stable-virtual-camera; None: the environment's W2V_SVC_ROOT.
        svc_python: Interpreter that has its packages; None: W2V_SVC_PYTHON.
        svc_weights: Weights file or its folder; None: from the Hugging Face Hub.
        svc_vae: Folder of the Stable Diffusion 2.1 VAE, which the Hub no longer has; None: the Hub.
        hy_root: Checkout of HY-WorldPlay; None: W2V_HY_ROOT.
        hy_python: Interpreter that has its packages; None: W2V_HY_PYTHON.
        hy_weights: Folder of HunyuanVideo-1.5.
        hy_action_weights: The action checkpoint, a safetensors file.
        hy_ranks: GPUs that paint one video together; None: as few as hold it.
        gpus: Such as "0,1"; None: CUDA_VISIBLE_DEVICES, or all.
        start_limit_s: Longest time until a worker has loaded its weights.
        task_limit_s: Longest time for one trajectory.
        attempts: How often a trajectory is tried before it is dropped.
        accept_license: Name of the output license that the user accepts.
    """

    svc_root: str | None = None
    svc_python: str | None = None
    svc_weights: str | None = None
    svc_vae: str | None = None
    hy_root: str | None = None
    hy_python: str | None = None
    hy_weights: str | None = None
    hy_action_weights: str | None = None
    hy_ranks: int | None = None
    gpus: str | None = None
    start_limit_s: float = 1800.0
    task_limit_s: float = 900.0
    attempts: int = 3
    accept_license: str | None = None

    def __post_init__(self) -> None:
        at_least(0.1, self.start_limit_s, "machine.start_limit_s")
        at_least(0.1, self.task_limit_s, "machine.task_limit_s")
        at_least(1, self.attempts, "machine.attempts")
        if self.hy_ranks not in (None, 1, 4, 8):
            raise ConfigError(f"machine.hy_ranks must be 1, 4 or 8, got {self.hy_ranks}")
