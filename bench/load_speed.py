"""How fast rows load by name, validated, beside plain `parquet` on the same records, in one run.

    python bench/load_speed.py OUT [--config all]    # what `world2vlm build --out OUT` wrote

Rows a CPU second of one process, the least of three rounds in which the doors take turns: prepared
into a fresh cache, streamed, and iterated from that cache, the last two with every image decoded.
`parquet` is the loader of `datasets` on the release's shards; by name, the bundles are read.
"""

import argparse
import math
import sys
import tempfile
import time
from pathlib import Path

import datasets

ROUNDS, TARGET = 3, 0.9
WAYS = ("prepared", "streamed", "iterated")


def doors(out, config):
    """Return what `load_dataset` is called with, by the name that is printed."""
    shards = str(out / f"World2VLM/data/{'*' if config == 'all' else config}/*.parquet")
    mine = {"path": "world2vlm", "name": config, "data_dir": str(out)}
    return {
        "plain parquet": {"path": "parquet", "data_files": {"train": shards}},
        "by name, validated": mine,
        "by name, verify=False": mine | {"verify": False},
    }


def decoded(splits):
    """Go through all rows, whose images are decoded on the way; return how many there were."""
    return sum(1 for rows in splits.values() for row in rows if row["images"][0].size)


def timed(work):
    """Return the CPU seconds of one call, and what it gave."""
    begun_s = time.process_time()
    given = work()
    return time.process_time() - begun_s, given


def once(call):
    """Return (rows, CPU seconds by way) of one door."""
    with tempfile.TemporaryDirectory() as cache:
        prepared_s, splits = timed(lambda: datasets.load_dataset(**call, cache_dir=cache))
        iterated_s, count = timed(lambda: decoded(splits))
        streamed_s, again = timed(lambda: decoded(datasets.load_dataset(**call, streaming=True)))
    if count != again:
        raise SystemExit(f"{call}: {count} rows prepared, {again} streamed")
    return count, dict(zip(WAYS, (prepared_s, streamed_s, iterated_s), strict=True))


def main() -> int:
    """Print rates and ratios; 1 if a validated one is below the target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="what a build wrote")
    parser.add_argument("--config", default="all")
    args = parser.parse_args()
    named = doors(args.out, args.config)
    datasets.disable_progress_bars()
    least = {name: dict.fromkeys(WAYS, math.inf) for name in named}
    counts = set()
    for name in [*named] * ROUNDS:
        count, spent = once(named[name])
        counts.add(count)
        least[name] = {way: min(least[name][way], spent[way]) for way in WAYS}
    if len(counts) > 1:
        raise SystemExit(f"the doors give different numbers of rows: {sorted(counts)}")
    (count,) = counts
    print(f"{count} rows, datasets {datasets.__version__}: rows a CPU second (ratio to parquet)")
    plain = least["plain parquet"]
    for name, spent in least.items():
        cells = (f"{w} {count / spent[w]:8,.0f} ({plain[w] / spent[w]:.2f})" for w in WAYS)
        print(f"{name:24s}{'  '.join(cells)}")
    worst = min(plain[way] / least["by name, validated"][way] for way in WAYS)
    print(f"least ratio, validated: {worst:.2f} (target {TARGET})")
    return 0 if worst >= TARGET else 1


if __name__ == "__main__":
    sys.exit(main())
