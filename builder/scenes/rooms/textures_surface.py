"""Recipes for surfaces: pale pictures that a material's tint colors, from wood to tiles."""

import numpy as np

from builder.scenes.rooms.noise import (
    SIZE_PX,
    Array,
    Picture,
    blend,
    colored_noise,
    filled,
    raster,
    shaded,
    soft_step,
)

_PALE = (0.94, 0.935, 0.925)
_GRAIN_DARK = (0.66, 0.60, 0.53)
_GRAIN_LIGHT = (0.98, 0.95, 0.91)


def plain(rng: np.random.Generator) -> Picture:
    """Paint, lacquer, ceramic: nearly even."""
    return shaded(filled(_PALE), 1 + 0.006 * colored_noise(rng, 0.8))


def plaster(rng: np.random.Generator) -> Picture:
    """A painted wall: a fine roller grain and hardly visible clouds."""
    return shaded(
        filled(_PALE), 1 + 0.010 * colored_noise(rng, 0.5) + 0.008 * colored_noise(rng, 2.0)
    )


def wood(rng: np.random.Generator) -> Picture:
    """Straight grain along the texture's u."""
    grain = 0.55 * colored_noise(rng, 1.3, 0.05) + 0.30 * colored_noise(rng, 0.9, 0.07, 2.5)
    pores = soft_step(colored_noise(rng, 0.6, 0.10, 1.2), 1.9, 0.8)
    return shaded(blend(_GRAIN_DARK, _GRAIN_LIGHT, 0.58 + 0.26 * grain), 1 - 0.16 * pores)


def planks(rng: np.random.Generator) -> Picture:
    """Floorboards along u: six a picture, each of its own tone, with staggered joints."""
    return _boards(rng, rows=6, darkest=0.42)


def pale_planks(rng: np.random.Generator) -> Picture:
    """Wide floorboards of an even tone: four a picture."""
    return _boards(rng, rows=4, darkest=0.22)


def herringbone(rng: np.random.Generator) -> Picture:
    """Parquet in a zigzag: blocks of 1:4, rows of alternating grain."""
    x, y = raster()
    band = np.floor(x * 4).astype(int)
    slide = np.where(band % 2 == 0, y + (x * 4 % 1) / 4, y - (x * 4 % 1) / 4) * 8
    tone = rng.random((4, 8))[band, np.floor(slide).astype(int) % 8]
    grain = 0.10 * colored_noise(rng, 1.2, 0.5, 0.5) + 0.06 * colored_noise(rng, 0.5)
    gap = np.maximum(
        soft_step(np.abs(slide % 1 - 0.5), 0.475, 0.03),
        soft_step(np.abs(x * 4 % 1 - 0.5), 0.49, 0.02),
    )
    picture = blend(_GRAIN_DARK, _GRAIN_LIGHT, 0.35 + 0.5 * tone + grain)
    return shaded(picture, 1 - 0.38 * gap)


def carpet(rng: np.random.Generator) -> Picture:
    """Cut pile."""
    grain = (
        0.05 * colored_noise(rng, 0.15)
        + 0.05 * colored_noise(rng, 1.0)
        + 0.02 * colored_noise(rng, 2)
    )
    return shaded(filled(_PALE), 0.94 + grain)


def weave(rng: np.random.Generator) -> Picture:
    """Linen, upholstery: threads over and under."""
    threads = _threads(64)
    return shaded(
        filled(_PALE),
        0.84 + 0.15 * threads + 0.035 * colored_noise(rng, 0.4) + 0.03 * colored_noise(rng, 1.6),
    )


def coarse_weave(rng: np.random.Generator) -> Picture:
    """Thick yarn: throws, baskets, cushions."""
    threads = _threads(24)
    return shaded(filled(_PALE), 0.78 + 0.22 * threads + 0.05 * colored_noise(rng, 0.5))


def velvet(rng: np.random.Generator) -> Picture:
    """Short pile with the marks of hands in it."""
    return shaded(
        filled(_PALE), 0.93 + 0.02 * colored_noise(rng, 0.2) + 0.035 * colored_noise(rng, 1.9)
    )


def leather(rng: np.random.Generator) -> Picture:
    """Creased hide."""
    creases = np.abs(colored_noise(rng, 1.1, low=12.0))
    return shaded(
        filled(_PALE), 0.86 + 0.06 * np.clip(creases, 0, 2) + 0.02 * colored_noise(rng, 2)
    )


def terry(rng: np.random.Generator) -> Picture:
    """Toweling: loops, and a woven stripe near the lower edge."""
    _, y = raster()
    stripe = soft_step(-np.abs(y - 0.86), -0.04, 0.01)
    loops = 0.90 + 0.07 * colored_noise(rng, 0.1)
    return shaded(filled(_PALE), loops * (1 - 0.22 * stripe))


def square_tiles(rng: np.random.Generator) -> Picture:
    """Four by four tiles with pale joints."""
    return _tiles(rng, columns=4, rows=4, shift=0.0)


def brick_tiles(rng: np.random.Generator) -> Picture:
    """Three by six metro tiles, every other row shifted by half."""
    return _tiles(rng, columns=3, rows=6, shift=0.5)


def large_tiles(rng: np.random.Generator) -> Picture:
    """Two by two stone tiles."""
    stone = 0.03 * colored_noise(rng, 1.7) + 0.02 * colored_noise(rng, 0.7)
    return shaded(_tiles(rng, columns=2, rows=2, shift=0.0), 0.97 + stone)


def checker(rng: np.random.Generator) -> Picture:
    """Two by two floor tiles, pale and half dark."""
    x, y = raster()
    dark = ((np.floor(x * 2) + np.floor(y * 2)) % 2).astype(np.float64)
    stone = 0.025 * colored_noise(rng, 1.5)
    return shaded(_tiles(rng, columns=2, rows=2, shift=0.0), (1 - 0.48 * dark) + stone)


def stone(rng: np.random.Generator) -> Picture:
    """A worktop: fine speckles and a few soft veins."""
    veins = soft_step(-np.abs(colored_noise(rng, 1.8)), -0.06, 0.12)
    speckle = 0.03 * colored_noise(rng, 0.1) + 0.03 * colored_noise(rng, 1.2)
    return shaded(filled(_PALE), 0.94 + speckle - 0.10 * veins)


def brushed(rng: np.random.Generator) -> Picture:
    """Brushed steel along u."""
    return shaded(filled(_PALE), 0.93 + 0.03 * colored_noise(rng, 0.5, 0.03))


def leaf(rng: np.random.Generator) -> Picture:
    """A leaf blade: u across, v along; the midrib in the middle."""
    x, y = raster()
    veins = np.abs(np.sin((y * 12 - np.abs(x - 0.5) * 14) * np.pi)) ** 6
    share = 0.35 + 0.16 * colored_noise(rng, 1.4) + 0.25 * veins
    blade = blend((0.13, 0.27, 0.11), (0.34, 0.47, 0.20), share)
    return blend(blade, (0.50, 0.58, 0.34), soft_step(-np.abs(x - 0.5), -0.016, 0.015))


def soil(rng: np.random.Generator) -> Picture:
    """Potting soil."""
    return blend((0.10, 0.07, 0.05), (0.26, 0.19, 0.14), 0.5 + 0.3 * colored_noise(rng, 0.4))


def plush(rng: np.random.Generator) -> Picture:
    """The fur of a soft toy."""
    return shaded(
        filled(_PALE), 0.88 + 0.07 * colored_noise(rng, 0.5) + 0.03 * colored_noise(rng, 1.5)
    )


def _threads(count: int) -> Array:
    x, y = raster()
    over = np.sign(np.sin(2 * np.pi * count * y) * np.sin(2 * np.pi * count * x))
    across = 0.5 + 0.5 * np.abs(np.sin(2 * np.pi * count * x))
    down = 0.5 + 0.5 * np.abs(np.sin(2 * np.pi * count * y))
    return np.asarray(np.where(over > 0, across, down * 0.94))


def _boards(rng: np.random.Generator, rows: int, darkest: float) -> Picture:
    x, y = raster()
    row = np.floor(y * rows).astype(int)
    shift = rng.random(rows)[row]
    joint = (x + shift) % 1
    tone = rng.random((rows, 2))[row, (joint > 0.5).astype(int)]
    grain = 0.5 * colored_noise(rng, 1.3, 0.05) + 0.25 * colored_noise(rng, 0.9, 0.08, 2.5)
    columns = (np.arange(SIZE_PX)[None] + (tone * 311).astype(int)) % SIZE_PX
    grain = np.take_along_axis(grain, columns, axis=1)
    picture = blend(_GRAIN_DARK, _GRAIN_LIGHT, 0.66 + 0.18 * grain + darkest * (tone - 0.6))
    across = soft_step(np.abs(y * rows % 1 - 0.5), 0.488, 0.02)
    ends = soft_step(np.abs(joint * 2 % 1 - 0.5), 0.496, 0.005)
    return shaded(picture, 1 - 0.42 * np.maximum(across, ends))


def _tiles(rng: np.random.Generator, columns: int, rows: int, shift: float) -> Picture:
    x, y = raster()
    row = np.floor(y * rows).astype(int)
    across = x * columns + shift * (row % 2)
    tone = rng.normal(0, 0.012, (rows, columns))[row, np.floor(across).astype(int) % columns]
    aspect = rows / columns
    edge = np.maximum(np.abs(across % 1 - 0.5), 0.5 - (0.5 - np.abs(y * rows % 1 - 0.5)) / aspect)
    joint = soft_step(edge, 0.5 - 0.006 * columns, 0.008 * columns)
    glaze = 1 + tone + 0.006 * colored_noise(rng, 1.5)
    return blend(shaded(filled(_PALE), glaze), (0.74, 0.73, 0.71), joint)
