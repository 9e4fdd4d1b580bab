"""What came out and what did not, with the reason: nothing is lost silently."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from builder.language.table import aligned


@dataclass
class Tally:
    """Counts that can be added up over scenes and workers.

    Attributes:
        records: By (subset, task).
        drops: By (subset, what was dropped, reason); what is a task's name, "trajectory" or
            "anchor".
        bundles: Rollouts by subset.
    """

    records: Counter[tuple[str, str]] = field(default_factory=Counter)
    drops: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    bundles: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Add the counts of another tally to this one."""
        self.records.update(other.records)
        self.drops.update(other.drops)
        self.bundles.update(other.bundles)

    def to_json(self) -> dict[str, Any]:
        """Return plain JSON values, sorted."""
        return {
            "records": [[*key, count] for key, count in sorted(self.records.items())],
            "drops": [[*key, count] for key, count in sorted(self.drops.items())],
            "bundles": [[key, count] for key, count in sorted(self.bundles.items())],
        }

    @classmethod
    def from_json(cls, plain: dict[str, Any]) -> "Tally":
        """Return the tally of `to_json`."""
        return cls(
            Counter({(subset, task): count for subset, task, count in plain["records"]}),
            Counter({(subset, what, why): count for subset, what, why, count in plain["drops"]}),
            Counter(dict(plain["bundles"])),
        )

    def table(self) -> str:
        """Return the counts as text: records by subset and task, then drops by reason."""
        subsets = list(dict.fromkeys(subset for subset, _ in sorted(self.records)))
        tasks = sorted({task for _, task in self.records})
        rows = [["records", *tasks, "all"]]
        for subset in subsets:
            counts = [self.records[subset, task] for task in tasks]
            rows.append([subset, *map(str, counts), str(sum(counts))])
        sums = [sum(self.records[subset, task] for subset in subsets) for task in tasks]
        rows.append(["all", *map(str, sums), str(sum(sums))])
        text = aligned(rows)
        return f"{text}\n\n{self._drop_table()}" if self.drops else text

    def _drop_table(self) -> str:
        by_reason: Counter[tuple[str, str]] = Counter()
        for (_, what, why), count in self.drops.items():
            by_reason[what, why] += count
        rows = [["not made", "reason", "count"]]
        rows += [[what, why, str(count)] for (what, why), count in sorted(by_reason.items())]
        return aligned(rows, texts=2)
