"""`world2vlm check`."""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from builder.commands import Commands, add

if TYPE_CHECKING:
    from builder.audit import Counted, Issue
    from builder.audit.changed import Changed
    from builder.audit.remote import Mirror

FORMATS = ("text", "github", "json", "sarif")


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(commands, "check", run, "world2vlm check data-demo")
    command.add_argument(
        "paths",
        nargs="*",
        help=".jsonl, .parquet, bundle, folder, glob, or URL such as hf://datasets/NS/NAME@REV",
    )
    command.set_defaults(misused=command.error)
    command.add_argument("--max-issues", type=int, metavar="N", help="stop after N issues")
    command.add_argument(
        "--changed-since", metavar="REV", help="report only what changed in git since it forked"
    )
    command.add_argument(
        "--format", choices=FORMATS, default="text", help="how issues are printed (text)"
    )
    command.add_argument(
        "--no-images", action="store_true", help="pictures must be there, and are not opened"
    )
    command.add_argument(
        "--deep",
        action="store_true",
        help="recompute every answer too: from views painted again, or from stored facts",
    )
    command.add_argument(
        "--workers", type=int, metavar="K", help="processes; all cores if not given"
    )
    command.add_argument(
        "--summary", type=Path, metavar="FILE", help="append a table of the issues, in Markdown"
    )
    command.add_argument(
        "--thumbnails", type=Path, metavar="FILE", help="write the pictures of failing records"
    )
    command.add_argument("--hub-pr", metavar="NS/NAME#N", help="check a pull request on the Hub")
    command.add_argument(
        "--comment", action="store_true", help="say the result below that pull request"
    )


def run(args: argparse.Namespace) -> int:
    """Check records, bundles and Parquet; print each issue, then a count."""
    from builder.audit import summary
    from builder.audit.formats import FORMATS as WRITERS
    from builder.audit.remote import Mirror
    from builder.audit.remote_pr import comment
    from builder.commands.checking import tick

    asked = _asked(args)
    counted = summary()
    kept = _Kept(everything=bool(args.summary or args.thumbnails))
    with tempfile.TemporaryDirectory(prefix="world2vlm-") as folder:
        mirror = Mirror(Path(folder), partial(tick, unit="files brought here"))
        issues = kept.of(_issues(args, _local(asked, mirror), counted))
        named = (mirror.named(issue) for issue in issues)
        for line in WRITERS[args.format](named, counted):
            print(line)
        _write_pages(args, kept.issues, counted, mirror)
        if args.comment:
            first = [mirror.named(issue) for issue in kept.issues]
            _comment(args.hub_pr, comment(first, counted, kept.count))
    print(f"{counted}, {kept.count} issues", file=sys.stderr)
    if mixture := counted.mixture():
        print(mixture, file=sys.stderr)
    return 1 if kept.count else 0


@dataclass(slots=True)
class _Kept:
    """Counts issues as they pass and keeps the first, or all where a table of them is wanted."""

    everything: bool
    count: int = 0
    issues: "list[Issue]" = field(default_factory=list)

    def of(self, issues: "Iterable[Issue]") -> "Iterator[Issue]":
        for issue in issues:
            self.count += 1
            if self.everything or self.count <= 100:
                self.issues.append(issue)
            yield issue


def _asked(args: argparse.Namespace) -> list[str]:
    """Return the paths and URLs to check.

    Raises:
        ConfigError: If there is none, or options contradict each other.
    """
    from builder.audit.remote import is_url
    from builder.audit.remote_pr import pull_request, url_of
    from builder.core.errors import ConfigError

    asked = list(args.paths)
    if args.hub_pr:
        asked.append(url_of(*pull_request(args.hub_pr)))
    if not asked:
        args.misused("expected what to check: a file, folder, glob, URL, or --hub-pr NS/NAME#N")
    if args.comment and not args.hub_pr:
        raise ConfigError("--comment needs --hub-pr NS/NAME#N: where is the comment to stand?")
    if args.changed_since and any(is_url(path) for path in asked):
        raise ConfigError("--changed-since asks git, which knows files of this machine only")
    for name in ("workers", "max_issues"):
        if (value := getattr(args, name)) is not None and value < 1:
            raise ConfigError(f"--{name.replace('_', '-')}: expected 1 or more, got {value}")
    return asked


def _local(asked: list[str], mirror: "Mirror") -> list[Path]:
    from builder.audit.remote import is_url
    from builder.audit.targets import expanded

    fetched = (mirror.fetch(path) if is_url(path) else expanded(path) for path in asked)
    return [path for paths in fetched for path in paths]


def _issues(args: argparse.Namespace, paths: list[Path], counted: "Counted") -> "Iterator[Issue]":
    from builder.audit.changed import changed_since
    from builder.commands.checking import checked
    from builder.pipeline.cores import cores

    workers = args.workers or cores()
    changed = changed_since(args.changed_since, paths) if args.changed_since else None
    left = args.max_issues
    for issue in checked(
        paths, counted, workers=workers, images=not args.no_images, changed=changed, most=left
    ):
        left = left - 1 if left is not None else None
        yield issue
    if args.deep and left != 0:
        yield from islice(_deep(paths, workers, changed), left)


def _deep(paths: list[Path], workers: int, changed: "Changed | None") -> "Iterator[Issue]":
    """Yield where records disagree with what is recomputed, and print from what."""
    from builder.audit.deep import Recomputed, Sources, recompute
    from builder.engines import local
    from builder.pipeline.again import again
    from builder.pipeline.progress import Progress, tick

    started_s = time.monotonic()
    sources = Sources(paths)
    jobs = sources.jobs(again)
    told = Recomputed(skipped=sources.skipped, repeated=sources.repeated, issues=sources.issues)
    records = sum(len(job.entries) for job in jobs)
    with tempfile.TemporaryDirectory() as folder:
        ticks = Path(folder) / "progress"
        with Progress(ticks, records, "records"):
            for job, done in local.run(recompute, jobs, workers):
                told.add(done)
                tick(ticks, len(job.entries))
    issues = sorted(told.issues, key=lambda issue: (issue.file, issue.line or 0, issue.row or 0))
    yield from (issue for issue in issues if changed is None or changed.reports(issue))
    print("\n".join(told.lines(time.monotonic() - started_s)), file=sys.stderr)


def _write_pages(
    args: argparse.Namespace, found: "list[Issue]", counted: "Counted", mirror: "Mirror"
) -> None:
    """Write what was asked for beside the list: a table, a sheet of pictures."""
    if not args.summary and not args.thumbnails:
        return
    from builder.audit.formats_summary import failing_records, markdown, sheet

    failing = failing_records(found)
    if args.summary:
        named = [mirror.named(issue) for issue in found]
        with args.summary.open("a", encoding="utf-8") as file:
            file.write(markdown(named, counted, failing))
    if args.thumbnails and failing:
        sheet(failing).save(args.thumbnails, quality=85)


def _comment(named: str, text: str) -> None:
    from builder.audit.remote_pr import pull_request, send

    send(*pull_request(named), text)
    print(f"said so below {named}", file=sys.stderr)
