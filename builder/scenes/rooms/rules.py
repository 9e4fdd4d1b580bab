"""How a wish finds its place: one function a rule, all working on one arrangement."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from builder.scenes.rooms import kitchen_run
from builder.scenes.rooms.arrange import BEHIND_M, Arrangement, Spot
from builder.scenes.rooms.footprint import WALL
from builder.scenes.rooms.furniture import make
from builder.scenes.rooms.kinds import Rule, Wish
from builder.scenes.rooms.look import Look
from builder.scenes.rooms.piece import Piece
from builder.scenes.rooms.stances import spots_on

_AHEAD_M: Mapping[str, float] = MappingProxyType(
    {
        "wardrobe": 0.75, "dresser": 0.6, "bookshelf": 0.55, "cabinet": 0.55, "toilet": 0.6,
        "sink": 0.75, "bathtub": 0.65, "desk": 0.85, "tv stand": 0.7, "chest": 0.4,
        "bed": 0.35, "armchair": 0.4, "sofa": 0.3,
    }
)  # fmt: skip
"""Air to keep before a piece, so that it can be used."""

_HUNG_M: Mapping[str, float] = MappingProxyType({"clock": 1.95, "shelf": 1.42, "towel": 1.12})
"""Height of the middle of what hangs on a wall; pictures hang at eye height."""


@dataclass(frozen=True, eq=False)
class Furnisher:
    """What the rules work with.

    Attributes:
        room: The arrangement, which they change.
        look: The room's style.
        rng: Where their draws come from.
    """

    room: Arrangement
    look: Look
    rng: np.random.Generator

    def grant(self, wish: Wish) -> int:
        """Place as many of a wish as wished and possible; return how many."""
        wanted = int(self.rng.integers(wish.count[0], wish.count[1] + 1))
        if wish.rule == "run":
            return kitchen_run.place_run(self.room, self.look, self.rng, wish)
        if wish.rule == "over run":
            return kitchen_run.place_over_run(self.room, self.look, self.rng)
        done, piece = 0, None
        tag = wish.tag or wish.pieces[0]
        for _ in range(wanted):
            name = wish.pieces[int(self.rng.integers(len(wish.pieces)))]
            piece = piece if piece and wish.alike else make(name, self.look, self.rng)
            index = RULES[wish.rule](self, piece, wish, tag)
            if index is None:
                continue
            done += 1
            if wish.rule not in {"on", "hang", "above", "ceiling", "before"}:
                self.room.keep_free(index, _AHEAD_M.get(piece.label, 0.0))
        return done


def main(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """Middle of a wall, best one without the door: what a room is about."""
    del wish
    doors = {door.wall for door in f.room.plan.doors()}
    walls = sorted(range(4), key=lambda wall: (wall in doors, f.rng.random()))

    def spots() -> Iterator[Spot]:
        for wall in walls:
            length = f.room.plan.wall_length_m(wall)
            slack = max(0.0, length / 2 - piece.size_m[0] / 2 - 0.05)
            for share in (*f.rng.uniform(-0.35, 0.35, 4), 0.7, -0.7, 1.0, -1.0):
                x, y = f.room.plan.spot(
                    wall, length / 2 + share * slack, BEHIND_M - piece.bounds_m[1]
                )
                yield x, y, 90.0 * wall

    return f.room.first_fit(piece, spots(), tag)


def wall(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """Back to any wall."""
    del wish
    return f.room.first_fit(piece, f.room.wall_spots(piece, f.rng, range(4), 60), tag)


def corner(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """In a corner."""
    del wish
    return f.room.first_fit(piece, f.room.corner_spots(piece, f.rng), tag)


def loose(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """On the floor near a wall, at any turn."""
    del wish
    return f.room.first_fit(piece, f.room.loose_spots(piece, f.rng), tag)


def center(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """Near the middle of the floor, along the longer side."""
    del wish
    plan = f.room.plan
    turn = 0.0 if plan.width_m >= plan.depth_m else 90.0

    def spots() -> Iterator[Spot]:
        for reach in np.linspace(0.05, 0.9, 24):
            dx, dy = f.rng.uniform(-reach, reach, 2)
            yield (
                plan.width_m / 2 + dx,
                plan.depth_m / 2 + dy,
                turn + (90.0 if reach > 0.7 else 0.0),
            )

    return f.room.first_fit(piece, spots(), tag, keep_zones=piece.label != "rug")


def before(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """In front of what it goes with, centered."""
    gaps = {"rug": 0.04, "bath mat": 0.08, "coffee table": 0.36, "bench": 0.04}
    gap = gaps.get(piece.label, 0.4)

    def spots() -> Iterator[Spot]:
        for index in f.room.tagged(wish.to):
            host = f.room.placed[index]
            for slide in (0.0, 0.12, -0.12, 0.3, -0.3):
                y = float(host.piece.bounds_m[4] - piece.bounds_m[1]) + gap
                yield (*host.to_room(slide, y), host.turn_deg)

    return f.room.first_fit(piece, spots(), tag, keep_zones=False)


def opposite(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """Against the wall that its partner faces, level with it; or against any."""
    hosts = f.room.tagged(wish.to)
    if not hosts:
        return None
    host = f.room.placed[hosts[0]]
    facing = (round(host.turn_deg / 90) + 2) % 4
    plan = f.room.plan
    length = plan.wall_length_m(facing)
    level = plan.along(facing, host.x_m, host.y_m)
    half = piece.size_m[0] / 2 + 0.05

    def spots() -> Iterator[Spot]:
        for slide in (0.0, 0.2, -0.2, 0.5, -0.5, 0.8, -0.8, 1.2, -1.2):
            along = float(np.clip(level + slide, half, length - half))
            yield (*plan.spot(facing, along, BEHIND_M - float(piece.bounds_m[1])), 90.0 * facing)
        yield from f.room.wall_spots(piece, f.rng, range(4), 30)

    return f.room.first_fit(piece, spots(), tag)


def beside(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """Left or right of what it goes with, backs in line."""

    def spots() -> Iterator[Spot]:
        for index in f.room.tagged(wish.to):
            host = f.room.placed[index]
            for side in f.rng.permutation([-1, 1]):
                reach = host.piece.size_m[0] / 2 + piece.size_m[0] / 2 + 0.05
                y = float(host.piece.bounds_m[1] - piece.bounds_m[1])
                yield (*host.to_room(float(side) * reach, y + 0.03), host.turn_deg)

    return f.room.first_fit(piece, spots(), tag)


def around(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """At a table, facing it, a little under it."""

    def spots() -> Iterator[Spot]:
        for index in f.room.tagged(wish.to):
            host = f.room.placed[index]
            wide, deep, _ = host.piece.size_m
            seats = (
                [(0.0, 1), (0.0, -1)]
                if wide < 1.25
                else [(s * wide * 0.24, y) for y in (1, -1) for s in (-1, 1)]
            )
            edge = piece.size_m[1] / 2 - 0.17
            for x, side in seats:
                pull = edge + float(f.rng.uniform(-0.05, 0.13))
                turn = (180.0 if side > 0 else 0.0) + float(f.rng.uniform(-6, 6))
                yield (*host.to_room(x, side * (deep / 2 + pull)), host.turn_deg + turn)
            for side in (1, -1):
                pull = edge + float(f.rng.uniform(0.0, 0.13))
                turn = (90.0 if side > 0 else -90.0) + float(f.rng.uniform(-6, 6))
                yield (*host.to_room(side * (wide / 2 + pull), 0.0), host.turn_deg + turn)

    return f.room.first_fit(piece, spots(), tag)


def seat(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """Before a desk, turned towards it."""

    def spots() -> Iterator[Spot]:
        for index in f.room.tagged(wish.to):
            host = f.room.placed[index]
            for slide in (0.0, -0.15, 0.15, -0.3, 0.3):
                out = (
                    float(host.piece.bounds_m[4])
                    + piece.size_m[1] / 2
                    - float(f.rng.uniform(0.0, 0.2))
                )
                turn = 180.0 + float(f.rng.uniform(-35, 35))
                yield (*host.to_room(slide, out), host.turn_deg + turn)

    return f.room.first_fit(piece, spots(), tag, keep_zones=False)


def flank(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """At the side of a low table, facing it."""

    def spots() -> Iterator[Spot]:
        for index in f.room.tagged(wish.to):
            host = f.room.placed[index]
            reach = host.piece.size_m[0] / 2 + piece.size_m[1] / 2
            for side in f.rng.permutation([-1, 1]):
                for gap, y in ((0.35, 0.05), (0.6, 0.15), (0.8, 0.25), (1.0, 0.3)):
                    turn = float(side) * 90.0 + float(f.rng.uniform(-14, 14))
                    yield (*host.to_room(float(side) * (reach + gap), y), host.turn_deg + turn)

    return f.room.first_fit(piece, spots(), tag)


def on(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """On a top of what it goes with."""
    hosts = f.room.tagged(wish.to)
    for index in f.rng.permutation(len(hosts)):
        host = hosts[int(index)]
        placed = f.room.on_top(piece, host, spots_on(f.room.placed[host].piece, piece, f.rng), tag)
        if placed is not None:
            return placed
    return None


def above(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """On the wall, centered over what it goes with."""
    for index in f.room.tagged(wish.to):
        host = f.room.placed[index]
        side = round(host.turn_deg / 90) % 4
        along = f.room.plan.along(side, host.x_m, host.y_m)
        low = max(host.piece.size_m[2] + 0.20, 1.22)
        low = low if piece.label != "mirror" else host.piece.size_m[2] + 0.12
        heights = [
            z
            for z in (low, low + 0.12, low - 0.1)
            if z + piece.size_m[2] < f.room.plan.height_m - 0.12
        ]
        hung = f.room.hang(piece, side, [(along, z) for z in heights], tag)
        if hung is not None:
            return hung
    return None


def hang(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """On a wall, at the height that suits it, where the walls are barest."""
    del wish
    middle = _HUNG_M.get(piece.label, 1.58)
    half = piece.size_m[0] / 2 + 0.18
    hung = [(one.x_m, one.y_m) for one in f.room.placed if one.rests_on == WALL]
    spots = []
    for _ in range(36):
        side = int(f.rng.integers(4))
        along = float(f.rng.uniform(half, f.room.plan.wall_length_m(side) - half))
        x, y = f.room.plan.spot(side, along, 0.0)
        bare = min((float(np.hypot(x - a, y - b)) for a, b in hung), default=0.0)
        spots.append((bare + float(f.rng.uniform(0, 0.8)), side, along))
    for _, side, along in sorted(spots, reverse=True):
        found = f.room.hang(piece, side, [(along, middle - piece.size_m[2] / 2)], tag)
        if found is not None:
            return found
    return None


def ceiling(f: Furnisher, piece: Piece, wish: Wish, tag: str) -> int | None:
    """Over what it goes with, or over the middle of the room."""
    x, y = f.room.plan.width_m / 2, f.room.plan.depth_m / 2
    for index in f.room.tagged(wish.to):
        x, y = f.room.placed[index].x_m, f.room.placed[index].y_m
    return f.room.under_ceiling(piece, x, y, tag)


RULES: Mapping[Rule, Callable[[Furnisher, Piece, Wish, str], int | None]] = MappingProxyType(
    {
        "main": main, "wall": wall, "corner": corner, "loose": loose, "center": center,
        "before": before, "opposite": opposite, "beside": beside, "around": around, "seat": seat,
        "flank": flank, "on": on, "above": above, "hang": hang, "ceiling": ceiling,
    }
)  # fmt: skip
