"""How evenly records are spread: counts of answers, forms, amounts, labels and places of boxes.

What is counted is read off each record by itself, not from what the builder balanced, so that a
fault there shows here. Every distribution is held against an even one over the values it could
have: the four moves for A1, nine cells for boxes, and so on; for labels, amounts and sequences,
which depend on the scenes, over the values that the same subset and task shows in any split.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from builder.core.action import Move, amount_of, kind_of
from builder.core.protocol import SUBSETS
from builder.core.split import SPLITS
from builder.language.grammar import hear

ASPECTS = (
    "answer",
    "form",
    "choice",
    "label",
    "box_before",
    "box_after",
    "move_m",
    "turn_deg",
    "steps",
    "difficulty",
)
CELLS = tuple(
    f"{height} {side}".strip() or "center"
    for height in ("top", "", "bottom")
    for side in ("left", "", "right")
)
_MOVES = ("move forward", "move backward", "move left", "move right")
_ANSWERS: Mapping[str, Sequence[str]] = {
    "A1": _MOVES,
    "A2": ("turn left", "turn right"),
    "A4": ("true", "false"),
    "D2": ("visible", "gone"),
    "D4": ("same", "different"),
}
_CLOSED = {"yes-no": ("yes", "no"), "choice": ("A", "B"), "true-false": ("true", "false")}
_EVEN_BY_DESIGN = ("answer", "form", "choice")
_FEW = 5  # expected records a value, below which nothing is called uneven
_UNEVEN, _LARGE = 3.0, 0.15

Key = tuple[str, str, str]  # subset, split, task


@dataclass(frozen=True)
class Evenness:
    """How far counts are from even.

    Attributes:
        counts: By value; a value that could be and is not has 0.
    """

    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """All counts together."""
        return sum(self.counts.values())

    @property
    def top(self) -> tuple[str, float]:
        """The most frequent value and its share: what a constant answer would score."""
        value, count = max(self.counts.items(), key=lambda item: item[1])
        return value, count / max(1, self.total)

    @property
    def missing(self) -> tuple[str, ...]:
        """The values that never come."""
        return tuple(value for value, count in self.counts.items() if count == 0)

    @property
    def max_to_min(self) -> float:
        """The largest count over the least; infinite if a value is missing."""
        least = min(self.counts.values())
        return max(self.counts.values()) / least if least else math.inf

    @property
    def chi2_per_dof(self) -> float:
        """Pearson's chi-square against an even distribution, a degree of freedom; 1 is chance."""
        values = len(self.counts)
        if values < 2 or not self.total:
            return 0.0
        even = self.total / values
        return sum((count - even) ** 2 for count in self.counts.values()) / even / (values - 1)

    @property
    def unevenness(self) -> float:
        """Cramer's V against an even distribution: 0 if even, 1 if all are one value."""
        return math.sqrt(self.chi2_per_dof / self.total) if self.total else 0.0

    @property
    def is_uneven(self) -> bool:
        """Whether it is too far from even for chance, and by enough to matter."""
        if self.total < _FEW * len(self.counts):
            return False
        return self.chi2_per_dof > _UNEVEN and self.unevenness > _LARGE

    def to_json(self) -> dict[str, Any]:
        """Return JSON values; `max_to_min` is null where a value is missing."""
        ratio = self.max_to_min
        return {
            "counts": dict(self.counts),
            "max_to_min": round(ratio, 3) if math.isfinite(ratio) else None,
            "chi2_per_dof": round(self.chi2_per_dof, 3),
            "unevenness": round(self.unevenness, 4),
            "missing": list(self.missing),
        }


class Statistics:
    """Counts of records by subset, split and task; equal records in any order give equal ones."""

    def __init__(self, records: Iterable[Mapping[str, Any]] = ()) -> None:
        """Count some records."""
        self._records: Counter[Key] = Counter()
        self._counts: defaultdict[tuple[Key, str], Counter[str]] = defaultdict(Counter)
        self._seen: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
        for record in records:
            self.add(record)

    def add(self, record: Mapping[str, Any]) -> None:
        """Count one record."""
        subset, task = record["subset"], record["task_type"]
        key = (subset, record["split"], task)
        self._records[key] += 1
        for aspect, value in values_of(record):
            self._counts[key, aspect][value] += 1
            self._seen[subset, task, aspect].add(value)

    @property
    def subsets(self) -> list[str]:
        """The subsets there are, in their fixed order."""
        found = {subset for subset, _, _ in self._records}
        return [*(name for name in SUBSETS if name in found), *sorted(found - SUBSETS.keys())]

    @property
    def tasks(self) -> list[str]:
        """The tasks there are."""
        return sorted({task for _, _, task in self._records})

    def keys(self) -> list[Key]:
        """Return every (subset, split, task) that has records, in order."""
        order = [(s, p, t) for s in self.subsets for p in SPLITS for t in self.tasks]
        return [key for key in order if self._records[key]]

    def records(self, *keys: Key) -> int:
        """Return how many records there are, in all or at some keys."""
        return sum(self._records[key] for key in keys or self._records)

    def evenness(self, subset: str, splits: Sequence[str], task: str, aspect: str) -> Evenness:
        """Return the distribution of one aspect over some splits."""
        counts: Counter[str] = Counter()
        for split in splits:
            counts.update(self._counts[(subset, split, task), aspect])
        values = self._values(subset, task, aspect)
        return Evenness({value: counts[value] for value in values})

    def aspects(self, subset: str, task: str) -> list[str]:
        """Return which aspects the records of a task have."""
        return [aspect for aspect in ASPECTS if self._seen[subset, task, aspect]]

    def uneven(self) -> list[str]:
        """Return one line for each answer, form or choice that is farther from even than chance."""
        lines = []
        for subset, split, task in self.keys():
            for aspect in _EVEN_BY_DESIGN:
                found = self.evenness(subset, [split], task, aspect)
                if found.counts and found.is_uneven:
                    value, share = found.top
                    gone = f"; none: {', '.join(found.missing)}" if found.missing else ""
                    lines.append(
                        f"{subset} {split} {task} {aspect}: {value} {share:.0%} of {found.total}, "
                        f"even would be {1 / len(found.counts):.0%}{gone}"
                    )
        return lines

    def to_json(self) -> dict[str, Any]:
        """Return all counts as JSON values in a fixed order."""
        subsets: dict[str, Any] = {}
        for subset, split, task in self.keys():
            found: dict[str, Any] = {"records": self._records[subset, split, task]}
            for aspect in self.aspects(subset, task):
                found[aspect] = self.evenness(subset, [split], task, aspect).to_json()
            subsets.setdefault(subset, {}).setdefault(split, {})[task] = found
        return {"records": self.records(), "subsets": subsets, "uneven": self.uneven()}

    def _values(self, subset: str, task: str, aspect: str) -> list[str]:
        seen = self._seen[subset, task, aspect]
        if not seen:
            return []
        if aspect == "answer" and task in _ANSWERS:
            return [*_ANSWERS[task], *sorted(seen - set(_ANSWERS[task]))]
        if aspect == "form":
            return sorted(
                {form for name in self.subsets for form in self._seen[name, task, aspect]}
            )
        if aspect == "choice":
            return [word for words in _CLOSED.values() if seen & set(words) for word in words]
        if aspect.startswith("box"):
            return list(CELLS)
        return sorted(seen, key=lambda value: (_number(value), value))


def values_of(record: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (aspect, value) of all that is counted of a record.

    Amounts are those of the true motion. A record of two actions has two amounts.
    """
    actions = hear(record["actions"])
    yield "answer", answer_of(record)
    yield "form", record["answer_form"]
    yield "steps", str(len(actions))
    if record["answer_form"] in _CLOSED:
        yield "choice", record["messages"][1]["content"]
    if record["difficulty"] is not None:
        yield "difficulty", str(record["difficulty"])
    for action in actions:
        yield ("move_m" if isinstance(action, Move) else "turn_deg"), f"{amount_of(action):g}"
    if thing := record["object"]:
        yield "label", thing["label"]
        yield "box_before", cell_of(thing["box_before"])
        if thing["box_after"] is not None:
            yield "box_after", cell_of(thing["box_after"])


def answer_of(record: Mapping[str, Any]) -> str:
    """Return what a record answers, without form and amounts: kinds of actions, or a verdict."""
    task, thing = record["task_type"], record["object"]
    if task == "D2":
        return "gone" if thing["box_after"] is None else "visible"
    if task == "D4":
        return "same" if thing["track_id"] == thing["track_id_after"] else "different"
    if record["answer_form"] in _CLOSED:
        answer: str = record["messages"][1]["content"]
        return answer
    return "; ".join(kind_of(action) for action in hear(record["actions"]))


def cell_of(box: Sequence[int]) -> str:
    """Return in which ninth of the frame the center of a box lies.

    Example:
        >>> cell_of([700, 0, 900, 100])
        'top right'
    """
    x1, y1, x2, y2 = box
    column, row = (min(2, 3 * (low + high) // 2000) for low, high in ((x1, x2), (y1, y2)))
    return CELLS[row * 3 + column]


def _number(value: str) -> float:
    return float(value) if value.replace(".", "", 1).isdigit() else 0.0
