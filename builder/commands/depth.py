"""`world2vlm depth`."""

import argparse
import sys
from pathlib import Path

from builder.commands import Commands, add


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    example = "world2vlm depth photos --model my/metric-depth-model"
    command = add(commands, "depth", run, example)
    command.add_argument("photos", type=Path, help="folder of images, manifest.jsonl, or one image")
    command.add_argument("--model", required=True, metavar="ID", help="model id, or a local folder")
    command.add_argument("--device", default="cpu", metavar="NAME", help="such as cuda:0")


def run(args: argparse.Namespace) -> int:
    """Estimate metric depth for photographs that have none; needs the extra [depth]."""
    from builder.scenes.photos import entries
    from builder.scenes.photos.estimate import MetricDepth, write_depth

    missing = [entry for entry in entries(str(args.photos)).values() if entry.depth is None]
    if not missing:
        print("every photograph has its depth already")
        return 0
    model = MetricDepth(args.model, args.device)
    for done, entry in enumerate(missing, start=1):
        file, median_m = write_depth(entry, model)
        print(f"{done} of {len(missing)}: {file} (median {median_m:.2f} m)")
    if args.photos.is_file() or (args.photos / "manifest.jsonl").is_file():
        print(
            'a manifest names its files: add "depth": "<name>.depth.png" to each line',
            file=sys.stderr,
        )
    return 0
