"""Furnished rooms that are made up from a seed: simulated scenes with exact truth."""

import re

from builder.config import Gates
from builder.core.errors import SceneError
from builder.core.scene import Scene, SceneObject, SceneRef
from builder.scenes import DEFAULT_GATES, SceneSource
from builder.scenes.rooms.kinds import KINDS, Kind

_ID = re.compile(r"room-(\d+)-(\d{4,})")


class Rooms(SceneSource):
    """Makes up as many rooms as are wanted, all kinds in turn."""

    name = "rooms"
    scene_type = "simulated"

    def references(self, count: int, seed: int, location: str | None) -> tuple[SceneRef, ...]:
        """Name `count` rooms; any seven in a row are of seven kinds.

        Raises:
            SceneError: If a location is given: rooms are read from nowhere.
        """
        if location is not None:
            raise SceneError(f"rooms are made up from the seed; got a location, {location!r}")
        return tuple(
            SceneRef(self.name, f"room-{seed}-{index:04d}", seed) for index in range(count)
        )

    def open(self, reference: SceneRef, gates: Gates = DEFAULT_GATES) -> Scene:
        """Make one room: the same reference gives the same room, to the byte; all of it is seen.

        Raises:
            SceneError: If the id is not one that `references` gives.
            MissingExtra: If the build extra is not installed.
        """
        del gates
        from builder.scenes.rooms.room import furnish
        from builder.scenes.rooms.world import RoomWorld

        kind = kind_of(reference.scene_id)
        room = furnish(kind, reference.seed, reference.scene_id)
        return Scene(
            scene_id=reference.scene_id,
            scene_type=self.scene_type,
            license="CC0-1.0",
            source="made up by builder.scenes.rooms",
            prompt=f"A furnished {kind.name} seen at eye height.",
            objects=tuple(
                SceneObject(track_id, placed.piece.label)
                for track_id, placed in enumerate(room.objects, start=1)
            ),
            world=RoomWorld(room, reference),
        )


def kind_of(scene_id: str) -> Kind:
    """Return the kind of a room, which its number decides.

    Raises:
        SceneError: If the id is not of the form room-<seed>-<index>.
    """
    found = _ID.fullmatch(scene_id)
    if not found:
        raise SceneError(
            f"a room's id is room-<seed>-<index>, such as room-7-0003; got {scene_id!r}"
        )
    return KINDS[int(found[2]) % len(KINDS)]


PLUGIN = Rooms()
