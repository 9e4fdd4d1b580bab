"""`world2vlm rollout`."""

import argparse
import sys
from functools import partial
from pathlib import Path

from builder.commands import Commands, add


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(
        commands,
        "rollout",
        run,
        (
            'world2vlm rollout --room 7 --actions "move right 0.5 meters; turn left 10 degrees"'
            " --out walk"
        ),
    )
    place = command.add_mutually_exclusive_group(required=True)
    place.add_argument("--photo", type=Path, metavar="P", help="photograph to start from")
    place.add_argument("--room", type=int, metavar="SEED", help="room to furnish and start in")
    command.add_argument("--depth", type=Path, metavar="D", help="16-bit PNG (mm), .npy, .npz (m)")
    command.add_argument("--camera", metavar="FX,FY,CX,CY", help="of the photograph, pixels")
    command.add_argument(
        "--actions",
        required=True,
        metavar="TEXT",
        help="any values of up to 3 decimals, see example",
    )
    command.add_argument("--size", metavar="WxH", help="of the frames")
    command.add_argument("--target-camera", metavar="FX,FY,CX,CY", help="of the frames, pixels")
    command.add_argument("--frames", choices=("all", "keyframes"), default="keyframes")
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="bundle to write")


def run(args: argparse.Namespace) -> int:
    """Render one trajectory from a photograph or a room, and keep it as a bundle."""
    from builder.pipeline.rollout import Request, rollout
    from builder.pipeline.tools import default_tools

    request = Request(
        actions=args.actions,
        out=args.out,
        photo=args.photo,
        depth=args.depth,
        camera=args.camera,
        room=args.room or 0,
        size=args.size,
        target_camera=args.target_camera,
        frames=args.frames,
    )
    rollout(request, default_tools(), say=partial(print, file=sys.stderr))
    return 0
