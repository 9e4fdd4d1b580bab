"""A reader who never sees a picture: what the numbers in a question alone make likely.

Small boosted trees, fitted once by `bench/fit_cues.py` to the questions of finished builds and
kept in `_reader.json`; nothing is learned while a dataset is built.
"""

import functools
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files

DEPTH = 3


@dataclass(frozen=True, slots=True)
class Tree:
    """A full binary tree of depth 3, nodes row by row.

    Attributes:
        features: What each of the 7 nodes looks at.
        bounds: Up to it a node goes left.
        leaves: What each of the 8 leaves adds to the logarithm of the odds.
    """

    features: tuple[int, ...]
    bounds: tuple[float, ...]
    leaves: tuple[float, ...]

    def value(self, row: Sequence[float]) -> float:
        """Return what the tree says of a row of features."""
        node = 0
        for _ in range(DEPTH):
            node = 2 * node + (1 if row[self.features[node]] <= self.bounds[node] else 2)
        return self.leaves[node - (2**DEPTH - 1)]


@dataclass(frozen=True, slots=True)
class Reader:
    """Trees that add up.

    Attributes:
        trees: All of them.
    """

    trees: tuple[Tree, ...]

    def log_odds(self, row: Sequence[float]) -> float:
        """Return the logarithm of the odds of "gone" (D2) or "same" (D4), were both as frequent."""
        return sum(tree.value(row) for tree in self.trees)


@functools.cache
def reader_of(task: str) -> Reader:
    """Return the reader of a task that has one."""
    plain = json.loads(files(__package__).joinpath("_reader.json").read_text(encoding="utf-8"))
    return Reader(tuple(Tree(*map(tuple, tree)) for tree in plain[task]))
