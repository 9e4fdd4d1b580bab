"""The config `frames`: each picture that records show, once, by its id, with its camera and pose.

It repeats the pictures of the records' files, for who wants one picture without reading a row group
or writing each picture into a cache for every row that shows it. Pictures come in the order in
which the records' row groups hold them, encoded alike, so that a store that cuts files into chunks
by their content keeps hardly a byte of them twice.
"""

import functools
import io
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from PIL import Image

from builder.core.errors import StoreError
from builder.core.release import FRAMES, frame_id
from builder.core.split import SPLITS
from builder.publish.layout import Group, Shard, stored_bytes

_OF_RECORD = (
    *("subset", "teacher", "scene_type", "backend", "scene_id", "trajectory_id", "split"),
    *("license", "builder_version"),
)
_CAMERA = ("fx", "fy", "cx", "cy")


def frame_shards(shards: Sequence[Shard]) -> list[Shard]:
    """Return the files of frames: row groups as those of the records, each picture in its first.

    Args:
        shards: Of records, the benchmark's copies not among them.
    """
    met: set[tuple[Path, str]] = set()
    found: defaultdict[str, list[Shard]] = defaultdict(list)
    for shard in shards:
        groups = tuple(filter(None, (_unmet(group, shard.source, met) for group in shard.groups)))
        if groups:
            found[shard.split].append(replace(shard, config=FRAMES, groups=groups))
    return [
        replace(shard, index=index, count=len(found[split]))
        for split in SPLITS
        for index, shard in enumerate(found[split])
    ]


def frame_rows(group: Group, lines: BinaryIO, folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a row group.

    Args:
        group: Records, each with those of its images that are its to bring.
        lines: The JSON Lines that hold the records.
        folder: The subset's, below which the images are.

    Raises:
        StoreError: If a `traj.json` or `scene.json` is not what a build writes.
    """
    for row in group:
        lines.seek(row.offset)
        record = json.loads(lines.readline())
        numbers = dict(zip(record["images"], record["frame_indices"], strict=False))
        for path, _ in row.images:
            data = (folder / path).read_bytes()
            with Image.open(io.BytesIO(data)) as picture:
                width, height = picture.size
            yield {
                **{name: record[name] for name in _OF_RECORD},
                "frame_id": frame_id(record, numbers[path]),
                "frame_index": numbers[path],
                "image": {"bytes": data, "path": file_name(path)},
                "camera_source": record["camera"]["source"],
                "width": width,
                "height": height,
                **_stance(folder / PurePosixPath(path).parent.parent, numbers[path]),
            }


def frame_stats(
    shards: Sequence[Shard], files: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """Return the sizes of the frames as `stats.json` and the card hold them; None: none."""
    splits: dict[str, dict[str, int]] = {}
    for shard in shards:
        counts = splits.setdefault(shard.split, {"frames": 0, "image_bytes": 0})
        counts["frames"] += sum(len(row.images) for group in shard.groups for row in group)
        counts["image_bytes"] += sum(map(stored_bytes, shard.groups))
    stored = sum(file["bytes"] for file in files if file.get("config") == FRAMES)
    return {"splits": splits, "file_bytes": stored} if splits else None


def file_name(path: str) -> str:
    """Return a picture's path as one file name, unique in its subset."""
    dull = ("scenes", "samples-rgb")  # the rest of it is unique
    return "-".join(part for part in PurePosixPath(path).parts if part not in dull)


def _unmet(group: Group, source: Path, met: set[tuple[Path, str]]) -> Group:
    rows = []
    for row in group:
        new = tuple(image for image in dict.fromkeys(row.images) if (source, image[0]) not in met)
        met.update((source, path) for path, _ in new)
        if new:
            rows.append(replace(row, images=new))
    return tuple(rows)


def _stance(bundle: Path, frame: int) -> dict[str, Any]:
    """Return the camera and the pose of a stored frame; nothing where no bundle says them."""
    try:
        listed, from_anchor = _trajectory(bundle)
        if not listed:
            return {}
        stored = listed[frame]
        camera = {name: stored[name] for name in _CAMERA}
        return {**camera, "c2w": stored["c2w"], "scene_from_anchor": from_anchor}
    except (ValueError, LookupError, TypeError) as error:
        raise StoreError(f"{bundle}: is no bundle of a build: {error!r}") from error


@functools.lru_cache(maxsize=4)
def _trajectory(bundle: Path) -> tuple[list[Any], Any]:
    """Return the stored frames of a bundle, and `scene_from_anchor` of the anchor it starts at."""
    file = bundle / "traj.json"
    if not file.is_file():
        return [], None
    plain = json.loads(file.read_bytes())
    anchors = json.loads((bundle.parent / "scene.json").read_bytes())["anchors"]
    from_anchor = {one["index"]: one["scene_from_anchor"] for one in anchors}
    return plain["transforms"]["frames"], from_anchor[plain["traj_params"]["anchor"]]
