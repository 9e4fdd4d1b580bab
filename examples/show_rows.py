"""Load a finished build as anyone would, with no code of ours, and print a few rows of each config.

usage: python examples/show_rows.py out/World2VLM
"""

import sys

from datasets import disable_progress_bars, get_dataset_config_names, load_dataset

disable_progress_bars()
folder = sys.argv[1]
for config in get_dataset_config_names(folder):
    splits = load_dataset(folder, config)
    print(f"\n{config}: {', '.join(f'{name} {len(rows)}' for name, rows in splits.items())}")
    rows = next(iter(splits.values()))
    for row in rows.select(range(0, len(rows), max(1, len(rows) // 3))).take(3):
        if "messages" not in row:  # the config `frames`: pictures by id
            print(f"  {row['frame_id']}  {row['width']}x{row['height']}")
            continue
        question, answer = (turn["content"].replace("<image>", "") for turn in row["messages"])
        size = "x".join(map(str, row["images"][0].size))
        print(f"  {row['record_id']}  {len(row['images'])} images of {size}")
        print(f"    {question[:150]}")
        print(f"    -> {answer}")
