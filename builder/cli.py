"""The command line: one function a command, no logic of its own.

Exit status: 0 all is well, 1 the data is wrong, 2 the call is wrong.
"""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from builder import __version__
from builder.core.errors import RecordInvalid, SceneError, World2VLMError

Command = Callable[[argparse.Namespace], int]


def subsets_command(_: argparse.Namespace) -> int:
    """List the subsets: teacher, scenes, frame and camera of each."""
    from builder.core.protocol import SUBSETS

    print(f"{'config':<24}{'folder':<32}{'scenes':<12}{'frame':<10}horizontal field of view")
    for subset in SUBSETS.values():
        width_px, height_px = subset.protocol.frame_px
        camera = "the photograph's own"
        if subset.scene_type == "simulated":
            anchor_px = "x".join(map(str, subset.anchor_px))
            camera = f"{subset.hfov_deg:g} degrees at {anchor_px}"
        frame = f"{width_px}x{height_px}"
        print(f"{subset.name:<24}{subset.folder:<32}{subset.scene_type:<12}{frame:<10}{camera}")
    return 0


def tasks_command(args: argparse.Namespace) -> int:
    """List the task types and their wordings."""
    from builder.tasks import all_tasks, task_named

    chosen = {name: task_named(name) for name in args.task} if args.task else all_tasks()
    for name, task in chosen.items():
        print(f"{name}  {(type(task).__doc__ or '').splitlines()[0]}")
        for template in task.templates:
            print(f"    {template.id:<16} {template.ask}")
    return 0


def check_command(args: argparse.Namespace) -> int:
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


def show_command(args: argparse.Namespace) -> int:
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


def build_command(args: argparse.Namespace) -> int:
    """Build a dataset: scenes, trajectories, views, questions, checks, Parquet and card."""
    from builder.commands import build_from

    return build_from(args)


def rollout_command(args: argparse.Namespace) -> int:
    """Render one trajectory from a photograph or a room, and keep it as a bundle."""
    from builder.commands import rollout_from

    return rollout_from(args)


def warmup_command(_: argparse.Namespace) -> int:
    """Compile the renderer once, so that no build has to wait for it."""
    from builder.commands import warm_up

    return warm_up()


def parser() -> argparse.ArgumentParser:
    """Return the parser; each command's help is its function's docstring."""
    top = argparse.ArgumentParser(
        prog="world2vlm",
        description="Build, check, show and load questions about a moving camera.",
        epilog="example: world2vlm build svc-real --out out --records 200",
    )
    top.add_argument("--version", action="version", version=f"world2vlm {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    _add(commands, "subsets", subsets_command, "world2vlm subsets")
    tasks = _add(commands, "tasks", tasks_command, "world2vlm tasks A1 D4")
    tasks.add_argument("task", nargs="*", help="task types; all if none is given")
    check = _add(commands, "check", check_command, "world2vlm check data-demo")
    check.add_argument("paths", nargs="+", type=Path, help=".jsonl, .parquet, bundle or folder")
    check.add_argument("--max-issues", type=int, metavar="N", help="stop after N issues")
    show = _add(commands, "show", show_command, "world2vlm show data-demo --task D1 --out d1.png")
    show.add_argument("path", nargs="?", type=Path, help="records; the demo if not given")
    show.add_argument("--record", metavar="ID", help="record_id, or how it begins")
    show.add_argument("--task", metavar="TYPE", help="only this task type, such as D1")
    show.add_argument("--number", type=int, default=0, metavar="N", help="the N-th that fits")
    show.add_argument("--out", type=Path, default=Path("record.png"), help="PNG to write")
    _add(commands, "warmup", warmup_command, "world2vlm warmup")
    _add_build(commands)
    _add_rollout(commands)
    return top


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    run: Command,
    example: str,
) -> argparse.ArgumentParser:
    text = " ".join((run.__doc__ or "").split())
    command = commands.add_parser(name, help=text, description=text, epilog=f"example: {example}")
    command.set_defaults(run=run)
    return command


def _add_build(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    build = _add(commands, "build", build_command, "world2vlm build svc-real --out out --seed 7")
    build.add_argument(
        "subsets", nargs="*", metavar="SUBSET", help="all if none is given, or `all`"
    )
    build.add_argument("--out", type=Path, required=True, metavar="DIR", help="folder to build in")
    build.add_argument("--records", type=int, metavar="N", help="total over the subsets")
    build.add_argument("--scenes", type=int, metavar="N", help="rooms to furnish")
    build.add_argument("--seed", type=int, metavar="S", help="same seed, same dataset")
    build.add_argument("--workers", type=int, metavar="K", help="processes; all cores if not given")
    build.add_argument("--photos", type=Path, metavar="PATH", help="folder or manifest.jsonl")
    build.add_argument("--backend", metavar="NAME", help="who paints the frames: embedded")
    build.add_argument("--config", type=Path, metavar="FILE", help="settings, TOML")
    build.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="one setting, such as gates.min_seen=0.85; may be repeated",
    )


def _add_rollout(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    rollout = _add(
        commands,
        "rollout",
        rollout_command,
        'world2vlm rollout --room 7 --actions "move right 0.5 meters; turn left 10 degrees"'
        " --out walk",
    )
    place = rollout.add_mutually_exclusive_group(required=True)
    place.add_argument("--photo", type=Path, metavar="P", help="photograph to start from")
    place.add_argument("--room", type=int, metavar="SEED", help="room to furnish and start in")
    rollout.add_argument("--depth", type=Path, metavar="D", help="16-bit PNG (mm), .npy, .npz (m)")
    rollout.add_argument("--camera", metavar="FX,FY,CX,CY", help="of the photograph, pixels")
    rollout.add_argument(
        "--actions",
        required=True,
        metavar="TEXT",
        help="any values of up to 3 decimals, see example",
    )
    rollout.add_argument("--size", metavar="WxH", help="of the frames")
    rollout.add_argument("--target-camera", metavar="FX,FY,CX,CY", help="of the frames, pixels")
    rollout.add_argument("--frames", choices=("all", "keyframes"), default="keyframes")
    rollout.add_argument("--out", type=Path, required=True, metavar="DIR", help="bundle to write")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    args = parser().parse_args(argv)
    try:
        status: int = args.run(args)
    except BrokenPipeError:  # the reader, such as `head`, had enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until exit
        return 0
    except (SceneError, RecordInvalid) as error:
        print(f"world2vlm: {error}", file=sys.stderr)
        return 1
    except (World2VLMError, OSError) as error:
        print(f"world2vlm: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("world2vlm: stopped; the same command goes on from here", file=sys.stderr)
        return 130
    return status


if __name__ == "__main__":
    sys.exit(main())
