"""Scores of a whole file of predictions: means by group with bootstrap intervals over places."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.audit.score import judged
from builder.audit.score.baselines import Baselines
from builder.audit.score.groups import GROUPINGS, groups_of
from builder.audit.score.predictions import Predictions
from builder.audit.score.rows import Records
from builder.audit.score.truth import truth_of
from builder.core.errors import RecordInvalid
from builder.core.seeding import rng_for

MEASURES = ("score", "exact", "format", "random", "constant")
_RESAMPLES = 1000
_AT_ONCE = 100


@dataclass(slots=True)
class Report:
    """What came out.

    Attributes:
        groups: By (grouping, group), the sums of `MEASURES` and the count, by place.
        missing: How many records nobody answered; they count as 0.
        unknown: record_ids of predictions that are none of the records.
        records: How many records there are.
    """

    groups: dict[tuple[str, str], dict[str, NDArray[np.float64]]] = field(default_factory=dict)
    missing: int = 0
    unknown: list[str] = field(default_factory=list)
    records: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table.

    Attributes:
        grouping: Such as "task"; "all" for all records, "tasks" for the mean of the tasks' means.
        group: Such as "A1".
        records: How many.
        places: From how many places.
        means: Of each of `MEASURES`.
        interval: 95 % of the bootstrap means of "score" over places; None with one place.
    """

    grouping: str
    group: str
    records: int
    places: int
    means: Mapping[str, float]
    interval: tuple[float, float] | None

    def to_json(self) -> dict[str, Any]:
        """Return the line as JSON values."""
        named = {name: round(mean, 6) for name, mean in self.means.items()}
        ends = None if self.interval is None else [round(end, 6) for end in self.interval]
        facts = {"grouping": self.grouping, "group": self.group}
        return facts | {"records": self.records, "places": self.places} | named | {"interval": ends}


def scored(
    records: Records, predictions: Predictions, tell: Callable[[int], None] = lambda _: None
) -> Report:
    """Score every record; what nobody answered counts as 0.

    Args:
        records: Read twice: for the baselines, then to be scored.
        predictions: What was said.
        tell: Is called with the number of records done.

    Raises:
        RecordInvalid: If there are no records, one stands there twice, or cannot be scored.
    """
    baselines = Baselines(records)
    report, unmet = Report(), set(predictions.texts)
    seen: set[str] = set()
    for row in records:
        name = row["record_id"]
        if name in seen:
            raise RecordInvalid(f"{name} stands in the data twice")
        seen.add(name)
        unmet.discard(name)
        _add(report, row, _measures(row, predictions.texts.get(name), baselines))
        report.missing += name not in predictions.texts
        report.records += 1
        tell(report.records)
    if not report.records:
        raise RecordInvalid("no record fits: nothing to score")
    report.unknown = sorted(unmet)
    return report


def lines_of(report: Report) -> list[Line]:
    """Return the table: all records, the mean of the tasks, then each group of each grouping."""
    places = sorted({place for sums in report.groups.values() for place in sums})
    keys = sorted(report.groups, key=lambda key: (("all", *GROUPINGS).index(key[0]), key[1]))
    index = {place: number for number, place in enumerate(places)}
    width = len(MEASURES) + 1
    table = np.zeros((len(keys), len(places), width))
    for number, key in enumerate(keys):
        for place, sums in report.groups[key].items():
            table[number, index[place]] = sums
    resampled = _resampled(table[:, :, 0], table[:, :, -1])
    lines = [
        _line(key, table[number], resampled[:, number] if len(places) > 1 else None)
        for number, key in enumerate(keys)
    ]
    return [lines[0], _mean_of_tasks(lines, keys, resampled), *lines[1:]]


def _measures(row: Mapping[str, Any], text: str | None, baselines: Baselines) -> list[float]:
    truth = truth_of(row)
    said = judged(truth, text or "")
    random = judged(truth, baselines.random(row, truth))
    constant = judged(truth, baselines.constant(row))
    own = (said["overall"], said["exact"], said["format"])
    return [*own, random["overall"], constant["overall"], 1.0]


def _add(report: Report, row: Mapping[str, Any], measures: list[float]) -> None:
    place = row.get("scene_id") or ""
    for key in (("all", "all"), *groups_of(row).items()):
        sums = report.groups.setdefault(key, defaultdict(lambda: np.zeros(len(MEASURES) + 1)))
        sums[place] += measures


def _resampled(sums: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (resamples, groups) means; places are drawn with replacement, the same for all."""
    places = sums.shape[1]
    rng = rng_for(0, "score", "bootstrap")
    even = np.full(places, 1 / places)
    parts = []
    for _ in range(_RESAMPLES // _AT_ONCE):
        drawn = rng.multinomial(places, even, size=_AT_ONCE).astype(np.float64)
        with np.errstate(invalid="ignore"):
            parts.append((drawn @ sums.T) / (drawn @ counts.T))  # nan: no place of the group
    return np.concatenate(parts)


def _line(
    key: tuple[str, str], sums: NDArray[np.float64], means: NDArray[np.float64] | None
) -> Line:
    count = sums[:, -1].sum()
    places = int((sums[:, -1] > 0).sum())
    values = dict(zip(MEASURES, (sums[:, :-1].sum(axis=0) / count).tolist(), strict=True))
    ends = None if means is None or places < 2 else _ends(means)
    return Line(*key, int(count), places, values, ends)


def _mean_of_tasks(
    lines: list[Line], keys: list[tuple[str, str]], resampled: NDArray[np.float64]
) -> Line:
    of = [number for number, (grouping, _) in enumerate(keys) if grouping == "task"]
    means = {name: float(np.mean([lines[i].means[name] for i in of])) for name in MEASURES}
    whole = lines[0]
    ends = None if whole.interval is None else _ends(resampled[:, of].mean(axis=1))
    return Line("tasks", "mean of tasks", whole.records, whole.places, means, ends)


def _ends(means: NDArray[np.float64]) -> tuple[float, float]:
    low, high = np.nanpercentile(means, (2.5, 97.5))
    return float(low), float(high)
