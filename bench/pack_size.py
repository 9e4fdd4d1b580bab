"""How large a release is beside the bytes of its different pictures, and beside what others write.

    python bench/pack_size.py out --records 10000

In one run, of the same records: the pictures alone, each once; ours, and ours with the config
`frames`; `pyarrow` without an option; the files that `Dataset.push_to_hub` would send. 1 if ours
is above the target. Writes some times the size of the pictures into `--scratch`.
"""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from build_part import first_places, part, records_of, unique_pictures
from peers.parquet import naive, pushed

from builder.publish.pack import pack

TARGET = 1.05


def size(folder: Path, pattern="*") -> int:
    """Return the bytes of the Parquet in a release's folders."""
    return sum(file.stat().st_size for file in folder.glob(f"data/{pattern}/*.parquet"))


def main() -> int:
    """Print each size and its ratio to the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument(
        "--scratch", type=Path, help="folder to write in; the system's if not given"
    )
    args = parser.parse_args()
    scratch = Path(tempfile.mkdtemp(dir=args.scratch))
    try:
        build = part(args.out, scratch / "build", first_places(args.out, args.records))
        pictures = unique_pictures(build)
        unique = sum(pictures.values())
        release = pack(build, {})
        frames = size(release, "frames")
        copies = size(release, "benchmark")
        found = {
            "different pictures alone": unique,
            "ours, the four subsets": size(release) - frames - copies,
            "ours, the config `frames`": frames,
            "ours, the config `benchmark`": copies,
        }
        shutil.rmtree(release)
        for name, write in (("pyarrow, no option", naive), ("push_to_hub", pushed)):
            found[name] = size(write(build, scratch / "peer"))
            shutil.rmtree(scratch / "peer")
        count = sum(1 for _ in records_of(build))
        print(f"{count:,} records, {len(pictures):,} different pictures")
        for name, bytes_ in found.items():
            print(f"{name:30} {bytes_ / 1e6:10,.1f} MB  {bytes_ / unique:6.3f}x")
        return int(found["ours, the four subsets"] > TARGET * unique)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    sys.exit(main())
