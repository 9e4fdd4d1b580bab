"""`world2vlm judge`."""

import argparse
from pathlib import Path

from builder.commands import Commands, add


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(commands, "judge", run, "world2vlm judge out/bundles/SVC-RealScene")
    command.add_argument(
        "bundles",
        nargs="+",
        type=Path,
        metavar="BUNDLE",
        help="traj_* folder, or one that holds some",
    )
    command.add_argument("--json", action="store_true", help="print one JSON line a bundle instead")


def run(args: argparse.Namespace) -> int:
    """Look whether the pictures of bundles show the motion that was commanded."""
    import json

    from builder.audit.obedience.bundle import judge_bundle, table_of, trajectories_in

    failed = False
    for folder in trajectories_in(args.bundles):
        found = judge_bundle(folder)
        failed |= found.verdict == "fail"
        if args.json:
            print(json.dumps({"bundle": folder.as_posix(), **found.to_json()}))
        else:
            print(table_of(folder, found))
    return 1 if failed else 0
