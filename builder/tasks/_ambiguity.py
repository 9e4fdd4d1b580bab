"""All sequences that explain a pair of views: which other actions end where these end.

A camera that turns on the spot and moves along its own axes stays in a plane, so a pose is a
complex number (x + iz, metres) and a yaw. R_y(yaw) takes x + iz to (x + iz) * exp(-i * yaw). All
prefixes of length n - 1 on the grids are laid out once a subset; the last action is then solved,
not searched for.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.action import Action, Move, amount_of, kind_of
from builder.core.protocol import SUBSETS, Grid, Protocol
from builder.core.sampling import action_of
from builder.language.grammar import say
from builder.tasks._pairs import POSITION_TOLERANCE_M, YAW_TOLERANCE_DEG

Grids = tuple[tuple[str, Grid], ...]

_UNIT = {
    "move forward": 1j,
    "move backward": -1j,
    "move right": 1 + 0j,
    "move left": -1 + 0j,
    "turn right": 1.0,
    "turn left": -1.0,
}


@functools.cache
def grids_of(subset: str) -> Grids:
    """Return what a subset's actions may be: each kind from its grid's first step to its largest.

    A preset's smallest amount gives way where a scene is narrow, and singles and presets share
    their kinds, so the range of a kind is the union over both, from one step on.
    """
    protocol = SUBSETS[subset].protocol
    return tuple(
        (kind, Grid(grid.step, _largest(kind, protocol), grid.step))
        for kind, grid in protocol.singles.items()
    )


@functools.lru_cache(maxsize=4096)
def accepted(
    actions: tuple[Action, ...], grids: Grids, most: int
) -> tuple[tuple[Action, ...], ...]:
    """Return all sequences of the same length that end where `actions` end, those first.

    Args:
        actions: What was done; one to three actions, no two neighbors on one axis.
        grids: What else could have been done.
        most: Stop after one more than this many; no caller wants to know how ambiguous it is.

    Returns:
        Sequences on the grids, no two neighbors on one axis, that end within 1 mm and 0.01 degrees;
        the others in order of their text.
    """
    table = _prefixes(grids, len(actions) - 1)
    position_m, yaw_deg = _end_of(actions)
    rest_m = (position_m - table.position_m) * table.back
    rest_deg = (yaw_deg - table.yaw_deg + 180) % 360 - 180
    turned = np.abs(rest_deg) > YAW_TOLERANCE_DEG
    off_axis_m = np.minimum(np.abs(rest_m.real), np.abs(rest_m.imag))
    needed_m = np.where(turned, np.abs(rest_m), off_axis_m)  # what one last action cannot make up
    found: dict[str, tuple[Action, ...]] = {}
    for row in np.flatnonzero(needed_m <= POSITION_TOLERANCE_M).tolist():
        last = _last(complex(rest_m[row]), float(rest_deg[row]), grids)
        if last is not None and (not table.steps[row] or table.steps[row][-1].axis != last.axis):
            sequence = (*table.steps[row], last)
            found[say(sequence)] = sequence
        if len(found) > most + 1:
            break
    found.pop(say(actions), None)
    return (actions, *(found[text] for text in sorted(found)))


@dataclass(frozen=True, eq=False)
class _Prefixes:
    """Sequences by row: where each ends.

    Attributes:
        steps: The actions.
        position_m: (n,) complex128, x + iz.
        yaw_deg: (n,) float64.
        back: (n,) complex128, factor that takes an offset in the first view's axes into these.
    """

    steps: Sequence[tuple[Action, ...]]
    position_m: NDArray[np.complex128]
    yaw_deg: NDArray[np.float64]
    back: NDArray[np.complex128]


@functools.lru_cache(maxsize=16)
def _prefixes(grids: Grids, length: int) -> _Prefixes:
    if length == 0:
        return _Prefixes([()], np.zeros(1, np.complex128), np.zeros(1), np.ones(1, np.complex128))
    shorter = _prefixes(grids, length - 1)
    every = [action_of(kind, amount) for kind, grid in grids for amount in grid.values()]
    rows = [
        (row, action)
        for row, steps in enumerate(shorter.steps)
        for action in every
        if not steps or steps[-1].axis != action.axis
    ]
    start = np.array([row for row, _ in rows])
    moved_m = np.array([_moved(action) for _, action in rows], np.complex128)
    turned_deg = np.array([_turned(action) for _, action in rows])
    steps = [(*shorter.steps[row], action) for row, action in rows]
    position_m = shorter.position_m[start] + moved_m / shorter.back[start]
    yaw_deg = shorter.yaw_deg[start] + turned_deg
    return _Prefixes(steps, position_m, yaw_deg, np.exp(1j * np.radians(yaw_deg)))


def _end_of(actions: Sequence[Action]) -> tuple[complex, float]:
    position_m, yaw_deg = 0j, 0.0
    for action in actions:
        position_m += _moved(action) * complex(np.exp(-1j * np.radians(yaw_deg)))
        yaw_deg += _turned(action)
    return position_m, yaw_deg


def _moved(action: Action) -> complex:
    return _UNIT[kind_of(action)] * amount_of(action) if isinstance(action, Move) else 0j


def _turned(action: Action) -> float:
    return 0.0 if isinstance(action, Move) else action.yaw_deg


def _last(rest_m: complex, rest_deg: float, grids: Grids) -> Action | None:
    """Return the one action on the grids that makes up for the rest, or None if there is none."""
    turning = abs(rest_deg) > YAW_TOLERANCE_DEG
    for kind, grid in grids:
        if kind.startswith("turn") != turning:
            continue
        unit = _UNIT[kind]
        along = rest_deg * unit.real if turning else (rest_m * unit.conjugate()).real
        amount = round(round(along / grid.step) * grid.step, 6)
        if not grid.low - 1e-9 <= amount <= grid.high + 1e-9:
            continue
        miss = abs(along - amount) if turning else abs(rest_m - unit * amount)
        if miss <= (YAW_TOLERANCE_DEG if turning else POSITION_TOLERANCE_M):
            return action_of(kind, amount)
    return None


def _largest(kind: str, protocol: Protocol) -> float:
    steps = [step for preset in protocol.presets for step in preset.steps]
    return max(protocol.singles[kind].high, *(grid.high for name, grid in steps if name == kind), 0)
