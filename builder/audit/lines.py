"""Files of JSON Lines: records, and manifests of photographs."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.audit.answers import Readers
from builder.audit.beside import Beside
from builder.audit.counted import Counted
from builder.audit.issue import Finding, Issue
from builder.audit.jsontext import Line, read_batches, read_lines
from builder.audit.ledger import Seen
from builder.audit.pictures import Pictures
from builder.audit.rules import batch_findings, is_foreign
from builder.audit.schema_rules import record_findings_of
from builder.audit.stretch import WHOLE, Stretch
from builder.schemas import errors

Found = list[Finding]


@dataclass(frozen=True, slots=True)
class Desk:
    """What one check carries from record to record.

    Attributes:
        readers: By task, what reads an answer.
        pictures: Where pictures are opened.
        beside: What records are compared with.
        counted: How much was looked at.
        seen: What the ledger needs of the records; whoever takes it empties it.
    """

    readers: Readers
    pictures: Pictures
    beside: Beside
    counted: Counted
    seen: list[Seen] = field(default_factory=list)

    def note(self, record: Any, seen_at: tuple[str, str, int | None, int | None]) -> None:  # noqa: ANN401
        """Count a record, and note it for the ledger.

        Args:
            record: A parsed JSON value, of any type.
            seen_at: Kind ("jsonl", "parquet" or "benchmark"), file, line and row.
        """
        foreign = is_foreign(record)
        self.counted.records += 1
        self.counted.foreign += foreign
        if isinstance(record, dict) and not foreign:
            self.seen.append(Seen.of(seen_at[0], seen_at[1:], record))
            self.counted.licensed(record.get("license"))


@dataclass(frozen=True, slots=True)
class Scope:
    """Which part of a file is looked at.

    Attributes:
        lines: Its lines.
        wanted: Whether a record is reported on; None: all are.
    """

    lines: Stretch = WHOLE
    wanted: Callable[[Line], bool] | None = None


def record_issues(path: Path, file: str, desk: Desk, scope: Scope) -> Iterator[Issue]:
    """Yield what is wrong with a file of records, line by line.

    Args:
        path: The file; image paths are relative to its folder.
        file: What issues call it.
        desk: What the check carries along.
        scope: Which lines.

    Raises:
        OSError: If the file cannot be read.
    """
    empty = scope.lines == WHOLE
    for batch in read_batches(path, scope.lines):
        empty = False
        for line, alone in _alone(batch, desk.readers, scope):
            if alone is None:
                if isinstance(line.value, dict) and not is_foreign(line.value):
                    seen = Seen.of("jsonl", (file, line.number, None), line.value)
                    desk.seen.append(seen._replace(changed=False))
                continue
            if line.parsed:
                desk.note(line.value, ("jsonl", file, line.number, None))
                alone.extend(_beside(line.value, alone, path.parent, desk))
            yield from (finding.at(file, line.number) for finding in alone)
    if empty:
        yield Issue(file, None, "", "empty-file", "holds no record")


def _alone(
    batch: Sequence[Line], readers: Readers, scope: Scope
) -> Iterator[tuple[Line, Found | None]]:
    """Yield each line with what is wrong in it alone; None: it is not reported on."""
    wanted = [scope.wanted is None or scope.wanted(line) for line in batch]
    values = [line.value for line, want in zip(batch, wanted, strict=True) if want and line.parsed]
    of_values = iter(batch_findings(values, readers))
    for line, want in zip(batch, wanted, strict=True):
        if not want:
            yield line, None
            continue
        found = list(line.findings)
        if line.parsed:
            said = {finding.pointer for finding in found if finding.pointer}
            found.extend(one for one in next(of_values) if one.pointer not in said)
        yield line, found


def manifest_issues(path: Path, file: str, pictures: Pictures) -> Iterator[Issue]:
    """Yield what is wrong with a manifest of photographs.

    Raises:
        OSError: If the file cannot be read.
    """
    for line in read_lines(path):
        found = list(line.findings)
        if line.parsed:
            issues = errors(line.value, "manifest")
            found.extend(record_findings_of(issues, line.value, ()))
            if not issues:
                found.extend(_sidecars(line.value, path.parent, pictures))
        yield from (finding.at(file, line.number) for finding in found)


def _sidecars(photo: dict[str, Any], root: Path, pictures: Pictures) -> Iterator[Finding]:
    yield from pictures.below(root, photo["image"]).finding("/image", photo["image"])
    for key in ("depth", "objects"):
        if isinstance(name := photo.get(key), str):
            yield from pictures.place(root, name).finding(f"/{key}", name)


def _beside(record: Any, found: list[Finding], root: Path, desk: Desk) -> Iterator[Finding]:  # noqa: ANN401
    """Compare a record with what lies below `root`, if its own fields can be relied on."""
    broken = {finding.pointer.split("/")[1] for finding in found if finding.pointer}
    needed = {"images", "frame_indices", "actions", "object"}
    foreign = is_foreign(record)
    if not isinstance(record, dict) or "images" in broken or "images" not in record:
        return
    alone = foreign or bool(broken & needed) or not needed <= record.keys()
    yield from desk.beside.findings(record, root, only_images=alone)
