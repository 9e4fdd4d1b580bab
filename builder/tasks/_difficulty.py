"""What a question's difficulty is graded by, gathered from its rollout."""

from itertools import pairwise

from builder.core.difficulty import DifficultyFacts
from builder.core.record import ObjectFacts
from builder.core.rollout import Rollout
from builder.tasks._draft import Draft


def difficulty_facts(
    rollout: Rollout, draft: Draft, *, asks_motion: bool
) -> DifficultyFacts | None:
    """Return what makes a question easy or hard; None: how its views compare is not known.

    Args:
        rollout: Whose views are shown.
        draft: The question.
        asks_motion: Whether the motion is to be told.
    """
    pairs = pairwise((*draft.shown, *draft.hidden))
    neighbors = [rollout.covisibility.get(keys) for keys in pairs]
    known = [found for found in neighbors if found is not None]
    if len(known) < len(neighbors):
        return None
    return DifficultyFacts(
        displacement_px=min(found.displacement_px for found in known),
        short_side_px=min(rollout.camera.size_px),
        overlap=min(min(found.overlap_before, found.overlap_after) for found in known),
        steps=len(draft.actions),
        visible_share=_visible_share(draft.thing),
        distractors=_distractors(rollout, draft),
        asks_motion=asks_motion,
    )


def _visible_share(thing: ObjectFacts | None) -> float:
    if thing is None:
        return 1.0
    return min(share for share in (thing.visible_before, thing.visible_after) if share > 0)


def _distractors(rollout: Rollout, draft: Draft) -> int:
    thing = draft.thing
    if thing is None:
        return 0
    frames = {rollout.keys[key] for key in draft.shown}
    return sum(
        track.label == thing.label
        and track.track_id != thing.track_id
        and not frames.isdisjoint(track.sightings)
        for track in rollout.tracks
    )
