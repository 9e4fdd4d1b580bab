"""Whether the pictures show what the labels say: a small probe that looks, and must succeed.

It sees a pair of pictures as the numbers of `flow` and learns the direction of the motion with a
linear model or trees. If it fails where the blind guess fails too, then nobody can learn the task.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from builder.audit.blind import flow
from builder.audit.blind.asked import Asked, Batch, batches, bytes_of
from builder.audit.blind.folds import Floats, Scores, folds_of, interval, numbered
from builder.audit.blind.targets import Language, class_of
from builder.core.action import Move, amount_of
from builder.core.errors import MissingExtra, RecordInvalid
from builder.language.grammar import hear

LEAST_M, LEAST_DEG = 0.5, 20.0
WANTED = 0.75
"""What the probe must reach."""

PROBED = {"A1": "A1 direction", "A2": "A2 direction"}
LEAST_RECORDS = 40


@dataclass(frozen=True, slots=True)
class Look:
    """Pairs of pictures to look at, small enough to send to a worker.

    Attributes:
        batch: Where the pictures are.
        pairs: (record id, key before, key after).
    """

    batch: Batch
    pairs: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Probed:
    """What the probe reached.

    Attributes:
        target: Its name.
        subset: Configuration, or "all".
        tested_on: As for blind guesses.
        records: How many pairs of at least 0.5 m or 20 degrees were tested.
        places: In how many places.
        accuracy: Of the probe.
        prior: Of the best constant answer.
        interval: 95 % interval of `accuracy - prior`, by places.
        by_class: Accuracy for each direction.
        verdict: Whether `WANTED` is reached.
    """

    target: str
    subset: str
    tested_on: str
    records: int
    places: int
    accuracy: float
    prior: float
    interval: tuple[float, float]
    by_class: dict[str, float]
    verdict: str


def probed_records(records: Iterable[Asked]) -> list[Asked]:
    """Return the records whose motion is large enough to be seen at once."""
    return [one for one in records if one.task in PROBED and _is_large(one)]


def looks(records: Sequence[Asked]) -> list[Look]:
    """Return what is to be looked at, in pieces; a pair's pictures are in one piece."""
    found: list[Look] = []
    where = sorted(records, key=lambda one: (one.file, one.scene_id, one.trajectory_id))
    for file, run in itertools.groupby(where, key=lambda one: one.file):
        mine = list(run)
        if file.endswith(".parquet"):
            pairs = tuple(_pair(one) for one in mine)
            found.extend(Look(batch, pairs) for batch in batches(mine))
            continue
        for start in range(0, len(mine), 64):
            few = mine[start : start + 64]
            names = tuple(dict.fromkeys(name for one in few for name in one.facts["images"]))
            found.append(Look(Batch(file, 0, names), tuple(_pair(one) for one in few)))
    return found


def see(job: Look) -> dict[str, Floats]:
    """Return what the pairs look like, by record id.

    Raises:
        RecordInvalid: If a picture is missing.
        MissingExtra: If OpenCV is not installed.
    """
    wanted = {key for _, *keys in job.pairs for key in keys}
    grays = {key: flow.gray_of(data) for key, data in bytes_of(job.batch) if key in wanted}
    return {
        name: flow.features_of(grays[before], grays[after])
        for name, before, after in job.pairs
        if before in grays and after in grays
    }


def probe(
    task: str,
    records: Sequence[Asked],
    seen: Mapping[str, Floats],
    language: Language,
    settings: tuple[int, int],
    subset: str = "all",
) -> Probed | None:
    """Return how well the direction is read off the pictures; None: too few records or places.

    Args:
        task: "A1" or "A2".
        records: Those that were looked at.
        seen: What they look like, by record id.
        language: How answers are read.
        settings: (seed, fewest records of a test split).
        subset: What to call the records.
    """
    mine = [one for one in records if one.task == task]
    places = numbered([one.scene_id for one in mine]) if mine else np.zeros(0, np.int64)
    folds, tested_on = folds_of(mine, places, *settings) if mine else ([], "")
    if not folds or len(mine) < LEAST_RECORDS:
        return None
    answers = [class_of(one, language) for one in mine]
    names, codes = sorted(set(answers)), numbered(answers)
    if any(one.record_id not in seen for one in mine):
        raise RecordInvalid(f"{task}: pictures of some records were not found")
    rows = np.array([seen[one.record_id] for one in mine])
    test = np.concatenate([fold.test for fold in folds])
    right = np.zeros(len(mine))
    for fold in folds:
        model = _model(settings[0]).fit(rows[fold.train], codes[fold.train])
        right[fold.test] = model.predict(rows[fold.test]) == codes[fold.test]
    scores = Scores(test, right[test], np.eye(len(names))[codes[test]], right[test])
    accuracy = float(right[test].mean())
    found = interval(scores, places[test], settings[0])
    return Probed(
        target=PROBED[task],
        subset=subset,
        tested_on=tested_on,
        records=len(test),
        places=len(np.unique(places[test])),
        accuracy=accuracy,
        prior=scores.prior,
        interval=found,
        by_class={
            name: float(right[test][codes[test] == code].mean())
            for code, name in enumerate(names)
            if (codes[test] == code).any()
        },
        verdict="pass" if accuracy >= WANTED else "fail",
    )


def _model(seed: int) -> Any:  # noqa: ANN401 - scikit-learn has no types
    try:
        from sklearn.ensemble import ExtraTreesClassifier, VotingClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
    except ModuleNotFoundError as error:
        raise MissingExtra("sklearn", "audit") from error
    linear = make_pipeline(StandardScaler(), LogisticRegression(C=0.3, max_iter=500))
    trees = ExtraTreesClassifier(200, min_samples_leaf=2, random_state=seed, n_jobs=1)
    return VotingClassifier([("linear", linear), ("trees", trees)], voting="soft")


def _is_large(one: Asked) -> bool:
    action = hear(one.facts["actions"])[0]
    return amount_of(action) >= (LEAST_M if isinstance(action, Move) else LEAST_DEG) - 1e-9


def _pair(one: Asked) -> tuple[str, str, str]:
    return one.record_id, one.images[0], one.images[-1]
