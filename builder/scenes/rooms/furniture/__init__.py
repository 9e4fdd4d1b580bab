"""Every piece by name: a function of a room's look and a random stream."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from builder.core.errors import SceneError, nearest
from builder.scenes.rooms.furniture import (
    bath,
    decor,
    gadgets,
    kitchen,
    plants,
    seating,
    small,
    storage,
    tables,
)
from builder.scenes.rooms.look import Look
from builder.scenes.rooms.piece import Piece

Maker = Callable[[Look, np.random.Generator], Piece]

_SIZED = {"rug_of", "outline_disk", "curtain"}

MAKERS: Mapping[str, Maker] = MappingProxyType(
    {
        name: maker
        for module in (seating, tables, storage, kitchen, bath, small, decor, plants, gadgets)
        for name, maker in vars(module).items()
        if callable(maker)
        and getattr(maker, "__module__", "") == module.__name__
        and not name.startswith("_")
        and name not in _SIZED
    }
)


def make(name: str, look: Look, rng: np.random.Generator) -> Piece:
    """Make one piece.

    Raises:
        SceneError: If there is no maker of that name.
    """
    if name not in MAKERS:
        raise SceneError(f"no piece {name!r}: {nearest(name, MAKERS)}")
    return MAKERS[name](look, rng)
