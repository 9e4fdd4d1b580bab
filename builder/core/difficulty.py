"""How hard a question is, from 1 to 5: a fixed formula of what is stored beside it."""

import math
from dataclasses import dataclass

GRADES = (1, 2, 3, 4, 5)
_BOUNDS = (0.75, 1.25, 1.75, 2.25)  # the load from which on grades 2, 3, 4 and 5 are given

_EASIEST_FLOW = 0.125  # of the short side: plain to see, and most of the view is still the same
_OCTAVES = 3.0  # flow so many octaves away from the easiest counts in full
_MOST_STEPS = 4  # as many further steps, or more, count twice
_MOST_DISTRACTORS = 3


@dataclass(frozen=True, slots=True)
class DifficultyFacts:
    """What makes a question easy or hard.

    Neighboring views are those of neighboring `frame_indices` of a record: shown one after the
    other, or shown and asked about (D2).

    Attributes:
        displacement_px: Least median displacement of two neighboring views, pixels.
        short_side_px: Of the frame.
        overlap: Least share, 0..1, of one of two neighboring views that the other shows too; the
            smaller of both directions.
        steps: How many actions lie between the first view and the last.
        visible_share: Least visible share, 0..1, of the object asked about, over the views in which
            anything of it is visible; 1 without an object.
        distractors: Other objects of the same label (ids other than `track_id`) with a visible
            pixel in a shown view; 0 without an object.
        asks_motion: Whether the motion is to be told (A1 to A4, D3): then a small one is hard too.
    """

    displacement_px: float
    short_side_px: int
    overlap: float
    steps: int
    visible_share: float = 1.0
    distractors: int = 0
    asks_motion: bool = True


def difficulty(facts: DifficultyFacts) -> int:
    """Return the grade, 1 (easy) to 5 (hard); docs/difficulty.md tells the formula in words.

    Example:
        >>> difficulty(DifficultyFacts(72.0, 576, overlap=0.95, steps=1))
        1
        >>> difficulty(DifficultyFacts(400.0, 576, overlap=0.2, steps=3, distractors=2))
        5
    """
    return 1 + sum(load(facts) >= bound for bound in _BOUNDS)


def load(facts: DifficultyFacts) -> float:
    """Return the sum of all that makes a question hard: flow, overlap, steps, occlusion, likes."""
    likes = min(facts.distractors, _MOST_DISTRACTORS) / _MOST_DISTRACTORS
    steps = 2 * min(facts.steps - 1, _MOST_STEPS) / _MOST_STEPS
    return _flow(facts) + (1 - facts.overlap) + steps + 2 * (1 - facts.visible_share) + likes


def _flow(facts: DifficultyFacts) -> float:
    """Return 0 for the easiest displacement and 1 for one that is octaves larger or smaller."""
    flow = facts.displacement_px / facts.short_side_px
    if not 0 < flow < math.inf:
        return 1.0
    octaves = math.log2(flow / _EASIEST_FLOW)
    if octaves < 0 and not facts.asks_motion:
        return 0.0
    return min(1.0, abs(octaves) / _OCTAVES)
