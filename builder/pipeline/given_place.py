"""One place of somebody else's bundles: written anew in our layout, and asked about."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
from PIL import Image

from builder.audit.bundle_rules import trajectory_findings
from builder.audit.schema_rules import findings_of
from builder.config import BuildConfig
from builder.core.camera import Camera
from builder.core.drop import Drop
from builder.core.errors import World2VLMError
from builder.core.pose import Pose
from builder.core.protocol import Subset
from builder.core.record import Record
from builder.core.rollout import Rollout
from builder.core.scene import Anchor, Scene, SceneObject, World
from builder.pipeline.bundle_report import Report
from builder.pipeline.depthless import as_asked
from builder.pipeline.given import (
    Obeys,
    Read,
    corrections_of,
    rollouts_of_scene,
    turn_drop,
)
from builder.pipeline.jobs import bundles_of
from builder.pipeline.proof import needs_proof, proof_drop
from builder.pipeline.tally import Tally
from builder.pipeline.tools import Tools
from builder.pipeline.unit import question_of
from builder.schemas import errors
from builder.store import (
    bundle_of,
    encode,
    read_json,
    read_rollout,
    scene_folder_of,
    whole_folder,
    write_bundle,
    write_scene,
    write_whole,
)
from builder.store.files import link_or_copy
from builder.store.foreign import Found, Given, own_picture, read_given


class GivenPlace:
    """One place in one subset.

    Attributes:
        candidates: The file of the records that it offers.
    """

    def __init__(
        self,
        config: BuildConfig,
        out: Path,
        subset: Subset,
        scene_id: str,
        rest: tuple[Tools, Report, Tally],
    ) -> None:
        self._config, self._subset = config, subset
        self._root = bundles_of(out, subset)
        self._scene_id = scene_id
        self._tools, self._report, self._tally = rest
        self.candidates = out / ".build" / "candidates" / subset.name / f"{scene_id}.jsonl"

    def make(self, group: Sequence[Found], obeys: Obeys | None) -> None:
        """Write the bundles that can be used, and the candidates that they offer."""
        ours = [one for one in group if one.layout == "ours"]
        theirs = [one for one in group if one.layout != "ours"]
        rollouts = [rollout for one in ours for rollout in self._copied(one)]
        if rollouts:
            self._copy_scene(ours[0])
        elif theirs:
            rollouts = self._rewritten(list(self._readable(theirs, obeys)))
        self._tally.bundles[self._subset.name] += len(rollouts)
        asked: set[tuple[object, ...]] = set()
        lines = [
            json.dumps(record.to_json(), ensure_ascii=False) + "\n"
            for rollout in rollouts
            for record in self._asked(rollout, asked)
        ]
        write_whole(self.candidates, "".join(lines))

    def _copied(self, one: Found) -> Iterator[Rollout]:
        """Take over a bundle of our own layout as it is, if it holds together."""
        plain = read_json(one.folder / "traj.json")
        found = list(findings_of(errors(plain, "trajectory"))) or trajectory_findings(plain)
        if found:
            self._drop(Drop("malformed", f"{one.folder}/traj.json: {found[0]}"))
            return
        try:
            rollout = read_rollout(one.folder)
            target = bundle_of(self._root, one.scene_id, one.trajectory_id)
            if not target.is_dir():
                with whole_folder(target) as draft:
                    _copy(one, plain, draft)
        except World2VLMError as error:
            self._drop(Drop("malformed", str(error)))
            return
        self._report.layouts["ours"] += 1
        yield rollout

    def _copy_scene(self, one: Found) -> None:
        source, target = one.folder.parent, scene_folder_of(self._root, self._scene_id)
        scene = read_json(source / "scene.json")
        (target / "input").mkdir(exist_ok=True)
        for anchor in scene["anchors"]:
            file = target / anchor["image"]
            if not file.is_file():
                link_or_copy(source / anchor["image"], file)
        write_whole(target / "scene.json", (source / "scene.json").read_bytes())

    def _readable(
        self, theirs: Sequence[Found], obeys: Obeys | None
    ) -> Iterator[tuple[Found, Given]]:
        believe = self._config.bundles.turns == "poses"
        for one in theirs:
            given = read_given(one)
            if not isinstance(given, Drop):
                drop = turn_drop(one, given, believe, obeys)
                given = drop or given
            if isinstance(given, Drop):
                self._drop(given)
                continue
            for drop in given.drops:
                self._drop(drop, "track")
            self._report.layouts[one.layout] += 1
            yield one, given

    def _rewritten(self, bundles: Sequence[tuple[Found, Given]]) -> list[Rollout]:
        """Write bundles of another layout in ours."""
        license_ = self._config.bundles.license
        read = list(rollouts_of_scene(bundles, self._config.seed, license_))
        if not read:
            return []
        self._report.corrected.update(corrections_of(read))
        self._write_scene(read)
        for one in read:
            target = bundle_of(self._root, one.rollout.scene_id, one.rollout.trajectory_id)
            if not target.is_dir():
                pictures = [file.read_bytes() for file in one.pictures]
                write_bundle(self._root, one.rollout, one.schedule, pictures)
        return [one.rollout for one in read]

    def _write_scene(self, read: Sequence[Read]) -> None:
        first: dict[int, Read] = {}
        for one in read:
            first.setdefault(one.rollout.anchor, one)
        things = [(track.track_id, track.label) for one in read for track in one.rollout.tracks]
        rollout = read[0].rollout
        scene = Scene(
            scene_id=self._scene_id,
            scene_type=self._subset.scene_type,
            license=self._config.bundles.license,
            source=rollout.provenance.source,
            prompt="",
            objects=tuple(SceneObject(*thing) for thing in things),
            world=cast(World, None),  # nobody looks at it again
        )
        anchors = [_anchor(index, one.rollout.camera) for index, one in first.items()]
        suffix = read[0].pictures[0].suffix.lower()
        pictures = [_picture(one.pictures[0], suffix) for one in first.values()]
        write_scene(self._root, scene, self._subset, anchors, pictures, suffix)

    def _asked(self, rollout: Rollout, asked: set[tuple[object, ...]]) -> Iterator[Record]:
        """Yield what each task asks of a rollout and can be proven, each question once."""
        shown, unproven = as_asked(rollout), needs_proof(rollout)
        for task in self._tools.tasks.values():
            for item in task.records(shown, self._config.seed, self._config.gates):
                drop = item if isinstance(item, Drop) else None
                if isinstance(item, Record) and unproven:
                    drop = proof_drop(item, rollout)
                if drop is None and isinstance(item, Record):
                    question = question_of(item, rollout)
                    if question not in asked:
                        asked.add(question)
                        yield item
                        continue
                    drop = Drop("asked-already")
                if drop is not None:
                    self._tally.drops[self._subset.name, task.name, drop.reason] += 1

    def _drop(self, drop: Drop, what: str = "bundle") -> None:
        self._tally.drops[self._subset.name, what, drop.reason] += 1
        self._report.note(drop)


def _copy(one: Found, plain: Mapping[str, Any], draft: Path) -> None:
    """Copy what a bundle of ours lists, and nothing else."""
    (draft / "samples-rgb").mkdir()
    for frame in plain["transforms"]["frames"]:
        link_or_copy(own_picture(one.folder, frame["file_path"]), draft / frame["file_path"])
    for name in ("traj.json", "detect_result.jsonl"):
        link_or_copy(one.folder / name, draft / name)


def _anchor(index: int, camera: Camera) -> Anchor:
    return Anchor(index, camera, "assumed", Pose.identity())


def _picture(file: Path, suffix: str) -> bytes:
    """Return a picture's bytes, as they are where its format is the one that is wanted."""
    if file.suffix.lower() == suffix:
        return file.read_bytes()
    with Image.open(file) as image:
        return encode(np.asarray(image.convert("RGB")), "png" if suffix == ".png" else "jpeg")
