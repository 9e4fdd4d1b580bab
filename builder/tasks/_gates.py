"""Whether the shown pictures determine the answer, as far as views and motion go."""

from builder.config import Gates
from builder.core.drop import Drop
from builder.core.rollout import Rollout
from builder.tasks._pairs import Pair

_SHORT_SIDE_PX = 576  # the frame side that `min_displacement_px` is stated for


def min_displacement_px(rollout: Rollout, gates: Gates) -> float:
    """Return the least displacement, in pixels of this rollout's frames."""
    short_px = min(rollout.camera.size_px)
    return gates.min_displacement_px * short_px / _SHORT_SIDE_PX


def view_drop(rollout: Rollout, key: int, gates: Gates) -> Drop | None:
    """Return why the view at a key must not be shown or asked about, or None if it may."""
    quality = rollout.quality[rollout.keys[key]]
    if quality.seen < gates.min_seen:
        return Drop("too-little-seen", f"{quality.seen:.3f} < {gates.min_seen}")
    if quality.holes > gates.max_holes:
        return Drop("holes", f"{quality.holes:.3f} > {gates.max_holes}")
    if quality.border > gates.max_border:
        return Drop("unseen-border", f"{quality.border:.3f} > {gates.max_border}")
    if quality.enlargement > gates.max_enlargement:
        return Drop("enlarged", f"{quality.enlargement:.2f} > {gates.max_enlargement}")
    return None


def motion_drop(rollout: Rollout, keys: tuple[int, int], gates: Gates) -> Drop | None:
    """Return why the motion between two shown keys cannot be seen, or None if it can."""
    found = rollout.covisibility.get(keys)
    if found is None:
        return Drop("depth-unknown", f"no covisibility of keys {keys}")
    least_px = min_displacement_px(rollout, gates)
    if found.displacement_px < least_px:
        return Drop("imperceptible", f"{found.displacement_px:.2f} px < {least_px:.2f}")
    overlap = min(found.overlap_before, found.overlap_after)
    if overlap < gates.min_overlap:
        return Drop("little-overlap", f"{overlap:.3f} < {gates.min_overlap}")
    return None


def pair_drop(rollout: Rollout, pair: Pair, gates: Gates) -> Drop | None:
    """Return why the two views of a pair must not be shown together, or None if they may."""
    return (
        view_drop(rollout, pair.before, gates)
        or view_drop(rollout, pair.after, gates)
        or motion_drop(rollout, pair.keys, gates)
    )


def steps_drop(rollout: Rollout, pair: Pair, gates: Gates) -> Drop | None:
    """Return why the views of all keys of a pair must not be shown in order, or None."""
    keys = range(pair.before, pair.after + 1)
    views = (view_drop(rollout, key, gates) for key in keys)
    steps = (motion_drop(rollout, (key, key + 1), gates) for key in keys[:-1])
    return next((drop for drop in (*views, *steps) if drop), None)
