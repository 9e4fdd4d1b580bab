"""Draw one record of each task of each demo subset on one sheet: a column a subset, a row a task.

usage: python bench/demo_sheet.py --out docs/demo.jpg
"""

import argparse
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from builder.core.protocol import SUBSETS
from builder.publish.picture import captioned_picture, sheet_of
from builder.publish.rows import rows
from builder.publish.show import demo_folder

MOST_IMAGES = 2  # long sequences would make the column of their subset too wide to read


def header(text):
    """Return the name of a column as a picture."""
    font = ImageFont.load_default(20)
    picture = Image.new("RGB", (360, 44), "white")
    ImageDraw.Draw(picture).text((10, 12), text, "black", font)
    return picture


def examples(folder, column):
    """Return one captioned record of each task, another one in each column."""
    found = {}
    for record, images in rows(folder):
        if len(images) <= MOST_IMAGES:
            found.setdefault(record["task_type"], []).append((record, images))
    return [captioned_picture(*found[task][column % len(found[task])]) for task in sorted(found)]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/demo.jpg"))
    args = parser.parse_args()
    columns = [
        [header(subset.name), *examples(demo_folder() / f"{subset.folder}-demo", column)]
        for column, subset in enumerate(SUBSETS.values())
    ]
    sheet = sheet_of([cell for row in zip(*columns, strict=True) for cell in row], len(columns))
    sheet.save(args.out, quality=90, subsampling=0)
    print(f"{args.out}: {sheet.width}x{sheet.height}, {args.out.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
