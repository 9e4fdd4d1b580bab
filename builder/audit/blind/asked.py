"""What an audit reads of a record: its question and answer, where it comes from, its pictures."""

import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.core.errors import RecordInvalid, StoreError
from builder.core.record import IMAGE_MARK
from builder.core.release import holds_records

_NEEDED = (
    *("record_id", "task_type", "messages", "images", "subset", "scene_id", "trajectory_id"),
    *("split", "answer_form", "accepted", "object"),
)
_PLACES = ("tasks*.jsonl", "*/tasks*.jsonl", "bundles/*/tasks*.jsonl")
_TABLES = ("*.parquet", "*/*.parquet", "data/*/*.parquet", "World2VLM/data/*/*.parquet")
_BATCH = 256


@dataclass(frozen=True, slots=True)
class Batch:
    """Some records whose pictures are read together, small enough to send to a worker.

    Attributes:
        file: JSON Lines or Parquet.
        group: Row group of a Parquet file.
        names: Paths of the pictures below the folder of a JSON Lines file.
    """

    file: str
    group: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One record, as far as an audit looks at it.

    Attributes:
        record_id: Its name.
        task: Such as "A1".
        form: Form of the answer.
        question: The user turn without its image marks.
        answer: The assistant turn.
        accepted: All right answers.
        subset: Configuration name.
        split: train, validation or test.
        scene_id: The place.
        trajectory_id: The trajectory.
        images: Keys of its pictures, unique over all that is audited.
        facts: The whole record but its pictures, for who must look further.
        file: Where its pictures are: JSON Lines or Parquet.
    """

    record_id: str
    task: str
    form: str
    question: str
    answer: str
    accepted: tuple[str, ...]
    subset: str
    split: str
    scene_id: str
    trajectory_id: str
    images: tuple[str, ...]
    facts: Mapping[str, Any] = field(repr=False)
    file: str = ""


def files_of(paths: Iterable[Path]) -> list[Path]:
    """Return the files of records: the JSON Lines of a build's folder, else its Parquet.

    Raises:
        StoreError: If a path holds no records.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_file():
            found.append(path)
            continue
        there = _first_of(path, _PLACES) or _first_of(path, _TABLES)
        if not there:
            raise StoreError(
                f"{path}: no records there; expected a build's folder, a tasks.jsonl or Parquet"
            )
        found.extend(there)
    return found


def _first_of(folder: Path, patterns: Sequence[str]) -> list[Path]:
    found = ([*filter(holds_records, folder.glob(pattern))] for pattern in patterns)
    return sorted(next((files for files in found if files), []))


def read(files: Iterable[Path]) -> Iterator[Asked]:
    """Yield the records of files, without pixels.

    Raises:
        RecordInvalid: If a record lacks a column that the audit needs.
    """
    for file in files:
        rows = _rows_of_table(file) if file.suffix == ".parquet" else _rows_of_lines(file)
        for row in rows:
            yield asked(row, str(file))


def asked(row: Mapping[str, Any], file: str = "") -> Asked:
    """Return a record as it stands in JSON.

    Raises:
        RecordInvalid: If it lacks a column that the audit needs.
    """
    if missing := [name for name in _NEEDED if name not in row]:
        raise RecordInvalid(
            f"{file}: record {row.get('record_id', '?')} lacks {', '.join(missing)}; the audit "
            "reads records that world2vlm built: run world2vlm check on the file first"
        )
    turns = row["messages"]
    return Asked(
        record_id=row["record_id"],
        task=row["task_type"],
        form=row["answer_form"],
        question=turns[0]["content"].replace(IMAGE_MARK, ""),
        answer=turns[1]["content"],
        accepted=tuple(row["accepted"]),
        subset=row["subset"],
        split=row["split"],
        scene_id=row["scene_id"],
        trajectory_id=row["trajectory_id"],
        images=tuple(key_of(file, name) for name in row["images"]),
        facts=row,
        file=file,
    )


def key_of(file: str, name: str) -> str:
    """Return how an audit calls a picture: the folder of its file, and its path below."""
    return f"{Path(file).parent.as_posix()}/{name}"


def batches(records: Sequence[Asked]) -> list[Batch]:
    """Return the batches that between them hold each picture of the records."""
    found: list[Batch] = []
    by_file = sorted(records, key=lambda one: one.file)
    for file, run in itertools.groupby(by_file, key=lambda one: one.file):
        if file.endswith(".parquet"):
            found.extend(Batch(file, group) for group in range(_groups(file)))
            continue
        names = list(dict.fromkeys(name for one in run for name in one.facts["images"]))
        cuts = range(0, len(names), _BATCH)
        found.extend(Batch(file, 0, tuple(names[cut : cut + _BATCH])) for cut in cuts)
    return found


def bytes_of(batch: Batch) -> Iterator[tuple[str, bytes]]:
    """Yield (key, file's bytes) of each picture of a batch, each once.

    Raises:
        RecordInvalid: If a picture is not there.
    """
    if batch.file.endswith(".parquet"):
        yield from _bytes_of_group(batch)
        return
    for name in batch.names:
        path = Path(batch.file).parent / name
        try:
            yield key_of(batch.file, name), path.read_bytes()
        except OSError as error:
            raise RecordInvalid(f"{path}: a record shows it, but {error.strerror}") from error


def _rows_of_lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise RecordInvalid(f"{file}:{number}: not JSON: {error}") from error


def _rows_of_table(file: Path) -> Iterator[dict[str, Any]]:
    from pyarrow import parquet

    with parquet.ParquetFile(file) as table:
        names = [name for name in table.schema_arrow.names if name != "images"]
        for rows in table.iter_batches(columns=[*names, "images.list.element.path"]):
            for row in rows.to_pylist():
                yield {**row, "images": [image["path"] for image in row["images"]]}


def _groups(file: str) -> int:
    from pyarrow import parquet

    return int(parquet.read_metadata(file).num_row_groups)


def _bytes_of_group(batch: Batch) -> Iterator[tuple[str, bytes]]:
    from pyarrow import parquet

    with parquet.ParquetFile(batch.file, read_dictionary=["images.list.element.bytes"]) as table:
        images = table.read_row_group(batch.group, columns=["images"]).column("images")
    met: set[str] = set()
    for chunk in images.chunks:
        flat = chunk.flatten()
        names, data = flat.field("path"), flat.field("bytes")
        for index, name in enumerate(names.to_pylist()):
            if name not in met:
                met.add(name)
                yield key_of(batch.file, name), data[index].as_py()
