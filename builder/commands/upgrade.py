"""`world2vlm upgrade`."""

import argparse
import sys
from pathlib import Path

from builder.commands import Commands, add


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(commands, "upgrade", run, "world2vlm upgrade out --dry-run")
    command.add_argument("path", type=Path, help="a build's output, or a folder of subsets")
    command.add_argument(
        "--out", type=Path, metavar="NEW", help="write it there; the old one stays as it is"
    )
    command.add_argument("--dry-run", action="store_true", help="say what would change, and stop")


def run(args: argparse.Namespace) -> int:
    """Bring an older build to today's form, whole or not at all; run again, it goes on."""
    from builder.pipeline.upgrade import STEPS, upgrade
    from builder.publish.pack import pack
    from builder.publish.plots import draw

    for step in STEPS:
        print(f"{step.name}: {step.says}", file=sys.stderr)
    report = upgrade(
        args.path, args.out, lambda out, facts: pack(out, facts, draw), dry_run=args.dry_run
    )
    print("\n".join(report.lines()))
    where = args.out or args.path
    if args.dry_run:
        print("nothing was written")
    elif report.swapped:
        print(f"{where} has today's form; `world2vlm check {where}` looks at every line of it")
    else:
        print(f"{where} has today's form already")
    return 0
