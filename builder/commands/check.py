"""`world2vlm check`."""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from builder.commands import Commands, add


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(commands, "check", run, "world2vlm check data-demo")
    command.add_argument("paths", nargs="+", type=Path, help=".jsonl, .parquet, bundle or folder")
    command.add_argument("--max-issues", type=int, metavar="N", help="stop after N issues")
    command.add_argument(
        "--deep",
        action="store_true",
        help="recompute every answer too: from views painted again, or from stored facts",
    )
    command.add_argument(
        "--workers", type=int, metavar="K", help="processes of --deep; all cores if not given"
    )


def run(args: argparse.Namespace) -> int:
    """Check records, bundles and Parquet; print each issue, then a count."""
    from builder.audit import check, summary
    from builder.tasks import readers

    counted = summary()
    found = 0
    for issue in check(args.paths, readers(), counted=counted, max_issues=args.max_issues):
        print(issue)
        found += 1
    if args.deep and (args.max_issues is None or found < args.max_issues):
        left = None if args.max_issues is None else args.max_issues - found
        found += _deep(args.paths, args.workers, left)
    print(f"{counted}, {found} issues", file=sys.stderr)
    return 1 if found else 0


def _deep(paths: list[Path], workers: int | None, most: int | None) -> int:
    """Print where records disagree with what is recomputed, then from what; return how many."""
    from builder.audit.deep import Recomputed, Sources, recompute
    from builder.engines import local
    from builder.pipeline.again import again, cores
    from builder.pipeline.progress import Progress, tick

    started_s = time.monotonic()
    sources = Sources(paths)
    jobs = sources.jobs(again)
    told = Recomputed(skipped=sources.skipped, repeated=sources.repeated, issues=sources.issues)
    records = sum(len(job.entries) for job in jobs)
    with tempfile.TemporaryDirectory() as folder:
        ticks = Path(folder) / "progress"
        with Progress(ticks, records, "records"):
            for job, done in local.run(recompute, jobs, workers or cores()):
                told.add(done)
                tick(ticks, len(job.entries))
    issues = sorted(told.issues, key=lambda issue: (issue.file, issue.line or 0, issue.row or 0))
    for issue in issues[:most]:
        print(issue)
    print("\n".join(told.lines(time.monotonic() - started_s)), file=sys.stderr)
    return len(issues[:most])
