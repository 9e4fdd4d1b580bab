"""What a build would ask of a world model, found out without one."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from builder.config import BuildConfig
from builder.core.drop import Drop
from builder.core.errors import PlanError
from builder.core.protocol import Subset
from builder.core.scene import Scene
from builder.core.trajectory import unroll
from builder.language.grammar import say
from builder.pipeline.depthless import for_painter
from builder.pipeline.planner import PlacePlanner, Planned
from builder.pipeline.sizing import size_up
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
        drops: What cannot be asked, by what it is ("anchor", "trajectory") and reason.
        details: What the first one of them says, where it says more.
    """

    backend: str
    memory_gib: float | None
    trajectories: Counter[str] = field(default_factory=Counter)
    frames: int = 0
    forwards: int = 0
    gpu_s: tuple[float, float] = (0.0, 0.0)
    drops: Counter[tuple[str, str]] = field(default_factory=Counter)
    details: dict[tuple[str, str], str] = field(default_factory=dict)

    def drop(self, what: str, drop: Drop, count: int = 1) -> None:
        """Count what cannot be asked."""
        if count:
            self.drops[what, drop.reason] += count
            if drop.reason == "teacher-cannot":
                self.details.setdefault((what, drop.reason), drop.detail)

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
            "not_asked": [
                {"what": what, "reason": reason, "count": count}
                for (what, reason), count in sorted(self.drops.items())
            ],
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
        return "\n".join(lines + self._not_asked())

    def _not_asked(self) -> list[str]:
        lines = []
        for (what, reason), count in sorted(self.drops.items()):
            lines.append(f"not asked:       {count} x {what}, {reason}")
            if detail := self.details.get((what, reason)):
                lines.append(f"                 such as: {detail}")
        return lines


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
                anchors = scene.world.anchors(subset, batch.anchors, central=backend.central)
                total.drop("anchor", Drop("scene-offers-fewer"), batch.anchors - len(anchors))
                draw = (batch.trajectories, config.seed)
                planner = PlacePlanner(scene, subset, config.sampling, draw)
                for one in chain.from_iterable(map(planner.plan, anchors)):
                    asked = _asked(scene, subset, one, backend)
                    if isinstance(asked, Drop):
                        total.drop("trajectory", asked)
                        continue
                    total.add(asked, backend)
                    yield asked


def _asked(scene: Scene, subset: Subset, one: Planned | Drop, backend: Backend) -> Asked | Drop:
    if isinstance(one, Drop):
        return one
    trajectory = unroll(one.actions, subset.protocol)
    try:
        plan = backend.plan(trajectory, one.anchor.camera, trajectory.keyframes)
    except PlanError as error:
        return Drop("teacher-cannot", str(error))
    return Asked(scene.scene_id, subset, one, plan)


def line_of(asked: Asked) -> str:
    """Return one line of the listing."""
    return json.dumps(asked.to_json()) + "\n"
