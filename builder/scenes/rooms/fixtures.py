"""The first things in a room: door, windows and what hangs at them, and the air they need."""

import numpy as np

from builder.scenes.rooms.arrange import Arrangement
from builder.scenes.rooms.footprint import WALL, Placed, blocks_at
from builder.scenes.rooms.furniture import fittings
from builder.scenes.rooms.kinds import Kind
from builder.scenes.rooms.look import Look
from builder.scenes.rooms.piece import Piece
from builder.scenes.rooms.plan import DOOR_SIZE_M, Opening


def place_fixtures(room: Arrangement, kind: Kind, look: Look, rng: np.random.Generator) -> None:
    """Put doors, windows, curtains, blinds and radiators in place, and reserve the air there."""
    for opening in room.plan.openings:
        if opening.kind == "door":
            _door(room, opening, look, rng)
        else:
            _window(room, opening, look)
            if rng.random() < kind.drapes:
                _drapes(room, opening, look)
            elif rng.random() < 0.6:
                _blind(room, opening, look, rng)


def place_radiators(room: Arrangement, rng: np.random.Generator) -> None:
    """Hang a radiator below each window where nothing stands; to be called last."""
    for opening in room.plan.windows():
        if rng.random() < 0.15:
            continue
        piece = fittings.radiator(_radiator_width(opening))
        x, y = room.plan.spot(opening.wall, opening.middle_m, 0.0)
        candidate = Placed(piece, x, y, 0.14, 90.0 * opening.wall, WALL, piece.label)
        if room.fits(candidate, keep_zones=False):
            room.add(candidate)


def _fix(
    room: Arrangement,
    piece: Piece,
    opening: Opening,
    where_m: tuple[float, float],
    off_m: float = 0.0,
) -> int:
    """Fix a piece to a wall, `where_m` = (right of the opening's middle, height of its base)."""
    x, y = room.plan.spot(opening.wall, opening.middle_m + where_m[0], off_m)
    return room.add(Placed(piece, x, y, where_m[1], 90.0 * opening.wall, WALL, piece.label))


def _door(room: Arrangement, opening: Opening, look: Look, rng: np.random.Generator) -> None:
    _fix(room, fittings.door(look, DOOR_SIZE_M, bool(rng.random() < 0.5)), opening, (0.0, 0.0))
    _reserve(room, opening, (0.05, 0.85), (0.02, 2.0))


def _window(room: Arrangement, opening: Opening, look: Look) -> None:
    wide, high = opening.end_m - opening.start_m, opening.high_m - opening.low_m
    _fix(room, fittings.window(look, wide, high), opening, (0.0, opening.low_m - fittings.SILL_M))
    _reserve(room, opening, (0.04, 0.45), (opening.low_m - 0.03, opening.high_m))


def _drapes(room: Arrangement, opening: Opening, look: Look) -> None:
    wide, rod_z = opening.end_m - opening.start_m, opening.high_m + 0.10
    half, rod = fittings.drapes(look, wide, rod_z - 0.03)
    _fix(room, rod, opening, (0.0, rod_z), 0.10)
    # A curtain hangs beside its window, so that the sill and the radiator stay clear of it.
    for side in (-1.0, 1.0):
        _fix(room, half, opening, (side * (wide / 2 + 0.28), 0.03), 0.10)


def _blind(room: Arrangement, opening: Opening, look: Look, rng: np.random.Generator) -> None:
    wide, high = opening.end_m - opening.start_m, opening.high_m - opening.low_m
    drop = high * float(rng.uniform(0.15, 0.35))
    piece = fittings.blind(look, wide - 0.12, drop)
    _fix(room, piece, opening, (0.0, opening.high_m - float(piece.bounds_m[5]) - 0.003), -0.04)


def _radiator_width(opening: Opening) -> float:
    return round(min(1.4, (opening.end_m - opening.start_m) * 0.8), 2)


def _reserve(
    room: Arrangement,
    opening: Opening,
    widen_ahead_m: tuple[float, float],
    z_m: tuple[float, float],
) -> None:
    half = (opening.end_m - opening.start_m) / 2 + widen_ahead_m[0]
    box = np.array([[-half, 0.0, z_m[0], half, widen_ahead_m[1], z_m[1]]])
    x, y = room.plan.spot(opening.wall, opening.middle_m, 0.0)
    room.zones.append(blocks_at(box, (x, y, 0.0), 90.0 * opening.wall))
