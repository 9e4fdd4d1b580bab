"""Plants in pots: rosettes of long blades, small trees, and little ones for a sill."""

import numpy as np

from builder.scenes.rooms.look import Look
from builder.scenes.rooms.piece import Color, Finish, Part, Piece
from builder.scenes.rooms.shapes import Shape, joined, lathe, sheet, tube

_POTS: tuple[Color, ...] = (
    (0.72, 0.44, 0.32),
    (0.90, 0.89, 0.86),
    (0.36, 0.38, 0.39),
    (0.62, 0.60, 0.54),
)
_GREENS: tuple[Color, ...] = ((1.0, 1.0, 1.0), (0.86, 0.98, 0.86), (1.0, 0.96, 0.80))
_BARK = Finish("wood", 1, (0.52, 0.42, 0.32), 0.0)


def plant(look: Look, rng: np.random.Generator) -> Piece:
    """A big plant in a pot on the floor: a rosette, or a small tree."""
    del look
    scale = float(rng.uniform(0.85, 1.05))
    if rng.random() < 0.5:
        return _tree(rng, scale)
    blades = [_leaf(rng, i, float(rng.uniform(0.62, 0.80)), 0.085) for i in range(38)]
    return _potted(rng, scale, joined(blades), [])


def small_plant(look: Look, rng: np.random.Generator) -> Piece:
    """A plant for a top or a sill."""
    del look
    scale = float(rng.uniform(0.34, 0.42))
    wide = float(rng.choice([0.09, 0.2]))
    blades = [_leaf(rng, i, float(rng.uniform(0.18, 0.25)), wide) for i in range(18)]
    return _potted(rng, scale, joined(blades), [])


def _tree(rng: np.random.Generator, scale: float) -> Piece:
    """A stem with broad leaves around its upper part."""
    high = float(rng.uniform(0.85, 1.15))
    base = 0.30 * scale
    lean = rng.uniform(-0.05, 0.05, 2)
    path = [(lean[0] * t * t, lean[1] * t * t, base + high * t) for t in np.linspace(0, 1, 7)]
    leaves = []
    for index in range(46):
        at = float(rng.uniform(0.35, 1.0))
        leaf = _leaf(rng, index, float(rng.uniform(0.24, 0.34)), 0.26)
        leaves.append(leaf.moved(lean[0] * at * at, lean[1] * at * at, base + high * at - 0.03))
    return _potted(rng, scale, joined(leaves), [tube(path, 0.013)])


def _potted(rng: np.random.Generator, scale: float, foliage: Shape, stems: list[Shape]) -> Piece:
    profile = [(0, 0), (0.12, 0), (0.165, 0.30), (0.175, 0.305), (0.175, 0.34), (0.15, 0.34)]
    pot = lathe([(r * scale, z * scale) for r, z in [*profile, (0.148, 0.30)]], 28)
    soil = lathe([(0.149 * scale, 0.305 * scale), (0, 0.312 * scale)], 20)
    if not stems:
        foliage = foliage.moved(0, 0, 0.29 * scale)
    # Tips of leaves do not hang below the rim of the pot: things may stand beside it.
    vertices = foliage.vertices_m.copy()
    vertices[:, 2] = np.maximum(vertices[:, 2], 0.25 * scale)
    foliage = Shape(vertices, foliage.normals, foliage.uv, foliage.faces)
    bounds = foliage.bounds_m()
    give = float(min(bounds[3:] - bounds[:3])) * 0.16
    color, green = _POTS[int(rng.integers(len(_POTS)))], _GREENS[int(rng.integers(3))]
    parts = [
        Part(pot, Finish("plain", 0, color, 0.05)),
        Part(soil, Finish("soil", 0, (1, 1, 1), 0.0)),
        Part(foliage, Finish("leaf", 0, green, 0.08, 25), give),
        *(Part(stem, _BARK) for stem in stems),
    ]
    return Piece("plant", tuple(parts))


def _leaf(rng: np.random.Generator, index: int, reach: float, slim: float) -> Shape:
    """One blade that rises from the middle and bends outward; `slim` is half width by length."""
    turn, rise = np.degrees(index * 2.399 + rng.normal() * 0.2), rng.uniform(1.0, 1.5)
    if slim > 0.15:
        rise -= float(rng.uniform(0.2, 0.8))
    long, bend = rng.uniform(0.55, 1.1) * reach, rng.uniform(0.4, 1.0)
    t = np.linspace(0, 1, 9)
    slope = rise - bend * t * 1.35
    steps = long / 8
    out = np.concatenate([[0], np.cumsum(np.cos(slope[:-1]))]) * steps
    up = np.concatenate([[0], np.cumsum(np.sin(slope[:-1]))]) * steps
    half = slim * long * np.sin(np.pi * np.clip(t * 0.93 + 0.05, 0, 1)) ** 0.75
    across = np.linspace(-1, 1, 5)
    points = np.zeros((9, 5, 3))
    points[..., 0] = out[:, None]
    points[..., 2] = up[:, None] + 0.25 * half[:, None] * np.abs(across)
    points[..., 1] = half[:, None] * across
    u, v = np.meshgrid(across * 0.5 + 0.5, t)
    return sheet(points, np.stack([u, v], axis=-1)).turned(float(turn))
