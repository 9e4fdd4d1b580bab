"""`world2vlm build`."""

import argparse
import time
from pathlib import Path

from builder.commands import Commands, add
from builder.commands.teacher_options import add_teacher_options


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(commands, "build", run, "world2vlm build svc-real --out out --seed 7")
    command.add_argument(
        "subsets", nargs="*", metavar="SUBSET", help="all if none is given, or `all`"
    )
    command.add_argument(
        "--out", type=Path, required=True, metavar="DIR", help="folder to build in"
    )
    command.add_argument("--records", type=int, metavar="N", help="total over the subsets")
    command.add_argument(
        "--scenes", type=int, metavar="N", help="places of each kind: rooms, and most photographs"
    )
    command.add_argument("--seed", type=int, metavar="S", help="same seed, same dataset")
    command.add_argument(
        "--workers", type=int, metavar="K", help="processes; all cores if not given"
    )
    command.add_argument("--engine", metavar="NAME", help="where places are made: local, ray")
    command.add_argument("--photos", type=Path, metavar="PATH", help="folder or manifest.jsonl")
    command.add_argument("--backend", metavar="NAME", help="embedded, svc or hy-worldplay paints")
    command.add_argument(
        "--bundles", type=Path, metavar="DIR", help="make it from the bundles that lie there"
    )
    command.add_argument(
        "--rules",
        choices=("default", "paper"),
        help="paper: the paper's pairing and labels of those bundles, written apart to compare",
    )
    command.add_argument("--config", type=Path, metavar="FILE", help="settings, TOML")
    command.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="one setting, such as gates.min_seen=0.85; may be repeated",
    )
    add_teacher_options(command)


def run(args: argparse.Namespace) -> int:
    """Build a dataset: scenes, trajectories, views, questions, checks, Parquet and card."""
    from builder.commands.making import build_here
    from builder.commands.teacher_options import teacher_settings
    from builder.config import read_config
    from builder.publish.pack import FOLDER

    options = {
        "subsets": None if args.subsets in ([], ["all"]) else tuple(args.subsets),
        "records": args.records,
        "scenes": args.scenes,
        "seed": args.seed,
        "workers": args.workers,
        "engine": args.engine,
        "photos": str(args.photos) if args.photos else None,
        "backend": args.backend,
        **teacher_settings(args),
    }
    given = {"folder": str(args.bundles) if args.bundles else None, "rules": args.rules}
    options["bundles"] = {key: value for key, value in given.items() if value is not None} or None
    config = read_config(args.config, args.set, options)
    if config.bundles.folder is not None or config.bundles.rules != "default":
        from builder.commands.making_given import make_given

        return make_given(config, args.out)
    started_s = time.monotonic()
    build_here(config, args.out)
    took_s = time.monotonic() - started_s
    print(f'ready in {took_s:.0f} s: load_dataset("{args.out / FOLDER}", "{config.subsets[0]}")')
    return 0
