"""D3: one object seen twice; which one or two actions did the camera take in between?"""

from builder.config import Gates
from builder.core.drop import Drop
from builder.core.rollout import Rollout
from builder.core.track import Track
from builder.language.answers import Motion
from builder.language.template import Template
from builder.tasks import Draft
from builder.tasks._ambiguity import accepted, grids_of
from builder.tasks._objects import ObjectTask, clear_drop, facts_of, sighting, slots_of
from builder.tasks._pairs import Pair
from builder.tasks._words import HOW_BOXES_ARE, STEP

_MOST_ACTIONS = 2
_SEEN_TWICE = (
    "The {label} in the box {box_before} of the first picture is the {label} in the box "
    "{box_after} of the second. "
)
_AT_MOST = (
    "The camera took one action, a straight move or a turn on the spot, or two: a move and a turn "
    "in either order, or two moves at right angles. "
)


class Inference(ObjectTask):
    """Which actions explain how an object shifted between two views."""

    name = "D3"
    language = Motion(("open", "counted", "sentence"), 1, _MOST_ACTIONS)
    most = 2
    asks_motion = True
    templates = (
        Template(
            "D3.open-1",
            "open",
            f"{_SEEN_TWICE}What did the camera do in between? {_AT_MOST}{HOW_BOXES_ARE} Write each "
            f"action as {STEP}; join two by a semicolon and a space.",
        ),
        Template(
            "D3.open-2",
            "open",
            f"{_SEEN_TWICE}Infer the camera's motion from that. {_AT_MOST}{HOW_BOXES_ARE} Write "
            f"each action as {STEP}; join two by a semicolon and a space.",
        ),
        Template(
            "D3.counted-1",
            "counted",
            f"{_SEEN_TWICE}How many actions did the camera take in between, and which? {_AT_MOST}"
            f'{HOW_BOXES_ARE} Answer as "N steps | ACTIONS", where N is the number of actions '
            f"(write steps even for one) and each action is {STEP}; join two by a semicolon and a "
            "space.",
        ),
        Template(
            "D3.counted-2",
            "counted",
            f"{_SEEN_TWICE}Count the camera's actions between the pictures and list them. "
            f'{_AT_MOST}{HOW_BOXES_ARE} Use the form "N steps | ACTIONS" with the count N '
            f"(the word is steps even for one); an action is {STEP}, and a semicolon and a "
            "space join two.",
        ),
        Template(
            "D3.sentence-1",
            "sentence",
            f"{_SEEN_TWICE}Tell in one sentence what the camera did in between. {_AT_MOST}"
            f"{HOW_BOXES_ARE} An action is {STEP}. Write a single action with a capital and a full "
            'stop; write two as "First ACTION, then ACTION."',
        ),
        Template(
            "D3.sentence-2",
            "sentence",
            f"{_SEEN_TWICE}Say how the camera got from the first picture to the second. {_AT_MOST}"
            f"{HOW_BOXES_ARE} Put it in one sentence: the action itself, capitalized and ended by "
            f'a full stop, or "First ACTION, then ACTION." for two, an action being {STEP}.',
        ),
    )

    def asks_about(self, pair: Pair) -> bool:
        """Return whether one or two actions lie between the views."""
        return len(pair.actions) <= _MOST_ACTIONS

    def draft_of(
        self, rollout: Rollout, pair: Pair, track: Track, seed: int, gates: Gates
    ) -> Draft | Drop:
        """Ask about a track that is clear in both views."""
        del seed
        for key in pair.keys:
            if drop := clear_drop(rollout, sighting(rollout, track, key), gates):
                return drop
        right = accepted(pair.actions, grids_of(rollout.subset), gates.max_accepted)
        if len(right) > gates.max_accepted:
            return Drop("ambiguous", f"more than {gates.max_accepted} sequences end there")
        thing = facts_of(rollout, pair, track, track)
        return Draft(pair.keys, pair.actions, right, slots_of(pair, thing), thing=thing)


PLUGIN = Inference()
