"""Files of Parquet: the same rules as for JSON Lines, and the pictures inside."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import compute, parquet

from builder.audit.frames import frame_columns, frame_issues
from builder.audit.issue import Finding, Issue
from builder.audit.lines import Desk
from builder.audit.pictures import by
from builder.audit.rules import is_foreign, record_findings
from builder.audit.stretch import LONGEST_LINE_BYTES
from builder.core.release import BENCHMARK, frame_id, holds_records
from builder.schemas import schema
from builder.schemas.report import short

MOST_ROWS = 1_000_000  # of one row group, which is held in memory at once
MOST_VALUES = 32_000_000  # of one column of a row group, over all lists of it
MOST_BYTES = 4 << 30
_ROWS_AT_ONCE = 16  # made into Python objects; a repeated text is held as often as it repeats


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
        with parquet.ParquetFile(path, read_dictionary=text_columns(path)) as rows:
            frames = not holds_records(path.absolute())
            columns = frame_columns if frames else _columns
            wrong = [*columns(rows.schema_arrow), *too_large(rows.metadata)]
            yield from (finding.at(file) for finding in wrong)
            if not wrong:
                yield from (frame_issues if frames else _row_issues)(rows, file, desk)
            if rows.metadata.num_rows == 0:
                yield Issue(file, None, "", "empty-file", "holds no record")
    except pa.ArrowException:
        yield Issue(file, None, "", "unreadable-file", "is cut off, broken or no Parquet")


def text_columns(path: Path) -> list[str]:
    """Return the columns of texts and bytes: what repeats there, or claims to, is held once."""
    columns = parquet.read_metadata(path).schema
    every = (columns.column(index) for index in range(len(columns)))
    return [column.path for column in every if column.physical_type == "BYTE_ARRAY"]


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


def too_large(facts: Any) -> Iterator[Finding]:  # noqa: ANN401 - pyarrow has no types
    """Refuse what would not fit into memory: a small file may claim to hold billions of rows."""
    for number in range(facts.num_row_groups):
        group = facts.row_group(number)
        columns = range(group.num_columns)
        most = max((group.column(index).num_values for index in columns), default=0)
        if group.num_rows > MOST_ROWS or group.total_byte_size > MOST_BYTES:
            size = f"{group.num_rows:,} rows, {group.total_byte_size:,} bytes unpacked"
            text = f"row group {number} has {size}; at most {MOST_ROWS:,} and {MOST_BYTES:,}"
        elif most > MOST_VALUES:
            text = f"row group {number} has {most:,} values in a column; at most {MOST_VALUES:,}"
        else:
            continue
        yield Finding("", "unreadable-file", f"{text} are read: the rows are not checked")
        return


def _holds_images(kind: Any) -> bool:  # noqa: ANN401
    if not (pa.types.is_list(kind) or pa.types.is_large_list(kind)):
        return False
    inner = kind.value_type
    return pa.types.is_struct(inner) and {part.name for part in inner} >= {"bytes", "path"}


def _row_issues(rows: Any, file: str, desk: Desk) -> Iterator[Issue]:  # noqa: ANN401
    copies = Path(file).absolute().parts[-3:-1] == ("data", BENCHMARK)  # of test rows
    kind = BENCHMARK if copies else "parquet"
    row = 0
    for group in range(rows.num_row_groups):
        table = rows.read_row_group(group, use_threads=False)
        if text := too_long(table):
            yield Issue(file, None, "", "unreadable-file", f"row group {group} {text}")
            row += table.num_rows
            continue
        images = table.column("images")
        for index, record in enumerate(plain_rows(table)):
            held = images[index]
            entries = [] if not held.is_valid else list(held.values)
            names = [entry["path"].as_py() for entry in entries]
            record["images"] = names
            desk.note(record, (kind, file, None, row))
            found = record_findings(record, desk.readers)
            found.extend(_pictures(entries, names, desk))
            if desk.seen and desk.seen[-1].row == row:
                desk.seen[-1] = desk.seen[-1]._replace(pictures=_sizes(record, entries))
            yield from (finding.at(file, row=row) for finding in found)
            row += 1


def too_long(table: Any) -> str:  # noqa: ANN401 - pyarrow has no types
    """Return why a row group is not made into records; "" if it may be: each text is short."""
    columns = table.drop_columns(["images"]).columns
    longest = max((_longest(chunk) for column in columns for chunk in column.chunks), default=0)
    if longest <= LONGEST_LINE_BYTES:
        return ""
    most = f"at most {LONGEST_LINE_BYTES:,} are read"
    return f"holds a text of {longest:,} bytes; {most}: its rows are not checked"


def _longest(array: Any) -> int:  # noqa: ANN401
    """Return the most bytes of a text anywhere in an array."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        return _longest(array.dictionary)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return _longest(array.values)
    if pa.types.is_struct(kind):
        return max((_longest(array.field(index)) for index in range(kind.num_fields)), default=0)
    if pa.types.is_string(kind) or pa.types.is_binary(kind) or pa.types.is_large_string(kind):
        return int(compute.max(compute.binary_length(array)).as_py() or 0)
    return 0


def plain_rows(table: Any) -> Iterator[dict[str, Any]]:  # noqa: ANN401 - pyarrow has no types
    """Yield the rows without their pictures."""
    plain = table.drop_columns(["images"])
    for start in range(0, plain.num_rows, _ROWS_AT_ONCE):
        yield from plain.slice(start, _ROWS_AT_ONCE).to_pylist()


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
