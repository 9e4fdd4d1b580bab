"""Kernels that color samples, one pass each: choose, meet, texture, sun, highlight, develop.

The passes hand on plain arrays, a few thousand samples at a time, so all of it stays in the cache.
A sample is a face at a point of the picture. `points` (n, POINT) holds for each, float32:

    0..2 place, 3..5 shading normal, 6..8 face normal, both towards the eye, 9..10 uv,
    11..13 baked light, 14 cosine of the angle of view, 15 distance from the eye
"""

import math

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import jit

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Ints = NDArray[np.int32]

POINT = 16
CURVE_STEPS = 2048
_CLOSE = 0.02  # samples of one surface whose inverse depths differ by less share a color


@jit
def _alike(surface: Ints, face: int, other: int, near: float, near_other: float) -> bool:
    """Whether two samples show one smooth surface at about one depth."""
    if face < 0 or other < 0:
        return face == other
    if face != other and surface[face] != surface[other]:
        return False
    return abs(near - near_other) <= _CLOSE * max(near, near_other)


@jit
def choose(
    surface: Ints, center: tuple[Ints, Floats], fine: tuple[Ints, Floats]
) -> tuple[Ints, Ints, Floats]:
    """Return the samples to color: pixel (n,), face (n,) and (n, 3) of x_px, y_px and weight.

    A pixel is colored once, at its center, where that and all its 2 x 2 samples show one surface;
    else once for each surface that its samples show.

    Args:
        surface: (F,) the smooth surface of each face.
        center: Faces and inverse depths at pixel centers, (H, W).
        fine: The same of 2 x 2 samples a pixel, (2 H, 2 W).
    """
    height, width = center[0].shape
    pixel, face = np.empty(4 * height * width, np.int32), np.empty(4 * height * width, np.int32)
    place = np.empty((4 * height * width, 3), np.float32)
    n = 0
    for y in range(height):
        for x in range(width):
            seen, near = center[0][y, x], center[1][y, x]
            same = 0
            for s in range(4):
                i, j = 2 * y + s // 2, 2 * x + s % 2
                same += _alike(surface, seen, fine[0][i, j], near, fine[1][i, j])
            if same == 4:
                pixel[n], face[n] = y * width + x, seen
                place[n, 0], place[n, 1], place[n, 2] = x + 0.5, y + 0.5, 1.0
                n += 1
                continue
            for s in range(4):
                i, j = 2 * y + s // 2, 2 * x + s % 2
                weight, is_first = 0.0, True
                for t in range(4):
                    k, m = 2 * y + t // 2, 2 * x + t % 2
                    if _alike(surface, fine[0][i, j], fine[0][k, m], fine[1][i, j], fine[1][k, m]):
                        weight += 0.25
                        is_first = is_first and t >= s
                if is_first:
                    pixel[n], face[n] = y * width + x, fine[0][i, j]
                    place[n, 0], place[n, 1] = 0.5 * j + 0.25, 0.5 * i + 0.25
                    place[n, 2] = weight
                    n += 1
    return pixel[:n], face[:n], place[:n]


@jit
def meet(
    mesh: tuple[Floats, Ints], rotation: Doubles, eye: Doubles, lens: Doubles, face: Ints,
    place: Floats
) -> Floats:
    """Return the points (n, POINT) where lines of sight meet their faces.

    Args:
        mesh: vertices (V, 12) of place, normal, uv, baked light, 0; and faces (F, 3).
        rotation: (3, 3) of scene_from_camera.
        eye: (3,) place of the camera.
        lens: (fx, fy, cx, cy), pixels.
        face: (n,) of each sample; -1 gives zeros.
        place: (n, 3) of `choose`.
    """
    vertices, faces = mesh
    points = np.zeros((len(face), POINT), np.float32)
    corner, look = np.empty((3, 3)), np.empty(3)
    for n in range(len(face)):
        if face[n] < 0:
            continue
        i, j, k = faces[face[n], 0], faces[face[n], 1], faces[face[n], 2]
        dx, dy = (place[n, 0] - lens[2]) / lens[0], (place[n, 1] - lens[3]) / lens[1]
        for c in range(3):
            look[c] = rotation[c, 0] * dx + rotation[c, 1] * dy + rotation[c, 2]
            corner[0, c] = vertices[i, c] - eye[c]
            corner[1, c] = vertices[j, c] - eye[c]
            corner[2, c] = vertices[k, c] - eye[c]
        a, b = _volume(look, corner, 1, 2), _volume(look, corner, 2, 0)
        total = a + b + _volume(look, corner, 0, 1)
        total = total if total != 0 else 1.0
        a = min(max(a / total, 0.0), 1.0)
        b = min(max(b / total, 0.0), 1.0 - a)
        rest = 1.0 - a - b
        for c in range(6):
            points[n, c] = a * vertices[i, c] + b * vertices[j, c] + rest * vertices[k, c]
        for c in range(6, 11):
            points[n, c + 3] = a * vertices[i, c] + b * vertices[j, c] + rest * vertices[k, c]
        _turn_normals(points, n, corner, eye)
    return points


@jit
def _volume(look: Doubles, corner: Doubles, i: int, j: int) -> float:
    """Return look . (corner i x corner j): what the line of sight cuts off, for barycentrics."""
    return (
        look[0] * (corner[i, 1] * corner[j, 2] - corner[i, 2] * corner[j, 1])
        + look[1] * (corner[i, 2] * corner[j, 0] - corner[i, 0] * corner[j, 2])
        + look[2] * (corner[i, 0] * corner[j, 1] - corner[i, 1] * corner[j, 0])
    )


@jit
def _turn_normals(points: Floats, n: int, corner: Doubles, eye: Doubles) -> None:
    """Turn both normals of a point to the eye, at unit length; note angle of view and distance."""
    ex, ey, ez = eye[0] - points[n, 0], eye[1] - points[n, 1], eye[2] - points[n, 2]
    far = math.sqrt(ex * ex + ey * ey + ez * ez) + 1e-20
    ax, ay = corner[1, 0] - corner[0, 0], corner[1, 1] - corner[0, 1]
    bx, by = corner[2, 0] - corner[0, 0], corner[2, 1] - corner[0, 1]
    az, bz = corner[1, 2] - corner[0, 2], corner[2, 2] - corner[0, 2]
    gx, gy, gz = ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx
    g = 1.0 / math.sqrt(gx * gx + gy * gy + gz * gz + 1e-30)
    g = g if gx * ex + gy * ey + gz * ez > 0 else -g
    nx, ny, nz = points[n, 3], points[n, 4], points[n, 5]
    s = 1.0 / math.sqrt(nx * nx + ny * ny + nz * nz + 1e-20)
    s = s if (nx * gx + ny * gy + nz * gz) * g > 0 else -s
    points[n, 3], points[n, 4], points[n, 5] = nx * s, ny * s, nz * s
    points[n, 6], points[n, 7], points[n, 8] = gx * g, gy * g, gz * g
    points[n, 14] = max((nx * ex + ny * ey + nz * ez) * s / far, 0.0)
    points[n, 15] = far


@jit
def _add_texel(color: Floats, n: int, weight: float, texel: int, linear: Floats) -> None:
    color[n, 0] += weight * linear[texel & 255]
    color[n, 1] += weight * linear[(texel >> 8) & 255]
    color[n, 2] += weight * linear[(texel >> 16) & 255]


@jit
def _add_bilinear(
    color: Floats, n: int, weight: float, at: tuple[float, float], level: tuple[int, int],
    tables: tuple[NDArray[np.uint32], Floats]
) -> None:
    """Add a texture's color between four texels; `level` is (first texel, size in texels)."""
    base, size = level
    texels, linear = tables
    x, y = at[0] * size - 0.5, at[1] * size - 0.5
    left, top = math.floor(x), math.floor(y)
    a, b = x - left, y - top
    x0, y0 = int(left) & (size - 1), int(top) & (size - 1)
    x1, y1 = (x0 + 1) & (size - 1), (y0 + 1) & (size - 1)
    upper, lower = base + y0 * size, base + y1 * size
    _add_texel(color, n, weight * (1 - a) * (1 - b), texels[upper + x0], linear)
    _add_texel(color, n, weight * a * (1 - b), texels[upper + x1], linear)
    _add_texel(color, n, weight * (1 - a) * b, texels[lower + x0], linear)
    _add_texel(color, n, weight * a * b, texels[lower + x1], linear)


@jit
def texture(
    points: Floats,
    which: Ints,
    texels_a_pixel: Floats,
    levels: tuple[NDArray[np.int64], int],
    tables: tuple[NDArray[np.uint32], Floats],
) -> Floats:
    """Return (n, 3) linear colors of the textures, between the two levels that fit the distance.

    Args:
        points: (n, POINT).
        which: (n,) texture of each sample, -1 for none.
        texels_a_pixel: (n,) texels of level 0 a pixel at distance 1, seen face on.
        levels: Where each level starts, and the size of level 0.
        tables: All texels, and the linear light of a byte.
    """
    first, size = levels
    color = np.zeros((len(points), 3), np.float32)
    deepest = len(first) - 1
    for n in range(len(points)):
        if which[n] < 0:
            continue
        at = points[n, 9], points[n, 10]
        span = texels_a_pixel[n] * points[n, 15] / math.sqrt(max(points[n, 14], 0.05))
        depth = min(math.log2(max(span, 1.0)), deepest + 0.0)
        upper = int(depth)
        share = depth - upper
        wide = size >> upper
        here = first[upper] + which[n] * wide * wide, wide
        _add_bilinear(color, n, 1 - share, at, here, tables)
        if share > 0:
            wide = size >> (upper + 1)
            here = first[upper + 1] + which[n] * wide * wide, wide
            _add_bilinear(color, n, share, at, here, tables)
    return color


@jit
def sunlight(
    points: Floats, to_sun: Doubles, nearness: Floats, map_from_scene: Doubles, texel_m: float
) -> Floats:
    """Return (n,) share of the sun's irradiance: the cosine, times the share of it in sight.

    A point is lifted along its face's normal just as far as the shadow map is coarse there: by the
    distance that 3 texels climb on the tilted face. Outside the map the sun shines.
    """
    out = np.zeros(len(points), np.float32)
    m, size = map_from_scene, len(nearness)
    for n in range(len(points)):
        facing = points[n, 3] * to_sun[0] + points[n, 4] * to_sun[1] + points[n, 5] * to_sun[2]
        flat = points[n, 6] * to_sun[0] + points[n, 7] * to_sun[1] + points[n, 8] * to_sun[2]
        if facing <= 0 or flat <= 0:
            continue
        lift = 3 * texel_m * math.sqrt(max(0.0, 1 - flat * flat)) + 1e-3
        x, y = points[n, 0] + lift * points[n, 6], points[n, 1] + lift * points[n, 7]
        z = points[n, 2] + lift * points[n, 8]
        u = m[0, 0] * x + m[0, 1] * y + m[0, 2] * z + m[0, 3] - 0.5
        v = m[1, 0] * x + m[1, 1] * y + m[1, 2] * z + m[1, 3] - 0.5
        near = m[2, 0] * x + m[2, 1] * y + m[2, 2] * z + m[2, 3]
        out[n] = facing
        if 1 <= u < size - 3 and 1 <= v < size - 3:
            out[n] *= _in_sight(nearness, u, v, near)
    return out


@jit
def _in_sight(nearness: Floats, u: float, v: float, near: float) -> float:
    """Return the share of the sun past the shadow map: 4 x 4 texels, smoothly weighted."""
    left, top = int(u), int(v)
    a, b = u - left, v - top
    total = 0.0
    for j in range(4):
        row = 0.0
        for i in range(4):
            open_ = 1.0 if nearness[top - 1 + j, left - 1 + i] <= near else 0.0
            row += open_ * (1 - a if i == 0 else (a if i == 3 else 1.0))
        total += row * (1 - b if j == 0 else (b if j == 3 else 1.0))
    return total / 9.0


@jit
def sheen(points: Floats, gloss: Floats, eye: Doubles, lamps: Floats) -> Floats:
    """Return (n,) mirrored share of the light: more at a grazing angle, and where lamps mirror.

    `gloss` (n, 2) is specular and gloss of each sample; `lamps` (L, 4) place and strength.
    """
    out = np.zeros(len(points), np.float32)
    for n in range(len(points)):
        if gloss[n, 0] <= 0:
            continue
        grazing = (1 - points[n, 14]) * (1 - points[n, 14])
        total = 0.25 + 0.75 * grazing * grazing
        for i in range(len(lamps)):
            far, along = 0.0, 0.0
            for c in range(3):
                to_lamp = lamps[i, c] - points[n, c]
                mirrored = (points[n, c] - eye[c]) / points[n, 15]
                mirrored += 2 * points[n, 14] * points[n, 3 + c]
                far += to_lamp * to_lamp
                along += mirrored * to_lamp
            along /= math.sqrt(far) + 1e-20
            if along > 0:
                total += math.exp(gloss[n, 1] * (along - 1)) * lamps[i, 3] / (1 + far)
        out[n] = gloss[n, 0] * total
    return out


@jit
def develop(
    light: Floats, pixel: Ints, place: Floats, exposure: float, curve: Floats, display: Floats
) -> None:
    """Add samples (n, 3) of light to `display` (pixels, 3) through the film's curve, by weight."""
    last = len(curve) - 1
    for n in range(len(light)):
        for c in range(3):
            x = light[n, c] * exposure
            at = x / (1 + x) * last
            step = min(int(at), last - 1)
            share = at - step
            value = curve[step] * (1 - share) + curve[step + 1] * share
            display[pixel[n], c] += place[n, 2] * value


@jit
def encode(display: Floats, table: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return bytes of sRGB for display light in 0..1."""
    out = np.empty(display.shape, np.uint8)
    last = len(table) - 1
    for n in range(len(display)):
        for c in range(3):
            out[n, c] = table[int(min(max(display[n, c], 0.0), 1.0) * last + 0.5)]
    return out
