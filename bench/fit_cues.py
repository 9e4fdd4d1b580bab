"""Fit the readers of `builder/tasks/_reader.json` to the questions of finished builds.

`python bench/fit_cues.py OUT [OUT ...]` reads the candidates of D2 and D4 that builds chose from,
fits boosted trees to what their texts tell, writes them down, and prints, for each subset, what
another learner makes of the text's numbers before and after balancing (both learners are tested on
places they never saw).
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier, GradientBoostingClassifier
from sklearn.metrics import balanced_accuracy_score
from sklearn.model_selection import GroupKFold

from builder.audit.blind.geometry import numbers_of
from builder.audit.blind.question import parts_of
from builder.tasks import _reader, task_named
from builder.tasks._cues import _BOUNDS, _FINE_BOUNDS, likeness_features, staying_features
from builder.tasks._reader import DEPTH

FITTED: Mapping[str, tuple[Callable[[Mapping[str, Any]], list[float]], str]] = {
    "D2": (staying_features, "gone"),
    "D4": (likeness_features, "same"),
}
MOST = 666  # records a test is made on
FOLDS = 6
BOOSTED = {  # D4 is balanced in fine buckets, so it is worth a finer reader
    "D2": {"n_estimators": 80, "min_samples_leaf": 30},
    "D4": {"n_estimators": 300, "min_samples_leaf": 20, "max_features": 0.3},
}
READERS = Path(_reader.__file__).with_name("_reader.json")


def asked(folders: list[Path], name: str) -> Iterator[dict[str, Any]]:
    for folder in folders:
        for file in sorted(folder.glob(".build/candidates/**/*.jsonl")):
            with file.open(encoding="utf-8") as lines:
                for line in lines:
                    record = json.loads(line)
                    if record["task_type"] == name:
                        yield {**record, "place": f"{folder}/{record['scene_id']}"}


def boosted(name: str) -> GradientBoostingClassifier:
    return GradientBoostingClassifier(
        max_depth=DEPTH, subsample=0.6, random_state=0, **BOOSTED[name]
    )


def out_of_fold(rows, answers, places, make, weights=None):
    weights = np.ones(len(answers)) if weights is None else weights
    shares = np.full(len(answers), np.nan)
    for train, test in GroupKFold(FOLDS).split(rows, answers, places):
        shares[test] = (
            make().fit(rows[train], answers[train], weights[train]).predict_proba(rows[test])[:, 1]
        )
    return shares


def evened(answers, subsets):
    """Weigh the rows so that either answer counts alike in each subset."""
    weights = np.zeros(len(answers))
    for subset in set(subsets):
        mine = subsets == subset
        share = answers[mine].mean()
        weights[mine] = np.where(answers[mine], 0.5 / share, 0.5 / (1 - share))
    return weights


def trees() -> ExtraTreesClassifier:
    return ExtraTreesClassifier(150, min_samples_leaf=3, random_state=0, class_weight="balanced")


def evenly(buckets, answers) -> tuple[list[int], int]:
    """As many of either answer from each bucket, the buckets in turn; and how many there are."""
    by: dict[Any, list[list[int]]] = defaultdict(lambda: [[], []])
    for row, (bucket, answer) in enumerate(zip(buckets, answers, strict=True)):
        by[bucket][answer].append(row)
    room = {bucket: min(map(len, rows)) for bucket, rows in by.items()}
    deepest = max(room.values())
    turns = [(turn, bucket) for turn in range(deepest) for bucket in room if turn < room[bucket]]
    taken = turns[: MOST // 2]
    return [by[bucket][side][turn] for turn, bucket in taken for side in (0, 1)], 2 * len(turns)


def full_tree(tree, weight: float) -> list[list[float]]:
    """A tree of scikit-learn, padded to a full one: a node that is a leaf goes on as itself."""
    features, bounds, leaves = [], [], []
    row = [0]
    for depth in range(DEPTH + 1):
        for node in row:
            if depth == DEPTH:
                leaves.append(float(f"{weight * tree.value[node, 0, 0]:.4g}"))
            else:
                features.append(max(0, int(tree.feature[node])))
                bounds.append(float(f"{tree.threshold[node]:.6g}"))
        pairs = [(tree.children_left[node], tree.children_right[node]) for node in row]
        row = [
            int(child) if child >= 0 else node
            for node, pair in zip(row, pairs, strict=True)
            for child in pair
        ]
    return [features, bounds, leaves]


def plain_trees(model: GradientBoostingClassifier) -> list[list[list[float]]]:
    return [full_tree(one.tree_, model.learning_rate) for one in model.estimators_[:, 0]]


def main(folders: list[Path]) -> None:
    readers = {}
    for name, (features, yes) in FITTED.items():
        records = list(asked(folders, name))
        order = np.random.default_rng(0).permutation(len(records))
        records = [records[index] for index in order]
        rows = np.array([features(one) for one in records])
        answers = np.array([int(task_named(name).answer_of(one) == yes) for one in records])
        places = np.unique([one["place"] for one in records], return_inverse=True)[1]
        read = np.array(
            [
                numbers_of(parts_of(one["messages"][0]["content"]), len(one["images"]))
                for one in records
            ]
        )
        subsets = np.array([one["subset"] for one in records])
        weights = evened(answers, subsets)
        shares = np.clip(
            out_of_fold(rows, answers, places, partial(boosted, name), weights), 1e-6, 1 - 1e-6
        )
        odds = np.log(shares / (1 - shares))
        sys.stdout.write(f"{name}: {len(records)} questions, {len(set(places))} places\n")
        for what, buckets in (
            ("unbalanced", np.zeros(len(records), int)),
            ("in families", np.digitize(odds, _BOUNDS)),
            ("in buckets", np.digitize(odds, _FINE_BOUNDS)),
        ):
            for subset in sorted(set(subsets)):
                mine = np.flatnonzero(subsets == subset)
                picked, room = evenly(buckets[mine].tolist(), answers[mine].tolist())
                chosen = mine[picked]
                told = out_of_fold(read[chosen], answers[chosen], places[chosen], trees)
                score = balanced_accuracy_score(answers[chosen], told > 0.5)
                sys.stdout.write(f"  {what:12s}{subset:24s}{room:6d} to choose from; ")
                sys.stdout.write(f"trees guess {score:.3f} of {len(chosen)}\n")
        readers[name] = plain_trees(boosted(name).fit(rows, answers, weights))
    READERS.write_text(json.dumps(readers, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+", metavar="OUT")
    main(parser.parse_args().folders)
