"""How much of a release is sent again when the build has grown and some answers were reworded.

    python bench/pack_reuse.py out --records 10000

v2 is the build; v1 is v2 without 1 place in 21, so v2 has 5 % more places, and 2 % of all records
have another wording in v2. Both are sent by the real `hf_xet` into a store that is a folder,
which keeps each chunk once; what the store grows by is what is sent. Said is what v2 costs beyond
the bytes of its new pictures, relative to v2; of ours, of ours with the config `frames`, and of
what `Dataset.push_to_hub` sends. 1 if ours is above the target.
"""

import argparse
import shutil
import sys
import tempfile
import zlib
from pathlib import Path

import hf_xet
from build_part import first_places, part, records_of, unique_pictures
from peers.parquet import pushed

from builder.core.release import FRAMES
from builder.publish.pack import pack

TARGET = 0.05
ONE_IN, REWORDED = 21, 0.02


def sent(release: Path, store: Path, pattern="*") -> int:
    """Send the Parquet of a release; return how many bytes the store has grown by."""
    store.mkdir(exist_ok=True)
    before = _held(store)
    files = sorted(release.glob(f"data/{pattern}/*.parquet"))
    for last in (False, True):  # as `push` does: frames when the store knows their pictures
        with hf_xet.XetSession().new_upload_commit(endpoint=f"local://{store}") as commit:
            for file in files:
                if (file.parent.name == FRAMES) is last:
                    commit.start_upload_file(str(file), hf_xet.COMPUTE_SHA256)
    return _held(store) - before


def reworded(record):
    """Return a record, 2 of 100 with another question."""
    if zlib.crc32(record["record_id"].encode()) % 10_000 < REWORDED * 10_000:
        record["messages"][0]["content"] += " Think before you answer."
    return record


def ours(build: Path, to: Path) -> Path:
    """Pack a build into `to`."""
    del to
    return pack(build, {}, frames=False)


def ours_with_frames(build: Path, to: Path) -> Path:
    """Pack a build, frames too."""
    del to
    return pack(build, {})


def main() -> int:
    """Print, for each way of writing, what v1 and v2 cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument(
        "--scratch", type=Path, help="folder to write in; the system's if not given"
    )
    args = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(dir=args.scratch))
    try:
        return _compared(args.out, args.records, scratch)
    finally:
        shutil.rmtree(scratch)


def _compared(out: Path, records: int, scratch: Path) -> int:
    places = first_places(out, records)
    old = part(out, scratch / "v1", [p for n, p in enumerate(places) if n % ONE_IN != 1])
    new = part(out, scratch / "v2", places, reworded)
    pictures = unique_pictures(old), unique_pictures(new)
    added = sum(size for key, size in pictures[1].items() if key not in pictures[0])
    counts = [sum(1 for _ in records_of(build)) for build in (old, new)]
    print(f"{len(places)} places; {counts[0]:,} records, then {counts[1]:,}")
    print(
        f"different pictures {sum(pictures[1].values()) / 1e6:,.1f} MB, new {added / 1e6:,.1f} MB"
    )
    shares = {}
    for name, write in (
        ("ours", ours),
        ("ours and frames", ours_with_frames),
        ("push_to_hub", pushed),
    ):
        costs, size = [], 0
        for build in (old, new):
            release = write(build, scratch / "release")
            costs.append(sent(release, scratch / "store"))
            size = sum(file.stat().st_size for file in release.glob("data/*/*.parquet"))
            shutil.rmtree(release)
        shutil.rmtree(scratch / "store")
        shares[name] = (costs[1] - added) / size
        print(
            f"{name:16} v2 {size / 1e6:9,.1f} MB; sent for v1 {costs[0] / 1e6:9,.1f} MB, "
            f"for v2 {costs[1] / 1e6:8,.1f} MB: beyond new pictures {shares[name]:6.1%} of v2"
        )
    return int(shares["ours"] > TARGET)


def _held(store: Path) -> int:
    """Return the bytes of chunks and of their lists; the store's own index is not sent."""
    found = [*store.glob("xet/xorbs/xorbs/*"), *store.glob("xet/xorbs/shards/*")]
    return sum(file.stat().st_size for file in found)


if __name__ == "__main__":
    sys.exit(main())
