"""Questions about a single action: two views, one move or one turn apart."""

from collections.abc import Iterator
from typing import ClassVar

from builder.config import Gates
from builder.core.action import Action
from builder.core.drop import Drop
from builder.core.rollout import Rollout
from builder.tasks import Draft, Task
from builder.tasks._gates import pair_drop
from builder.tasks._pairs import pairs_of


class OneAction(Task):
    """A task that asks for the one action between two views.

    No other single action of a protocol ends where this one ends (tests/tasks/test_ambiguity.py
    goes through them all), so the truth is the only right answer.

    Attributes:
        action: What it asks for: `Move` or `Turn`.
    """

    action: ClassVar[type[Action]]
    asks_motion = True

    def drafts(
        self, rollout: Rollout, seed: int, gates: Gates
    ) -> Iterator[tuple[int, Draft | Drop]]:
        """Yield one question a pair that is one such action apart."""
        del seed
        for pair in pairs_of(rollout):
            if len(pair.actions) == 1 and isinstance(pair.actions[0], self.action):
                drop = pair_drop(rollout, pair, gates)
                yield pair.index, drop or Draft(pair.keys, pair.actions, (pair.actions,), {})
