"""How many records of each split, class and answer form: even shares, opposites held equal.

A class is what `Task.balance_of` says: an answer, such as "yes" or "turn left", or the kinds of
all actions ("move left; turn right"); after a bar a bucket may follow ("yes|far"), and opposite
answers are then equal in each bucket by itself; of two bars the first bucket holds the others.
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
_MOST_TOLD = 0.04  # of all answers: what a pattern may gain where its length is told


class Leaf(NamedTuple):
    """What a quota is for; each level is shared evenly before the next.

    Attributes:
        split: The split.
        steps: How many actions the class names; 1 for other answers.
        family: What holds several buckets, "" if nothing does.
        bucket: What the answer is balanced within, "" if there is one bucket only.
        answer: The answer, or the kinds of the actions.
        form: The answer form.
    """

    split: str
    steps: int
    family: str
    bucket: str
    answer: str
    form: str

    @classmethod
    def of(cls, split: str, balance: str, form: str) -> "Leaf":
        """Return the leaf of a class such as "yes", "yes|far" or "move left; turn right"."""
        answer, _, buckets = balance.partition("|")
        family, _, bucket = buckets.rpartition("|")
        return cls(split, answer.count(";") + 1, family, bucket, answer, form)


_SPLIT, _STEPS, _FAMILY, _BUCKET, _ANSWER = range(5)
_MOST_PATTERNS = 6


def usable(supply: Mapping[Leaf, int], *, told: bool = False) -> int:
    """Return how many of one task's candidates may be taken in all; see `quotas`."""
    return _room(supply, 0, told)


def quotas(
    total: int, supply: Mapping[Leaf, int], *names: str, told: bool = False
) -> dict[Leaf, int]:
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
        told: Whether questions tell how many actions there are. Then a length of few patterns is
            kept rare: where one pattern alone has three steps, "three" would be its name.
    """
    return _filled(total, supply, 0, names, told)


def _filled(
    total: int, supply: Mapping[Leaf, int], depth: int, names: tuple[str, ...], told: bool
) -> dict[Leaf, int]:
    if depth == len(Leaf._fields):
        (leaf,) = supply
        return {leaf: total}
    parts = _parts(supply, depth)
    first = (*names, *next(iter(supply))[:depth])
    parts = {name: parts[name] for name in sorted(parts, key=partial(rank_of, 0, "quota", *first))}
    room = _capped(
        {name: _room(part, depth + 1, told) for name, part in parts.items()}, depth, parts, told
    )
    share = _in_pairs if depth in (_FAMILY, _BUCKET) and _is_strict(supply) else water_fill
    shares = share(total, room, _weights(parts, depth, told))
    filled: dict[Leaf, int] = {}
    for name, part in parts.items():
        filled |= _filled(shares[name], part, depth + 1, names, told)
    return filled


def _in_pairs(total: int, room: Mapping[str, int], weights: Mapping[str, float]) -> dict[str, int]:
    """Share as `water_fill`, two by two: a bucket of an odd number would favor one answer."""
    pairs = water_fill(total // 2, {name: count // 2 for name, count in room.items()}, weights)
    left = {name: count - 2 * pairs[name] for name, count in room.items()}
    rest = water_fill(total - 2 * sum(pairs.values()), left, weights)
    return {name: 2 * count + rest[name] for name, count in pairs.items()}


def _is_strict(supply: Mapping[Leaf, int]) -> bool:
    return next(iter(supply)).answer in _STRICT


def _weights(parts: Mapping[str, Mapping[Leaf, int]], depth: int, told: bool) -> dict[str, float]:
    """Return each part's share, relative to its neighbors'.

    Lengths share by how many patterns they have, up to six: where only one pattern has three steps,
    an equal share would make it the likeliest answer of all; and long sequences, which are all
    different, would leave nothing to the short ones.
    """
    if depth == _SPLIT:
        return {name: SPLIT_WEIGHTS[name] for name in parts}
    if depth != _STEPS:
        return dict.fromkeys(parts, 1.0)
    if told:
        return _told_shares(parts)
    return {name: min(_MOST_PATTERNS, _patterns(part)) for name, part in parts.items()}


def _told_shares(parts: Mapping[str, Mapping[Leaf, int]]) -> dict[str, float]:
    """Return how much of each length is taken for 1 of the length with most patterns.

    A reader who is told the length answers with its likeliest pattern: that gains the sum of those
    patterns' shares over the largest of them. So each other pattern may have but `_MOST_TOLD`.
    """
    counts = {name: _patterns(part) for name, part in parts.items()}
    most = max(counts, key=lambda name: counts[name])
    return {
        name: 1.0 if name == most else min(1.0, _MOST_TOLD * count)
        for name, count in counts.items()
    }


def _patterns(part: Mapping[Leaf, int]) -> int:
    return len({leaf.answer for leaf in part})


def _room(supply: Mapping[Leaf, int], depth: int, told: bool) -> int:
    if depth > _ANSWER:
        return sum(supply.values())
    parts = _parts(supply, depth)
    room = {name: _room(part, depth + 1, told) for name, part in parts.items()}
    return sum(_capped(room, depth, parts, told).values())


def _capped(
    room: Mapping[str, int], depth: int, parts: Mapping[str, Mapping[Leaf, int]], told: bool
) -> dict[str, int]:
    """Return how much of each part may be taken beside its neighbors."""
    if depth == _STEPS and told:
        shares = _told_shares(parts)
        most = max(count for name, count in room.items() if shares[name] == 1.0)
        return {
            name: count if shares[name] == 1.0 else min(count, max(1, int(shares[name] * most)))
            for name, count in room.items()
        }
    if depth != _ANSWER:
        return dict(room)
    bucket = next(leaf.bucket for part in parts.values() for leaf in part)
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
