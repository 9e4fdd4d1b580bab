"""A3: two views several actions apart, or all views along a long way; which actions, in order?"""

from collections.abc import Iterator

from builder.config import Gates
from builder.core.drop import Drop
from builder.core.rollout import Rollout
from builder.core.seeding import drawn
from builder.language.answers import Motion
from builder.language.template import Template
from builder.tasks import Draft, Task
from builder.tasks._ambiguity import accepted, grids_of
from builder.tasks._gates import pair_drop, steps_drop
from builder.tasks._pairs import Pair, pairs_of
from builder.tasks._words import HOW_TO_LIST

_SHORT, _LONG = range(2, 4), range(4, 7)


class Steps(Task):
    """Which actions, in order, the camera took from the first view to the last."""

    name = "A3"
    language = Motion(("open",), 2, 6)
    asks_motion = True
    tells_length = True
    templates = (
        Template(
            "A3.open-1",
            "open",
            "A camera took the first picture, then did exactly {count} things one after the other, "
            "each a straight move or a turn on the spot, and took the second picture. List what it "
            f"did. {HOW_TO_LIST}",
            case="two-views",
        ),
        Template(
            "A3.open-2",
            "open",
            "How does one get from the first view to the second in {count} actions, where every "
            f"action is either one straight move or one turn on the spot? {HOW_TO_LIST}",
            case="two-views",
        ),
        Template(
            "A3.open-3",
            "open",
            "Reconstruct the path of the camera between these two pictures. It has {count} steps; "
            f"a step is a straight move or a turn in place. {HOW_TO_LIST}",
            case="two-views",
        ),
        Template(
            "A3.open-4",
            "open",
            "These pictures are in order: a camera took one at the start and one after each of its "
            "{count} actions, every action a straight move or a turn on the spot. List all the "
            f"actions. {HOW_TO_LIST}",
            case="every-view",
        ),
        Template(
            "A3.open-5",
            "open",
            "You are shown, in the order in which they were taken, the views along a walk of "
            "{count} steps; between neighboring pictures lies exactly one straight move or one "
            f"turn in place. Write down the whole walk. {HOW_TO_LIST}",
            case="every-view",
        ),
        Template(
            "A3.open-6",
            "open",
            "The pictures follow each other in time, one action apart, {count} actions in all. "
            f"Which actions took the camera from the first picture to the last? {HOW_TO_LIST}",
            case="every-view",
        ),
    )

    def drafts(
        self, rollout: Rollout, seed: int, gates: Gates
    ) -> Iterator[tuple[int, Draft | Drop]]:
        """Yield one question a pair of several actions, unless A4 asks about that pair."""
        for pair in pairs_of(rollout):
            if is_for_a3(rollout, pair, seed):
                short = len(pair.actions) in _SHORT
                make = _two_views if short else _every_view
                yield pair.index, make(rollout, pair, gates)


def is_for_a3(rollout: Rollout, pair: Pair, seed: int) -> bool:
    """Return whether A3 takes a pair: all long ones, and two of three short ones by hash.

    A4 asks about the others (and about single actions). A pair that both asked about would let a
    true claim of A4 spell out A3's answer.
    """
    if len(pair.actions) in _LONG:
        return True
    key = (rollout.subset, rollout.scene_id, rollout.trajectory_id, "A3 or A4", pair.index)
    return len(pair.actions) in _SHORT and drawn(3, seed, *key) > 0


def _two_views(rollout: Rollout, pair: Pair, gates: Gates) -> Draft | Drop:
    if drop := pair_drop(rollout, pair, gates):
        return drop
    right = accepted(pair.actions, grids_of(rollout.subset), gates.max_accepted)
    if len(right) > gates.max_accepted:
        return Drop("ambiguous", f"more than {gates.max_accepted} sequences end there")
    slots = {"count": str(len(pair.actions))}
    return Draft(pair.keys, pair.actions, right, slots, case="two-views")


def _every_view(rollout: Rollout, pair: Pair, gates: Gates) -> Draft | Drop:
    keys = tuple(range(pair.before, pair.after + 1))
    if len(keys) != len(pair.actions) + 1:
        return Drop("repeated-axis", "neighboring actions on one axis are no steps of their own")
    if drop := steps_drop(rollout, pair, gates):
        return drop
    # Neighboring pictures are one action apart, and one action is determined by its two views.
    slots = {"count": str(len(pair.actions))}
    return Draft(keys, pair.actions, (pair.actions,), slots, case="every-view")


PLUGIN = Steps()
