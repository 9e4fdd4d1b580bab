"""Read what is published row by row, one row group in memory at a time, on the caller's thread.

`datasets` reads Parquet on threads of Arrow, and a process that stops in the middle of a stream may
then never end (datasets issue 7467). A script that takes a few rows and leaves can use this.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image

from builder.core.errors import StoreError
from builder.core.protocol import SUBSETS
from builder.core.split import SPLITS


def stream(release: str | Path, config: str, split: str | None = None) -> Iterator[dict[str, Any]]:
    """Return an iterator over the rows of one config, each with its pictures opened by Pillow.

    Args:
        release: A packed build, or a build's output that holds one.
        config: A subset's name, "all", "benchmark" or "frames".
        split: "train", "validation" or "test"; None: one after the other.

    Raises:
        StoreError: At once, if there is no such file.
    """
    root = Path(release)
    root = root if (root / "data").is_dir() else root / "World2VLM"
    configs = list(SUBSETS) if config == "all" else [config]
    splits = SPLITS if split is None else [split]
    files = [
        file
        for part in splits
        for name in configs
        for file in sorted((root / "data" / name).glob(f"{part}-*.parquet"))
    ]
    if not files:
        wanted = f"{split or '*'}-*.parquet"
        raise StoreError(f"{root}: no data/{config}/{wanted}; `world2vlm build` packs it there")
    return _rows(files)


def _rows(files: list[Path]) -> Iterator[dict[str, Any]]:
    from pyarrow import parquet

    for file in files:
        with parquet.ParquetFile(file) as table:
            for group in range(table.num_row_groups):
                for row in table.read_row_group(group, use_threads=False).to_pylist():
                    if "image" in row:
                        yield {**row, "image": _opened(row["image"])}
                    else:
                        yield {**row, "images": [*map(_opened, row["images"])]}


def _opened(image: dict[str, Any]) -> Image.Image:
    return Image.open(io.BytesIO(image["bytes"]))
