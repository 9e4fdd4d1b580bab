"""Questions that no depth or identity backs: kept where a turn alone proves the answer.

Whether a false claim about a move would show depends on depth. A detector's silence is no proof
that an object is gone, and its ids are none that two boxes hold one thing. Where the camera only
turned, all of it can be computed: a turn takes every pixel to a known place. Everything else is
dropped.
"""

from builder.core.box import Box
from builder.core.drop import Drop
from builder.core.record import Record
from builder.core.rollout import Rollout
from builder.core.track import Track
from builder.store.foreign.turns import carried_box, is_beyond, is_turn_only

_GONE_MARGIN = 0.05
_SAME_IOU = 0.6
_OTHER_IOU = 0.2


def needs_proof(rollout: Rollout) -> bool:
    """Return whether answers about a stored rollout must be proven by a turn.

    They need not where depth is stored and every box was counted from ids: then it is known how
    much of the object is hidden, which no detector tells.
    """
    boxes = (sighting for track in rollout.tracks for sighting in track.sightings.values())
    return not rollout.depth_grids_m or any(box.amodal_px is None for box in boxes)


def proof_drop(record: Record, rollout: Rollout) -> Drop | None:
    """Return why the answer of a record is not proven, or None if it is.

    Args:
        record: Of a rollout without depth, or with objects that were detected.
        rollout: That rollout, as it is stored.
    """
    before, after = record.frame_indices[0], record.frame_indices[-1]
    poses = rollout.world_from_camera
    after_from_before = poses[after].inverse() @ poses[before]
    turned, thing = is_turn_only(after_from_before), record.object
    if record.claim is not None and not (turned or rollout.depth_grids_m):
        return Drop("depth-unknown", "whether a false claim would show depends on depth")
    if thing is None:
        return None
    if not turned:
        return Drop("depth-unknown", "where a move takes an object depends on its depth")
    tracks = {track.track_id: track for track in rollout.tracks}
    box = tracks[thing.track_id].sightings[before].box
    if thing.box_after is None:
        gone = is_beyond(rollout.camera, box, after_from_before, _GONE_MARGIN)
        return None if gone else Drop("gone-unsure", "it was not detected, and may be there")
    there = _sighted(tracks[thing.track_id_after], after)
    carried = carried_box(rollout.camera, box, after_from_before)
    iou = 0.0 if carried is None else carried.iou(there)
    same = thing.track_id == thing.track_id_after
    if iou < _SAME_IOU if same else iou > _OTHER_IOU:
        return Drop("identity-unsure", f"IoU {iou:.2f} with where the turn takes it")
    return None


def _sighted(track: Track, frame: int) -> Box:
    return track.sightings[frame].box
