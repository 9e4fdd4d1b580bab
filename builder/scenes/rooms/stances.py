"""How small things stand on a top: cushions at the back, screens in the middle, books askew."""

from collections.abc import Iterator

import numpy as np

from builder.scenes.rooms.arrange import Spot
from builder.scenes.rooms.piece import Piece, Top

_BACK = {"cushion", "pillow", "books", "tv", "monitor", "microwave", "printer", "toaster", "jar"}
_STRAIGHT = {"cushion": 7.0, "pillow": 3.0, "books": 0.0, "tv": 0.0, "monitor": 8.0, "laptop": 12.0,
             "keyboard": 4.0, "microwave": 2.0, "printer": 2.0, "towel": 6.0, "storage box": 5.0,
             "toaster": 10.0, "bottle": 25.0, "toilet paper": 20.0}  # fmt: skip
_ANY_TURN = 180.0


def spots_on(host: Piece, piece: Piece, rng: np.random.Generator) -> Iterator[tuple[int, Spot]]:
    """Yield (top, (x, y, turn)) to try, in the host's frame."""
    if not host.tops:
        return
    tops = _suitable(host, piece)
    for _ in range(26):
        which = tops[int(rng.integers(len(tops)))]
        top = host.tops[which]
        turn = float(rng.uniform(-1, 1)) * _STRAIGHT.get(piece.label, _spread(piece))
        yield which, (*_place(host, top, piece, rng), turn)


def _suitable(host: Piece, piece: Piece) -> list[int]:
    """Pillows lie at a bed's head, what else lies there at its foot; shelves offer all boards."""
    if host.label == "bed":
        return [0] if piece.label in {"pillow", "cushion"} else [1]
    return list(range(len(host.tops)))


def _place(host: Piece, top: Top, piece: Piece, rng: np.random.Generator) -> tuple[float, float]:
    x0, y0, _, x1, y1, _ = piece.bounds_m
    wide, deep = float(x1 - x0), float(y1 - y0)
    free_x = max(0.0, top.high[0] - top.low[0] - wide)
    free_y = max(0.0, top.high[1] - top.low[1] - deep)
    share_x = float(rng.uniform(0, 1))
    share_y = float(rng.uniform(0, 1))
    if piece.label == "tv":
        share_x = 0.5 + 0.1 * (share_x - 0.5)
    if piece.label in _BACK:
        share_y = 0.03 + (0.5 if piece.label == "tv" else 0.06) * share_y
        if piece.label == "cushion" and host.label == "bed":
            share_y = 0.9
    if piece.label in {"keyboard", "laptop"}:
        share_y = 0.62 + 0.3 * share_y
    return top.low[0] - float(x0) + share_x * free_x, top.low[1] - float(y0) + share_y * free_y


def _spread(piece: Piece) -> float:
    """Round things may be turned any way, long ones stay roughly in line."""
    wide, deep, _ = piece.size_m
    return _ANY_TURN if max(wide, deep) < 0.2 or 0.8 < wide / deep < 1.25 else 30.0
