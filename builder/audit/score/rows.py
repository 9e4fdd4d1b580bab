"""Records without their pictures, streamed from JSON Lines or Parquet."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.core.errors import RecordInvalid, StoreError
from builder.core.release import BENCHMARK, holds_records

_COLUMNS = (  # noqa: SIM905 - a list would take twelve lines
    "record_id task_type messages subset scene_id split actions object answer_form accepted "
    "difficulty template_id"
).split()


@dataclass(frozen=True, slots=True)
class Records:
    """Which records are scored; each iteration reads them again from the disk.

    Attributes:
        files: Where they lie.
        subset: Only this subset's; None: all.
        split: Only this split's; None: all.
    """

    files: tuple[Path, ...]
    subset: str | None = None
    split: str | None = None

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        """Yield the records.

        Raises:
            RecordInvalid: With file and line, if something there is no record.
        """
        for file in self.files:
            for row in _parquet(file) if file.suffix == ".parquet" else _lines(file):
                if self.subset in (None, row.get("subset")) and self.split in (
                    None,
                    row.get("split"),
                ):
                    yield row


def records_in(path: Path, config: str | None = None, split: str | None = None) -> Records:
    """Return the records below a path.

    Args:
        path: A `.jsonl` or `.parquet` file, a build's output, what it packed, or the demo.
        config: A subset's name, "all" or "benchmark"; None: all but the benchmark's copies.
        split: Only this split.

    Raises:
        StoreError: If there is none; of "benchmark" it says why.
    """
    if config == BENCHMARK:
        files = [path] if path.is_file() else sorted(path.rglob("data/benchmark/test-*.parquet"))
        if not files:
            raise StoreError(
                f"{path}: no data/{BENCHMARK}/test-*.parquet; it is chosen from the test split when"
                " a build is packed: this is no packed build, or has no place in that split"
            )
        return Records(tuple(files), None, split)
    files = [path] if path.is_file() else sorted(path.rglob("tasks*.jsonl")) or _packed(path)
    if not files:
        raise StoreError(
            f"{path}: no records; expected tasks.jsonl, tasks_demo.jsonl or .parquet files there"
        )
    return Records(tuple(files), None if config == "all" else config, split)


def _packed(path: Path) -> list[Path]:
    files = filter(holds_records, sorted(path.rglob("*.parquet")))
    return [file for file in files if file.parent.name != BENCHMARK]


def _lines(file: Path) -> Iterator[Mapping[str, Any]]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise RecordInvalid(f"{file}:{number}: not JSON: {error}") from error
            yield _checked(row, f"{file}:{number}")


def _parquet(file: Path) -> Iterator[Mapping[str, Any]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(file) as table:
            names = [name for name in _COLUMNS if name in table.schema_arrow.names]
            for batch in table.iter_batches(1024, columns=names, use_threads=False):
                yield from (_checked(row, str(file)) for row in batch.to_pylist())
    except pa.ArrowException as error:
        raise RecordInvalid(f"{file}: is no Parquet file that can be read ({error})") from error


def _checked(row: Any, where: str) -> Mapping[str, Any]:  # noqa: ANN401 - JSON
    if not isinstance(row, Mapping) or not isinstance(row.get("record_id"), str):
        raise RecordInvalid(f"{where}: expected a record with a record_id, got {row!r:.60}")
    return row
