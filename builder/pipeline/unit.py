"""One place as one unit of work: its bundles and candidate records, for all subsets of its type."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.config import BuildConfig
from builder.core.drop import Drop
from builder.core.protocol import Subset, subset_named
from builder.core.record import Record
from builder.core.rollout import Rollout
from builder.core.scene import Anchor, Scene, SceneRef
from builder.core.seeding import rank_of
from builder.pipeline.planner import Planned, plan_anchor
from builder.pipeline.progress import tick
from builder.pipeline.rollouts import Painter, make_rollout, remembering
from builder.pipeline.tally import Tally
from builder.pipeline.tools import ToolMaker, Tools
from builder.store import (
    bundle_of,
    encode,
    read_json,
    read_rollout,
    scene_folder_of,
    suffix_of,
    write_bundle,
    write_scene,
    write_whole,
)
from builder.store.places import input_of

_POSE_DECIMALS = 6


def bundles_of(out: Path, subset: Subset) -> Path:
    """Return the folder of a subset's bundles; image paths are relative to it."""
    return out / "bundles" / subset.folder


@dataclass(frozen=True)
class Work:
    """What a worker needs to know; small enough to be sent to it.

    Attributes:
        config: The settings.
        out: The build's folder.
        tools: Makes the plug-ins; a function of a module, so that a worker can find it.
    """

    config: BuildConfig
    out: Path
    tools: ToolMaker

    def bundles(self, subset: Subset) -> Path:
        """Return the folder of a subset's bundles; image paths are relative to it."""
        return bundles_of(self.out, subset)

    @property
    def progress(self) -> Path:
        """Return the file that grows by one byte a rollout."""
        return self.out / ".build" / "progress"

    def candidates(self, subset: Subset, scene_id: str) -> Path:
        """Return the file of a place's candidate records in one subset."""
        return self.out / ".build" / "candidates" / subset.name / f"{scene_id}.jsonl"


@dataclass(frozen=True)
class Job:
    """One place, all subsets of its type.

    Attributes:
        work: What all jobs share.
        reference: The place.
        subset_names: Which subsets it serves.
        trajectories: How many a anchor, in each subset.
        keep: Most candidates of one task and class that a subset keeps of this place.
        scene_id: Another name for the place ("demo_scene"); None: its own.
    """

    work: Work
    reference: SceneRef
    subset_names: tuple[str, ...]
    trajectories: int
    keep: int
    scene_id: str | None = None

    @property
    def subsets(self) -> tuple[Subset, ...]:
        """Return the subsets it serves."""
        return tuple(subset_named(name) for name in self.subset_names)

    @property
    def name(self) -> str:
        """What the place is called in the output."""
        return self.scene_id or self.reference.scene_id

    @property
    def key(self) -> str:
        """The source and the place: unique in a build."""
        return f"{self.reference.source}/{self.name}"

    def is_finished(self) -> bool:
        """Return whether nothing of this place is missing."""
        return all(self.tally_file(subset).is_file() for subset in self.subsets)

    def rollouts(self, subsets: int | None = None) -> int:
        """Return how many rollouts are planned at most, in all or in some subsets."""
        count = len(self.subsets) if subsets is None else subsets
        return count * self.work.config.sampling.anchors_per_scene * self.trajectories

    def tally_file(self, subset: Subset) -> Path:
        """Return the file that says this place is finished in one subset."""
        return self.work.candidates(subset, self.name).with_suffix(".tally.json")


def make_unit(job: Job) -> Tally:
    """Make what is missing of one place; what is finished is only counted.

    Raises:
        World2VLMError: If the place, the backend or the disk cannot be used.
    """
    tools, tally = job.work.tools(), Tally()
    missing = [subset for subset in job.subsets if not job.tally_file(subset).is_file()]
    tick(job.work.progress, job.rollouts(len(job.subsets) - len(missing)))
    if missing:
        config = job.work.config
        with tools.backend(config.backend, job.subsets) as backend:
            suffix = suffix_of(config.images.format)
            tracker = tools.tracker(config.tracker)
            painter = Painter(backend, tracker, config.seed, config.images.frames, suffix)
            opened = tools.sources[job.reference.source].open(job.reference)
            scene = remembering(replace(opened, scene_id=job.name))
            for subset in missing:
                _Unit(job, subset, scene, tools, painter).make()
    for subset in job.subsets:
        tally.add(Tally.from_json(read_json(job.tally_file(subset))))
    return tally


class _Unit:
    """One place in one subset."""

    def __init__(
        self, job: Job, subset: Subset, scene: Scene, tools: Tools, painter: Painter
    ) -> None:
        self._job, self._subset, self._scene = job, subset, scene
        self._tools, self._painter = tools, painter
        self._config, self._root = job.work.config, job.work.bundles(subset)
        self._asked: set[tuple[object, ...]] = set()
        self._tally = Tally()

    def make(self) -> None:
        """Write the bundles, then the candidates, then the tally that says it is finished."""
        wanted = self._config.sampling.anchors_per_scene
        anchors = self._scene.world.anchors(self._subset, wanted)
        self._drop("anchor", "scene-offers-fewer", wanted - len(anchors))
        candidates: list[_Candidate] = []
        if anchors:
            self._write_place(anchors)
        for anchor in anchors:
            for rollout in self._rollouts(anchor):
                self._tally.bundles[self._subset.name] += 1
                candidates += self._ask(rollout)
        kept = self._thin(candidates)
        lines = [json.dumps(one.plain, ensure_ascii=False) + "\n" for one in kept]
        write_whole(self._job.work.candidates(self._subset, self._job.name), "".join(lines))
        content = json.dumps(self._tally.to_json()) + "\n"
        write_whole(self._job.tally_file(self._subset), content)
        tick(self._job.work.progress, self._job.rollouts(1) - self._tally.bundles.total())

    def _write_place(self, anchors: Sequence[Anchor]) -> None:
        views = [
            self._scene.world.look(anchor.scene_from_anchor, anchor.camera) for anchor in anchors
        ]
        pictures = [self._encode(view.rgb) for view in views]
        suffix = self._painter.suffix
        write_scene(self._root, self._scene, self._subset, anchors, pictures, suffix)

    def _rollouts(self, anchor: Anchor) -> Iterator[Rollout]:
        """Yield the rollouts of an anchor; a bundle that exists is read, not made again."""
        plans = plan_anchor(
            self._scene,
            self._subset,
            anchor,
            self._config.sampling,
            (self._job.trajectories, self._config.seed),
        )
        for planned in plans:
            if isinstance(planned, Drop):
                self._drop("trajectory", planned.reason)
                continue
            tick(self._job.work.progress)
            folder = bundle_of(self._root, self._scene.scene_id, planned.trajectory_id)
            yield read_rollout(folder) if folder.is_dir() else self._make_bundle(planned)

    def _make_bundle(self, planned: Planned) -> Rollout:
        made = make_rollout(self._scene, self._subset, planned, self._painter)
        first = input_of(
            scene_folder_of(self._root, self._scene.scene_id),
            planned.anchor.index,
            self._painter.suffix,
        )
        pictures: list[bytes | Path] = [self._encode(frame) for frame in made.frames]
        if first.read_bytes() == pictures[0]:
            pictures[0] = first
        write_bundle(self._root, made.rollout, made.schedule, pictures)
        return made.rollout

    def _ask(self, rollout: Rollout) -> Iterator["_Candidate"]:
        """Yield what each task asks of a rollout, the same views of the same anchor only once."""
        for task in self._tools.tasks.values():
            for item in task.records(rollout, self._config.seed, self._config.gates):
                if isinstance(item, Drop):
                    self._drop(task.name, item.reason)
                    continue
                question = _question(item, rollout)
                if question in self._asked:
                    self._drop(task.name, "asked-already")
                    continue
                self._asked.add(question)
                plain = item.to_json()
                rank = rank_of(self._config.seed, "surplus", item.record_id)
                yield _Candidate(rank, task.name, task.balance_of(plain), plain)

    def _thin(self, candidates: Sequence["_Candidate"]) -> list["_Candidate"]:
        """Return, in their order, the first in hash order of each task and class."""
        groups: dict[tuple[str, str], list[_Candidate]] = defaultdict(list)
        for one in candidates:
            groups[one.task, one.balance].append(one)
        kept: set[int] = set()
        for (task, _), group in groups.items():
            group.sort(key=lambda one: one.rank)
            kept.update(id(one) for one in group[: self._job.keep])
            self._drop(task, "surplus", len(group[self._job.keep :]))
        return [one for one in candidates if id(one) in kept]

    def _encode(self, rgb: NDArray[np.uint8]) -> bytes:
        return encode(rgb, self._config.images.format, self._config.images.quality)

    def _drop(self, what: str, reason: str, count: int = 1) -> None:
        if count:
            self._tally.drops[self._subset.name, what, reason] += count


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A record that may be chosen: its place in hash order, its task, its class, its JSON."""

    rank: int
    task: str
    balance: str
    plain: dict[str, Any]


def _question(record: Record, rollout: Rollout) -> tuple[object, ...]:
    """Return what makes two records the same question, whatever their wording."""
    poses = (rollout.world_from_camera[frame] for frame in record.frame_indices)
    facts = record.object
    ids = (facts.track_id, facts.track_id_after) if facts else None
    views = tuple((pose.matrix().round(_POSE_DECIMALS) + 0.0).tobytes() for pose in poses)
    return record.task_type, rollout.anchor, views, ids, record.claim
