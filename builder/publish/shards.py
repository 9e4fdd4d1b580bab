"""Write one Parquet file so that each picture's bytes stand in it once a row group."""

import hashlib
import inspect
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
from pyarrow import parquet

from builder.core.release import FRAMES
from builder.publish import columns
from builder.publish.frames import file_name, frame_rows
from builder.publish.layout import GROUP_BYTES, Group, Shard


def write_shard(draft: Path, shard: Shard) -> dict[str, Any]:
    """Write a file below the folder to be published; return its entry of the manifest."""
    file = draft / shard.path
    file.parent.mkdir(parents=True, exist_ok=True)
    table: columns.Table = "frames" if shard.config == FRAMES else "records"
    rows_of = frame_rows if table == "frames" else _record_rows
    schema, folder = columns.arrow_schema(table), shard.source.parent
    count = 0
    with (
        shard.source.open("rb") as lines,
        parquet.ParquetWriter(file, schema, **_options(table)) as to,
    ):
        for group in shard.groups:
            rows = list(rows_of(group, lines, folder))
            to.write_table(pa.Table.from_pylist(rows, schema), row_group_size=len(rows))
            count += len(rows)
    facts = {"config": shard.config, "split": shard.split, "rows": count}
    return {**manifest_entry(draft, shard.path), **facts}


def manifest_entry(draft: Path, path: str) -> dict[str, Any]:
    """Return what the manifest says of a file."""
    with (draft / path).open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {"path": path, "bytes": (draft / path).stat().st_size, "sha256": digest}


def _record_rows(group: Group, lines: BinaryIO, folder: Path) -> Iterator[dict[str, Any]]:
    pictures = {path: (folder / path).read_bytes() for row in group for path, _ in row.images}
    for row in group:
        lines.seek(row.offset)
        images = [{"bytes": pictures[path], "path": file_name(path)} for path, _ in row.images]
        yield {**json.loads(lines.readline()), "images": images}


def _options(table: columns.Table) -> dict[str, Any]:
    pictures = columns.IMAGE_BYTES[table]
    others = [leaf for leaf in columns.leaves(table) if leaf != pictures]
    options: dict[str, Any] = {
        "use_dictionary": True,
        "dictionary_pagesize_limit": 2 * GROUP_BYTES,  # never full: that would end the dictionary
        "compression": {pictures: "NONE", **dict.fromkeys(others, "ZSTD")},
        "write_statistics": others,
        "write_page_index": True,
    }
    if "use_content_defined_chunking" in inspect.signature(parquet.ParquetWriter).parameters:
        options["use_content_defined_chunking"] = True  # pyarrow 21 and later
    return options
