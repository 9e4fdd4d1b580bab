"""A piece of furniture before it has a place: parts with finishes, and tops to put things on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from builder.scenes.rooms.shapes import Array, Shape

Color = tuple[float, float, float]
"""sRGB, 0..1."""


@dataclass(frozen=True, slots=True)
class Finish:
    """What a surface is made of.

    Attributes:
        texture: A recipe of `textures`.
        variant: Which of its pictures.
        color: sRGB; it tints the picture.
        specular: Strength of the highlight, 0..1.
        gloss: Its sharpness.
        emission: Radiance as a factor on the surface's own color.
    """

    texture: str
    variant: int = 0
    color: Color = (1.0, 1.0, 1.0)
    specular: float = 0.03
    gloss: float = 20.0
    emission: float = 0.0

    def tinted(self, color: Color) -> "Finish":
        """Return the same stuff in another color."""
        return replace(self, color=color)


@dataclass(frozen=True, eq=False)
class Part:
    """One body of a piece.

    Attributes:
        shape: In the piece's frame: +z up, its front towards +y, its base on z = 0.
        finish: Of all its faces.
        give_m: How far other things may sink in: upholstery and leaves give way a little.
    """

    shape: Shape
    finish: Finish
    give_m: float = 0.0


@dataclass(frozen=True, slots=True)
class Top:
    """A level rectangle of a piece that carries other things, in the piece's frame, metres.

    Attributes:
        low: (x, y), least.
        high: (x, y), largest.
        z_m: Its height.
        room_m: Free height above it.
    """

    low: tuple[float, float]
    high: tuple[float, float]
    z_m: float
    room_m: float = 1.0


@dataclass(frozen=True, eq=False)
class Piece:
    """One object, in its own frame: +z up, front towards +y, base on z = 0, middle near x = y = 0.

    Attributes:
        label: What a person calls it; empty for what is no object.
        parts: Its bodies.
        tops: Where smaller things may be put.
    """

    label: str
    parts: tuple[Part, ...]
    tops: tuple[Top, ...] = ()

    @cached_property
    def blocks_m(self) -> Array:
        """(n, 6): the box around each part, least x, y, z, then largest; soft parts give way."""
        rows = []
        for part in self.parts:
            bounds = part.shape.bounds_m()
            give = np.minimum(part.give_m, (bounds[3:] - bounds[:3]) * 0.45)
            rows.append(np.concatenate([bounds[:3] + give, bounds[3:] - give]))
        return np.array(rows)

    @cached_property
    def bounds_m(self) -> Array:
        """(6,): the box around the whole piece."""
        return np.concatenate(
            [
                np.min([part.shape.bounds_m()[:3] for part in self.parts], axis=0),
                np.max([part.shape.bounds_m()[3:] for part in self.parts], axis=0),
            ]
        )

    @property
    def size_m(self) -> tuple[float, float, float]:
        """(width, depth, height)."""
        width, depth, height = self.bounds_m[3:] - self.bounds_m[:3]
        return float(width), float(depth), float(height)


def parts_of(finish: Finish, shapes: Sequence[Shape], give_m: float = 0.0) -> list[Part]:
    """Return one part a shape, all of one finish."""
    return [Part(shape, finish, give_m) for shape in shapes]


def mirrored(make: Callable[[float], Shape]) -> list[Shape]:
    """Return what `make` makes for the left (-1) and for the right (+1)."""
    return [make(-1.0), make(1.0)]


def top_of(piece_bounds_m: Sequence[float], margin_m: float = 0.03, room_m: float = 1.0) -> Top:
    """Return the whole upper side of a box (least x, y, z, largest x, y, z) as a top."""
    x0, y0, _, x1, y1, z1 = piece_bounds_m
    return Top(
        (x0 + margin_m, y0 + margin_m), (x1 - margin_m, y1 - margin_m), float(z1), float(room_m)
    )
