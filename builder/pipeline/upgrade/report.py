"""What an upgrade changed, counted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(slots=True)
class Report:
    """The counts.

    Attributes:
        records: How many were read.
        changed: How many are other than they were.
        notes: How often each step noted what, by (step, note).
        packed: Whether the release was packed again, or would be.
        swapped: Whether anything was written.
    """

    records: int = 0
    changed: int = 0
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)
    packed: bool = False
    swapped: bool = False

    def add(self, other: "Report") -> None:
        """Add the counts of another file."""
        self.records += other.records
        self.changed += other.changed
        self.notes.update(other.notes)

    def lines(self) -> Iterator[str]:
        """Yield it in words."""
        yield f"{self.changed} of {self.records} records changed"
        for (step, note), count in sorted(self.notes.items()):
            yield f"  {step}: {count} {note}"
        if self.packed:
            yield "  the release: packed again from them"
