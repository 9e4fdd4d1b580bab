"""A run of kitchen modules along a wall, side by side, and what hangs over it."""

import numpy as np

from builder.scenes.rooms.arrange import BEHIND_M, Arrangement
from builder.scenes.rooms.boxes import Edge, box
from builder.scenes.rooms.footprint import WALL, Placed
from builder.scenes.rooms.furniture import make
from builder.scenes.rooms.furniture.kitchen import HIGH_M
from builder.scenes.rooms.kinds import Wish
from builder.scenes.rooms.look import Look
from builder.scenes.rooms.piece import Finish, Part, Piece

_SEAM_M = 0.002
_OVER_M = 1.45
"""Height of the underside of the wall cabinets."""


def place_run(room: Arrangement, look: Look, rng: np.random.Generator, wish: Wish) -> int:
    """Stand modules side by side along a wall without the door; return how many.

    The last modules are left out where the wall is too short.
    """
    doors = {door.wall for door in room.plan.doors()}
    walls = sorted(
        (wall for wall in range(4) if wall not in doors),
        key=lambda wall: -room.plan.wall_length_m(wall) - 0.8 * float(rng.random()),
    )
    wall = walls[0]
    pieces = [make(name, look, rng) for name in wish.pieces]
    left_to_right = rng.random() < 0.5
    along, placed = 0.03, []
    length = room.plan.wall_length_m(wall)
    for piece in pieces:
        wide = piece.size_m[0]
        if along + wide > length - 0.03:
            continue
        middle = along + wide / 2 if left_to_right else length - along - wide / 2
        x, y = room.plan.spot(wall, middle, BEHIND_M - float(piece.bounds_m[1]))
        candidate = Placed(piece, x, y, 0.0, 90.0 * wall, tag=wish.tag)
        if not room.fits(candidate, keep_zones=piece.size_m[2] > HIGH_M + 0.4):
            along += 0.05
            continue
        placed.append(room.add(candidate))
        along += wide + _SEAM_M
    for index in placed:
        room.keep_free(index, 0.85)
    if placed:
        _backsplash(room, rng, wall, placed)
    return len(placed)


def _backsplash(room: Arrangement, rng: np.random.Generator, wall: int, modules: list[int]) -> None:
    """Tile the wall over the worktops, up to the cabinets or to the window sill."""
    spans = [_along(room, wall, index) for index in modules if _is_low(room, index)]
    if not spans:
        return
    start, end = min(a for a, _ in spans), max(b for _, b in spans)
    sills = [
        w.low_m
        for w in room.plan.windows()
        if w.wall == wall and w.start_m < end and w.end_m > start
    ]
    high = min([_OVER_M, *(sill - 0.04 for sill in sills)]) - HIGH_M - 0.004
    tiles = Finish(
        ("brick_tiles", "square_tiles")[int(rng.integers(2))], 0, (0.96, 0.95, 0.93), 0.15, 50
    )
    shape = box((end - start, 0.008, high), (0, 0.0055, high / 2), Edge(0.002, 1, step_m=0.12), 1.7)
    x, y = room.plan.spot(wall, (start + end) / 2, 0.0)
    room.add(Placed(Piece("", (Part(shape, tiles),)), x, y, HIGH_M + 0.003, 90.0 * wall, WALL))


def place_over_run(room: Arrangement, look: Look, rng: np.random.Generator) -> int:
    """Hang a cabinet over each low module and a hood over the oven, clear of the window."""
    cabinet, hood = make("wall_cabinet", look, rng), make("range_hood", look, rng)
    done = 0
    modules = sorted(room.tagged("run"), key=lambda index: room.placed[index].piece.label != "oven")
    for index in modules:
        if not _is_low(room, index):
            continue
        host = room.placed[index]
        is_oven = host.piece.label == "oven"
        if not is_oven and rng.random() < 0.2:
            continue
        done += _hang_over(room, host, hood if is_oven else cabinet)
    return done


def _hang_over(room: Arrangement, host: Placed, piece: Piece) -> int:
    wall = round(host.turn_deg / 90) % 4
    height = _OVER_M + (0.12 if piece.label == "range hood" else 0.0)
    start, end = _along(room, wall, room.placed.index(host))
    wide = piece.size_m[0]
    for along in ((start + end) / 2, start + wide / 2, end - wide / 2):
        x, y = room.plan.spot(wall, along, 0.012 - float(piece.bounds_m[1]))
        candidate = Placed(piece, x, y, height, 90.0 * wall, WALL, "over run")
        if room.fits(candidate):
            room.add(candidate)
            return 1
    return 0


def _is_low(room: Arrangement, index: int) -> bool:
    return any(top.z_m < HIGH_M + 0.1 for top in room.placed[index].piece.tops) or (
        room.placed[index].piece.label == "sink"
    )


def _along(room: Arrangement, wall: int, index: int) -> tuple[float, float]:
    """Return the stretch of its wall that a module covers."""
    placed = room.placed[index]
    middle = room.plan.along(wall, placed.x_m, placed.y_m)
    half = placed.piece.size_m[0] / 2
    return middle - half, middle + half
