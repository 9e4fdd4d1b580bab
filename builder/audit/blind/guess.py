"""Guessing a class without pictures: a linear model of words, trees on numbers, or their mean.

Which of them is taken is decided on some of the training places, never on those that are tested.
"""

import warnings
from collections import Counter
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from builder.audit.blind.features import Features
from builder.audit.blind.folds import Floats, Fold, Ints, Scores, still_paired
from builder.core.errors import MissingExtra
from builder.core.seeding import rng_for

Model = Literal["words", "numbers", "both"]
_TREES = 120
_HELD_OUT = 4  # every fourth place of the training is held out to choose a model


def guessed(
    features: Features,
    classes: Ints,
    places: Ints,
    groups: Ints,
    folds: Sequence[Fold],
    seed: int,
) -> tuple[Scores, Model]:
    """Return what guesses, constant answers and the control earn, and which model guessed most.

    Args:
        features: Of all rows.
        classes: (n,), from 0.
        places: (n,), the number of each row's place.
        groups: (n,), from 0: rows of one group were chosen in pairs.
        folds: What is learned from, what is tested.
        seed: Of the trees.
    """
    rows = np.concatenate([fold.test for fold in folds])
    blind: list[Floats] = []
    shuffled: list[Floats] = []
    taken: list[Model] = []
    for fold in folds:
        model = _chosen(features, classes, places, groups, fold.train, seed)
        taken.append(model)
        mixed = classes.copy()
        mixed[fold.train] = rng_for(seed, "shuffled").permutation(classes[fold.train])
        blind.append(_right(model, features, classes, classes, fold, seed))
        shuffled.append(_right(model, features, mixed, classes, fold, seed))
    constants = np.eye(int(classes.max()) + 1)[classes[rows]]
    scores = Scores(rows, np.concatenate(blind), constants, np.concatenate(shuffled))
    return scores, Counter(taken).most_common(1)[0][0]


def accuracy(
    features: Features, classes: Ints, folds: Sequence[Fold], model: Model, seed: int
) -> float:
    """Return the accuracy of one model; for what is compared with `guessed`."""
    right = [_right(model, features, classes, classes, fold, seed) for fold in folds]
    return float(np.concatenate(right).mean())


def _right(
    model: Model, features: Features, learned: Ints, true: Ints, fold: Fold, seed: int
) -> Floats:
    said = _shares(model, features, learned, fold, seed).argmax(axis=1)
    return np.asarray(said == true[fold.test], float)


def carriers(features: Features, classes: Ints, names: Sequence[str], most: int) -> list[str]:
    """Return the features that say most about the classes, strongest first.

    A linear model tells which n-grams, the trees which numbers.
    """
    if len(np.unique(classes)) < 2:
        return []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        linear = _linear().fit(features.sparse, classes)
        trees = _trees(0).fit(features.dense, classes)
    weights = linear.coef_ * np.asarray(features.sparse.max(axis=0).todense())
    found = []
    for index in np.argsort(-np.abs(weights).max(axis=0))[:most]:
        row = int(np.abs(weights[:, index]).argmax())
        sign = weights[row, index] > 0
        name = names[linear.classes_[row if len(weights) > 1 else int(sign)]]
        towards = "for" if sign or len(weights) == 1 else "against"
        found.append(f"{features.names[index]} {towards} {name} ({abs(weights[row, index]):.1f})")
    for index in np.argsort(-trees.feature_importances_)[: most // 2]:
        share = trees.feature_importances_[index]
        found.append(f"{features.dense_names[index]} ({100 * share:.0f} % of the trees' gain)")
    return found


def _chosen(
    features: Features, classes: Ints, places: Ints, groups: Ints, train: Ints, seed: int
) -> Model:
    """Return the model that is best on held-out places of the training."""
    known = np.unique(places[train])
    held = rng_for(seed, "held out").permutation(known)[::_HELD_OUT]
    is_held = np.isin(places[train], held)
    left = still_paired(train[~is_held], train[is_held], classes, groups, seed)
    inner = Fold(left, train[is_held])
    if len(inner.train) == 0 or len(inner.test) == 0:
        return "both"
    shares: dict[Model, Any] = {
        "words": _shares("words", features, classes, inner, seed),
        "numbers": _shares("numbers", features, classes, inner, seed),
    }
    shares["both"] = (shares["words"] + shares["numbers"]) / 2
    right = {
        name: float((each.argmax(axis=1) == classes[inner.test]).mean())
        for name, each in shares.items()
    }
    return max(right, key=lambda name: right[name])


def _shares(
    model: Model, features: Features, classes: Ints, fold: Fold, seed: int
) -> NDArray[np.float64]:
    """Return (tested rows, classes): how likely the model takes each class to be."""
    if model == "both":
        pair: tuple[Model, Model] = ("words", "numbers")
        return np.asarray(
            sum(_shares(each, features, classes, fold, seed) for each in pair) / len(pair)
        )
    shares = np.zeros((len(fold.test), int(classes.max()) + 1))
    answers = classes[fold.train]
    if len(np.unique(answers)) < 2:
        shares[:, answers[0]] = 1.0
        return shares
    rows = features.sparse if model == "words" else features.dense
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # few records of many classes; the interval says so
        fitted = (_linear() if model == "words" else _trees(seed)).fit(rows[fold.train], answers)
    shares[:, fitted.classes_] = fitted.predict_proba(rows[fold.test])
    return shares


def _linear() -> Any:  # noqa: ANN401 - scikit-learn has no types
    try:
        from sklearn.linear_model import LogisticRegression
    except ModuleNotFoundError as error:
        raise MissingExtra("sklearn", "audit") from error
    return LogisticRegression(C=2.0, max_iter=120, tol=1e-3)


def _trees(seed: int) -> Any:  # noqa: ANN401
    try:
        from sklearn.ensemble import ExtraTreesClassifier
    except ModuleNotFoundError as error:
        raise MissingExtra("sklearn", "audit") from error
    return ExtraTreesClassifier(_TREES, min_samples_leaf=3, random_state=seed % 2**32, n_jobs=1)
