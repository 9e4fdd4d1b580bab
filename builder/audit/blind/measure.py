"""How well a target can be guessed without pictures, beside what guessing must be able to do.

Three numbers belong together: the blind guess, the prior (the best constant answer on the very
records that are tested) and the control (the same model after learning from shuffled answers).
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from builder.audit.blind import boxes, guess
from builder.audit.blind.asked import Asked
from builder.audit.blind.features import SIGHTS, Sight, features_of
from builder.audit.blind.folds import (
    LEAST_TEST,
    Floats,
    Fold,
    Ints,
    Scores,
    Verdict,
    folds_of,
    interval,
    numbered,
    still_paired,
    verdict_of,
)
from builder.audit.blind.geometry import iou
from builder.audit.blind.targets import Language, Target, class_of, paired_in

_CARRIERS = 12
_LEAST_SUBSET = 200
ALL = "all"


@dataclass(frozen=True, slots=True)
class Settings:
    """How an audit measures.

    Attributes:
        seed: Of folds, trees and resampling.
        least_test: With fewer records in the test split, folds over all places are tested.
        explain: Whether to measure reported targets again with parts of the question hidden.
    """

    seed: int = 0
    least_test: int = LEAST_TEST
    explain: bool = True


@dataclass(frozen=True, slots=True)
class Measured:
    """What was found out about one target.

    Attributes:
        target: Its name.
        subset: Configuration, or "all".
        tested_on: "test split", or folds of places.
        records: How many were tested.
        places: In how many places.
        classes: How many different answers there are; 0 for a box.
        blind: Accuracy (for a box: mean IoU) of the guess without pictures.
        prior: The same of the best constant answer.
        control: The same after learning from shuffled answers.
        interval: 95 % interval of `blind - prior`, by places.
        allowed: What `blind - prior` may be; None: reported only.
        verdict: Whether the interval lies below that.
        model: Which model guessed.
        sights: What is earned with parts of the question hidden.
        carriers: The features that say most, strongest first.
        others: Other measures, such as echoing the question's box.
    """

    target: str
    subset: str
    tested_on: str
    records: int
    places: int
    classes: int
    blind: float
    prior: float
    control: float
    interval: tuple[float, float]
    allowed: float | None
    verdict: Verdict
    model: str
    sights: dict[str, float]
    carriers: list[str]
    others: dict[str, float]

    @property
    def excess(self) -> float:
        """By how much the blind guess beats the prior."""
        return self.blind - self.prior


@dataclass(frozen=True, eq=False)
class _Task:
    """The records of one target, made ready."""

    records: Sequence[Asked]
    places: Ints
    folds: Sequence[Fold]
    seed: int


def measure(
    target: Target, records: Sequence[Asked], language: Language, settings: Settings, subset: str
) -> Measured | None:
    """Return how well a target is guessed; None: it has no records, or they are of one place.

    Of one subset, targets with fewer than 200 records are left out: they would show nothing.

    Raises:
        RecordInvalid: If an answer cannot be read.
        MissingExtra: If scikit-learn is not installed.
    """
    mine = [one for one in records if one.task == target.task]
    if len(mine) < (_LEAST_SUBSET if subset != ALL else 2):
        return None
    places = numbered([one.scene_id for one in mine])
    folds, tested_on = folds_of(mine, places, settings.seed, settings.least_test)
    if not folds:
        return None
    ready = _Task(mine, places, folds, settings.seed)
    by_kind = _of_box if target.kind == "box" else _of_class
    explain = settings.explain and target.allowed is None and subset == ALL
    scores, facts = by_kind(ready, language, explain)
    tested = places[scores.rows]
    found = interval(scores, tested, settings.seed)
    return Measured(
        target=target.name,
        subset=subset,
        tested_on=tested_on,
        records=len(tested),
        places=len(np.unique(tested)),
        classes=scores.constants.shape[1] if target.kind == "class" else 0,
        blind=float(scores.blind.mean()),
        prior=scores.prior,
        control=float(scores.control.mean()),
        interval=found,
        allowed=target.allowed,
        verdict=verdict_of(found, target.allowed, len(np.unique(tested))),
        model=facts.model,
        sights=facts.sights,
        carriers=facts.carriers,
        others=facts.others,
    )


@dataclass(frozen=True, slots=True)
class _Facts:
    model: str
    sights: dict[str, float]
    carriers: list[str]
    others: dict[str, float]


def _of_class(ready: _Task, language: Language, explain: bool) -> tuple[Scores, _Facts]:
    answers = [class_of(one, language) for one in ready.records]
    names = sorted(set(answers))
    codes = numbered(answers)
    groups = _groups(ready.records, language)
    folds = [
        Fold(still_paired(fold.train, fold.test, codes, groups, ready.seed), fold.test)
        for fold in ready.folds
    ]
    seen = features_of(ready.records)
    scores, model = guess.guessed(seen, codes, ready.places, groups, folds, ready.seed)
    sights: dict[str, float] = {}
    for sight in SIGHTS if explain else ():
        hidden = features_of(ready.records, sight)
        sights[sight] = guess.accuracy(hidden, codes, folds, model, ready.seed)
    others = _of_counts([answers[row] for row in scores.rows.tolist()])
    return scores, _Facts(model, sights, guess.carriers(seen, codes, names, _CARRIERS), others)


def _groups(records: Sequence[Asked], language: Language) -> Ints:
    """Return the group of each record that was chosen in pairs; others are each alone in theirs."""
    paired = [paired_in(one, language) for one in records]
    return numbered([name or f"alone {row}" for row, name in enumerate(paired)])


def _of_counts(answers: Sequence[str]) -> dict[str, float]:
    """Return what the best answer for each number of actions earns, where there are several.

    Questions tell that number, by their words or by how many pictures they show.
    """
    by_count: dict[int, Counter[str]] = defaultdict(Counter)
    for answer in answers:
        by_count[answer.count(";")][answer] += 1
    if len(by_count) < 2:
        return {}
    best = sum(counts.most_common(1)[0][1] for counts in by_count.values())
    return {"best answer for each number of actions": best / len(answers)}


def _of_box(ready: _Task, language: Language, explain: bool) -> tuple[Scores, _Facts]:
    right, asked = boxes.true_boxes(ready.records, language), boxes.asked_boxes(ready.records)
    whole = np.tile([0.0, 0.0, 1000.0, 1000.0], (len(right), 1))

    def earned(sight: Sight, starts: Floats) -> Scores:
        seen = features_of(ready.records, sight)
        return boxes.guessed(seen, right, starts, ready.folds, ready.seed)

    scores = earned("all", asked)
    sights: dict[str, float] = {}
    if explain:
        for sight in SIGHTS:
            hidden = sight in {"no boxes", "words"}
            sights[sight] = _mean(earned(sight, whole if hidden else asked))
    others = {
        "echo of the question's box": float(iou(asked, right)[scores.rows].mean()),
        "blind, share with IoU >= 0.5": float((scores.blind >= 0.5).mean()),
    }
    return scores, _Facts("trees", sights, [], others)


def _mean(scores: Scores) -> float:
    return float(scores.blind.mean())
