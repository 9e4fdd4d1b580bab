"""What is recomputed together: the records of one place, and what came of it."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.audit.issue import Finding, Issue
from builder.config import Gates
from builder.core.scene import Scene


@dataclass(frozen=True, slots=True)
class Entry:
    """Where a record stands.

    Attributes:
        file: As issues call it.
        line: Counts from 1; None: a row.
        row: Of a Parquet file, from 0; None: a line.
        root: The folder that its image paths are relative to.
        bundle: The folder of its bundle, below the root.
        source: File, offset and length of its JSON; or the JSON itself.
    """

    file: str
    line: int | None
    row: int | None
    root: Path
    bundle: str
    source: tuple[Path, int, int] | str

    def record(self) -> Any:  # noqa: ANN401 - JSON
        """Read the record; None if the file was changed in the meantime."""
        if isinstance(self.source, str):
            return json.loads(self.source)
        path, offset, length = self.source
        try:
            with path.open("rb") as file:
                file.seek(offset)
                return json.loads(file.read(length))
        except (OSError, ValueError, RecursionError):
            return None

    def issue(self, finding: Finding) -> Issue:
        """Return the issue of a finding in this record."""
        return finding.at(self.file, self.line, self.row)


@dataclass(frozen=True, eq=False)
class Reopened:
    """A place opened again, or why it could not be, and when its questions count as answerable.

    Attributes:
        scene: What can be looked at; None: it could not be opened.
        why: Why not.
        gates: Of the build.
    """

    scene: Scene | None
    why: str
    gates: Gates


Again = Callable[[Path, str, str, int], Reopened]
"""Opens a place again: from the records' folder, scene id, backend and seed."""


@dataclass(frozen=True)
class Job:
    """Records of one place.

    Attributes:
        entries: Where they stand; those of one bundle next to each other.
        again: A function of a module, so that a worker process can find it.
    """

    entries: tuple[Entry, ...]
    again: Again


@dataclass(slots=True)
class Recomputed:
    """How much was recomputed, and from what.

    Attributes:
        pixels: Records from views that were painted again.
        stored: Records from the bundle's own numbers, by the reason why not from pixels.
        skipped: Records that were not recomputed, by the reason.
        repeated: Rows of Parquet that say what a line said that was recomputed.
        views: Views that were painted.
        issues: Disagreements.
    """

    pixels: int = 0
    stored: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    views: int = 0
    issues: list[Issue] = field(default_factory=list)

    @property
    def records(self) -> int:
        """How many records there were."""
        return self.pixels + self.stored.total() + self.skipped.total() + self.repeated

    def add(self, other: "Recomputed") -> None:
        """Add what came of another job."""
        self.pixels += other.pixels
        self.stored += other.stored
        self.skipped += other.skipped
        self.repeated += other.repeated
        self.views += other.views
        self.issues += other.issues

    def lines(self, took_s: float) -> list[str]:
        """Return what to tell the user, a line each."""
        anew = self.pixels + self.stored.total()
        found = [
            f"recomputed {anew:,} of {self.records:,} records in {took_s:.0f} s "
            f"({anew / max(took_s, 1e-6):.1f} a second): "
            f"{self.pixels:,} from pixels ({self.views:,} views painted again), "
            f"{self.stored.total():,} from stored facts, {self.skipped.total():,} not at all"
        ]
        if self.repeated:
            found.append(f"  {self.repeated:,} more are rows of Parquet that equal such a record")
        for what, reasons in (("from stored facts", self.stored), ("not at all", self.skipped)):
            found += [f"  {what}: {count:,}, {why}" for why, count in reasons.most_common()]
        return found
