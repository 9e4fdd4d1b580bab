"""Every sequence that a teacher's grid knows, laid out whole: which of them end at a given pose."""

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.audit.deep.plane import SAME_DEG, SAME_M, Stand, Step
from builder.core.protocol import SUBSETS, Teacher

_KINDS = {
    "x": ("move right", "move left"),
    "z": ("move forward", "move backward"),
    "yaw": ("turn right", "turn left"),
}
_BASE = 512  # more than a grid has different steps; a sequence is a number with such digits


def steps_on_grid(subset: str) -> tuple[Step, ...]:
    """Return every single step of a subset: from the grid's first step to its largest amount.

    The largest is that of single actions or of a preset, whichever reaches farther. The subsets of
    one teacher have the same steps, as one and the same tuple.
    """
    return _steps_of(SUBSETS[subset].teacher)


@dataclass(frozen=True, eq=False)
class Group:
    """The ends of all sequences that turn by the same angle, in order of x.

    Attributes:
        yaw_deg: That angle.
        x_m: (n,) ascending.
        z_m: (n,)
        code: (n,) int64, the sequences: numbers of steps as digits.
    """

    yaw_deg: float
    x_m: NDArray[np.float64]
    z_m: NDArray[np.float64]
    code: NDArray[np.int64]


@functools.lru_cache(maxsize=8)
def sheet(steps: tuple[Step, ...], length: int) -> tuple[Group, ...]:
    """Return the ends of all sequences of a length without neighbors on one axis.

    Nothing is left out and nothing is solved for: three steps on SVC's grid are 5.8 million ends.
    """
    by_axis = {
        axis: [(number, amount) for number, (name, amount) in enumerate(steps) if name == axis]
        for axis in _KINDS
    }
    ends: dict[str, list[NDArray[np.float64]]] = {"": [np.zeros((1, 4))]}  # x, z, yaw, code
    for _ in range(length):
        ends = {
            axis: [
                _grown(rows, axis, by_axis[axis])
                for last, parts in ends.items()
                if last != axis
                for rows in parts
            ]
            for axis in _KINDS
        }
    return _grouped(np.concatenate([rows for parts in ends.values() for rows in parts]))


@functools.lru_cache(maxsize=20_000)
def sequences_to(
    subset: str, length: int, stand: Stand, slack: float
) -> frozenset[tuple[Step, ...]]:
    """Return the sequences that end within 1 mm and 0.01 degrees of a stand, give or take `slack`.

    Args:
        subset: Whose grid.
        length: How many steps.
        stand: Seen from the first view.
        slack: Share by which the tolerances grow (or shrink, below 0).
    """
    near_m, near_deg = SAME_M * (1 + slack), SAME_DEG * (1 + slack)
    found: set[tuple[Step, ...]] = set()
    for group in sheet(steps_on_grid(subset), length):
        if abs((group.yaw_deg - stand.yaw_deg + 180) % 360 - 180) > near_deg:
            continue
        low, high = np.searchsorted(group.x_m, [stand.x_m - near_m, stand.x_m + near_m])
        apart_m = np.hypot(group.x_m[low:high] - stand.x_m, group.z_m[low:high] - stand.z_m)
        codes = group.code[low:high][apart_m <= near_m]
        found.update(_decoded(subset, int(code), length) for code in codes)
    return frozenset(found)


@functools.cache
def _steps_of(teacher: Teacher) -> tuple[Step, ...]:
    protocol = next(each.protocol for each in SUBSETS.values() if each.teacher == teacher)
    found: list[Step] = []
    for axis, kinds in _KINDS.items():
        for kind, sign in zip(kinds, (1.0, -1.0), strict=True):
            grids = [protocol.singles[kind]]
            grids += [
                grid for preset in protocol.presets for name, grid in preset.steps if name == kind
            ]
            step = grids[0].step
            count = round(max(grid.high for grid in grids) / step)
            found += [(axis, sign * round(step * number, 6)) for number in range(1, count + 1)]
    return tuple(found)


def _grown(
    rows: NDArray[np.float64], axis: str, steps: list[tuple[int, float]]
) -> NDArray[np.float64]:
    """Return every row with every step of an axis added at its end."""
    numbers, amounts = (np.array(part, np.float64) for part in zip(*steps, strict=True))
    x, z, yaw, code = (column[:, None] for column in rows.T)
    turned = np.radians(yaw)
    moved = {
        "x": (np.cos(turned), -np.sin(turned), 0.0),
        "z": (np.sin(turned), np.cos(turned), 0.0),
        "yaw": (0.0, 0.0, 1.0),
    }[axis]
    shape = (len(rows), len(steps))
    columns = (
        x + moved[0] * amounts,
        z + moved[1] * amounts,
        yaw + moved[2] * amounts,
        code * _BASE + numbers,
    )
    return np.stack([np.broadcast_to(column, shape).ravel() for column in columns], axis=1)


def _grouped(ends: NDArray[np.float64]) -> tuple[Group, ...]:
    ends = ends[np.lexsort((ends[:, 0], ends[:, 2]))]
    angles, starts = np.unique(ends[:, 2], return_index=True)
    bounds = [*starts.tolist(), len(ends)]
    return tuple(
        Group(
            float(angle),
            ends[low:high, 0].copy(),
            ends[low:high, 1].copy(),
            ends[low:high, 3].astype(np.int64),
        )
        for angle, low, high in zip(angles, bounds, bounds[1:], strict=False)
    )


def _decoded(subset: str, code: int, length: int) -> tuple[Step, ...]:
    steps, found = steps_on_grid(subset), []
    for _ in range(length):
        code, number = divmod(code, _BASE)
        found.append(steps[number])
    return tuple(reversed(found))
