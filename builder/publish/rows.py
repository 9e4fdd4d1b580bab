"""Find records and their pictures, wherever they lie: JSON Lines, a build's folder, Parquet."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from builder.core.errors import RecordInvalid, StoreError
from builder.core.release import holds_records

Row = tuple[Mapping[str, Any], Sequence[Image.Image]]


def rows(path: Path) -> Iterator[Row]:
    """Yield (record, images) of every record under `path`, in a stable order.

    Args:
        path: A `.jsonl` or `.parquet` file, or a folder that holds some.

    Raises:
        StoreError: If there is none, or a file cannot be read.
        RecordInvalid: If a line is no record, or an image of it is none.
    """
    for file in files(path):
        yield from _parquet_rows(file) if file.suffix == ".parquet" else _jsonl_rows(file)


def files(path: Path) -> list[Path]:
    """Return the files of records under `path`, JSON Lines before Parquet.

    Raises:
        StoreError: If there is none.
    """
    if path.is_file():
        return [path]
    found = sorted(path.rglob("tasks*.jsonl"))
    found = found or [*filter(holds_records, sorted(path.rglob("*.parquet")))]
    if not found:
        raise StoreError(
            f"{path}: no records; expected tasks.jsonl, tasks_demo.jsonl or .parquet files there"
        )
    return found


def _jsonl_rows(file: Path) -> Iterator[Row]:
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                record = json.loads(line)
                images = [_inside(file.parent, name) for name in record["images"]]
                row = record, [Image.open(image) for image in images]
            except StoreError:
                raise
            except (ValueError, LookupError, TypeError, OSError) as error:
                raise RecordInvalid(
                    f"{file}:{number}: cannot be shown ({type(error).__name__}: {error}); "
                    f"`world2vlm check {file}` says what is wrong"
                ) from error
            yield row


def _inside(root: Path, name: str) -> Path:
    image = root / name
    if not image.resolve().is_relative_to(root.resolve()):
        raise StoreError(f"{root}: image {name!r} lies outside this folder; it is not opened")
    return image


def _parquet_rows(file: Path) -> Iterator[Row]:
    from pyarrow import parquet

    try:
        table = parquet.ParquetFile(file)
    except (ValueError, OSError) as error:
        raise StoreError(f"{file}: is no Parquet file that can be read ({error})") from error
    for group in range(table.num_row_groups):
        for row in table.read_row_group(group, use_threads=False).to_pylist():
            images = [Image.open(io.BytesIO(image["bytes"])) for image in row["images"]]
            yield {**row, "images": [image["path"] for image in row["images"]]}, images
