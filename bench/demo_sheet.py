"""Draw one record of each task of each demo subset, boxes included, on one sheet.

usage: python bench/demo_sheet.py --out docs/demo.png
"""

import argparse
from pathlib import Path

from builder.core.protocol import SUBSETS
from builder.publish.picture import record_picture, sheet_of
from builder.publish.rows import rows
from builder.publish.show import demo_folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/demo.png"))
    parser.add_argument("--height", type=int, default=210, help="of each image, pixels")
    args = parser.parse_args()
    pictures = []
    for subset in SUBSETS.values():
        first = {}
        for record, images in rows(demo_folder() / f"{subset.folder}-demo"):
            # the first record whose row is not too wide to read beside the others
            if len(images) <= 3:
                first.setdefault(record["task_type"], (record, images))
        pictures += [
            record_picture(record, images, args.height)
            for _, (record, images) in sorted(first.items())
        ]
    sheet = sheet_of(pictures, columns=4)
    sheet.quantize(256, dither=0).save(args.out, optimize=True)
    print(f"{args.out}: {sheet.width}x{sheet.height}, {args.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
