"""One part of what is to be checked, looked at: some lines, some row groups, or a bundle."""

import functools
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.audit.answers import Readers
from builder.audit.beside import Beside
from builder.audit.bundles import scene_issues, trajectory_issues
from builder.audit.changed import Changed
from builder.audit.counted import Counted
from builder.audit.issue import Issue
from builder.audit.ledger import Seen
from builder.audit.lines import Desk, Scope, manifest_issues, record_issues
from builder.audit.pictures import Pictures
from builder.audit.stretch import WHOLE, Stretch, stretches
from builder.audit.targets import Target
from builder.audit.tracks import track_issues

PART_BYTES = 8 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """What is looked at in one go.

    Attributes:
        target: The file, or the folder of a bundle.
        lines: Of records, which lines.
    """

    target: Target
    lines: Stretch = WHOLE

    @property
    def begins(self) -> bool:
        """Whether it is the first part of its file."""
        return self.lines.start == 0


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found in one part.

    Attributes:
        issues: In the order of lines.
        seen: What the ledger needs.
        counted: What this part adds; empty where one count serves all parts.
        opened: Pictures opened for it, and what came of it.
    """

    issues: tuple[Issue, ...]
    seen: tuple[Seen, ...]
    counted: Counted
    opened: Mapping[str, list[object]]


@dataclass(frozen=True, slots=True)
class Job:
    """A part, with all that another process needs to look at it.

    Attributes:
        number: Its place in the report.
        part: The part.
        readers: Makes the readers.
        images: Whether pictures are opened.
        known: A file of pictures that were opened before; None: none were.
    """

    number: int
    part: Part
    readers: Callable[[], Readers]
    images: bool
    known: Path | None


def parts_of(target: Target) -> Iterator[Part]:
    """Yield a target in parts; a file that cannot be read is one, and looking at it says why."""
    if target.kind != "records":
        yield Part(target)
        return
    try:
        for stretch in stretches(target.path, PART_BYTES):
            yield Part(target, stretch)
    except OSError:
        yield Part(target)


def desk_of(readers: Readers, counted: Counted, images: bool) -> Desk:
    """Return an empty desk."""
    pictures = Pictures(counted, images)
    return Desk(readers, pictures, Beside(pictures), counted)


def look(job: Job) -> Looked:
    """Look at a part in a process of its own."""
    desk = desk_of(job.readers(), Counted(), job.images)
    if job.known is not None:
        desk.pictures.know(_known(job.known))
    one = looked(job.part, desk, None)
    return Looked(one.issues, one.seen, desk.counted, desk.pictures.told())


@functools.lru_cache(maxsize=1)
def _known(file: Path) -> Mapping[str, list[object]]:
    known: dict[str, list[object]] = json.loads(file.read_text(encoding="utf-8"))
    return known


def looked(part: Part, desk: Desk, changed: Changed | None) -> Looked:
    """Look at a part; what is carried along lies on the desk."""
    issues = tuple(_issues(part, desk, changed))
    seen = tuple(desk.seen)
    desk.seen.clear()
    return Looked(issues, seen, Counted(), {})


def _issues(part: Part, desk: Desk, changed: Changed | None) -> Iterator[Issue]:
    path = part.target.path
    file = path.as_posix()
    desk.counted.files += part.begins and part.target.kind != "trajectory"
    try:
        match part.target.kind:
            case "records":
                wanted = None if changed is None else changed.lines(path).wanted
                yield from record_issues(path, file, desk, Scope(part.lines, wanted))
            case "parquet":
                from builder.audit.parquet import parquet_issues  # pyarrow only where needed

                yield from parquet_issues(path, file, desk)
            case "packed":
                yield Issue(file, None, "", "unreadable-file", "is packed; unpack it to check it")
            case _:
                yield from _of_bundle(part.target, file, desk)
    except OSError as error:
        yield Issue(file, None, "", "unreadable-file", f"cannot be read: {error.strerror or error}")


def _of_bundle(target: Target, file: str, desk: Desk) -> Iterator[Issue]:
    match target.kind:
        case "manifest":
            yield from manifest_issues(target.path, file, desk.pictures)
        case "scene":
            yield from scene_issues(target.path, file, desk.pictures)
        case "trajectory":
            yield from trajectory_issues(target.path, file, desk.pictures)
        case _:
            yield from track_issues(target.path, file, None, None)
