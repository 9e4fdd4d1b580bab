"""Which records are learned from and which are tested, and how sure a difference is.

No place is in both. Intervals come from resampling places, not records: records of one place are
alike. What a build chose in pairs, a true claim for each false one, is learned from in pairs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from builder.audit.blind.asked import Asked
from builder.core.seeding import rng_for

Verdict = Literal["pass", "fail", "too few", "reported"]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
LEAST_TEST = 500
LEAST_PLACES = 5
_FOLDS = 5
_DRAWS = 2000


@dataclass(frozen=True, eq=False)
class Fold:
    """Rows to learn from and rows to be tested on; no place is in both.

    Attributes:
        train: Row numbers.
        test: Row numbers.
    """

    train: Ints
    test: Ints


@dataclass(frozen=True, eq=False)
class Scores:
    """What each tested record earned.

    Attributes:
        rows: (n,), the tested rows.
        blind: (n,), by the guess without pictures, 0..1.
        constants: (n, answers), by each constant answer.
        control: (n,), by the same model after learning from shuffled answers.
    """

    rows: Ints
    blind: Floats
    constants: Floats
    control: Floats

    @property
    def prior(self) -> float:
        """The best constant answer's mean."""
        return float(self.constants.mean(axis=0).max())

    @property
    def excess(self) -> float:
        """By how much the blind guess beats the prior."""
        return float(self.blind.mean()) - self.prior


def numbered(names: Sequence[str]) -> Ints:
    """Return the place of each name among all names, in their order."""
    return np.unique(np.array(names), return_inverse=True)[1].astype(np.int64)


def folds_of(
    records: Sequence[Asked], places: Ints, seed: int, least_test: int = LEAST_TEST
) -> tuple[list[Fold], str]:
    """Return what is learned from and what is tested, and how to call it; no folds: too few places.

    Args:
        records: Of one target.
        places: (n,), the number of each one's place.
        seed: Which places go to which fold.
        least_test: With fewer records in the test split, folds over all places are tested.
    """
    splits = np.array([one.split for one in records])
    test, train = np.flatnonzero(splits == "test"), np.flatnonzero(splits == "train")
    enough = len(test) >= least_test and len(np.unique(places[test])) >= LEAST_PLACES
    if enough and len(train):
        return [Fold(train, test)], "test split"
    sizes = np.bincount(places)
    count = min(_FOLDS, len(sizes))
    if count < 2:
        return [], "one place only"
    fold_of = np.zeros(len(sizes), np.int64)
    load = np.zeros(count)
    order = rng_for(seed, "folds").permutation(len(sizes))
    for place in sorted(order.tolist(), key=lambda place: -sizes[place]):
        fold_of[place] = int(load.argmin())
        load[fold_of[place]] += sizes[place]
    mine = fold_of[places]
    return [
        Fold(np.flatnonzero(mine != fold), np.flatnonzero(mine == fold)) for fold in range(count)
    ], f"{count} folds of places"


def still_paired(kept: Ints, taken: Ints, answers: Ints, groups: Ints, seed: int) -> Ints:
    """Return the rows of `kept` less those whose partners are among `taken`.

    A build takes as many of either answer to the same claim. Where more true ones are taken out to
    be tested than false ones, those that stay are mostly false: a learner would learn the opposite
    of what it is asked. So of each group as many rows of either answer leave. What was uneven in
    the whole stays as uneven: a leak of the build itself is not mended here.

    Args:
        kept: Row numbers to learn from.
        taken: Row numbers to be tested on.
        answers: (n,), from 0.
        groups: (n,), from 0: rows of one group were chosen in pairs.
        seed: Which partners leave.
    """
    shape = int(groups.max()) + 1, int(answers.max()) + 1
    gone = np.zeros(shape, np.int64)
    np.add.at(gone, (groups[taken], answers[taken]), 1)
    leave = gone.max(axis=1, keepdims=True) - gone
    mixed = rng_for(seed, "partners").permutation(kept)
    cells = groups[mixed] * shape[1] + answers[mixed]
    order = np.argsort(cells, kind="stable")
    begun = np.searchsorted(cells[order], cells[order])
    stays = np.arange(len(order)) - begun >= leave.ravel()[cells[order]]
    return np.sort(mixed[order][stays])


def interval(scores: Scores, places: Ints, seed: int) -> tuple[float, float]:
    """Return the 95 % interval of the excess over the prior, resampling places.

    Args:
        scores: Of the tested records.
        places: (n,), the number of each one's place.
        seed: Of the draws.
    """
    names, mine = np.unique(places, return_inverse=True)
    sums = np.zeros((len(names), 2 + scores.constants.shape[1]))
    earned = np.column_stack([np.ones(len(mine)), scores.blind, scores.constants])
    np.add.at(sums, mine, earned)
    even = np.full(len(names), 1 / len(names))
    draws = rng_for(seed, "places").multinomial(len(names), even, _DRAWS) @ sums
    means = draws[:, 1:] / np.maximum(draws[:, :1], 1e-9)
    excess = means[:, 0] - means[:, 1:].max(axis=1)
    low, high = np.quantile(excess, (0.025, 0.975))
    return float(low), float(high)


def verdict_of(found: tuple[float, float], allowed: float | None, places: int) -> Verdict:
    """Return whether an interval of the excess lies below what is allowed, above it, or across."""
    if allowed is None:
        return "reported"
    low, high = found
    if places >= LEAST_PLACES and high <= allowed:
        return "pass"
    return "fail" if places >= LEAST_PLACES and low > allowed else "too few"
