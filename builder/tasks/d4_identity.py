"""D4: a box in each of two views, around things of one label; are they one and the same thing?"""

from collections.abc import Mapping
from typing import Any

from builder.config import Gates
from builder.core.drop import Drop
from builder.core.rollout import Rollout
from builder.core.seeding import drawn
from builder.core.track import Track
from builder.language.answers import Verdict
from builder.language.template import Template
from builder.tasks import Draft, record_id_of
from builder.tasks._cues import buckets_of, likeness_features
from builder.tasks._objects import (
    ObjectTask,
    clear_at,
    clear_drop,
    facts_of,
    number_of,
    sighting,
    slots_of,
)
from builder.tasks._pairs import Pair
from builder.tasks._words import HOW_BOXES_ARE

_SAME, _OTHER = "Both boxes hold the same object.", "The boxes hold two different objects."
_ONE, _TWO = "It is one and the same object.", "They are two separate objects."

_SETTING = (
    "The first picture has {a_label} in the box {box_before}, the second {a_label} in the box "
    "{box_after}; one camera took both, in one place where nothing moved. "
)


class Identity(ObjectTask):
    """Whether two boxes in two views hold the same instance."""

    name = "D4"
    verdicts = (True, False)
    language = Verdict(("yes-no", "choice", "sentence"), sentences=((_SAME, _OTHER), (_ONE, _TWO)))
    templates = (
        Template(
            "D4.yes-no-1",
            "yes-no",
            f"{_SETTING}Is it the very same {{label}}? {HOW_BOXES_ARE} Answer yes or no.",
        ),
        Template(
            "D4.yes-no-2",
            "yes-no",
            f"{_SETTING}Do both boxes mark one physical thing? {HOW_BOXES_ARE} Answer yes or no.",
        ),
        Template(
            "D4.choice-1",
            "choice",
            f"{_SETTING}What is true of the two? A: {{first}} B: {{second}} {HOW_BOXES_ARE} Answer "
            "with the letter alone.",
            options=("One object, seen twice.", "Two objects of one kind."),
        ),
        Template(
            "D4.choice-2",
            "choice",
            f"{_SETTING}Compare the boxed things. A: {{first}} B: {{second}} {HOW_BOXES_ARE} "
            "Answer with the letter of what is right.",
            options=("They are the same instance.", "They are different instances."),
        ),
        Template(
            "D4.sentence-1",
            "sentence",
            f'{_SETTING}Which sentence is right: "{{first}}" or "{{second}}"? {HOW_BOXES_ARE} '
            "Answer with that sentence.",
            options=(_SAME, _OTHER),
        ),
        Template(
            "D4.sentence-2",
            "sentence",
            f'{_SETTING}Decide between two statements about the boxed things: "{{first}}" or '
            f'"{{second}}" {HOW_BOXES_ARE} Answer with the statement that holds.',
            options=(_ONE, _TWO),
        ),
    )

    def draft_of(
        self, rollout: Rollout, pair: Pair, track: Track, seed: int, gates: Gates
    ) -> Draft | Drop:
        """Ask whether a track is itself, or a partner of its label, by a coin.

        Both answers need a partner in the second view: a label of which there is only one would
        tell that the answer is yes.
        """
        if drop := clear_drop(rollout, sighting(rollout, track, pair.before), gates):
            return drop
        partners = [
            other
            for other in clear_at(rollout, pair.after, gates)
            if other.label == track.label and other.track_id != track.track_id
        ]
        if not partners:
            return Drop("no-partner")
        record_id = record_id_of(rollout, self.name, number_of(pair, track))
        own = sighting(rollout, track, pair.after)
        partner = partners[drawn(len(partners), seed, record_id, "partner")]
        if own is not None:
            iou = own.box.iou(partner.sightings[rollout.keys[pair.after]].box)
            if iou > gates.max_partner_iou:
                return Drop("boxes-overlap", f"IoU {iou:.2f} > {gates.max_partner_iou}")
        same = drawn(2, seed, record_id, "same") == 1 and clear_drop(rollout, own, gates) is None
        thing = facts_of(rollout, pair, track, track if same else partner)
        return Draft(pair.keys, pair.actions, (same,), slots_of(pair, thing), thing=thing)

    def balance_of(self, record: Mapping[str, Any]) -> str:
        """Return such as "same|3|cushion|17": how likely boxes make it, the label, that finer.

        Of some labels two things are seen at once more often than of others, so labels tell.
        """
        thing = record["object"]
        answer = "same" if thing["track_id"] == thing["track_id_after"] else "different"
        bucket, finer = buckets_of(record, likeness_features)
        return f"{answer}|{bucket}|{thing['label'].replace('|', '/')}|{finer}"


PLUGIN = Identity()
