"""`world2vlm audit`."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from builder.commands import Commands, add

if TYPE_CHECKING:
    from builder.audit.blind import Crew, Language


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(commands, "audit", run, "world2vlm audit out --probe --json audit.json")
    command.add_argument("paths", nargs="+", type=Path, help="build, Parquet or tasks.jsonl")
    command.add_argument("--probe", action="store_true", help="also learn from the pictures")
    command.add_argument("--json", type=Path, metavar="FILE", help="write all that was found")
    command.add_argument("--plot", type=Path, metavar="FILE.png", help="draw blind beside prior")
    command.add_argument("--seed", type=int, default=0, metavar="S", help="of folds and draws")
    command.add_argument("--workers", type=int, metavar="K", help="processes; all cores if absent")


def run(args: argparse.Namespace) -> int:
    """Measure what questions give away without pictures, repeat, or share between splits."""
    import json

    from builder.audit.blind import Settings, audit, files_of, read
    from builder.core.errors import StoreError

    for file in filter(None, (args.json, args.plot)):
        if not file.absolute().parent.is_dir():
            raise StoreError(f"{file}: there is no such folder to write into")
    records = list(read(files_of(args.paths)))
    report = audit(records, language(), Settings(seed=args.seed), _crew(args))
    for line in report.lines():
        print(line)
    if args.json:
        args.json.write_text(json.dumps(report.to_json(), indent=1) + "\n", encoding="utf-8")
    if args.plot:
        from builder.audit.blind.plot import draw

        draw(report, args.plot)
    for fault in report.faults:
        print(f"fault: {fault}", file=sys.stderr)
    return 1 if report.faults else 0


def language() -> "Language":
    """Return how the answers of every task are read."""
    from builder.audit.blind import Language
    from builder.tasks import all_tasks, readers

    tasks = all_tasks()
    offers = {
        name: [one.options for one in task.templates if one.form == "choice" and one.options]
        for name, task in tasks.items()
    }
    return Language(readers(), offers, {name: task.bucket_of for name, task in tasks.items()})


def _crew(args: argparse.Namespace) -> "Crew":
    from builder.audit.blind import Crew
    from builder.audit.blind.pictures import look
    from builder.audit.blind.probe import see
    from builder.engines import local
    from builder.pipeline.cores import cores
    from builder.pipeline.counting import counted

    workers = args.workers or cores()
    return Crew(
        look=lambda jobs: counted(local.run(look, jobs, workers), len(jobs), "batches"),
        see=(lambda jobs: counted(local.run(see, jobs, workers), len(jobs), "batches"))
        if args.probe
        else None,
        say=lambda text: print(text, file=sys.stderr),
    )
