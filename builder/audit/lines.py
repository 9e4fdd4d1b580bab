"""Files of JSON Lines: records, and manifests of photographs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.audit.answers import Readers
from builder.audit.beside import Beside
from builder.audit.counted import Counted
from builder.audit.issue import Finding, Issue
from builder.audit.jsontext import read_lines
from builder.audit.ledger import Ledger
from builder.audit.pictures import Pictures
from builder.audit.rules import is_foreign, record_findings
from builder.audit.schema_rules import record_findings_of
from builder.schemas import errors


@dataclass(frozen=True, slots=True)
class Desk:
    """What one check carries from file to file.

    Attributes:
        readers: By task, what reads an answer.
        pictures: Where pictures are opened.
        beside: What records are compared with.
        ledger: What was seen in the records before.
        counted: How much was looked at.
    """

    readers: Readers
    pictures: Pictures
    beside: Beside
    ledger: Ledger
    counted: Counted

    def of_record(self, record: Any, place: str, kind: str) -> list[Finding]:  # noqa: ANN401
        """Return what is wrong with a record, alone and beside those before it."""
        foreign = is_foreign(record)
        self.counted.records += 1
        self.counted.foreign += foreign
        found = record_findings(record, self.readers)
        if isinstance(record, dict) and not foreign:
            found.extend(self.ledger.findings(record, place, kind))
        return found


def record_issues(path: Path, file: str, desk: Desk) -> Iterator[Issue]:
    """Yield what is wrong with a file of records, line by line.

    Args:
        path: The file; image paths are relative to its folder.
        file: What issues call it.
        desk: What the check carries along.

    Raises:
        OSError: If the file cannot be read.
    """
    empty = True
    for line in read_lines(path):
        empty = False
        found = list(line.findings)
        if line.parsed:
            said = {finding.pointer for finding in found if finding.pointer}
            more = desk.of_record(line.value, f"{file}:{line.number}", "jsonl")
            found.extend(finding for finding in more if finding.pointer not in said)
            found.extend(_beside(line.value, found, path.parent, desk))
        yield from (finding.at(file, line.number) for finding in found)
    if empty:
        yield Issue(file, None, "", "empty-file", "holds no record")


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
