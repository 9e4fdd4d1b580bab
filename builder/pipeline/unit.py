"""One place as one unit of work: its bundles and candidate records, for all subsets of its type."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from builder.config import BuildConfig
from builder.core.drop import Drop
from builder.core.protocol import Subset
from builder.core.record import Record
from builder.core.rollout import Rollout
from builder.core.scene import Anchor, Scene, SceneRef
from builder.core.seeding import rank_of
from builder.pipeline.planner import Planned, plan_anchor
from builder.pipeline.rollouts import Painter, make_rollout, remembering
from builder.pipeline.tally import Tally
from builder.pipeline.tools import ToolMaker, Tools
from builder.store import (
    bundle_of,
    encode,
    read_json,
    read_rollout,
    suffix_of,
    write_bundle,
    write_scene,
    write_whole,
)
from builder.store.places import input_of

_POSE_DECIMALS = 6


@dataclass(frozen=True)
class Work:
    """What a worker needs to know; small enough to be sent to it.

    Attributes:
        config: The settings.
        out: The build's folder.
        tools: Makes the plug-ins; a function of a module, so that a worker can find it.
        folder_suffix: Behind the folder names of the subsets ("-demo" in the demo).
    """

    config: BuildConfig
    out: Path
    tools: ToolMaker
    folder_suffix: str = ""

    def bundles(self, subset: Subset) -> Path:
        """Return the folder of a subset's bundles; image paths are relative to it."""
        return self.out / "bundles" / f"{subset.folder}{self.folder_suffix}"

    def candidates(self, subset: Subset, scene_id: str) -> Path:
        """Return the file of a place's candidate records in one subset."""
        return self.out / ".build" / "candidates" / subset.name / f"{scene_id}.jsonl"


@dataclass(frozen=True)
class Job:
    """One place, all subsets of its type.

    Attributes:
        work: What all jobs share.
        reference: The place.
        subsets: Which subsets it serves.
        trajectories: How many a anchor, in each subset.
        keep: Most candidates of one task and class that a subset keeps of this place.
        scene_id: Another name for the place ("demo_scene"); None: its own.
    """

    work: Work
    reference: SceneRef
    subsets: tuple[Subset, ...]
    trajectories: int
    keep: int
    scene_id: str | None = None

    @property
    def name(self) -> str:
        """What the place is called in the output."""
        return self.scene_id or self.reference.scene_id

    def tally_file(self, subset: Subset) -> Path:
        """Return the file that says this place is finished in one subset."""
        return self.work.candidates(subset, self.name).with_suffix(".tally.json")


def make_unit(job: Job) -> Tally:
    """Make what is missing of one place; what is finished is only counted.

    Raises:
        World2VLMError: If the place, the backend or the disk cannot be used.
    """
    tally, tools, scene = Tally(), job.work.tools(), None
    for subset in job.subsets:
        if not job.tally_file(subset).is_file():
            scene = scene or _open(job, tools)
            made = _make_subset(scene, subset, job, tools)
            write_whole(job.tally_file(subset), json.dumps(made.to_json()) + "\n")
        tally.add(Tally.from_json(read_json(job.tally_file(subset))))
    return tally


def _open(job: Job, tools: Tools) -> Scene:
    scene = tools.sources[job.reference.source].open(job.reference)
    return remembering(replace(scene, scene_id=job.name))


def _make_subset(scene: Scene, subset: Subset, job: Job, tools: Tools) -> Tally:
    """Write the bundles and the candidates of one place in one subset."""
    tally, config = Tally(), job.work.config
    anchors = scene.world.anchors(subset, config.sampling.anchors_per_scene)
    if missing := config.sampling.anchors_per_scene - len(anchors):
        tally.drops[subset.name, "anchor", "scene-offers-fewer"] += missing
    records: list[Record] = []
    if anchors:
        _write_place(scene, subset, anchors, job.work)
        for rollout in _rollouts(scene, subset, anchors, job, tools, tally):
            tally.bundles[subset.name] += 1
            records += _ask(rollout, subset, job.work, tools, tally)
    kept = _thin(_once(records, tally), job, tools, tally)
    lines = [json.dumps(record.to_json(), ensure_ascii=False) + "\n" for record in kept]
    write_whole(job.work.candidates(subset, job.name), "".join(lines))
    return tally
