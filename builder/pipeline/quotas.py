"""How many records of each split, class and answer form: even shares, opposites held equal.

A class is what `Task.balance_of` says: an answer, such as "yes" or "turn left", or the kinds of
all actions ("move left; turn right"); after a bar a bucket may follow ("yes|far"), and opposite
answers are then equal in each bucket by itself.
"""

from collections.abc import Mapping
from functools import partial
from typing import NamedTuple

from builder.core.seeding import rank_of
from builder.pipeline.shares import water_fill

SPLIT_WEIGHTS = {"train": 0.90, "validation": 0.05, "test": 0.05}
_VERDICTS = (("yes", "no"), ("true", "false"), ("same", "different"), ("visible", "gone"))
_DIRECTIONS = (
    ("turn left", "turn right"),
    ("move left", "move right"),
    ("move forward", "move backward"),
)
_OPPOSITE = {a: b for pair in (*_VERDICTS, *_DIRECTIONS) for a, b in (pair, pair[::-1])}
_STRICT = {name for pair in _VERDICTS for name in pair}
_MOST_TO_LEAST, _SLACK = 1.5, 2  # of directions: text tells little of them, and scenes allow less


class Leaf(NamedTuple):
    """What a quota is for; each level is shared evenly before the next.

    Attributes:
        split: The split.
        steps: How many actions the class names; 1 for other answers.
        bucket: What the answer is balanced within, "" if there is one bucket only.
        answer: The answer, or the kinds of the actions.
        form: The answer form.
    """

    split: str
    steps: int
    bucket: str
    answer: str
    form: str

    @classmethod
    def of(cls, split: str, balance: str, form: str) -> "Leaf":
        """Return the leaf of a class such as "yes", "yes|far" or "move left; turn right"."""
        answer, _, bucket = balance.partition("|")
        return cls(split, answer.count(";") + 1, bucket, answer, form)


_SPLIT, _STEPS, _ANSWER = (Leaf._fields.index(name) for name in ("split", "steps", "answer"))
_MOST_PATTERNS = 6


def usable(supply: Mapping[Leaf, int]) -> int:
    """Return how many of one task's candidates may be taken in all."""
    return _room(supply, 0)


def quotas(total: int, supply: Mapping[Leaf, int], *names: str) -> dict[Leaf, int]:
    """Share `total` over the leaves of one subset and task.

    Splits share 90/5/5, lengths by how many patterns they have, all else evenly; what one cannot
    supply its neighbors take. Of opposite verdicts ("yes" and "no") a split and bucket takes as
    many, give or take one; of opposite directions at most 1.5 of one to 1 of the other (plus 2).
    Else text alone would tell the answer.

    Args:
        total: How many are wanted.
        supply: How many candidates each leaf has.
        names: Of the subset and the task; they decide who is rounded up first, so that it is not
            the same answer everywhere.
    """
    return _filled(total, supply, 0, names)


def _filled(
    total: int, supply: Mapping[Leaf, int], depth: int, names: tuple[str, ...]
) -> dict[Leaf, int]:
    if depth == len(Leaf._fields):
        (leaf,) = supply
        return {leaf: total}
    parts = _parts(supply, depth)
    first = (*names, *next(iter(supply))[:depth])
    parts = {name: parts[name] for name in sorted(parts, key=partial(rank_of, 0, "quota", *first))}
    room = _capped({name: _room(part, depth + 1) for name, part in parts.items()}, depth, supply)
    weights = {name: _weight(name, part, depth) for name, part in parts.items()}
    shares = water_fill(total, room, weights)
    filled: dict[Leaf, int] = {}
    for name, part in parts.items():
        filled |= _filled(shares[name], part, depth + 1, names)
    return filled


def _weight(name: str, part: Mapping[Leaf, int], depth: int) -> float:
    """Return a part's share, relative to its neighbors'.

    Lengths share by how many patterns they have, up to six: where only one pattern has three steps,
    an equal share would make it the likeliest answer of all; and long sequences, which are all
    different, would leave nothing to the short ones.
    """
    if depth == _SPLIT:
        return SPLIT_WEIGHTS[name]
    if depth == _STEPS:
        return min(_MOST_PATTERNS, len({leaf.answer for leaf in part}))
    return 1.0


def _room(supply: Mapping[Leaf, int], depth: int) -> int:
    if depth > _ANSWER:
        return sum(supply.values())
    parts = _parts(supply, depth)
    room = {name: _room(part, depth + 1) for name, part in parts.items()}
    return sum(_capped(room, depth, supply).values())


def _capped(room: Mapping[str, int], depth: int, supply: Mapping[Leaf, int]) -> dict[str, int]:
    """Return how much of each part may be taken beside its opposite."""
    if depth != _ANSWER:
        return dict(room)
    bucket = next(iter(supply)).bucket
    capped = dict(room)
    for name, count in room.items():
        if name in _STRICT:
            capped[name] = min(count, room.get(_OPPOSITE[name], 0) + (not bucket))
        elif name in _OPPOSITE:
            other = room.get(_OPPOSITE[name], 0)
            capped[name] = min(count, int(other * _MOST_TO_LEAST) + _SLACK)
    return capped


def _parts(supply: Mapping[Leaf, int], depth: int) -> dict[str, dict[Leaf, int]]:
    """Group the leaves by one level."""
    parts: dict[str, dict[Leaf, int]] = {}
    for leaf, count in sorted(supply.items()):
        parts.setdefault(str(leaf[depth]), {})[leaf] = count
    return parts
