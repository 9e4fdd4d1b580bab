"""Tracks from the exact instance ids behind each frame: identity is geometry, never a guess."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.core.box import Box
from builder.core.errors import PlanError
from builder.core.scene import SceneObject
from builder.core.track import Sighting, Track
from builder.core.view import View
from builder.trackers import Tracker


class Truth(Tracker):
    """Reads boxes and pixel counts off the id pictures; only seen pixels count."""

    name = "truth"

    def tracks(
        self,
        frames: NDArray[np.uint8],
        views: Sequence[View] | None,
        objects: Sequence[SceneObject],
    ) -> tuple[Track, ...]:
        """Return the objects with a visible pixel in any frame.

        Raises:
            PlanError: If the backend gave no truth.
        """
        del frames
        if views is None:
            raise PlanError("the tracker 'truth' needs ids, and this backend knows none")
        sightings: dict[int, dict[int, Sighting]] = defaultdict(dict)
        for frame, view in enumerate(views):
            for track_id, sighting in _sightings(view).items():
                sightings[track_id][frame] = sighting
        return tuple(
            Track(thing.track_id, thing.label, sightings[thing.track_id])
            for thing in sorted(objects, key=lambda thing: thing.track_id)
            if thing.track_id in sightings
        )


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
