"""One place as one unit of work: its bundles and candidate records, for all subsets of its type."""

import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.drop import Drop
from builder.core.errors import PlanError, RolloutFailed
from builder.core.protocol import Subset
from builder.core.record import Record
from builder.core.rollout import Rollout
from builder.core.scene import Anchor, Scene
from builder.core.seeding import rank_of
from builder.pipeline.depthless import as_asked, for_painter
from builder.pipeline.found import FoundObjects
from builder.pipeline.jobs import Job
from builder.pipeline.planner import PlacePlanner, Planned
from builder.pipeline.progress import tick
from builder.pipeline.proof import proof_drop
from builder.pipeline.rollouts import (
    Begun,
    Made,
    Painter,
    begin_rollout,
    finish_rollout,
    remembering,
)
from builder.pipeline.spread import Traits, spread, traits_of
from builder.pipeline.tally import Tally
from builder.pipeline.tools import Tools
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
        with tools.backend(config.backend, job.subsets).configured(config) as backend:
            suffix = suffix_of(config.images.format)
            tracker = tools.tracker(config.tracker).configured(config.detect)
            frames = config.images.frames
            judges = (tools.judge, tools.compare)
            painter = Painter(backend, tracker, config.seed, frames, suffix, *judges)
            opened = tools.sources[job.reference.source].open(job.reference, config.gates)
            named = replace(opened, scene_id=job.name)
            scene = remembering(for_painter(named, backend.needs_gpu))
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
        draw = (job.trajectories, self._config.seed)
        self._planner = PlacePlanner(scene, subset, self._config.sampling, draw)
        self._tally, self._objects = Tally(), FoundObjects()
        self._failures: list[dict[str, str]] = []

    def make(self) -> None:
        """Write the bundles, then the candidates, then the tally that says it is finished."""
        wanted = self._job.most_anchors
        anchors = self._scene.world.anchors(
            self._subset, wanted, central=self._painter.backend.central
        )
        self._drop("anchor", "scene-offers-fewer", wanted - len(anchors))
        candidates: list[_Candidate] = []
        if anchors:
            self._write_place(anchors)
        for anchor in anchors:
            for rollout in self._rollouts(anchor):
                self._tally.bundles[self._subset.name] += 1
                self._objects.add(rollout)
                candidates += self._ask(rollout)
        if anchors and self._is_detected:
            self._write_place(anchors)  # again, with what was found
        kept = self._thin(candidates)
        lines = [json.dumps(one.plain, ensure_ascii=False) + "\n" for one in kept]
        write_whole(self._job.work.candidates(self._subset, self._job.name), "".join(lines))
        self._keep_failures()
        content = json.dumps(self._tally.to_json()) + "\n"
        write_whole(self._job.tally_file(self._subset), content)
        tick(self._job.work.progress, self._job.rollouts(1) - self._tally.bundles.total())

    def _write_place(self, anchors: Sequence[Anchor]) -> None:
        views = [
            self._scene.world.look(anchor.scene_from_anchor, anchor.camera) for anchor in anchors
        ]
        pictures = [self._encode(view.rgb) for view in views]
        scene, suffix = self._scene, self._painter.suffix
        if self._is_detected:
            scene = replace(scene, objects=self._objects.things)
        write_scene(self._root, scene, self._subset, anchors, pictures, suffix)

    def _rollouts(self, anchor: Anchor) -> Iterator[Rollout]:
        """Yield the rollouts of an anchor; a bundle that exists is read, not made again."""
        ahead = self._painter.backend.ahead
        waiting: deque[Rollout | Begun] = deque()
        for planned in self._plans(anchor):
            folder = bundle_of(self._root, self._scene.scene_id, planned.trajectory_id)
            one = read_rollout(folder) if folder.is_dir() else self._begin(planned)
            waiting.extend(() if one is None else (one,))
            if len(waiting) > ahead:
                yield from self._finished(waiting.popleft())
        while waiting:
            yield from self._finished(waiting.popleft())

    def _plans(self, anchor: Anchor) -> list[Planned]:
        plans = []
        for one in self._planner.plan(anchor):
            if isinstance(one, Drop):
                self._drop("trajectory", one.reason)
            else:
                plans.append(one)
        return plans

    def _begin(self, planned: Planned) -> Begun | None:
        try:
            return begin_rollout(self._scene, self._subset, planned, self._painter)
        except PlanError as error:
            if not self._painter.backend.needs_gpu:
                raise  # the embedded backend can do whatever is planned
            self._lost(planned, "teacher-cannot", str(error))
            return None

    def _finished(self, one: Rollout | Begun) -> Iterator[Rollout]:
        if isinstance(one, Rollout):
            tick(self._job.work.progress)
            yield one
            return
        try:
            made = finish_rollout(one)
        except RolloutFailed as error:
            self._lost(one.planned, "painting-failed", str(error))
            return
        if made.judged is not None and made.judged.verdict == "fail":
            self._lost(one.planned, "disobeyed", "; ".join(made.judged.reasons))
            return
        tick(self._job.work.progress)
        if self._is_detected:
            made = replace(made, rollout=self._objects.numbered(made.rollout))
        yield self._written(one.planned, made)

    def _written(self, planned: Planned, made: Made) -> Rollout:
        first = input_of(
            scene_folder_of(self._root, self._scene.scene_id),
            planned.anchor.index,
            self._painter.suffix,
        )
        pictures: list[bytes | Path] = [self._encode(frame) for frame in made.frames]
        if first.read_bytes() == pictures[0]:
            pictures[0] = first
        write_bundle(self._root, made.rollout, made.schedule, pictures, _told(made))
        return made.rollout

    def _lost(self, planned: Planned, reason: str, error: str) -> None:
        """Count a trajectory that was not made, and keep its error."""
        self._drop("trajectory", reason)
        self._failures.append(
            {"trajectory_id": planned.trajectory_id, "reason": reason, "error": error}
        )

    def _keep_failures(self) -> None:
        if self._failures:
            lines = [json.dumps(failure, ensure_ascii=False) + "\n" for failure in self._failures]
            file = self._job.work.failures(self._subset, self._job.name)
            write_whole(file, "".join(lines))

    def _ask(self, rollout: Rollout) -> Iterator["_Candidate"]:
        """Yield what each task asks of a rollout, the same views of the same anchor only once."""
        seed, gates = self._config.seed, self._config.gates
        shown = as_asked(rollout)
        for task in self._tools.tasks.values():
            for item in self._proven(task.records(shown, seed, gates), rollout):
                if isinstance(item, Drop):
                    self._drop(task.name, item.reason)
                    continue
                question = question_of(item, rollout)
                if question in self._asked:
                    self._drop(task.name, "asked-already")
                    continue
                self._asked.add(question)
                plain = item.to_json()
                rank = rank_of(self._config.seed, "surplus", item.record_id)
                traits = traits_of(plain)
                yield _Candidate(rank, task.name, task.balance_of(plain), traits, plain)

    def _proven(self, items: Iterable[Record | Drop], rollout: Rollout) -> Iterator[Record | Drop]:
        """Yield drops for what is not proven, where boxes are detections and not truth."""
        for item in items:
            if self._is_detected and not isinstance(item, Drop):
                yield proof_drop(item, rollout) or item
            else:
                yield item

    def _thin(self, candidates: Sequence["_Candidate"]) -> list["_Candidate"]:
        """Return, in their order, the most various of each task and class."""
        groups: dict[tuple[str, str], list[_Candidate]] = defaultdict(list)
        for one in candidates:
            groups[one.task, one.balance].append(one)
        kept: set[int] = set()
        for (task, _), group in groups.items():
            chosen = spread({task: group}, {task: self._job.keep})
            kept.update(id(one) for one in chosen)
            self._drop(task, "surplus", len(group) - len(chosen))
        return [one for one in candidates if id(one) in kept]

    def _encode(self, rgb: NDArray[np.uint8]) -> bytes:
        return encode(rgb, self._config.images.format, self._config.images.quality)

    @property
    def _is_detected(self) -> bool:
        """Whether boxes and numbers of objects are detections, and not truth."""
        return self._config.tracker != "truth"

    def _drop(self, what: str, reason: str, count: int = 1) -> None:
        if count:
            self._tally.drops[self._subset.name, what, reason] += count


@dataclass(frozen=True, eq=False)
class _Candidate:
    """A record that may be chosen: its place in hash order, task, class, traits, and its JSON."""

    rank: int
    task: str
    balance: str
    traits: Traits
    plain: dict[str, Any]


def _told(made: Made) -> dict[str, Any]:
    """Return what `traj.json` tells of a world model beside the rollout."""
    told: dict[str, Any] = {}
    if made.conditioning:
        told["conditioning"] = dict(made.conditioning)
    if made.judged is not None:
        told["obedience"] = made.judged.to_json()
    return told


def question_of(record: Record, rollout: Rollout) -> tuple[object, ...]:
    """Return what makes two records the same question, whatever their wording."""
    poses = (rollout.world_from_camera[frame] for frame in record.frame_indices)
    facts = record.object
    ids = (facts.track_id, facts.track_id_after) if facts else None
    views = tuple((pose.matrix().round(_POSE_DECIMALS) + 0.0).tobytes() for pose in poses)
    return record.task_type, rollout.anchor, views, ids, record.claim
