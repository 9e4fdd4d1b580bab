"""Guessing a box without pictures: by trees on the question's numbers.

They learn by how much the box differs from the question's (its center, the logarithms of its
sides), or the box itself where the question's is hidden. Beside it stand the best constant box and
the question's own box, repeated.
"""

from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from builder.audit.blind.asked import Asked
from builder.audit.blind.features import Features
from builder.audit.blind.folds import Floats, Fold, Scores
from builder.audit.blind.geometry import iou
from builder.audit.blind.question import parts_of
from builder.audit.blind.targets import Language, meaning_of
from builder.core.box import BoxN1000
from builder.core.errors import MissingExtra
from builder.core.seeding import rng_for

_TREES = 100
_CONSTANTS = 64


def true_boxes(records: Sequence[Asked], language: Language) -> Floats:
    """Return the right boxes, (n, 4), thousandths.

    Raises:
        RecordInvalid: If an answer is no box.
    """
    return np.array([cast(BoxN1000, meaning_of(one, language)) for one in records], float)


def asked_boxes(records: Sequence[Asked]) -> Floats:
    """Return the first box in each question, (n, 4); the whole frame where there is none."""
    found = [parts_of(one.question).boxes for one in records]
    return np.array([boxes[0] if boxes else (0, 0, 1000, 1000) for boxes in found], float)


def guessed(
    features: Features, right: Floats, starts: Floats, folds: Sequence[Fold], seed: int
) -> Scores:
    """Return the overlap (IoU) that guesses, constants and the control earn.

    Args:
        features: Of all rows.
        right: (n, 4), the right boxes.
        starts: (n, 4), from what the guess is counted.
        folds: What is learned from, what is tested.
        seed: Of the trees.
    """
    rows = np.concatenate([fold.test for fold in folds])
    offsets = _offsets(right, starts)
    blind: list[Floats] = []
    shuffled: list[Floats] = []
    for fold in folds:
        mixed = rng_for(seed, "shuffled").permutation(fold.train)
        for found, order in ((blind, fold.train), (shuffled, mixed)):
            trees = _trees(seed).fit(features.dense[fold.train], offsets[order])
            boxes = _applied(trees.predict(features.dense[fold.test]), starts[fold.test])
            found.append(iou(boxes, right[fold.test]))
    return Scores(
        rows, np.concatenate(blind), _constants(right[rows], seed), np.concatenate(shuffled)
    )


def _constants(right: Floats, seed: int) -> Floats:
    """Return what constant boxes earn: the mean and median box, and some of the right ones."""
    some = rng_for(seed, "constants").permutation(len(right))[:_CONSTANTS]
    boxes = [right.mean(axis=0), np.median(right, axis=0), *right[some]]
    return np.column_stack([iou(np.tile(box, (len(right), 1)), right) for box in boxes])


def _offsets(boxes: Floats, starts: Floats) -> Floats:
    size, start_size = boxes[:, 2:] - boxes[:, :2], starts[:, 2:] - starts[:, :2]
    shift = (boxes[:, :2] + boxes[:, 2:] - starts[:, :2] - starts[:, 2:]) / 2
    return np.asarray(np.hstack([shift, 300 * np.log(size / start_size)]))


def _applied(offsets: Floats, starts: Floats) -> Floats:
    size = (starts[:, 2:] - starts[:, :2]) * np.exp(offsets[:, 2:] / 300)
    center = (starts[:, :2] + starts[:, 2:]) / 2 + offsets[:, :2]
    return np.clip(np.hstack([center - size / 2, center + size / 2]), 0, 1000)


def _trees(seed: int) -> Any:  # noqa: ANN401 - scikit-learn has no types
    try:
        from sklearn.ensemble import ExtraTreesRegressor
    except ModuleNotFoundError as error:
        raise MissingExtra("sklearn", "audit") from error
    return ExtraTreesRegressor(_TREES, min_samples_leaf=3, random_state=seed % 2**32, n_jobs=1)
