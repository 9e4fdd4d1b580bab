"""`world2vlm check`."""

import argparse
import sys
from pathlib import Path

from builder.commands import Commands, add


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(commands, "check", run, "world2vlm check data-demo")
    command.add_argument("paths", nargs="+", type=Path, help=".jsonl, .parquet, bundle or folder")
    command.add_argument("--max-issues", type=int, metavar="N", help="stop after N issues")


def run(args: argparse.Namespace) -> int:
    """Check records, bundles and Parquet; print each issue, then a count."""
    from builder.audit import check, summary
    from builder.tasks import readers

    counted = summary()
    found = 0
    for issue in check(args.paths, readers(), counted=counted, max_issues=args.max_issues):
        print(issue)
        found += 1
    print(f"{counted}, {found} issues", file=sys.stderr)
    return 1 if found else 0
