"""A furnished room as a value: plan, style, light, and what stands where."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from builder.core.errors import SceneError
from builder.core.seeding import rng_for
from builder.scenes.rooms.arrange import Arrangement
from builder.scenes.rooms.fixtures import place_fixtures, place_radiators
from builder.scenes.rooms.footprint import Placed
from builder.scenes.rooms.freespace import FreeSpace
from builder.scenes.rooms.kinds import Kind
from builder.scenes.rooms.look import Look, draw_look, shade
from builder.scenes.rooms.piece import Finish
from builder.scenes.rooms.plan import Plan, draw_plan
from builder.scenes.rooms.rules import Furnisher

_TRIES = 40
_INSTANCES = (15, 40)
_OPEN_AREA_M2 = 1.6
"""Least area where a camera may stand, connected; less makes no trajectory worth taking."""

_FLOOR_COLORS = {
    "carpet": ((0.66, 0.62, 0.56), (0.56, 0.57, 0.58), (0.74, 0.69, 0.60)),
    "large_tiles": ((0.82, 0.80, 0.76), (0.64, 0.63, 0.62), (0.74, 0.68, 0.60)),
    "square_tiles": ((0.84, 0.82, 0.78), (0.60, 0.64, 0.64), (0.74, 0.60, 0.50)),
    "checker": ((0.90, 0.89, 0.86), (0.82, 0.84, 0.82)),
}
_WOOD_FLOORS = (
    (0.80, 0.65, 0.49),
    (0.70, 0.54, 0.40),
    (0.88, 0.77, 0.62),
    (0.60, 0.46, 0.35),
    (0.84, 0.76, 0.66),
)
_SPAN_M = {
    "carpet": 0.8,
    "large_tiles": 1.2,
    "square_tiles": 0.8,
    "checker": 0.8,
    "herringbone": 1.4,
}


@dataclass(frozen=True, eq=False)
class Room:
    """A furnished room.

    Attributes:
        kind: What kind of room.
        plan: Walls and openings.
        look: Colors and finishes.
        floor: The floor's finish, and how many metres one picture of it spans.
        tiles: What covers the lower walls, if anything does.
        accent: Index of the wall in the accent color, or -1.
        placed: All pieces; what has a label is an object.
    """

    kind: Kind
    plan: Plan
    look: Look
    floor: tuple[Finish, float]
    tiles: Finish | None
    accent: int
    placed: tuple[Placed, ...]

    @property
    def objects(self) -> tuple[Placed, ...]:
        """The pieces that are objects; the first has `track_id` 1."""
        return tuple(placed for placed in self.placed if placed.piece.label)

    def labels(self) -> Counter[str]:
        """Count the objects by label."""
        return Counter(placed.piece.label for placed in self.objects)


def furnish(kind: Kind, seed: int, scene_id: str) -> Room:
    """Furnish a room, trying again until it has what it needs and leaves space to walk.

    Raises:
        SceneError: If no try succeeds; a kind whose wishes cannot be met.
    """
    for attempt in range(_TRIES):
        room = _try(kind, rng_for(seed, scene_id, "room", attempt))
        if room is not None and _is_good(room):
            return room
    raise SceneError(f"{scene_id}: no {kind.name} came together in {_TRIES} tries")


def _try(kind: Kind, rng: np.random.Generator) -> Room | None:
    look = draw_look(rng)
    plan = draw_plan(rng, kind.width_m, kind.depth_m, kind.sill_m)
    arrangement = Arrangement(plan)
    place_fixtures(arrangement, kind, look, rng)
    furnisher = Furnisher(arrangement, look, rng)
    for wish in kind.wishes:
        if furnisher.grant(wish) == 0 and wish.needed:
            return None
    place_radiators(arrangement, rng)
    doors = {door.wall for door in plan.doors()}
    plain = [wall for wall in range(4) if wall not in doors]
    accent = int(rng.choice(plain)) if rng.random() < 0.55 and not kind.tiles else -1
    return Room(
        kind, plan, look, _floor(kind, rng), _tiles(kind, rng), accent, tuple(arrangement.placed)
    )


def _is_good(room: Room) -> bool:
    labels = room.labels()
    if not _INSTANCES[0] <= sum(labels.values()) <= _INSTANCES[1]:
        return False
    if sum(count > 1 for count in labels.values()) < 3:
        return False
    return FreeSpace.of(room.plan, room.placed).open_area_m2(0.35) >= _OPEN_AREA_M2


def _floor(kind: Kind, rng: np.random.Generator) -> tuple[Finish, float]:
    texture = kind.floors[int(rng.integers(len(kind.floors)))]
    colors = _FLOOR_COLORS.get(texture, _WOOD_FLOORS)
    color = shade(colors[int(rng.integers(len(colors)))], rng, 0.06)
    wooden = texture not in _FLOOR_COLORS
    finish = Finish(texture, int(rng.integers(3)), color, 0.02 if texture == "carpet" else 0.10, 35)
    return finish, _SPAN_M.get(texture, 1.1 if wooden else 1.0)


def _tiles(kind: Kind, rng: np.random.Generator) -> Finish | None:
    if not kind.tiles:
        return None
    colors = ((0.95, 0.95, 0.94), (0.74, 0.80, 0.80), (0.80, 0.82, 0.74), (0.88, 0.82, 0.76))
    texture = kind.tiles[int(rng.integers(len(kind.tiles)))]
    return Finish(texture, 0, colors[int(rng.integers(len(colors)))], 0.14, 50)
