"""What a build would ask of a world model, found out without one."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from builder.config import BuildConfig
from builder.core.drop import Drop
from builder.core.errors import PlanError
from builder.core.protocol import Subset
from builder.core.sampling import Used
from builder.core.scene import Scene
from builder.core.trajectory import unroll
from builder.language.grammar import say
from builder.pipeline.depthless import for_painter
from builder.pipeline.planner import Planned, plan_anchor
from builder.pipeline.sizing import Batch, size_up
from builder.pipeline.tools import Tools
from builder.teachers import Backend, Plan

_HOUR_S = 3600.0


@dataclass(frozen=True, eq=False)
class Asked:
    """One trajectory that would be painted.

    Attributes:
        scene_id: The place.
        subset: Its configuration.
        planned: The trajectory.
        plan: What the backend would do.
    """

    scene_id: str
    subset: Subset
    planned: Planned
    plan: Plan

    def to_json(self) -> dict[str, Any]:
        """Return one line of the listing."""
        return {
            "subset": self.subset.name,
            "scene_id": self.scene_id,
            "trajectory_id": self.planned.trajectory_id,
            "anchor": self.planned.anchor.index,
            "actions": say(self.planned.actions),
            "poses": len(self.plan.trajectory.world_from_camera),
            "key_frames": [self.plan.frame_of_pose[at] for at in self.plan.trajectory.keyframes],
            "forwards": self.plan.forwards,
            "conditioning": dict(self.plan.conditioning),
        }


@dataclass
class Sum:
    """The sums over all trajectories.

    Attributes:
        backend: Who would paint.
        trajectories: How many, by subset.
        frames: Of all their videos.
        forwards: Forward passes of the model.
        gpu_s: (least, most) seconds of one GPU, from figures that others published.
        memory_gib: Of a GPU, from such figures; None: it needs none.
        drops: What cannot be asked, by reason.
    """

    backend: str
    memory_gib: float | None
    trajectories: Counter[str] = field(default_factory=Counter)
    frames: int = 0
    forwards: int = 0
    gpu_s: tuple[float, float] = (0.0, 0.0)
    drops: Counter[str] = field(default_factory=Counter)

    def add(self, asked: Asked, backend: Backend) -> None:
        """Add one trajectory."""
        self.trajectories[asked.subset.name] += 1
        self.frames += asked.plan.frame_of_pose[-1] + 1
        self.forwards += asked.plan.forwards
        least, most = backend.gpu_seconds(asked.plan)
        self.gpu_s = (self.gpu_s[0] + least, self.gpu_s[1] + most)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values."""
        return {
            "backend": self.backend,
            "trajectories": dict(sorted(self.trajectories.items())),
            "frames": self.frames,
            "forward_passes": self.forwards,
            "gpu_hours_estimate": [round(seconds / _HOUR_S, 2) for seconds in self.gpu_s],
            "gpu_memory_gib_estimate": self.memory_gib,
            "not_asked": dict(sorted(self.drops.items())),
        }

    def text(self) -> str:
        """Return the sums in words."""
        plain = self.to_json()
        least, most = plain["gpu_hours_estimate"]
        counts = ", ".join(f"{count} in {name}" for name, count in plain["trajectories"].items())
        lines = [
            f"backend:         {self.backend}",
            f"trajectories:    {self.trajectories.total()} ({counts or 'none'})",
            f"video frames:    {self.frames}",
            f"forward passes:  {self.forwards}",
        ]
        if self.memory_gib is not None:
            lines += [
                f"GPU memory:      about {self.memory_gib:.0f} GiB a worker   (estimate)",
                f"GPU hours:       {least:g} to {most:g} of one GPU   (estimate)",
                "Estimates come from figures that others published for other runs; nothing was"
                " measured here (docs/teachers.md).",
            ]
        lines += [f"not asked:       {count} x {why}" for why, count in plain["not_asked"].items()]
        return "\n".join(lines)


def foresee(config: BuildConfig, tools: Tools, backend: Backend, total: Sum) -> Iterator[Asked]:
    """Yield each trajectory that a build would have painted, and add it to `total`.

    Raises:
        SceneError: If the photographs cannot be used.
    """
    for batch in size_up(config, tools):
        source = tools.source_for(batch.scene_type)
        for reference in batch.references:
            opened = source.open(reference, config.gates)
            scene = for_painter(opened, backend.needs_gpu)
            for subset in batch.subsets:
                for one in _of_place(config, batch, scene, subset):
                    if isinstance(one, Drop):
                        total.drops[one.reason] += 1
                        continue
                    asked = _asked(scene, subset, one, backend, total)
                    if asked is not None:
                        total.add(asked, backend)
                        yield asked


def _of_place(
    config: BuildConfig, batch: Batch, scene: Scene, subset: Subset
) -> Iterator[Planned | Drop]:
    used, draw = Used(), (batch.trajectories, config.seed)
    for anchor in scene.world.anchors(subset, batch.anchors):
        yield from plan_anchor(scene, subset, anchor, config.sampling, draw, used)


def _asked(
    scene: Scene, subset: Subset, planned: Planned, backend: Backend, total: Sum
) -> Asked | None:
    trajectory = unroll(planned.actions, subset.protocol)
    try:
        plan = backend.plan(trajectory, planned.anchor.camera, trajectory.keyframes)
    except PlanError:
        total.drops["teacher-cannot"] += 1
        return None
    return Asked(scene.scene_id, subset, planned, plan)


def line_of(asked: Asked) -> str:
    """Return one line of the listing."""
    return json.dumps(asked.to_json()) + "\n"
