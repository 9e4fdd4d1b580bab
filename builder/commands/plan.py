"""`world2vlm plan`."""

import argparse
import json
from pathlib import Path

from builder.commands import Commands, add
from builder.commands.teacher_options import add_profile_options


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(commands, "plan", run, "world2vlm plan svc-real --backend svc --records 1000")
    command.add_argument("subsets", nargs="+", metavar="SUBSET", help="which would be built")
    command.add_argument(
        "--backend", required=True, metavar="NAME", help="who would paint: svc, hy-worldplay"
    )
    command.add_argument("--records", type=int, metavar="N", help="total over the subsets")
    command.add_argument(
        "--scenes", type=int, metavar="N", help="places of each kind: rooms, and most photographs"
    )
    command.add_argument("--seed", type=int, metavar="S", help="of the build")
    command.add_argument("--photos", type=Path, metavar="PATH", help="folder or manifest.jsonl")
    command.add_argument("--config", type=Path, metavar="FILE", help="settings, TOML")
    command.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    command.add_argument("--json", action="store_true", help="the sums as JSON")
    command.add_argument(
        "--listing", type=Path, metavar="FILE", help="write a line of JSON for each trajectory"
    )
    add_profile_options(command)


def run(args: argparse.Namespace) -> int:
    """Print what a build would ask of a world model: no GPU, no checkout and no license needed."""
    from builder.commands.teacher_options import teacher_settings
    from builder.config import read_config
    from builder.core.protocol import subset_named
    from builder.pipeline.foresight import Sum, foresee, line_of
    from builder.pipeline.tools import default_tools
    from builder.store.files import write_whole

    options = {
        "subsets": tuple(args.subsets),
        "records": args.records,
        "scenes": args.scenes,
        "seed": args.seed,
        "photos": str(args.photos) if args.photos else None,
        "backend": args.backend,
        **teacher_settings(args),
    }
    config, tools = read_config(args.config, args.set, options), default_tools()
    subsets = tuple(subset_named(name) for name in config.subsets)
    backend = tools.backend(config.backend, subsets).planning(config)
    total = Sum(backend.name, backend.memory_gib)
    lines = [line_of(asked) for asked in foresee(config, tools, backend, total)]
    if args.listing is not None:
        write_whole(args.listing, "".join(lines))
    print(json.dumps(total.to_json()) if args.json else total.text())
    return 0
