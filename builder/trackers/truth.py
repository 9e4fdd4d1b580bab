"""Tracks from the exact instance ids behind each frame: identity is geometry, never a guess."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.core.box import Box
from builder.core.errors import PlanError
from builder.core.scene import SceneObject, members_of
from builder.core.track import Sighting, Track
from builder.core.view import View
from builder.trackers import CameraPath, Tracker


class Truth(Tracker):
    """Reads boxes and pixel counts off the id pictures; only seen pixels count."""

    name = "truth"

    def tracks(
        self,
        frames: NDArray[np.uint8],
        views: Sequence[View] | None,
        objects: Sequence[SceneObject],
        path: CameraPath | None = None,
    ) -> tuple[Track, ...]:
        """Return the objects with a visible pixel in any frame.

        Raises:
            PlanError: If the backend gave no truth.
        """
        del frames, path
        if views is None:
            raise PlanError("the tracker 'truth' needs ids, and this backend knows none")
        part_of = {thing.track_id: thing.part_of for thing in objects if thing.part_of is not None}
        members = {thing.track_id: members_of(thing.track_id, part_of) for thing in objects}
        sightings: dict[int, dict[int, Sighting]] = defaultdict(dict)
        for frame, view in enumerate(views):
            pieces = _sightings(view)
            for track_id, ids in members.items():
                if seen := [pieces[each] for each in sorted(ids) if each in pieces]:
                    sightings[track_id][frame] = _joined(seen, view.amodal_px.get(track_id))
        return tuple(
            Track(thing.track_id, thing.label, sightings[thing.track_id])
            for thing in sorted(objects, key=lambda thing: thing.track_id)
            if thing.track_id in sightings
        )


def _joined(pieces: Sequence[Sighting], amodal_px: int | None) -> Sighting:
    """Return the sighting of a whole from those of its visible parts."""
    x1, y1, x2, y2 = zip(*(piece.box.corners_px() for piece in pieces), strict=True)
    box = Box(min(x1), min(y1), max(x2), max(y2))
    return Sighting(box, sum(piece.visible_px for piece in pieces), amodal_px)


def _sightings(view: View) -> dict[int, Sighting]:
    instance = np.where(view.seen, view.instance, 0)
    rows, columns = np.nonzero(instance)
    ids = instance[rows, columns]
    order = np.argsort(ids, kind="stable")
    ids, rows, columns = ids[order], rows[order], columns[order]
    found: dict[int, Sighting] = {}
    names, starts, counts = np.unique(ids, return_index=True, return_counts=True)
    for name, start, count in zip(names.tolist(), starts, counts.tolist(), strict=True):
        x, y = columns[start : start + count], rows[start : start + count]
        box = Box(float(x.min()), float(y.min()), float(x.max() + 1), float(y.max() + 1))
        found[name] = Sighting(box, count, view.amodal_px.get(name))
    return found


PLUGIN = Truth()
