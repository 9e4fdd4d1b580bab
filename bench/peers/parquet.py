"""How others write records with pictures into Parquet: pyarrow as it comes, and `push_to_hub`."""

import itertools
import json
import tempfile
from collections import defaultdict
from pathlib import Path

SHARD_BYTES = 500_000_000  # of pictures, each as often as it is shown: MAX_SHARD_SIZE of `datasets`
GROUP_BYTES = 100_000_000  # MAX_ROW_GROUP_SIZE of `datasets`


def naive(out: Path, to: Path) -> Path:
    """Write a build with `pyarrow.parquet` and no option but the size of a row group."""
    import pyarrow as pa
    from pyarrow import parquet

    from builder.publish.columns import arrow_schema

    schema = arrow_schema()
    for file, rows in _shards(out, to):
        with parquet.ParquetWriter(file, schema) as writer:
            for group in _runs(rows, GROUP_BYTES):
                held = [{**row, "images": [*map(_embedded, row["images"])]} for row in group]
                writer.write_table(pa.Table.from_pylist(held, schema))
    return to


def pushed(out: Path, to: Path) -> Path:
    """Write a build's shards as `Dataset.push_to_hub` does before it sends them.

    That is `shard.map(embed_table_storage)`, then `shard.to_parquet`, both of `datasets` itself.
    """
    import datasets
    from datasets.table import embed_table_storage

    import world2vlm

    datasets.disable_progress_bars()
    features = world2vlm.features()
    for file, rows in _shards(out, to):
        with tempfile.TemporaryDirectory(dir=to) as cache:
            shard = datasets.Dataset.from_list(rows, features=features).with_format("arrow")
            told = {"batched": True, "batch_size": 100, "keep_in_memory": False}
            shard = shard.map(
                embed_table_storage, cache_file_name=f"{cache}/embedded.arrow", **told
            )
            shard.with_format(None).to_parquet(file)
    return to


def _shards(out: Path, to: Path):
    """Yield (file to be, its rows with the paths of their pictures) in the order of the records."""
    for source in sorted(out.glob("bundles/*/tasks.jsonl")):
        splits = defaultdict(list)
        for line in source.open("rb"):
            record = json.loads(line)
            record["images"] = [str(source.parent / name) for name in record["images"]]
            splits[record["split"]].append(record)
        for split, rows in splits.items():
            folder = to / "data" / source.parent.name
            folder.mkdir(parents=True, exist_ok=True)
            for number, run in enumerate(_runs(rows, SHARD_BYTES)):
                yield folder / f"{split}-{number:05d}.parquet", run


def _runs(rows, most):
    weight = itertools.accumulate(sum(map(_size, row["images"])) for row in rows)
    for _, run in itertools.groupby(zip(weight, rows, strict=True), lambda pair: pair[0] // most):
        yield [row for _, row in run]


def _size(path):
    return Path(path).stat().st_size


def _embedded(path):
    return {"bytes": Path(path).read_bytes(), "path": Path(path).name}
