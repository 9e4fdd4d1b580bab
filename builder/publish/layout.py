"""Which record goes to which row group of which file: decided before a byte is written.

Rows of one trajectory stay together, since they share their pictures and a picture's bytes are
stored once a row group. Where one group ends and the next begins is decided by names as far as that
goes, so that a build with more places has most groups of the one before. Only places in the JSON
Lines are held here, never pictures.
"""

import itertools
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.core.errors import RecordInvalid
from builder.core.protocol import SUBSETS
from builder.core.split import SPLITS

GROUP_BYTES = 64_000_000  # of pictures, as a reader unfolds them; the Hub's viewer wants <= 100 MB
SHARD_BYTES = 128_000_000  # at most, of pictures as they are stored; a file is about half of that

_OPENING_PLACES, _OPENING_TRAJECTORIES = 2, 32  # one in so many begins a row group
_OPENING_GROUPS = 8  # one row group in so many begins a file


@dataclass(frozen=True, slots=True)
class Row:
    """Where a record stands.

    Attributes:
        scene_id: Of the record.
        trajectory_id: Of the record.
        offset: Of its line in the JSON Lines, bytes.
        images: (path below the subset's folder, size in bytes) of each.
    """

    scene_id: str
    trajectory_id: str
    offset: int
    images: tuple[tuple[str, int], ...]


Group = tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Shard:
    """One Parquet file to be.

    Attributes:
        config: The subset.
        split: The split.
        index: Among the files of this config and split, from 0.
        count: How many they are.
        source: The JSON Lines that hold its records.
        groups: Its row groups.
    """

    config: str
    split: str
    index: int
    count: int
    source: Path
    groups: tuple[Group, ...]

    @property
    def path(self) -> str:
        """Path below the published folder."""
        return f"data/{self.config}/{self.split}-{self.index:05d}-of-{self.count:05d}.parquet"


def sources(out: Path) -> dict[str, Path]:
    """Return the JSON Lines of a build's output by subset, in the order of the subsets."""
    files = {
        name: out / "bundles" / subset.folder / "tasks.jsonl" for name, subset in SUBSETS.items()
    }
    return {name: file for name, file in files.items() if file.is_file()}


def records_of(source: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (offset of the line, record) of a JSON Lines file.

    Raises:
        RecordInvalid: If a line is not a JSON object.
    """
    offset = 0
    with source.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                record = json.loads(line)
            except ValueError as error:
                raise RecordInvalid(f"{source}:{number}: not JSON: {error}") from error
            if not isinstance(record, dict):
                raise RecordInvalid(f"{source}:{number}: expected an object, got {record!r:.60}")
            yield offset, record
            offset += len(line)


class Sizes:
    """Sizes of pictures, each asked of the disk once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, int] = {}

    def of(self, path: str) -> int:
        """Return the size of a picture below the subset's folder, bytes.

        Raises:
            RecordInvalid: If there is no such file.
        """
        if path not in self._known:
            file = self._folder / path
            if not file.is_file():
                raise RecordInvalid(f"{self._folder}: a record shows {path}, which does not exist")
            self._known[path] = file.stat().st_size
        return self._known[path]


def row_of(record: Mapping[str, Any], offset: int, sizes: Sizes) -> Row:
    """Return where a record stands."""
    images = tuple((path, sizes.of(path)) for path in record["images"])
    return Row(record["scene_id"], record["trajectory_id"], offset, images)


def shards_of(config: str, source: Path, rows: Mapping[str, Iterable[Row]]) -> list[Shard]:
    """Return the files of one config, splits in their fixed order; an empty split has none."""
    shards = []
    for split in SPLITS:
        files = _files(_groups(rows.get(split, ())))
        for index, groups in enumerate(files):
            shards.append(Shard(config, split, index, len(files), source, groups))
    return shards


def unfolded_bytes(rows: Iterable[Row]) -> int:
    """Return the bytes of the rows' pictures, each counted as often as it is shown."""
    return sum(size for row in rows for _, size in row.images)


def stored_bytes(group: Group) -> int:
    """Return the bytes of a row group's pictures, each counted once."""
    return sum({path: size for row in group for path, size in row.images}.values())


def _groups(rows: Iterable[Row]) -> list[Group]:
    ordered = sorted(rows, key=lambda row: (row.scene_id, row.trajectory_id, row.offset))
    together = itertools.groupby(ordered, key=lambda row: (row.scene_id, row.trajectory_id))
    trajectories = [piece for _, run in together for piece in _cut(tuple(run))]
    return [
        tuple(itertools.chain.from_iterable(pieces))
        for pieces in _filled(trajectories, GROUP_BYTES, unfolded_bytes, _opens)
    ]


def _cut(trajectory: Group) -> list[Group]:
    """Return a trajectory's rows in one piece, or in some where one would not fit a row group."""
    singles: list[Group] = [(row,) for row in trajectory]
    return [
        tuple(itertools.chain.from_iterable(pieces))
        for pieces in _filled(singles, GROUP_BYTES, unfolded_bytes, lambda before, piece: False)
    ]


def _files(groups: Sequence[Group]) -> list[tuple[Group, ...]]:
    return [tuple(pieces) for pieces in _filled(groups, SHARD_BYTES, stored_bytes, _opens_file)]


def _filled(
    pieces: Iterable[Group],
    most: int,
    weigh: Callable[[Group], int],
    opens: Callable[[Group, Group], bool],
) -> Iterator[list[Group]]:
    """Yield runs of pieces that weigh at most `most` together; a heavier piece stands alone.

    A run ends earlier, but not below a quarter of that, before a piece that `opens` the next one
    whatever came before: so, soon after places are added, runs are again those of the old build.
    """
    run: list[Group] = []
    weight = 0
    for piece in pieces:
        more = weigh(piece)
        early = bool(run) and weight >= most // 4 and opens(run[-1], piece)
        if run and (early or weight + more > most):
            yield run
            run, weight = [], 0
        run.append(piece)
        weight += more
    if run:
        yield run


def _opens(before: Group, piece: Group) -> bool:
    """Whether a row group may end before a piece: every other place, few trajectories within."""
    first = piece[0]
    if before[-1].scene_id != first.scene_id:
        return zlib.crc32(first.scene_id.encode()) % _OPENING_PLACES == 0
    name = f"{first.scene_id}/{first.trajectory_id}"
    return zlib.crc32(name.encode()) % _OPENING_TRAJECTORIES == 0


def _opens_file(before: Group, piece: Group) -> bool:
    """Whether a file may end before a row group; nearly all of them begin where `_opens` says."""
    del before
    name = f"file {piece[0].scene_id}/{piece[0].trajectory_id}"
    return zlib.crc32(name.encode()) % _OPENING_GROUPS == 0
