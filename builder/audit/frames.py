"""The config `frames` of what is published: each picture once, under an id that records lead to."""

from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa

from builder.audit.issue import Finding, Issue
from builder.audit.ledger import Seen
from builder.audit.lines import Desk
from builder.audit.pictures import by
from builder.audit.schema_rules import findings_of
from builder.core.release import FRAMES, frame_id
from builder.schemas import errors, schema
from builder.schemas.report import short


def frame_columns(arrow_schema: Any) -> Iterator[Finding]:  # noqa: ANN401 - pyarrow has no types
    """Yield what is wrong with the columns of a file of frames."""
    names = dict.fromkeys(arrow_schema.names)
    wanted = dict.fromkeys(["frame_id", "image", *schema("frame")["required"]])
    for name in wanted:
        if name not in names:
            text = f"column {name!r} is missing; the frames are not checked"
            yield Finding(f"/{name}", "missing-field", text)
    for name in names:
        if name not in wanted:
            text = f"unknown column {name!r}; the frames are not checked"
            yield Finding(f"/{name}", "unknown-field", text)
    if "image" in names and not _is_image(kind := arrow_schema.field("image").type):
        text = f"expected {{bytes, path}}, got {short(str(kind))}"
        yield Finding("/image", "wrong-type", text)


def frame_issues(rows: Any, file: str, desk: Desk) -> Iterator[Issue]:  # noqa: ANN401
    """Yield what is wrong with frames; one row group is held in memory at a time.

    Args:
        rows: A `pyarrow.parquet.ParquetFile` whose columns are right.
        file: What issues call it.
        desk: What the check carries along.
    """
    row = 0
    for group in range(rows.num_row_groups):
        table = rows.read_row_group(group, use_threads=False)
        images = table.column("image")
        for index, plain in enumerate(table.drop_columns(["image"]).to_pylist()):
            data = images[index]["bytes"].as_py() if images[index].is_valid else None
            seen = Seen.of(FRAMES, (file, None, row), {**plain, "record_id": plain["frame_id"]})
            desk.seen.append(seen._replace(pictures=((plain["frame_id"], len(data or b"")),)))
            yield from (finding.at(file, row=row) for finding in _findings(plain, data, desk))
            row += 1


def _findings(plain: Mapping[str, Any], data: bytes | None, desk: Desk) -> Iterator[Finding]:
    yield from findings_of(errors(plain, "frame"))
    if plain["frame_id"] != (due := frame_id(plain, plain["frame_index"])):
        text = f"{short(plain['frame_id'], 160)} is not {short(due, 160)}, as its columns say"
        yield Finding("/frame_id", "id-mismatch", text)
    name = plain["frame_id"] or "the frame"
    if data is None:
        yield Finding("/image", "image-missing", f"{short(name, 160)} has no bytes in this row")
        return
    picture = desk.pictures.held(data)
    yield from picture.finding("/image", name)
    stated = plain["width"], plain["height"]
    if picture.size_px and picture.size_px != stated:
        text = f"{short(name, 160)} is {by(picture.size_px)}, the row says {stated[0]}x{stated[1]}"
        yield Finding("/image", "image-size", text)


def _is_image(kind: Any) -> bool:  # noqa: ANN401
    return pa.types.is_struct(kind) and {part.name for part in kind} >= {"bytes", "path"}
