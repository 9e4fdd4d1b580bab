"""Kernels that color samples, one pass each: texture, sun, sheen, reflect, develop, encode.

They hand on plain arrays, a few thousand samples at a time, so that all of it stays in the cache.
`points` are those of `_samples`; `which` (n,) is the material of each sample, and `materials`
(M, 8) holds texture, specular, gloss, emission, tint, 0.
"""

import math

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import jit

CURVE_STEPS = 2048
_BIAS_M = 2e-4  # what stops the sun must be nearer to it than a surface by this; for rounding

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]
Triple = tuple[float, float, float]
Color = tuple[np.float32, np.float32, np.float32]


@jit
def _dot(p: Triple, q: Triple) -> float:
    return p[0] * q[0] + p[1] * q[1] + p[2] * q[2]


@jit
def _texel(texel: np.uint32, linear: Floats) -> Color:
    return (
        linear[np.uint64(texel & 255)],
        linear[np.uint64((texel >> 8) & 255)],
        linear[np.uint64((texel >> 16) & 255)],
    )


@jit
def _bilinear(
    at: tuple[float, float], level: tuple[int, int], texels: NDArray[np.uint32], linear: Floats
) -> Color:
    """Return a texture's linear color between four texels; `level`: first texel, size in texels."""
    base, size = level
    x, y = at[0] * size - 0.5, at[1] * size - 0.5
    left, top = math.floor(x), math.floor(y)
    a, b = np.float32(x - left), np.float32(y - top)
    x0, y0 = int(left) & (size - 1), int(top) & (size - 1)
    x1, y1 = (x0 + 1) & (size - 1), (y0 + 1) & (size - 1)
    upper, lower = base + y0 * size, base + y1 * size
    p, q = (
        _texel(texels[np.uint64(upper + x0)], linear),
        _texel(texels[np.uint64(upper + x1)], linear),
    )
    r, s = (
        _texel(texels[np.uint64(lower + x0)], linear),
        _texel(texels[np.uint64(lower + x1)], linear),
    )
    one = np.float32(1)
    wp, wq, wr, ws = (one - a) * (one - b), a * (one - b), (one - a) * b, a * b
    return (
        wp * p[0] + wq * q[0] + wr * r[0] + ws * s[0],
        wp * p[1] + wq * q[1] + wr * r[1] + ws * s[1],
        wp * p[2] + wq * q[2] + wr * r[2] + ws * s[2],
    )


@jit
def texture(
    points: Floats,
    which: Ints,
    materials: Floats,
    texels_a_pixel: Floats,
    levels: tuple[NDArray[np.int64], int],
    tables: tuple[NDArray[np.uint32], Floats],
) -> Floats:
    """Return (n, 3) linear colors of the surfaces, between the two levels that fit the distance.

    Args:
        points: (n, POINT).
        which: (n,).
        materials: (M, 8).
        texels_a_pixel: (n,) texels of level 0 a pixel at distance 1, seen face on.
        levels: Where each level starts, and the size of level 0.
        tables: All texels, and the linear light of a byte.
    """
    first, size = levels
    texels, linear = tables
    color = np.zeros((len(points), 3), np.float32)
    deepest = len(first) - 1
    for n in range(np.uint64(len(points))):
        if points[n, 15] == 0:
            continue
        row = np.uint64(which[n])
        number = int(materials[row, 0])
        at = points[n, 9], points[n, 10]
        span = texels_a_pixel[n] * points[n, 15] / math.sqrt(max(points[n, 14], 0.05))
        upper = 0
        while span >= 2 and upper < deepest:
            span, upper = span / 2, upper + 1
        share = np.float32(min(max(span - 1, 0.0), 1.0)) if upper < deepest else np.float32(0)
        wide = size >> upper
        here = first[upper] + number * wide * wide, wide
        fine = _bilinear(at, here, texels, linear)
        coarse = fine
        if share > 0:
            wide = size >> (upper + 1)
            here = first[upper + 1] + number * wide * wide, wide
            coarse = _bilinear(at, here, texels, linear)
        color[n, 0] = (fine[0] + share * (coarse[0] - fine[0])) * materials[row, 4]
        color[n, 1] = (fine[1] + share * (coarse[1] - fine[1])) * materials[row, 5]
        color[n, 2] = (fine[2] + share * (coarse[2] - fine[2])) * materials[row, 6]
    return color


@jit
def sunlight(
    points: Floats,
    to_sun: Doubles,
    shadows: tuple[Floats, Floats],
    map_from_scene: Doubles,
    texel_m: float,
) -> Floats:
    """Return (n,) share of the sun's irradiance: the cosine, times the share of it in sight.

    Each texel is compared with the plane of the sample's face at that very texel, so a plane
    never shadows itself, and no lift is needed that would let light in along the corners of a room.
    Outside the map the sun shines. `shadows` are the map, and the ranges of its tiles.
    """
    nearness, ranges = shadows
    tile = len(nearness) // len(ranges)
    out = np.zeros(len(points), np.float32)
    m, size, sun = map_from_scene, len(nearness), (to_sun[0], to_sun[1], to_sun[2])
    for n in range(np.uint64(len(points))):
        flat = points[n, 6], points[n, 7], points[n, 8]
        facing = _dot((points[n, 3], points[n, 4], points[n, 5]), sun)
        tilt = _dot(flat, sun)
        if facing <= 0 or tilt <= 0:
            continue
        x, y, z = points[n, 0], points[n, 1], points[n, 2]
        u = m[0, 0] * x + m[0, 1] * y + m[0, 2] * z + m[0, 3] - 0.5
        v = m[1, 0] * x + m[1, 1] * y + m[1, 2] * z + m[1, 3] - 0.5
        near = m[2, 0] * x + m[2, 1] * y + m[2, 2] * z + m[2, 3] + _BIAS_M
        out[n] = facing
        if 1 <= u < size - 3 and 1 <= v < size - 3:
            # how much nearer the plane of the face comes a texel: -(normal . axis) / (normal . sun)
            scale = -texel_m * texel_m / max(tilt, 0.01)
            along_u = scale * (flat[0] * m[0, 0] + flat[1] * m[0, 1] + flat[2] * m[0, 2])
            along_v = scale * (flat[0] * m[1, 0] + flat[1] * m[1, 1] + flat[2] * m[1, 2])
            reach = 3 * (abs(along_u) + abs(along_v))
            row, column = np.uint64(int(v) // tile), np.uint64(int(u) // tile)
            if near + reach < ranges[row, column, 0]:
                out[n] = 0
            elif near - reach < ranges[row, column, 1]:
                out[n] *= _in_sight(nearness, (u, v), near, (along_u, along_v))
    return out


@jit
def _in_sight(
    nearness: Floats, at: tuple[float, float], near: float, along: tuple[float, float]
) -> float:
    """Return the share of the sun past the shadow map: 4 x 4 texels, smoothly weighted."""
    left, top = int(at[0]), int(at[1])
    a, b = at[0] - left, at[1] - top
    total = 0.0
    for j in range(4):
        row = 0.0
        plane = near + (j - 1 - b) * along[1] - (1 + a) * along[0]
        for i in range(4):
            open_ = nearness[np.uint64(top - 1 + j), np.uint64(left - 1 + i)] <= plane
            row += open_ * (1 - a if i == 0 else (a if i == 3 else 1.0))
            plane += along[0]
        total += row * (1 - b if j == 0 else (b if j == 3 else 1.0))
    return total / 9.0


@jit
def sheen(points: Floats, which: Ints, materials: Floats, eye: Doubles, lamps: Floats) -> Floats:
    """Return (n,) mirrored share of the light: more at a grazing angle, and where lamps mirror.

    `lamps` (L, 4) are place and strength.
    """
    out = np.zeros(len(points), np.float32)
    for n in range(np.uint64(len(points))):
        specular, gloss = materials[which[n], 1], materials[which[n], 2]
        if specular <= 0 or points[n, 15] == 0:
            continue
        grazing = (1 - points[n, 14]) * (1 - points[n, 14])
        total = 0.25 + 0.75 * grazing * grazing
        for i in range(len(lamps)):
            far, along = 0.0, 0.0
            for c in range(np.uint64(3)):
                to_lamp = lamps[i, c] - points[n, c]
                mirrored = (points[n, c] - eye[c]) / points[n, 15]
                mirrored += 2 * points[n, 14] * points[n, np.uint64(3) + c]
                far += to_lamp * to_lamp
                along += mirrored * to_lamp
            along /= math.sqrt(far) + 1e-20
            if along > 0:
                total += math.exp(gloss * (along - 1)) * lamps[i, 3] / (1 + far)
        out[n] = specular * total
    return out


@jit
def reflect(
    points: Floats, color: Floats, shares: tuple[Floats, Floats], glow: Floats, sun: Doubles
) -> Floats:
    """Return (n, 3) linear light towards the eye.

    `shares` are of `sunlight` and `sheen`; `glow` (n,) is the emission. What glows is not lit by
    the sun: the outdoors is a picture of light.
    """
    light = np.empty((len(points), 3), np.float32)
    from_sun, mirrored = shares
    for n in range(np.uint64(len(points))):
        bright = from_sun[n] if glow[n] == 0 else np.float32(0)
        for c in range(np.uint64(3)):
            falls = points[n, np.uint64(11) + c] + bright * sun[c]
            light[n, c] = color[n, c] * (falls + glow[n]) + mirrored[n] * falls
    return light


@jit
def develop(
    light: Floats, pixel: Ints, place: Floats, exposure: float, curve: Floats, display: Floats
) -> None:
    """Add samples (n, 3) of light to `display` (pixels, 3) through the film's curve, by weight."""
    last = np.float32(len(curve) - 1)
    factor = np.float32(exposure)
    for n in range(np.uint64(len(light))):
        to = np.uint64(pixel[n])
        for c in range(np.uint64(3)):
            x = light[n, c] * factor
            at = min(x / (np.float32(1) + x) * last, last - np.float32(1))
            step = np.int32(at)
            share = at - np.float32(step)
            low, high = curve[np.uint64(step)], curve[np.uint64(step + 1)]
            display[to, c] += place[n, 2] * (low + share * (high - low))


@jit
def encode(display: Floats, table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return bytes of sRGB for display light in 0..1."""
    out = np.empty(display.shape, np.uint8)
    last = len(table) - 1
    for n in range(len(display)):
        for c in range(3):
            out[n, c] = table[int(min(max(display[n, c], 0.0), 1.0) * last + 0.5)]
    return out
