"""The check: parts of files and folders looked at one by one, or by many processes; one report.

Whatever looks at the parts, the issues come in the order of paths and lines. With many processes
the bundles are looked at first, so that a picture that a record names too is decoded once.
"""

import itertools
import json
import math
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from builder.audit.answers import Readers
from builder.audit.apart import Apart
from builder.audit.changed import Changed
from builder.audit.counted import Counted
from builder.audit.issue import Issue
from builder.audit.ledger import Ledger
from builder.audit.look import Job, Looked, desk_of, look, looked, parts_of
from builder.audit.targets import Target, expanded, targets_of

__all__ = ["Way", "check", "summary", "targets_of"]

_WORTH_BYTES = 48 << 20  # below, other processes would take longer to start than they save
_BUNDLE_BYTES = 1 << 20  # what a bundle counts for

Spread = Callable[[Callable[[Job], Looked], Sequence[Job]], Iterator[tuple[Job, Looked]]]


@dataclass(frozen=True, slots=True)
class Way:
    """How a check goes about its work.

    Attributes:
        images: False: pictures must be there, and are not opened.
        changed: Only what changed in git is reported on; None: everything is.
        spread: Runs a function of a job in many processes, such as that of an engine; None: one.
        readers: Makes the readers in another process; needed with `spread`.
        tick: Is told the number of jobs there are and, after each, how many are done.
    """

    images: bool = True
    changed: Changed | None = None
    spread: Spread | None = None
    readers: Callable[[], Readers] | None = None
    tick: Callable[[int, int], None] = field(default=lambda done, jobs: None)


def check(
    paths: Sequence[str | os.PathLike[str]],
    readers: Readers,
    *,
    max_issues: int | None = None,
    images: bool = True,
    counted: Counted | None = None,
    way: Way | None = None,
) -> Iterator[Issue]:
    """Yield everything that is wrong in files and folders.

    Args:
        paths: Records (`.jsonl`, `.parquet`), bundles, folders that hold any of them, or globs.
        readers: By task, what reads an answer in a form and raises if it cannot.
        max_issues: Stop after so many.
        images: False: pictures must be there, and are not opened.
        counted: Is told how much was looked at.
        way: How; `images` is not asked then.

    Raises:
        StoreError: At once, if a path is not there or holds nothing that can be checked.
    """
    targets = [target for path in paths for one in expanded(path) for target in targets_of(one)]
    different = {os.path.realpath(target.path): target for target in reversed(targets)}
    ordered = list(reversed(different.values()))
    way = way or Way(images=images)
    counted = counted if counted is not None else Counted()
    if way.changed is not None:
        ordered = [target for target in ordered if way.changed.touches(target.path)]
    if way.spread is None or way.changed is not None or not _worth(ordered):
        found = _here(ordered, readers, way, counted)
    else:
        found = _spread(ordered, way, counted)
    return itertools.islice(_issues(found), max_issues)


def summary() -> Counted:
    """Return an empty count, to be given to `check` and printed after it."""
    return Counted()


def _here(targets: list[Target], readers: Readers, way: Way, counted: Counted) -> Iterator[Looked]:
    desk = desk_of(readers, counted, way.images)
    for target in targets:
        for part in parts_of(target):
            yield looked(part, desk, way.changed)


def _spread(targets: list[Target], way: Way, counted: Counted) -> Iterator[Looked]:
    """Look in many processes; bundles first, then what names their pictures."""
    if way.spread is None or way.readers is None:
        raise ValueError("expected `spread` and what makes the readers in another process")
    done: dict[int, Looked] = {}
    pictures: set[str] = set()
    with tempfile.TemporaryDirectory(prefix="world2vlm-check-") as folder:
        known = Path(folder) / "pictures.json"
        numbered = list(enumerate(part for target in targets for part in parts_of(target)))
        bundles = [one for one in numbered if one[1].target.kind == "trajectory"]
        others = [one for one in numbered if one[1].target.kind != "trajectory"]
        for phase, file in ((bundles, None), (others, known)):
            jobs = [Job(number, part, way.readers, way.images, file) for number, part in phase]
            for job, one in way.spread(look, jobs):
                done[job.number] = one
                counted.add(one.counted)
                way.tick(len(done), len(numbered))
            opened = {key: facts for _, one in done.items() for key, facts in one.opened.items()}
            known.write_text(json.dumps(opened), encoding="utf-8")
            pictures.update(opened)
    counted.images = len(pictures)
    yield from (done[number] for number in sorted(done))


def _worth(targets: list[Target]) -> bool:
    return sum(map(_size_bytes, targets)) >= _WORTH_BYTES


def _size_bytes(target: Target) -> int:
    if target.kind == "trajectory":
        return _BUNDLE_BYTES
    try:
        return target.path.stat().st_size
    except OSError:  # a link to nothing; its check says so
        return 0


def _issues(found: Iterator[Looked]) -> Iterator[Issue]:
    ledger, apart = Ledger(), Apart()
    for one in found:
        yield from _with_ledger(one, ledger)
        for seen in one.seen:
            apart.note(seen)
    yield from apart.issues()


def _with_ledger(one: Looked, ledger: Ledger) -> list[Issue]:
    """Return the issues of a part and those between records, in the order of lines."""
    between = [issue for seen in one.seen for issue in ledger.issues(seen)]
    return sorted([*one.issues, *between], key=_place) if between else list(one.issues)


def _place(issue: Issue) -> float:
    return next((n for n in (issue.line, issue.row) if n is not None), math.inf)
