"""`world2vlm stats`."""

import argparse
import json
from pathlib import Path

from builder.commands import Commands, add


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(commands, "stats", run, "world2vlm stats out --plots figures")
    command.add_argument("path", type=Path, help="a build, a folder, .jsonl or .parquet")
    command.add_argument("--json", action="store_true", help="all counts as JSON")
    command.add_argument("--plots", type=Path, metavar="DIR", help="write figures there, PNG")


def run(args: argparse.Namespace) -> int:
    """Count answers, forms, amounts, labels and places of boxes, and say what is uneven."""
    from builder.publish.stats_read import read_drops, read_statistics
    from builder.publish.stats_table import drop_table, tables

    found, drops = read_statistics(args.path), read_drops(args.path)
    if args.plots:
        from builder.publish.plots import draw

        draw(found, args.plots)
    if args.json:
        print(json.dumps({**found.to_json(), "drops": drops}, indent=2))
        return 0
    print(tables(found))
    if drops:
        print(f"\n{drop_table(drops)}")
    return 0
