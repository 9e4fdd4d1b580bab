"""The style of one room: a color scheme drawn once, and the finishes that everything shares."""

from dataclasses import dataclass

import numpy as np

from builder.scenes.rooms.piece import Color, Finish

_WALLS: tuple[tuple[Color, Color], ...] = (
    ((0.93, 0.91, 0.87), (0.62, 0.66, 0.58)),
    ((0.91, 0.89, 0.86), (0.52, 0.60, 0.66)),
    ((0.90, 0.87, 0.80), (0.72, 0.56, 0.46)),
    ((0.86, 0.87, 0.84), (0.42, 0.50, 0.50)),
    ((0.88, 0.88, 0.89), (0.55, 0.56, 0.62)),
    ((0.92, 0.88, 0.83), (0.78, 0.66, 0.56)),
    ((0.84, 0.86, 0.88), (0.36, 0.43, 0.52)),
    ((0.92, 0.90, 0.84), (0.68, 0.66, 0.50)),
    ((0.90, 0.86, 0.84), (0.70, 0.55, 0.55)),
    ((0.83, 0.85, 0.79), (0.91, 0.90, 0.86)),
)
"""(main, accent) wall colors."""

_WOODS: tuple[tuple[Color, Color], ...] = (
    ((0.83, 0.68, 0.50), (0.52, 0.39, 0.29)),
    ((0.90, 0.78, 0.62), (0.68, 0.52, 0.37)),
    ((0.70, 0.53, 0.38), (0.44, 0.34, 0.27)),
    ((0.58, 0.44, 0.33), (0.84, 0.69, 0.51)),
    ((0.93, 0.86, 0.75), (0.36, 0.33, 0.31)),
    ((0.76, 0.60, 0.45), (0.90, 0.88, 0.84)),
)
"""(main, second) woods: oak, beech, teak, walnut, birch, chestnut."""

_FABRICS: tuple[Color, ...] = (
    (0.42, 0.48, 0.54),
    (0.62, 0.59, 0.54),
    (0.50, 0.54, 0.45),
    (0.35, 0.40, 0.48),
    (0.72, 0.66, 0.57),
    (0.60, 0.42, 0.34),
    (0.40, 0.38, 0.37),
    (0.55, 0.46, 0.48),
    (0.36, 0.47, 0.46),
    (0.76, 0.70, 0.62),
)

_ACCENTS: tuple[Color, ...] = (
    (0.80, 0.62, 0.30),
    (0.70, 0.40, 0.30),
    (0.28, 0.38, 0.48),
    (0.44, 0.52, 0.40),
    (0.86, 0.82, 0.74),
    (0.62, 0.45, 0.46),
    (0.38, 0.52, 0.54),
    (0.82, 0.70, 0.58),
    (0.52, 0.34, 0.32),
    (0.30, 0.32, 0.34),
    (0.66, 0.70, 0.66),
    (0.84, 0.55, 0.42),
)

_METALS: tuple[Color, ...] = ((0.20, 0.20, 0.21), (0.62, 0.63, 0.64), (0.68, 0.56, 0.36))

_CLOTHS = ("weave", "velvet", "coarse_weave")

BLACK: Color = (0.12, 0.12, 0.13)
STEEL: Color = (0.74, 0.75, 0.76)


@dataclass(frozen=True, slots=True)
class Look:
    """Colors of one room.

    Attributes:
        wall: Of three or four walls.
        accent_wall: Of the one that differs, where one does.
        wood: Of most furniture.
        second_wood: Of the rest.
        metal: Of legs, lamps, handles.
        fabrics: Upholstery, curtains: two.
        accents: Of small things: four.
        cloth: The weave of the upholstery.
        paint: Doors, frames, baseboards, lacquered fronts.
    """

    wall: Color
    accent_wall: Color
    wood: Finish
    second_wood: Finish
    metal: Finish
    fabrics: tuple[Color, Color]
    accents: tuple[Color, ...]
    cloth: str
    paint: Finish

    def fabric(self, color: Color) -> Finish:
        """Return upholstery in a color."""
        return Finish(self.cloth, 0, muted(color), 0.0)

    def accent(self, rng: np.random.Generator) -> Color:
        """Return one of the accents, a touch lighter or darker."""
        return shade(muted(self.accents[int(rng.integers(len(self.accents)))]), rng)


def draw_look(rng: np.random.Generator) -> Look:
    """Draw the style of a room."""
    wall, accent_wall = _WALLS[int(rng.integers(len(_WALLS)))]
    wood, second = _WOODS[int(rng.integers(len(_WOODS)))]
    fabrics = rng.permutation(len(_FABRICS))[:2]
    accents = rng.permutation(len(_ACCENTS))[:4]
    return Look(
        wall=shade(wall, rng, 0.02),
        accent_wall=shade(_lightened(accent_wall), rng, 0.03),
        wood=Finish("wood", int(rng.integers(3)), wood, 0.05, 25),
        second_wood=Finish("wood", int(rng.integers(3)), second, 0.05, 25),
        metal=Finish("plain", 0, _METALS[int(rng.integers(len(_METALS)))], 0.35, 45),
        fabrics=(_FABRICS[fabrics[0]], _FABRICS[fabrics[1]]),
        accents=tuple(_ACCENTS[index] for index in accents),
        cloth=_CLOTHS[int(rng.integers(len(_CLOTHS)))],
        paint=Finish("plain", 0, shade((0.93, 0.92, 0.90), rng, 0.02), 0.05, 25),
    )


def shade(color: Color, rng: np.random.Generator, spread: float = 0.05) -> Color:
    """Return a color a little lighter or darker."""
    factor = 1 + float(rng.uniform(-spread, spread))
    red, green, blue = (min(1.0, max(0.0, channel * factor)) for channel in color)
    return red, green, blue


def _lightened(color: Color) -> Color:
    red, green, blue = (0.72 * channel + 0.24 for channel in color)
    return red, green, blue


def muted(color: Color, share: float = 0.2) -> Color:
    """Return a color closer to its gray: the film curve of the painter adds saturation."""
    gray = sum(color) / 3
    red, green, blue = (channel + share * (gray - channel) for channel in color)
    return red, green, blue


def ceramic(color: Color) -> Finish:
    """Glazed."""
    return Finish("plain", 0, color, 0.18, 50)


def steel() -> Finish:
    """Brushed stainless."""
    return Finish("brushed", 0, STEEL, 0.30, 35)


def plastic(color: Color) -> Finish:
    """Matt plastic."""
    return Finish("plain", 0, color, 0.08, 25)


def white_ceramic() -> Finish:
    """Sanitary ware."""
    return ceramic((0.95, 0.95, 0.945))
