"""Files of Parquet: the same rules as for JSON Lines, and the pictures inside."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from builder.audit.frames import frame_columns, frame_issues
from builder.audit.issue import Finding, Issue
from builder.audit.lines import Desk
from builder.audit.pictures import by
from builder.audit.rules import is_foreign
from builder.core.release import frame_id, holds_records
from builder.schemas import schema
from builder.schemas.report import short

MOST_ROWS = 1_000_000  # of one row group, which is held in memory at once
MOST_BYTES = 4 << 30


def parquet_issues(path: Path, file: str, desk: Desk) -> Iterator[Issue]:
    """Yield what is wrong with a file of rows; one row group is held in memory at a time.

    Args:
        path: The file.
        file: What issues call it.
        desk: What the check carries along.

    Raises:
        OSError: If the file cannot be read.
    """
    try:
        with parquet.ParquetFile(path, read_dictionary=_image_columns(path)) as rows:
            frames = not holds_records(path)
            columns = frame_columns if frames else _columns
            wrong = [*columns(rows.schema_arrow), *_too_large(rows.metadata)]
            yield from (finding.at(file) for finding in wrong)
            if not wrong:
                yield from (frame_issues if frames else _row_issues)(rows, file, desk)
            if rows.metadata.num_rows == 0:
                yield Issue(file, None, "", "empty-file", "holds no record")
    except pa.ArrowException:
        yield Issue(file, None, "", "unreadable-file", "is cut off, broken or no Parquet")


def _image_columns(path: Path) -> list[str]:
    """Return the columns whose repeated bytes are to be held once."""
    columns = parquet.read_metadata(path).schema
    paths = (columns.column(index).path for index in range(len(columns)))
    return [name for name in paths if name.startswith("image") and name.endswith(".bytes")]


def _columns(arrow_schema: Any) -> Iterator[Finding]:  # noqa: ANN401 - pyarrow has no types
    names = dict.fromkeys(arrow_schema.names)
    wanted = schema("core" if is_foreign(names) else "record")
    for name in wanted["required"]:
        if name not in names:
            text = f"column {name!r} is missing; the rows are not checked"
            yield Finding(f"/{name}", "missing-field", text)
    for name in names:
        if name not in wanted["properties"] and not is_foreign(names):
            text = f"unknown column {name!r}; the rows are not checked"
            yield Finding(f"/{name}", "unknown-field", text)
    if "images" in names and not _holds_images(arrow_schema.field("images").type):
        kind = str(arrow_schema.field("images").type)
        text = f"expected a list of {{bytes, path}}, got {short(kind)}"
        yield Finding("/images", "wrong-type", text)


def _too_large(facts: Any) -> Iterator[Finding]:  # noqa: ANN401 - pyarrow has no types
    """Refuse what would not fit into memory: a small file may claim to hold billions of rows."""
    for number in range(facts.num_row_groups):
        group = facts.row_group(number)
        if group.num_rows > MOST_ROWS or group.total_byte_size > MOST_BYTES:
            size = f"{group.num_rows:,} rows, {group.total_byte_size:,} bytes unpacked"
            text = f"row group {number} has {size}; at most {MOST_ROWS:,} and {MOST_BYTES:,}"
            yield Finding("", "unreadable-file", f"{text} are read: the rows are not checked")
            return


def _holds_images(kind: Any) -> bool:  # noqa: ANN401
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return False
    inner = kind.value_type
    return pa.types.is_struct(inner) and {part.name for part in inner} >= {"bytes", "path"}


def _row_issues(rows: Any, file: str, desk: Desk) -> Iterator[Issue]:  # noqa: ANN401
    kind = "benchmark" if "/data/benchmark/" in f"/{file}" else "parquet"  # copies of test rows
    row = 0
    for group in range(rows.num_row_groups):
        table = rows.read_row_group(group, use_threads=False)
        images = table.column("images")
        plain = table.drop_columns(["images"]).to_pylist()
        for index, record in enumerate(plain):
            held = images[index]
            entries = [] if not held.is_valid else list(held.values)
            names = [entry["path"].as_py() for entry in entries]
            found = desk.of_record({**record, "images": names}, (kind, file, None, row))
            found.extend(_pictures(entries, names, desk))
            if desk.seen and desk.seen[-1].row == row:
                desk.seen[-1] = desk.seen[-1]._replace(pictures=_sizes(record, entries))
            yield from (finding.at(file, row=row) for finding in found)
            row += 1


def _sizes(
    record: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]
) -> tuple[tuple[str, int], ...]:
    """Return (id of the frame, size in bytes) of each picture of a row."""
    sizes = [len(entry["bytes"].as_py() or b"") for entry in entries]
    indices = record["frame_indices"] or ()
    return tuple((frame_id(record, at), size) for at, size in zip(indices, sizes, strict=False))


def _pictures(
    entries: Sequence[Mapping[str, Any]], names: Sequence[str | None], desk: Desk
) -> Iterator[Finding]:
    first = None
    for index, (entry, name) in enumerate(zip(entries, names, strict=True)):
        pointer, data = f"/images/{index}", entry["bytes"].as_py()
        if data is None:
            yield Finding(pointer, "image-missing", f"{short(name, 160)} has no bytes in this row")
            continue
        picture = desk.pictures.held(data)
        yield from picture.finding(pointer, name or "the image")
        first = first or picture.size_px
        if picture.size_px and first and picture.size_px != first:
            text = f"{short(name, 160)} is {by(picture.size_px)}, the row's first is {by(first)}"
            yield Finding(pointer, "image-size", text)
