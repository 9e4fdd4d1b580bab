"""Records without their pictures, and what a build did not make, from wherever they lie."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from builder.core.errors import RecordInvalid, StoreError
from builder.publish.benchmark import CONFIG
from builder.publish.layout import records_of
from builder.publish.rows import files
from builder.publish.stats import Statistics

_NEEDED = (
    "subset",
    "split",
    "task_type",
    "messages",
    "actions",
    "answer_form",
    "difficulty",
    "object",
)


def read_statistics(path: Path) -> Statistics:
    """Count the records under a path: a build, bundles, `tasks.jsonl`, or Parquet.

    Raises:
        StoreError: If there are none, or a file cannot be read.
        RecordInvalid: If one is not as a record must be.
    """
    found = Statistics()
    for file in files(path):
        if file.parent.name == CONFIG:  # copies of rows that are counted where they come from
            continue
        rows = _parquet(file) if file.suffix == ".parquet" else records_of(file)
        for where, record in rows:
            try:
                found.add(record)
            except (LookupError, TypeError, ValueError, AttributeError) as error:
                raise RecordInvalid(
                    f"{file}: row at {where} cannot be counted ({type(error).__name__}: {error}); "
                    f"`world2vlm check {file}` says what is wrong"
                ) from error
    if not found.records():
        raise StoreError(f"{path}: holds no record")
    return found


def read_drops(path: Path) -> dict[str, dict[str, dict[str, int]]]:
    """Return what a build did not make, by subset, what and reason; empty if there is no tally.

    Raises:
        StoreError: If the tally is not what a build writes.
    """
    file = path / ".build" / "tally.json"
    if not file.is_file():
        return {}
    try:
        rows = json.loads(file.read_bytes())["drops"]
        counts = Counter({(subset, what, why): int(count) for subset, what, why, count in rows})
    except (ValueError, LookupError, TypeError) as error:
        raise StoreError(f"{file}: is no tally of a build: {error!r}") from error
    drops: dict[str, dict[str, dict[str, int]]] = {}
    for (subset, what, why), count in sorted(counts.items()):
        drops.setdefault(subset, {}).setdefault(what, {})[why] = count
    return drops


def _parquet(file: Path) -> Iterator[tuple[int, Mapping[str, Any]]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(file) as rows:
            number = 0
            for batch in rows.iter_batches(columns=list(_NEEDED), use_threads=False):
                for record in batch.to_pylist():
                    yield number, record
                    number += 1
    except (pa.ArrowException, OSError) as error:
        raise StoreError(f"{file}: is no Parquet file that can be read ({error})") from error
