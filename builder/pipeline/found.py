"""Objects that were detected and not known beforehand: each track is a thing of its own."""

from collections.abc import Sequence
from dataclasses import replace

from builder.core.rollout import Rollout
from builder.core.scene import SceneObject
from builder.core.track import Track


class FoundObjects:
    """What was found in the rollouts of one place, numbered through.

    Identities do not reach from one trajectory to another, so no number is given twice; and the
    numbers of the place's own objects mean nothing in frames that somebody else painted.
    """

    def __init__(self) -> None:
        self._things: dict[int, SceneObject] = {}

    @property
    def things(self) -> tuple[SceneObject, ...]:
        """All that was found so far, in the order of their numbers."""
        return tuple(self._things[number] for number in sorted(self._things))

    def numbered(self, rollout: Rollout) -> Rollout:
        """Return a new rollout with numbers that follow on those that were given before."""
        return replace(rollout, tracks=numbered_after(rollout.tracks, max(self._things, default=0)))

    def add(self, rollout: Rollout) -> None:
        """Note the objects of a rollout, with the numbers that it has."""
        for track in rollout.tracks:
            self._things[track.track_id] = SceneObject(track.track_id, track.label)


def numbered_after(tracks: Sequence[Track], taken: int) -> tuple[Track, ...]:
    """Return tracks in their order, numbered on from the number that was given last."""
    return tuple(
        replace(track, track_id=number) for number, track in enumerate(tracks, start=taken + 1)
    )
