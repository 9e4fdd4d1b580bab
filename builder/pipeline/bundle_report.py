"""What became of somebody else's bundles: used, put right, left out, each with its count."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from builder.core.drop import Drop


@dataclass
class Report:
    """What became of the bundles.

    Attributes:
        layouts: How many were used, by layout.
        corrected: How many were put right, by what was wrong.
        refused: Why the others, or parts of them, were not used.
        examples: The first detail of each reason.
    """

    layouts: Counter[str] = field(default_factory=Counter)
    corrected: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    examples: dict[str, str] = field(default_factory=dict)

    def note(self, drop: Drop) -> None:
        """Count a drop and keep the first of its kind."""
        self.refused[drop.reason] += 1
        self.examples.setdefault(drop.reason, drop.detail)

    def facts(self, name: str) -> dict[str, Any]:
        """Return what `stats.json` and the card say."""
        return {
            "made_from": f"bundles in {name}: {_listed(self.layouts)}",
            "put_right": _listed(self.corrected) or "nothing",
            "left_out": _listed(self.refused) or "nothing",
        }

    def table(self) -> str:
        """Return the counts as text, an example a reason."""
        lines = [f"bundles used: {_listed(self.layouts) or 'none'}"]
        lines += [f"put right: {_listed(self.corrected)}"] if self.corrected else []
        for reason, count in sorted(self.refused.items()):
            lines.append(f"left out: {reason} {count}, such as {self.examples[reason]}")
        return "\n".join(lines)


def _listed(counts: Counter[str]) -> str:
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items()))
