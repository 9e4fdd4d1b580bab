"""D2: an object in one view and the camera's actions; is it still visible afterwards?"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from builder.config import Gates
from builder.core.covisibility import grid_points
from builder.core.drop import Drop
from builder.core.protocol import SUBSETS
from builder.core.rollout import Rollout
from builder.core.track import Sighting, Track
from builder.language.answers import Verdict
from builder.language.grammar import say
from builder.language.template import Template
from builder.tasks import Draft
from builder.tasks._cues import MIDDLE, bucket_of, staying_features
from builder.tasks._gates import view_drop
from builder.tasks._objects import (
    ObjectTask,
    box_n1000,
    clear_at,
    clear_drop,
    facts_of,
    sighting,
    slots_of,
)
from builder.tasks._pairs import Pair
from builder.tasks._words import HOW_BOXES_ARE

_GONE, _VISIBLE = "The {label} is no longer visible.", "The {label} is still visible."
_OUT, _IN = "The {label} is out of sight now.", "The {label} can still be seen."

_SETTING = "In this picture the {label} is in the box {box_before}. "
_MEANING = (
    "Out of sight means that not a bit of it shows any more, because it is outside the picture or "
    "hidden behind something. "
)


class Visibility(ObjectTask):
    """Whether an object is still visible after the camera's actions."""

    name = "D2"
    verdicts = (True, False)
    language = Verdict(
        ("yes-no", "choice", "sentence"),
        sentences=((_GONE, _VISIBLE), (_OUT, _IN)),
        slots={"label": ".+"},
    )
    templates = (
        Template(
            "D2.yes-no-1",
            "yes-no",
            f"{_SETTING}The camera now does this: {{motion}}. Is that {{label}} out of sight "
            f"afterwards? {_MEANING}{HOW_BOXES_ARE} Answer yes or no.",
        ),
        Template(
            "D2.yes-no-2",
            "yes-no",
            f"{_SETTING}Imagine the view after these camera actions: {{motion}}. Has that "
            f"{{label}} gone out of sight there? {_MEANING}{HOW_BOXES_ARE} Answer yes or no.",
        ),
        Template(
            "D2.choice-1",
            "choice",
            f"{_SETTING}The camera now does this: {{motion}}. What holds for that {{label}} "
            f"afterwards? A: {{first}} B: {{second}} {_MEANING}{HOW_BOXES_ARE} Answer with the "
            "letter alone.",
            options=("It is out of sight.", "It is at least partly visible."),
        ),
        Template(
            "D2.choice-2",
            "choice",
            f"{_SETTING}Picture what the camera sees once it has done this: {{motion}}. Choose "
            f"what is true of that {{label}} then. A: {{first}} B: {{second}} {_MEANING}"
            f"{HOW_BOXES_ARE} Answer with the letter alone.",
            options=("It has gone out of sight.", "It still shows."),
        ),
        Template(
            "D2.sentence-1",
            "sentence",
            f"{_SETTING}The camera now does this: {{motion}}. Which sentence describes the view "
            f'afterwards: "{{first}}" or "{{second}}"? {_MEANING}{HOW_BOXES_ARE} Answer with that '
            "sentence.",
            options=(_GONE, _VISIBLE),
        ),
        Template(
            "D2.sentence-2",
            "sentence",
            f"{_SETTING}After the camera has done this: {{motion}}, one of two sentences is right "
            f'about that {{label}}: "{{first}}" or "{{second}}" {_MEANING}{HOW_BOXES_ARE} Answer '
            "with the right sentence.",
            options=(_OUT, _IN),
        ),
    )

    def pair_drop(self, rollout: Rollout, pair: Pair, gates: Gates) -> Drop | None:
        """Only the first view is shown, so only it must be fit to be shown."""
        return view_drop(rollout, pair.before, gates)

    def draft_of(
        self, rollout: Rollout, pair: Pair, track: Track, seed: int, gates: Gates
    ) -> Draft | Drop:
        """Ask about a track that is clear in the first view, and plainly gone or there later."""
        del seed
        before = sighting(rollout, track, pair.before)
        if drop := clear_drop(rollout, before, gates):
            return drop
        after = sighting(rollout, track, pair.after)
        drop = _unsure_gone(rollout, pair, before, gates) if after is None else None
        if after is not None:
            drop = _unsure_visible(rollout, pair, after, gates)
        if drop:
            return drop
        thing = facts_of(rollout, pair, track, track)
        return Draft(
            (pair.before,),
            pair.actions,
            (after is None,),
            slots_of(pair, thing),
            hidden=(pair.after,),
            thing=thing,
        )

    def _in_turn(self, rollout: Rollout, pair: Pair, seed: int, gates: Gates) -> list[Track]:
        """Take those first of which the text tells least: at the edge, or soon hidden."""
        turns = super()._in_turn(rollout, pair, seed, gates)
        clear = {track.track_id for track in clear_at(rollout, pair.before, gates)}
        if len(clear) <= self.most:
            return turns
        motion, hfov_deg = say(pair.actions), rollout.camera.hfov_deg

        def sureness(track: Track) -> int:
            if track.track_id not in clear:
                return len(turns)
            found = track.sightings[rollout.keys[pair.before]]
            text = {
                "task_type": self.name,
                "subset": rollout.subset,
                "camera": {"hfov_deg": hfov_deg},
                "actions": motion,
                "object": {"box_before": box_n1000(rollout, found)},
            }
            return abs(bucket_of(text, staying_features) - MIDDLE)

        return sorted(turns, key=sureness)

    def balance_of(self, record: Mapping[str, Any]) -> str:
        """Return "gone|3" or "visible|3": the answer, and how likely its text makes it.

        Where the text decides there is no bucket: such questions fill what the others leave, for
        all that a photograph loses is lost beyond its edge.
        """
        answer = "gone" if record["object"]["box_after"] is None else "visible"
        bucket = bucket_of(record, staying_features)
        return answer if abs(bucket - MIDDLE) == MIDDLE else f"{answer}|{bucket}"


def _unsure_visible(rollout: Rollout, pair: Pair, after: Sighting, gates: Gates) -> Drop | None:
    if after.visible_share < gates.stays_visible:
        return Drop("between", f"{after.visible_share:.3f} of it is visible")
    return view_drop(rollout, pair.after, gates)


def _unsure_gone(
    rollout: Rollout, pair: Pair, before: Sighting | None, gates: Gates
) -> Drop | None:
    """Return why "no pixel of it" is no proof, or None if it is one.

    Rooms know all surfaces. A photograph knows only what it saw: an object without a pixel may be
    behind what was never seen, so it must lie beyond the frame by a margin.
    """
    if SUBSETS[rollout.subset].scene_type == "simulated" or before is None:
        return None
    if not rollout.depth_grids_m:
        return Drop("depth-unknown", "no depth to tell where the object went")
    camera = rollout.camera
    points, uv_px = grid_points(rollout.depth_grids_m[pair.before], camera)
    x1, y1, x2, y2 = before.box.corners_px()
    inside = ((uv_px >= (x1, y1)) & (uv_px < (x2, y2))).all(axis=-1)
    if not inside.any():
        return Drop("depth-unknown", "no known depth in the object's box")
    # The corners of the box, at the nearest and the farthest depth in it, hold the whole object.
    near_m, far_m = points[inside, 2].min(), points[inside, 2].max()
    corners_px = np.array([(x, y) for x in (x1, x2) for y in (y1, y2)] * 2)
    corners = camera.lift(corners_px, np.repeat([near_m, far_m], 4))
    after_from_before = rollout.motion_between(*pair.keys).inverse()
    x, y, z = after_from_before.apply(corners).T
    (fx, fy), (cx, cy) = camera.focal_px, camera.center_px
    width, height = camera.size_px
    margin = gates.gone_margin
    beyond = (  # planes, not pixels, so that what lies behind the camera is beyond them too
        fx * x + (cx + margin * width) * z < 0,
        fx * x + (cx - (1 + margin) * width) * z > 0,
        fy * y + (cy + margin * height) * z < 0,
        fy * y + (cy - (1 + margin) * height) * z > 0,
    )
    sure = any(side.all() for side in beyond)
    return None if sure else Drop("gone-unsure", "it may be behind what the photograph never saw")


PLUGIN = Visibility()
