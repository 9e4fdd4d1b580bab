"""`world2vlm show`."""

import argparse
import sys
from pathlib import Path

from builder.commands import Commands, add


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(commands, "show", run, "world2vlm show data-demo --task D1 --out d1.png")
    command.add_argument("path", nargs="?", type=Path, help="records; the demo if not given")
    command.add_argument("--record", metavar="ID", help="record_id, or how it begins")
    command.add_argument("--task", metavar="TYPE", help="only this task type, such as D1")
    command.add_argument("--number", type=int, default=0, metavar="N", help="the N-th that fits")
    command.add_argument("--out", type=Path, default=Path("record.png"), help="PNG to write")


def run(args: argparse.Namespace) -> int:
    """Show one record: print its question and answer, write its images with boxes to one PNG."""
    from builder.publish.picture import record_picture
    from builder.publish.show import chosen_row, in_words
    from builder.store import whole_file
    from builder.tasks import task_named

    if args.task is not None:
        task_named(args.task)
    record, images = chosen_row(args.path, args.record, args.task, args.number)
    print(in_words(record))
    picture = record_picture(record, images)
    with whole_file(args.out) as draft:
        picture.save(draft, "PNG")
    print(f"wrote {args.out} ({picture.width}x{picture.height})", file=sys.stderr)
    return 0
