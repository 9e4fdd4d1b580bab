"""A reader who never sees a picture: what the numbers in a question alone make likely.

Small boosted trees, fitted once by `bench/fit_cues.py` to the questions of finished builds and
kept in `_reader.json`; nothing is learned while a dataset is built.
"""

import functools
import json
from collections.abc import Sequence
from importlib.resources import files
from typing import NamedTuple

DEPTH = 3
_FIRST_LEAF = 7  # 2 ** DEPTH - 1


class Tree(NamedTuple):
    """A full binary tree of depth 3, nodes row by row.

    Attributes:
        features: What each of the 7 nodes looks at.
        bounds: Up to it a node goes left.
        leaves: What each of the 8 leaves adds to the logarithm of the odds.
    """

    features: tuple[int, ...]
    bounds: tuple[float, ...]
    leaves: tuple[float, ...]


def log_odds(trees: Sequence[Tree], row: Sequence[float]) -> float:
    """Return the logarithm of the odds of "gone" (D2) or "same" (D4), were both as frequent.

    Args:
        trees: Of a reader.
        row: The features of a question.
    """
    total = 0.0
    for features, bounds, leaves in trees:
        node = 0
        for _ in range(DEPTH):
            node = 2 * node + (1 if row[features[node]] <= bounds[node] else 2)
        total += leaves[node - _FIRST_LEAF]
    return total


@functools.cache
def reader_of(task: str) -> tuple[Tree, ...]:
    """Return the trees of a task's reader."""
    plain = json.loads(files(__package__).joinpath("_reader.json").read_text(encoding="utf-8"))
    return tuple(Tree(*map(tuple, tree)) for tree in plain[task])
