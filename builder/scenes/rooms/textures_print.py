"""Recipes for things with a face of their own: rugs, paintings, book spines, screens, the view."""

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

_MUTED = np.array(
    [
        (0.80, 0.72, 0.58),
        (0.58, 0.33, 0.25),
        (0.25, 0.33, 0.40),
        (0.42, 0.47, 0.36),
        (0.75, 0.58, 0.33),
        (0.90, 0.87, 0.80),
        (0.36, 0.28, 0.26),
        (0.62, 0.66, 0.66),
        (0.70, 0.50, 0.44),
        (0.22, 0.25, 0.27),
    ]
)
"""Colors that go together: sand, brick, slate, sage, ochre, cream, umber, mist, clay, charcoal."""


def rug(rng: np.random.Generator) -> Picture:
    """A patterned rug with a border: medallions, stripes, a grid, or plain with a frame."""
    x, y = raster()
    ground, figure, accent, border = _MUTED[rng.permutation([0, 1, 2, 3, 4, 5, 7, 8])[:4]]
    style = int(rng.integers(4))
    picture = (_medallions, _stripes, _trellis, _plain_field)[style](x, y, (ground, figure, accent))
    edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    for inner, color in ((0.075, border), (0.065, ground), (0.018, accent), (0.010, border)):
        picture = blend(color, picture, soft_step(edge, inner, 0.006))
    return shaded(picture, 0.95 + 0.06 * colored_noise(rng, 0.2) + 0.02 * colored_noise(rng, 1.5))


def painting(rng: np.random.Generator) -> Picture:
    """What hangs in a frame: hills, color fields, circles, a plant, or the sea; with a mount."""
    x, y = raster()
    style = int(rng.integers(5))
    picture = (_hills, _color_fields, _circles, _stems, _sea)[style](rng, x, y)
    edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    mount = rng.choice([0.0, 0.07, 0.11])
    picture = blend((0.93, 0.92, 0.89), picture, soft_step(edge, mount, 0.006))
    return shaded(picture, 1 + 0.02 * colored_noise(rng, 0.6))


def spines(rng: np.random.Generator) -> Picture:
    """Sixteen book spines side by side; a book takes one sixteenth."""
    picture = np.zeros((SIZE_PX, SIZE_PX, 3))
    width = SIZE_PX // 16
    profile = 0.78 + 0.22 * np.sqrt(1 - np.linspace(-0.95, 0.95, width) ** 2)
    for book in range(16):
        color = _MUTED[rng.integers(len(_MUTED))] * rng.uniform(0.75, 1.05)
        block = np.tile(color * profile[:, None], (SIZE_PX, 1, 1))
        ink = np.array((0.86, 0.80, 0.66)) if color.mean() < 0.5 else np.array((0.2, 0.18, 0.17))
        top, length = rng.integers(30, 70), rng.integers(40, 110)
        block[top : top + length, width // 2 - 2 : width // 2 + 2] = ink * 0.9
        for line in rng.integers(10, SIZE_PX - 10, 2):
            block[line : line + 4] = ink * profile[:, None]
        picture[:, book * width : (book + 1) * width] = block
    return picture


def cardboard(rng: np.random.Generator) -> Picture:
    """A packed box: corrugation and a strip of tape."""
    x, y = raster()
    ridges = 0.015 * np.sin(x * 2 * np.pi * 60)
    paper = shaded(filled((0.70, 0.56, 0.40)), 1 + 0.03 * colored_noise(rng, 0.8, 0.3) + ridges)
    return blend(paper, (0.78, 0.70, 0.54), soft_step(-np.abs(y - 0.5), -0.075, 0.01))


def toy_ball(rng: np.random.Generator) -> Picture:
    """Six panels in three colors, and a pole of a fourth."""
    x, y = raster()
    colors = np.array([(0.74, 0.24, 0.20), (0.93, 0.90, 0.84), (0.22, 0.36, 0.58)])
    colors = colors[rng.permutation(3)]
    picture = colors[np.floor(x * 6).astype(int) % 3]
    return blend(picture, (0.86, 0.68, 0.28), soft_step(np.abs(y - 0.5), 0.42, 0.01))


def toy_block(rng: np.random.Generator) -> Picture:
    """One side of a building block: a frame around a plain figure."""
    x, y = raster()
    edge = np.minimum(np.minimum(x, 1 - x), np.minimum(y, 1 - y))
    figures = (
        np.hypot(x - 0.5, y - 0.5) - 0.24,
        np.maximum(np.abs(x - 0.5), np.abs(y - 0.5)) - 0.21,
        np.abs(x - 0.5) + np.abs(y - 0.5) - 0.30,
    )
    figure = figures[int(rng.integers(3))]
    wood = shaded(filled((0.95, 0.90, 0.80)), 1 + 0.02 * colored_noise(rng, 1.3, 0.1))
    colored = np.maximum(soft_step(-figure, 0, 0.02), soft_step(-edge, -0.09, 0.02))
    return blend(wood, filled((0.60, 0.58, 0.55)), colored)


def screen(rng: np.random.Generator) -> Picture:
    """A dark screen with the faint sheen of the room."""
    x, y = raster()
    sheen = np.clip(1 - ((x - 0.3) ** 2 + (y - 0.15) ** 2) * 2.2, 0, 1)
    return shaded(filled((0.055, 0.058, 0.066)), 1 + 1.1 * sheen + 0.02 * colored_noise(rng, 1.0))


def desktop(rng: np.random.Generator) -> Picture:
    """A lit screen: a window with lines of text over a calm background."""
    x, y = raster()
    low, high = (0.14, 0.24, 0.34), (0.42, 0.52, 0.56)
    picture = blend(low, high, 0.5 + 0.5 * y + 0.2 * colored_noise(rng, 2.2))
    window = (x > 0.10) & (x < 0.66) & (y > 0.12) & (y < 0.84)
    picture[window] = (0.93, 0.93, 0.92)
    picture[window & (y < 0.17)] = (0.35, 0.38, 0.42)
    length = rng.uniform(0.25, 0.52, 40)[np.floor(y * 40).astype(int)]
    text = window & (y > 0.22) & (y * 40 % 1 < 0.45) & (x > 0.14) & (x < 0.12 + length)
    picture[text] = (0.45, 0.47, 0.50)
    return picture


def keys(rng: np.random.Generator) -> Picture:
    """A keyboard from above."""
    del rng
    x, y = raster()
    gap = np.maximum(np.abs(x * 15 % 1 - 0.5), np.abs(y * 5 % 1 - 0.5))
    return blend((0.20, 0.20, 0.21), (0.42, 0.43, 0.45), soft_step(-gap, -0.42, 0.06))


def clock_face(rng: np.random.Generator) -> Picture:
    """A dial with twelve marks and two hands at a random time."""
    x, y = raster()
    dx, dy = x - 0.5, y - 0.5
    radius, angle = np.hypot(dx, dy), np.arctan2(dx, -dy) % (2 * np.pi)
    marks = np.abs((angle / (np.pi / 6) + 0.5) % 1 - 0.5) * radius * np.pi / 6
    picture = blend(
        (0.95, 0.94, 0.91),
        (0.15, 0.15, 0.16),
        soft_step(-marks, -0.009, 0.006) * (radius > 0.38) * (radius < 0.45),
    )
    hour = float(rng.uniform(0, 12))
    for turn, length, half in ((hour / 12, 0.24, 0.014), (hour % 1, 0.36, 0.009)):
        direction = np.array([np.sin(2 * np.pi * turn), -np.cos(2 * np.pi * turn)])
        ahead = dx * direction[0] + dy * direction[1]
        aside = np.abs(dx * direction[1] - dy * direction[0])
        hand = soft_step(-aside, -half, 0.006) * (ahead > -0.04) * (ahead < length)
        picture = blend(picture, (0.12, 0.12, 0.13), hand)
    return picture


def door(rng: np.random.Generator) -> Picture:
    """A paneled door leaf: two tall panels over two low ones."""
    x, y = raster()
    picture = shaded(filled((0.94, 0.935, 0.925)), 1 + 0.006 * colored_noise(rng, 0.8))
    for y0, y1 in ((0.06, 0.50), (0.57, 0.94)):
        for x0, x1 in ((0.13, 0.46), (0.54, 0.87)):
            inside = np.minimum(np.minimum(x - x0, x1 - x), np.minimum(y - y0, y1 - y) * 2.2)
            groove = soft_step(inside, 0.0, 0.006) * soft_step(-inside, -0.022, 0.012)
            lit = soft_step(inside, 0.022, 0.006) * soft_step(-inside, -0.045, 0.02)
            picture = shaded(picture, 1 - 0.22 * groove + 0.03 * lit)
    return picture


def mirror_glass(rng: np.random.Generator) -> Picture:
    """A matte silver plate: we show no reflections, so it is a calm gray gradient."""
    del rng
    x, y = raster()
    return blend((0.62, 0.68, 0.71), (0.80, 0.84, 0.85), 0.4 * x + 0.6 * (1 - y))


def outdoors(rng: np.random.Generator) -> Picture:
    """What lies beyond a window: sky, clouds, a line of trees, a lawn."""
    x, y = raster()
    picture = blend((0.50, 0.68, 0.90), (0.86, 0.92, 0.97), y * 1.8)
    clouds = np.clip(colored_noise(rng, 1.9, 0.5, 1.2) * 0.45, 0, 1) * soft_step(-y, -0.55, 0.3)
    picture = blend(picture, (1.0, 1.0, 1.0), clouds)
    ridge = colored_noise(rng, 1.7)[0]
    for base, rough, dark, light in (
        (0.53, 0.025, (0.50, 0.60, 0.62), (0.60, 0.68, 0.66)),
        (0.58, 0.035, (0.26, 0.36, 0.22), (0.45, 0.54, 0.32)),
    ):
        leaves = blend(dark, light, 0.5 + 0.35 * colored_noise(rng, 0.9))
        picture = blend(picture, leaves, soft_step(y - base - rough * ridge[None], 0, 0.004))
    lawn = blend((0.46, 0.56, 0.30), (0.58, 0.66, 0.38), 0.5 + 0.3 * colored_noise(rng, 0.9, 0.4))
    return blend(picture, lawn, soft_step(y + 0 * x, 0.74, 0.01))


def _medallions(x: Array, y: Array, colors: tuple[Array, Array, Array]) -> Picture:
    ground, figure, accent = colors
    distance = np.abs(x * 4 % 1 - 0.5) + np.abs(y * 4 % 1 - 0.5)
    picture = blend(ground, figure, soft_step(-distance, -0.40, 0.02))
    picture = blend(picture, ground, soft_step(-distance, -0.30, 0.02))
    return blend(picture, accent, soft_step(-distance, -0.17, 0.02))


def _stripes(x: Array, y: Array, colors: tuple[Array, Array, Array]) -> Picture:
    ground, figure, accent = colors
    picture = blend(ground, figure, soft_step(-np.abs(x * 7 % 1 - 0.5), -0.2, 0.02) + 0 * y)
    return blend(picture, accent, soft_step(-np.abs((x * 7 + 0.5) % 1 - 0.5), -0.05, 0.02))


def _trellis(x: Array, y: Array, colors: tuple[Array, Array, Array]) -> Picture:
    ground, figure, _ = colors
    first = np.abs((x * 5 + y * 5) % 1 - 0.5)
    second = np.abs((x * 5 - y * 5) % 1 - 0.5)
    return blend(ground, figure, soft_step(-np.minimum(first, second), -0.05, 0.03))


def _plain_field(x: Array, y: Array, colors: tuple[Array, Array, Array]) -> Picture:
    ground, figure, _ = colors
    return blend(ground, figure, 0.10 + 0.06 * np.sin(x * 2 * np.pi * 60) * np.sin(y * np.pi * 120))


def _hills(rng: np.random.Generator, x: Array, y: Array) -> Picture:
    sky, far = _MUTED[rng.choice([5, 7, 0, 8])], _MUTED[rng.choice([2, 3, 1, 6])]
    picture = blend(sky * 0.95, np.minimum(sky * 1.12, 1), y * 1.4)
    sun = np.hypot(x - rng.uniform(0.25, 0.75), y - rng.uniform(0.2, 0.35))
    picture = blend(picture, (0.96, 0.86, 0.66), soft_step(-sun, -0.07, 0.01))
    for layer in range(5):
        wave = 0.035 * np.sin(x * rng.uniform(4, 9) + rng.uniform(0, 6)) + 0.02 * np.sin(
            x * rng.uniform(11, 20) + rng.uniform(0, 6)
        )
        color = sky * (1 - (layer + 1) / 5) * 0.8 + far * ((layer + 1) / 5)
        picture = blend(picture, color, soft_step(y - 0.42 - 0.11 * layer - wave, 0, 0.006))
    return picture


def _color_fields(rng: np.random.Generator, x: Array, y: Array) -> Picture:
    picture = filled(_MUTED[rng.choice([5, 0, 7])])
    for color in _MUTED[rng.permutation(len(_MUTED))[:5]]:
        left, top = rng.uniform(0.1, 0.6, 2)
        width, height = rng.uniform(0.15, 0.45, 2)
        inside = np.minimum(
            np.minimum(x - left, left + width - x), np.minimum(y - top, top + height - y)
        )
        picture = blend(picture, color, 0.92 * soft_step(inside, 0, 0.006))
    return picture


def _circles(rng: np.random.Generator, x: Array, y: Array) -> Picture:
    picture = filled(_MUTED[rng.choice([5, 0])])
    for color in _MUTED[rng.permutation([1, 2, 3, 4, 6, 8, 9])[:4]]:
        center, radius = rng.uniform(0.25, 0.75, 2), rng.uniform(0.10, 0.24)
        distance = np.hypot(x - center[0], y - center[1])
        picture = blend(picture, color, 0.9 * soft_step(-distance, -radius, 0.006))
    return picture


def _stems(rng: np.random.Generator, x: Array, y: Array) -> Picture:
    picture, ink = filled((0.91, 0.89, 0.83)), _MUTED[rng.choice([3, 2, 1, 6])]
    for stem in np.linspace(0.32, 0.68, 3):
        bend = stem + (stem - 0.5) * 0.8 * (0.9 - y) + 0.02 * np.sin(y * 9)
        upright = (y > 0.2) & (y < 0.9)
        picture = blend(picture, ink, soft_step(-np.abs(x - bend), -0.006, 0.005) * upright)
        for height in np.arange(0.24, 0.75, 0.1) + rng.uniform(0, 0.04):
            side = np.abs(np.abs(x - bend) - 0.055)
            leaf = (side / 0.05) ** 2 + ((y - height) / 0.028) ** 2
            picture = blend(picture, ink * rng.uniform(0.9, 1.25), soft_step(-leaf, -1, 0.15))
    return picture


def _sea(rng: np.random.Generator, x: Array, y: Array) -> Picture:
    picture = blend(
        (0.62, 0.72, 0.78), (0.92, 0.88, 0.80), y * 1.9 + 0.06 * colored_noise(rng, 2, 0.4)
    )
    waves = 0.5 + 0.22 * colored_noise(rng, 1.2, 0.12)
    water = blend((0.16, 0.32, 0.38), (0.45, 0.60, 0.62), waves)
    picture = blend(picture, water, soft_step(y, 0.52, 0.004))
    beach = 0.86 + 0.03 * np.sin(x * 7 + rng.uniform(0, 6))
    return blend(picture, (0.82, 0.74, 0.60), soft_step(y - beach, 0, 0.02))
