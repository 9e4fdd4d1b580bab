"""A record against the bundle beside it: sizes, frames, motion and boxes, recomputed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.audit.issue import Finding
from builder.audit.jsontext import read_document, read_lines
from builder.audit.motion import difference
from builder.audit.pictures import Pictures, by
from builder.core.errors import World2VLMError
from builder.core.pose import Pose, start_from_end_of
from builder.language.grammar import hear
from builder.schemas.report import short

_MOST_BUNDLES = 256
_BROKEN = (KeyError, TypeError, ValueError, IndexError, OSError, World2VLMError)


@dataclass(frozen=True, eq=False)
class Facts:
    """What a bundle says of its frames, as far as it can be read.

    Attributes:
        names: File name of each stored frame.
        sizes_px: (width, height) of each.
        world_from_camera: Pose of each.
        boxes_n1000: For each, the box of each track.
        right: Actions, with their first and last frame, that its poses were found to agree with.
    """

    names: tuple[str, ...]
    sizes_px: tuple[tuple[int, int], ...]
    world_from_camera: tuple[Pose, ...]
    boxes_n1000: tuple[Mapping[int, Sequence[int]], ...]
    right: set[tuple[str, int, int]] = field(default_factory=set)


@dataclass(slots=True)
class Beside:
    """Checks records against what lies below their root; reads a bundle once for its records.

    Records of a bundle stand together, so those read long ago are forgotten.

    Attributes:
        pictures: Where pictures are opened.
    """

    pictures: Pictures
    _facts: dict[Path, Facts | None] = field(default_factory=dict)

    def findings(
        self, record: Mapping[str, Any], root: Path, only_images: bool
    ) -> Iterator[Finding]:
        """Yield what is wrong with a record whose own fields are right.

        Args:
            record: The record.
            root: The folder that its image paths are relative to.
            only_images: Frames, motion and boxes are left out.
        """
        sizes_px = {}
        for index, name in enumerate(record["images"]):
            picture = self.pictures.below(root, name)
            yield from picture.finding(f"/images/{index}", name)
            if picture.size_px:
                sizes_px[index] = picture.size_px
        bundle = _bundle_of(record["images"][0], root)
        facts = self._facts_of(bundle) if bundle else None
        yield from _sizes(record["images"], sizes_px, facts)
        if facts and bundle and not only_images:
            yield from _stored_frames(record, facts)
            yield from _motion(record, facts)
            yield from _boxes(record, facts)

    def _facts_of(self, bundle: Path) -> Facts | None:
        if bundle not in self._facts:
            if len(self._facts) >= _MOST_BUNDLES:
                del self._facts[next(iter(self._facts))]
            self._facts[bundle] = _read_facts(bundle)
        return self._facts[bundle]


def _bundle_of(name: str, root: Path) -> Path | None:
    parts = name.split("/")
    return root.joinpath(*parts[:-2]) if len(parts) > 2 else None


def _read_facts(bundle: Path) -> Facts | None:
    """Read a bundle; None if it is not there or broken, which its own check says."""
    try:
        frames = read_document(bundle / "traj.json").value["transforms"]["frames"]
        facts = Facts(
            tuple(str(frame["file_path"]).rpartition("/")[2] for frame in frames),
            tuple((int(frame["width"]), int(frame["height"])) for frame in frames),
            tuple(Pose.from_matrix(frame["c2w"]) for frame in frames),
            tuple(_boxes_of(line.value) for line in read_lines(bundle / "detect_result.jsonl")),
        )
    except _BROKEN:
        return None
    return facts


def _boxes_of(line: Mapping[str, Any]) -> Mapping[int, Sequence[int]]:
    return {found["track_id"]: found["bbox_norm"] for found in line["detections"]}


def _sizes(
    names: Sequence[str], sizes_px: Mapping[int, tuple[int, int]], facts: Facts | None
) -> Iterator[Finding]:
    stated = dict(zip(facts.names, facts.sizes_px, strict=True)) if facts else {}
    for index, size_px in sizes_px.items():
        expected, whose = stated.get(names[index].rpartition("/")[2]), "traj.json states"
        if expected is None:
            expected, whose = next(iter(sizes_px.values())), "the record's first image has"
        if size_px != expected:
            text = f"{short(names[index], 160)} is {by(size_px)}, and {whose} {by(expected)}"
            yield Finding(f"/images/{index}", "image-size", text)


def _stored_frames(record: Mapping[str, Any], facts: Facts) -> Iterator[Finding]:
    indices = record["frame_indices"]
    for place, index in enumerate(indices):
        if index >= len(facts.names):
            text = f"{index}, and the bundle has {len(facts.names)} frames, from 0"
            yield Finding(f"/frame_indices/{place}", "frame-mismatch", text)
    for place, (name, index) in enumerate(zip(record["images"], indices, strict=False)):
        if index < len(facts.names) and name.rpartition("/")[2] != facts.names[index]:
            text = f"{short(name, 160)}, and stored frame {index} is {facts.names[index]}"
            yield Finding(f"/images/{place}", "frame-mismatch", text)


def _motion(record: Mapping[str, Any], facts: Facts) -> Iterator[Finding]:
    first, last = record["frame_indices"][0], record["frame_indices"][-1]
    key = (record["actions"], first, last)
    if key in facts.right or last >= len(facts.world_from_camera):
        return
    world_from_first, world_from_last = (facts.world_from_camera[i] for i in (first, last))
    stored = world_from_first.inverse() @ world_from_last
    said = start_from_end_of(hear(record["actions"]))
    if apart := difference(said, stored):
        text = f"from stored frame {first} to {last} the poses say otherwise: {apart}"
        yield Finding("/actions", "motion-mismatch", f"{short(record['actions'], 160)}: {text}")
    else:
        facts.right.add(key)


def _boxes(record: Mapping[str, Any], facts: Facts) -> Iterator[Finding]:
    thing, indices = record["object"], record["frame_indices"]
    if thing is None:
        return
    ends = (("box_before", "track_id", indices[0]), ("box_after", "track_id_after", indices[-1]))
    for box, track, index in ends:
        if index >= len(facts.boxes_n1000):
            continue
        stored = facts.boxes_n1000[index].get(thing[track])
        if stored != thing[box]:
            text = f"got {thing[box]}, and track {thing[track]} has {stored} in frame {index}"
            yield Finding(f"/object/{box}", "box-mismatch", text)
