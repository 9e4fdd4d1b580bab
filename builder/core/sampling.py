"""Which actions a trajectory is made of: draws on a teacher's grids, cut to what fits."""

from collections.abc import Callable, Sequence
from typing import cast

import numpy as np

from builder.core.action import Action, Move, MoveDirection, Turn, TurnDirection
from builder.core.protocol import Grid, Preset, Protocol

Fits = Callable[[Sequence[Action]], bool]


def action_of(kind: str, amount: float) -> Action:
    """Return the action of a kind such as "move left", with its metres or degrees."""
    verb, direction = kind.split()
    if verb == "move":
        return Move(cast(MoveDirection, direction), amount)
    return Turn(cast(TurnDirection, direction), amount)


def draw_single(
    kind: str, protocol: Protocol, rng: np.random.Generator, fits: Fits
) -> tuple[Action, ...] | None:
    """Draw one action of `kind`, uniform over the amounts on the grid that fit; None: none fits."""
    # The first that fits in a random order is uniform over all that fit, and asks far fewer times.
    for value in rng.permutation(protocol.singles[kind].values()).tolist():
        if fits([action_of(kind, value)]):
            return (action_of(kind, value),)
    return None


def draw_preset(
    preset: Preset, protocol: Protocol, rng: np.random.Generator, fits: Fits, tries: int = 12
) -> tuple[Action, ...] | None:
    """Draw amounts for each step of a preset until the sequence fits; None: it never did.

    After a draw that does not fit, the ranges shrink to what was drawn and, at last, to the grid's
    first step: a preset's smallest amount gives way where the scene is narrow.
    """
    grids = [grid for _, grid in preset.steps]
    for _ in range(tries):
        amounts = [float(rng.choice(grid.values())) for grid in grids]
        actions = tuple(
            action_of(kind, amount) for (kind, _), amount in zip(preset.steps, amounts, strict=True)
        )
        if fits(actions):
            return actions
        grids = [
            Grid(min(grid.low, protocol.singles[kind].step), max(amount, grid.step), grid.step)
            for (kind, grid), amount in zip(preset.steps, amounts, strict=True)
        ]
    return None


def draw_long(
    length: int, protocol: Protocol, rng: np.random.Generator, fits: Fits, tries: int = 40
) -> tuple[Action, ...] | None:
    """Draw a sequence of `length` actions, no two neighbors on one axis; None: none was found."""
    kinds = tuple(protocol.singles)
    actions: tuple[Action, ...] = ()
    for _ in range(tries * length):
        kind = kinds[rng.integers(len(kinds))]
        action = action_of(kind, float(rng.choice(protocol.singles[kind].values())))
        if actions and actions[-1].axis == action.axis:
            continue
        if fits((*actions, action)):
            actions = (*actions, action)
            if len(actions) == length:
                return actions
    return None
