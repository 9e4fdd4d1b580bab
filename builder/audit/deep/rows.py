"""Rows of Parquet as records of the bundles beside them, and what their pictures hash to."""

from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

from builder.core.protocol import SUBSETS
from builder.store.bundle import FRAMES


def digest(data: bytes) -> bytes:
    """Return 16 bytes that stand for many."""
    return blake2b(data, digest_size=16).digest()


def rows_of(path: Path) -> Iterator[tuple[dict[str, Any], list[bytes]]]:
    """Yield each row without its pictures but with their names, and the pictures' digests.

    Nothing is yielded of a file that cannot be read: its own check says why.
    """
    import pyarrow as pa
    from pyarrow import parquet

    from builder.audit.parquet import text_columns, too_large, too_long

    try:
        with parquet.ParquetFile(path, read_dictionary=text_columns(path)) as file:
            if any(too_large(file.metadata)):
                return
            for group in range(file.num_row_groups):
                table = file.read_row_group(group, use_threads=False)
                if not too_long(table):
                    yield from _rows(table)
    except (pa.ArrowException, OSError, TypeError, KeyError, AttributeError):
        return


def bundles_of(path: Path, record: Mapping[str, Any]) -> Path | None:
    """Return the folder of a row's bundles, `<out>/bundles/<Folder>`; None: it is not there."""
    subset = SUBSETS.get(str(record.get("subset")))
    for above in path.resolve().parents[:4]:
        if subset and (above / "bundles" / subset.folder).is_dir():
            return above / "bundles" / subset.folder
    return None


def below_bundles(record: Mapping[str, Any]) -> list[str]:
    """Return the paths of a row's pictures below the folder of its bundles.

    Raises:
        KeyError, TypeError, ValueError: If the row lacks what that takes.
    """
    folder = f"scenes/{record['scene_id']}/traj_{record['trajectory_id']}/{FRAMES}"
    shown = zip(record["frame_indices"], record["images"], strict=False)
    return [f"{folder}/{frame:03d}{Path(name).suffix}" for frame, name in shown]


def _rows(table: Any) -> Iterator[tuple[dict[str, Any], list[bytes]]]:  # noqa: ANN401 - pyarrow
    from builder.audit.parquet import plain_rows

    for images, record in zip(_images(table.column("images")), plain_rows(table), strict=True):
        names, digests = zip(*images, strict=True) if images else ((), ())
        yield {**record, "images": list(names)}, list(digests)


def _images(column: Any) -> Iterator[list[tuple[str, bytes]]]:  # noqa: ANN401 - pyarrow
    """Yield the (name, digest) of each row's pictures; the same bytes are hashed once a chunk."""
    for chunk in column.chunks:
        values = chunk.flatten()
        held, names = values.field("bytes"), values.field("path").to_pylist()
        if not hasattr(held, "dictionary"):
            held = held.dictionary_encode()
        digests = [digest(data.as_py() or b"") for data in held.dictionary]
        found = iter(
            zip(names, (digests[index] for index in held.indices.to_pylist()), strict=True)
        )
        for images in range(len(chunk)):
            count = len(chunk[images].values) if chunk[images].is_valid else 0
            yield [next(found) for _ in range(count)]
