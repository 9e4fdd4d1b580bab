"""The settings of sampling and of images."""

from dataclasses import dataclass
from typing import Literal

from builder.core.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which trajectories are taken.

    Attributes:
        anchors_per_scene: Most anchors of one place in one subset.
        trajectories_per_anchor: None: as many as the wanted records ask for.
        records_per_trajectory: How many records a trajectory is asked for, where the above is None:
            fewer are better balanced over the tasks, more are made sooner.
        singles: Share of trajectories that are one action.
        presets: Share that follow the teacher's multi-step patterns.
        long: Share of sequences of 4 to 6 actions, in the subsets that have them.
        max_move_m: Cuts the teacher's grids of distances from above; None: as they are.
        max_turn_deg: Cuts the teacher's grids of angles from above; None: as they are.
    """

    anchors_per_scene: int = 3
    trajectories_per_anchor: int | None = None
    records_per_trajectory: float = 4.0
    singles: float = 0.4
    presets: float = 0.5
    long: float = 0.1
    max_move_m: float | None = None
    max_turn_deg: float | None = None

    def __post_init__(self) -> None:
        at_least(1, self.anchors_per_scene, "sampling.anchors_per_scene")
        if self.trajectories_per_anchor is not None:
            at_least(1, self.trajectories_per_anchor, "sampling.trajectories_per_anchor")
        at_least(1, self.records_per_trajectory, "sampling.records_per_trajectory")
        for name in ("singles", "presets", "long"):
            at_least(0, getattr(self, name), f"sampling.{name}")
        if self.singles + self.presets <= 0:
            raise ConfigError("sampling: singles and presets are both 0, so nothing would be taken")
        if self.max_move_m is not None:
            at_least(0.1, self.max_move_m, "sampling.max_move_m")
        if self.max_turn_deg is not None:
            at_least(10, self.max_turn_deg, "sampling.max_turn_deg")


@dataclass(frozen=True, slots=True)
class Images:
    """How frames are stored.

    Attributes:
        format: "jpeg" (without chroma subsampling) or "png" (level 1).
        quality: Of JPEG, 1..100.
        frames: "keyframes": the start and each action's end; "all": every scheduled pose up to
            the last action's end.
    """

    format: Literal["jpeg", "png"] = "jpeg"
    quality: int = 95
    frames: Literal["keyframes", "all"] = "keyframes"

    def __post_init__(self) -> None:
        if not 1 <= self.quality <= 100:
            raise ConfigError(f"images.quality must lie in 1..100, got {self.quality}")


@dataclass(frozen=True, slots=True)
class Release:
    """What is packed.

    Attributes:
        frames: Whether each picture is written once more, apart from the records, as the config
            `frames`: the release is nearly twice as large on disk, and hardly larger to upload
            where files are compared by chunks (Xet).
    """

    frames: bool = True


def at_least(low: float, value: float, name: str) -> None:
    """Raise ConfigError unless `value` is finite and at least `low`."""
    if not low <= value < float("inf"):
        raise ConfigError(f"{name} must be finite and at least {low}, got {value}")
