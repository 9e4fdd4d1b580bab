"""`world2vlm places`."""

import argparse
import sys
from pathlib import Path

from builder.commands import Commands, add


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(commands, "places", run, "world2vlm places --rooms 40 --seed 7 --out photos")
    command.add_argument("--rooms", type=int, default=40, metavar="N", help="places to make: 40")
    command.add_argument("--seed", type=int, default=0, metavar="S", help="same seed, same places")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="new folder")
    command.add_argument("--workers", type=int, metavar="K", help="processes; all cores if absent")


def run(args: argparse.Namespace) -> int:
    """Make test photographs from made-up rooms, for audits of the real subsets, not for release."""
    from builder.commands.making import compile_once
    from builder.core.errors import ConfigError
    from builder.engines import local
    from builder.pipeline.cores import cores
    from builder.pipeline.counting import counted
    from builder.pipeline.places import make_place, make_places

    if args.rooms < 1:
        raise ConfigError(f"--rooms must be 1 or more, got {args.rooms}")
    workers = args.workers or cores()
    compile_once()
    objects = make_places(
        args.out,
        args.rooms,
        args.seed,
        lambda jobs: counted(local.run(make_place, jobs, workers), len(jobs), "places"),
    )
    print(f"{args.rooms} places with {objects} objects in {args.out}", file=sys.stderr)
    print("no photographs: for audits only, never to be published as real", file=sys.stderr)
    print(f"world2vlm build svc-real hy-worldplay-real --photos {args.out} --out OUT")
    return 0
