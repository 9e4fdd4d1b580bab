"""The score of an answer that was read: of one action, a sequence, a verdict, a box.

Weights and tolerances are those of the paper's reward (03_post_training/reward/worldvlm_reward.py,
re-made in our own words); docs/score.md says where the rules differ and why.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from builder.audit.score.reading import Reading
from builder.core.action import Action, Move, amount_of, kind_of
from builder.core.box import BoxN1000

Parts = dict[str, float]

_FULL_M, _NOTHING_M = 0.5, 5.0
_FULL_DEG, _NOTHING_DEG = 5.0, 90.0
_SAME = 0.0005  # half of the last decimal that the language writes
_MOST_ECHO = 0.9  # above it the question's box is nearly right, and then it may pay


def magnitude(said: Action, true: Action) -> float:
    """Return 1 up to 0.5 m or 5 degrees of error, 0 from 5 m or 90 degrees, linear in between.

    Only for actions of one kind.
    """
    full, nothing = (_FULL_M, _NOTHING_M) if isinstance(true, Move) else (_FULL_DEG, _NOTHING_DEG)
    error = abs(amount_of(said) - amount_of(true))
    return min(1.0, max(0.0, 1.0 - (error - full) / (nothing - full)))


def one_action(said: Reading[tuple[Action, ...]], true: tuple[Action, ...]) -> Parts:
    """Score A1 and A2: 0.10 format + 0.35 direction + 0.55 magnitude if the direction is right."""
    if len(said.value) != 1:
        return nothing(("direction", "magnitude"))
    right = float(kind_of(said.value[0]) == kind_of(true[0]))
    size = right and magnitude(said.value[0], true[0])
    overall = 0.10 * said.format + 0.35 * right + 0.55 * size
    exact = float(_equal(said.value, true))
    return _parts(overall, said.format, exact, direction=right, magnitude=size)


def sequence(said: Reading[tuple[Action, ...]], true: tuple[Action, ...]) -> Parts:
    """Score A3 and D3: 0.10 format + 0.25 overlap + 0.35 positions + 0.30 magnitude.

    All three are shares of the longer of the two sequences, so an action too many costs as much
    as one too few.
    """
    longer = max(len(said.value), len(true))
    said_kinds, true_kinds = Counter(map(kind_of, said.value)), Counter(map(kind_of, true))
    overlap = (said_kinds & true_kinds).total() / longer
    pairs = [(a, b) for a, b in zip(said.value, true, strict=False) if kind_of(a) == kind_of(b)]
    positions = len(pairs) / longer
    size = sum(magnitude(a, b) for a, b in pairs) / longer
    overall = 0.10 * said.format + 0.25 * overlap + 0.35 * positions + 0.30 * size
    exact = float(_equal(said.value, true))
    return _parts(overall, said.format, exact, overlap=overlap, positions=positions, magnitude=size)


def verdict(said: Reading[int], true: int) -> Parts:
    """Score A4, D2 and D4: 0.20 format + 0.80 if it is the right one of the two."""
    right = float(said.value == true)
    return _parts(0.20 * said.format + 0.80 * right, said.format, right)


def box(said: Reading[BoxN1000], true: BoxN1000, echo: BoxN1000 | None) -> Parts:
    """Score D1: 0.10 format + 0.90 gain, what the box is better than the question's own box.

    gain = (geometry - geometry of the echo) / (1 - geometry of the echo), not below 0.
    """
    alike = likeness(said.value, true)
    floor = 0.0 if echo is None else min(_MOST_ECHO, _geometry(likeness(echo, true)))
    geometry = _geometry(alike)
    gain = max(0.0, (geometry - floor) / (1.0 - floor))
    overall = 0.10 * said.format + 0.90 * gain
    exact = float(said.value == true)
    more = {"geometry": geometry, "echo": floor, "gain": gain}
    return _parts(overall, said.format, exact, **alike, **more)


def likeness(said: BoxN1000, true: BoxN1000) -> Parts:
    """Return how like two boxes are, each 0..1: iou, center, edges, size."""
    wide, high = _size(true)
    said_wide, said_high = _size(said)
    shared_x = max(0, min(said[2], true[2]) - max(said[0], true[0]))
    shared_y = max(0, min(said[3], true[3]) - max(said[1], true[1]))
    shared = shared_x * shared_y
    apart = math.dist(_center(said), _center(true))
    error = sum(abs(a - b) for a, b in zip(said, true, strict=True)) / 4
    stretched = abs(math.log(said_wide / wide)) + abs(math.log(said_high / high))
    return {
        "iou": shared / (wide * high + said_wide * said_high - shared),
        "center": max(0.0, 1 - apart / max(80.0, 0.6 * math.hypot(wide, high))),
        "edges": max(0.0, 1 - error / 180),
        "size": max(0.0, 1 - stretched / 1.6),
    }


def best(scores: Sequence[Parts]) -> Parts:
    """Return the parts for the accepted answer that fits best."""
    return max(scores, key=lambda parts: (parts["overall"], parts["exact"]))


def nothing(names: Sequence[str] = ()) -> Parts:
    """Return the parts of a response that gives no answer."""
    return _parts(0.0, 0.0, 0.0, **dict.fromkeys(names, 0.0))


def _geometry(alike: Mapping[str, float]) -> float:
    return (
        0.45 * alike["iou"] + 0.20 * alike["center"] + 0.20 * alike["edges"] + 0.15 * alike["size"]
    )


def _parts(overall: float, format_: float, exact: float, **more: float) -> Parts:
    whole = min(1.0, max(0.0, round(overall, 9)))
    return {"overall": whole, "format": format_, "exact": exact, **more}


def _equal(said: tuple[Action, ...], true: tuple[Action, ...]) -> bool:
    return len(said) == len(true) and all(
        kind_of(a) == kind_of(b) and abs(amount_of(a) - amount_of(b)) < _SAME
        for a, b in zip(said, true, strict=True)
    )


def _size(box_: BoxN1000) -> tuple[int, int]:
    return box_[2] - box_[0], box_[3] - box_[1]


def _center(box_: BoxN1000) -> tuple[float, float]:
    return (box_[0] + box_[2]) / 2, (box_[1] + box_[3]) / 2
