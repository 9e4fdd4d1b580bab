"""Which actions a trajectory is made of: draws on a teacher's grids, cut to what fits."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from builder.core.action import Action, Move, MoveDirection, Turn, TurnDirection, amount_of, kind_of
from builder.core.protocol import Grid, Preset, Protocol

Fits = Callable[[Sequence[Action]], bool]
"""Whether actions can be taken; of a sequence that can be, every beginning can be too."""

_NEAR = 3.0  # grid steps over which a taken amount is felt by its neighbors
_ASKED = 400  # most sequences a preset asks about, most of them beginnings


@dataclass(frozen=True)
class Used:
    """What was taken before: the amounts that are least used come next.

    Attributes:
        taken: The sequences that are not to be taken once more.
        counts: How often each amount of each kind was taken, by (kind, amount); shared by all
            anchors of a place.
    """

    taken: set[tuple[Action, ...]] = field(default_factory=set)
    counts: Counter[tuple[str, float]] = field(default_factory=Counter)

    def elsewhere(self) -> "Used":
        """Return the same counts for another anchor, where nothing was taken yet."""
        return Used(counts=self.counts)

    def add(self, actions: tuple[Action, ...]) -> None:
        """Note that a sequence is taken."""
        self.taken.add(actions)
        self.counts.update((kind_of(action), amount_of(action)) for action in actions)

    def in_turn(
        self, kind: str, grid: Grid, rng: np.random.Generator, begun: Sequence[Action] = ()
    ) -> list[float]:
        """Return the amounts of a grid, the least used first; of those, the farthest from others.

        So amounts come out evenly over whatever fits: an amount is used a second time when every
        other that fits was used once. The actions of the sequence that is `begun` count too: else
        a pattern that goes forward twice would go equally far both times.
        """
        values = np.array(grid.values())
        own = Counter(amount_of(action) for action in begun if kind_of(action) == kind)
        counts = np.array([self.counts[kind, value] + own[value] for value in values.tolist()])
        steps = (values[:, None] - values[None]) / grid.step
        near = np.exp(-((steps / _NEAR) ** 2))
        crowd = near @ counts / near.sum(axis=1)
        order = np.lexsort((rng.random(len(values)), crowd.round(9), counts))
        return [float(value) for value in values[order]]


def action_of(kind: str, amount: float) -> Action:
    """Return the action of a kind such as "move left", with its metres or degrees."""
    verb, direction = kind.split()
    if verb == "move":
        return Move(cast(MoveDirection, direction), amount)
    return Turn(cast(TurnDirection, direction), amount)


def draw_single(
    kind: str, protocol: Protocol, rng: np.random.Generator, fits: Fits, used: Used | None = None
) -> tuple[Action, ...] | None:
    """Draw one action of `kind`, even over the amounts on the grid that fit; None: none fits."""
    # The first that fits in a random order is even over all that fit, and asks far fewer times.
    return _first_fitting([(kind, protocol.singles[kind])], rng, fits, used or Used())


def draw_preset(
    preset: Preset,
    protocol: Protocol,
    rng: np.random.Generator,
    fits: Fits,
    used: Used | None = None,
) -> tuple[Action, ...] | None:
    """Draw amounts for each step of a preset, even over what fits; None: nothing was found.

    Only where nothing in the preset's own ranges fits do they begin at the grid's first step: a
    preset's smallest amount gives way where the scene is narrow.
    """
    steps = list(preset.steps)
    found = _first_fitting(steps, rng, fits, used or Used())
    if found is None:
        lowered = [
            (kind, Grid(min(grid.low, protocol.singles[kind].step), grid.high, grid.step))
            for kind, grid in steps
        ]
        found = _first_fitting(lowered, rng, fits, used or Used())
    return found


def draw_long(
    length: int,
    protocol: Protocol,
    rng: np.random.Generator,
    fits: Fits,
    used: Used | None = None,
    tries: int = 8,
) -> tuple[Action, ...] | None:
    """Draw a sequence of `length` actions, no two neighbors on one axis; None: none was found."""
    used, kinds = used or Used(), tuple(protocol.singles)
    actions: tuple[Action, ...] = ()
    for _ in range(tries * length):
        kind = kinds[rng.integers(len(kinds))]
        if actions and actions[-1].axis == action_of(kind, 1.0).axis:
            continue
        longer = (
            (*actions, action_of(kind, amount))
            for amount in used.in_turn(kind, protocol.singles[kind], rng, actions)
        )
        actions = next((one for one in longer if fits(one)), actions)
        if len(actions) == length and actions not in used.taken:
            return actions
        actions = actions[: length - 1]
    return None


def _first_fitting(
    steps: Sequence[tuple[str, Grid]], rng: np.random.Generator, fits: Fits, used: Used
) -> tuple[Action, ...] | None:
    """Return the first sequence that fits and was not taken, in the order of least used amounts."""
    asked = itertools.count()
    found = _fitting(steps, (), rng, lambda actions: next(asked) < _ASKED and fits(actions), used)
    return next((actions for actions in found if actions not in used.taken), None)


def _fitting(
    steps: Sequence[tuple[str, Grid]],
    begun: tuple[Action, ...],
    rng: np.random.Generator,
    fits: Fits,
    used: Used,
) -> Iterator[tuple[Action, ...]]:
    """Yield every way to go on from `begun` that fits."""
    if not steps:
        yield begun
        return
    (kind, grid), *rest = steps
    for amount in used.in_turn(kind, grid, rng, begun):
        longer = (*begun, action_of(kind, amount))
        if fits(longer):
            yield from _fitting(rest, longer, rng, fits, used)
