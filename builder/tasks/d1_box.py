"""D1: an object and the camera's actions; where is the object's box afterwards?"""

from builder.config import Gates
from builder.core.drop import Drop
from builder.core.rollout import Rollout
from builder.core.track import Track
from builder.language.answers import Boxes
from builder.language.template import Template
from builder.tasks import Draft
from builder.tasks._objects import ObjectTask, clear_drop, facts_of, sighting, slots_of
from builder.tasks._pairs import Pair
from builder.tasks._words import HOW_BOXES_ARE


class BoxAfter(ObjectTask):
    """Where the box of an object is after the camera's actions."""

    name = "D1"
    language = Boxes()
    templates = (
        Template(
            "D1.box-1",
            "box",
            "In the first picture the {label} fills the box {box_before}. The camera then did "
            "this: {motion}, and took the second picture. Which box does the same {label} fill "
            f"there? {HOW_BOXES_ARE} Answer with that box alone.",
        ),
        Template(
            "D1.box-2",
            "box",
            "Follow the {label} at {box_before} in the first view. After the camera's actions "
            "({motion}) it is still in sight, in the second view. Give its box in that view. "
            f"{HOW_BOXES_ARE} Answer with the box alone.",
        ),
        Template(
            "D1.box-3",
            "box",
            "Two pictures by one camera; between them: {motion}. Mark, in the second picture, the "
            "very {label} that the box {box_before} marks in the first, by the tightest box around "
            f"what is visible of it. {HOW_BOXES_ARE} Answer with that box alone.",
        ),
    )

    def draft_of(
        self, rollout: Rollout, pair: Pair, track: Track, seed: int, gates: Gates
    ) -> Draft | Drop:
        """Ask about a track that is clear in both views and whose box does not stay put."""
        del seed
        before = sighting(rollout, track, pair.before)
        after = sighting(rollout, track, pair.after)
        if drop := clear_drop(rollout, before, gates) or clear_drop(rollout, after, gates):
            return drop
        thing = facts_of(rollout, pair, track, track)
        if before is None or after is None or thing.box_after is None:
            return Drop("too-little-visible")
        if (iou := before.box.iou(after.box)) > gates.max_box_iou:
            return Drop("box-stays-put", f"IoU {iou:.2f} > {gates.max_box_iou}")
        slots = slots_of(pair, thing)
        return Draft(pair.keys, pair.actions, (thing.box_after,), slots, thing=thing)


PLUGIN = BoxAfter()
