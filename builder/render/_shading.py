"""Kernels that color pixels: texture, baked light, the sun's shadow and a highlight at one point."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import jit

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Color = tuple[float, float, float]

SAMPLES = 2  # samples a pixel and direction of the picture
CURVE_STEPS = 2048


class Surfaces(NamedTuple):
    """All triangles: vertices (V, 12) place, normal, uv, light, 0; faces (F, 3); and of each face.

    marks (F, 2): material and smooth surface; detail (F,): texels a metre at level 0.
    """

    vertices: Floats
    faces: Ints
    marks: Ints
    detail: Floats


class Paint(NamedTuple):
    """materials (M, 8): texture, specular, gloss, emission, tint, 0; and the texture atlas."""

    materials: Floats
    texels: NDArray[np.uint32]
    first: NDArray[np.int64]
    size: int
    linear: Floats


class Lighting(NamedTuple):
    """The sun with its shadow map, and highlights (L, 4): place and strength of each lamp."""

    to_sun: Floats
    sun: Floats
    nearness: Floats
    map_from_scene: NDArray[np.float64]
    texel_m: float
    highlights: Floats


class Film(NamedTuple):
    """exposure; sky (3,); curve: x / (1 + x) to display light; encode: display light to bytes."""

    exposure: float
    sky: Floats
    curve: Floats
    encode: NDArray[np.uint8]


class Eye(NamedTuple):
    """rotation (3, 3) scene_from_camera; position (3,) metres; lens (fx, fy, cx, cy)."""

    rotation: NDArray[np.float64]
    position: NDArray[np.float64]
    lens: NDArray[np.float64]


@jit
def _bilinear(paint: Paint, texture: int, u: float, v: float, level: int) -> Color:
    size = paint.size >> level
    base = paint.first[level] + texture * size * size
    x, y = u * size - 0.5, v * size - 0.5
    left, top = math.floor(x), math.floor(y)
    a, b = x - left, y - top
    x0, y0 = int(left) & (size - 1), int(top) & (size - 1)
    x1, y1 = (x0 + 1) & (size - 1), (y0 + 1) & (size - 1)
    p, q = paint.texels[base + y0 * size + x0], paint.texels[base + y0 * size + x1]
    r, s = paint.texels[base + y1 * size + x0], paint.texels[base + y1 * size + x1]
    wp, wq, wr, ws = (1 - a) * (1 - b), a * (1 - b), (1 - a) * b, a * b
    table = paint.linear
    red = wp * table[p & 255] + wq * table[q & 255] + wr * table[r & 255] + ws * table[s & 255]
    green = (
        wp * table[(p >> 8) & 255]
        + wq * table[(q >> 8) & 255]
        + wr * table[(r >> 8) & 255]
        + ws * table[(s >> 8) & 255]
    )
    blue = (
        wp * table[(p >> 16) & 255]
        + wq * table[(q >> 16) & 255]
        + wr * table[(r >> 16) & 255]
        + ws * table[(s >> 16) & 255]
    )
    return red, green, blue


@jit
def _texture(paint: Paint, texture: int, u: float, v: float, texels: float) -> Color:
    """Return the linear color of a texture where one sample spans `texels` texels of level 0."""
    deepest = len(paint.first) - 1
    if texels <= 1:
        return _bilinear(paint, texture, u, v, 0)
    depth = min(math.log2(texels), deepest + 0.0)
    level = int(depth)
    share = depth - level
    r, g, b = _bilinear(paint, texture, u, v, level)
    if share < 0.02 or level == deepest:
        return r, g, b
    r1, g1, b1 = _bilinear(paint, texture, u, v, level + 1)
    return r + share * (r1 - r), g + share * (g1 - g), b + share * (b1 - b)


@jit
def _sunlit(light: Lighting, x: float, y: float, z: float) -> float:
    """Return the share of the sun that reaches a point: 4 x 4 texels, smoothly weighted."""
    m, size = light.map_from_scene, len(light.nearness)
    u = m[0, 0] * x + m[0, 1] * y + m[0, 2] * z + m[0, 3] - 0.5
    v = m[1, 0] * x + m[1, 1] * y + m[1, 2] * z + m[1, 3] - 0.5
    if not (1 <= u < size - 3 and 1 <= v < size - 3):
        return 1.0
    near = m[2, 0] * x + m[2, 1] * y + m[2, 2] * z + m[2, 3]
    left, top = int(u), int(v)
    a, b = u - left, v - top
    total = 0.0
    for j in range(4):
        down = 1 - b if j == 0 else (b if j == 3 else 1.0)
        for i in range(4):
            if light.nearness[top - 1 + j, left - 1 + i] <= near:
                total += down * (1 - a if i == 0 else (a if i == 3 else 1.0))
    return total / 9.0


@jit
def _triple(
    wx: float, wy: float, wz: float, v: Floats, i: int, j: int, eye: NDArray[np.float64]
) -> float:
    """Return w . (vertex i x vertex j), both seen from the eye."""
    px, py, pz = v[i, 0] - eye[0], v[i, 1] - eye[1], v[i, 2] - eye[2]
    qx, qy, qz = v[j, 0] - eye[0], v[j, 1] - eye[1], v[j, 2] - eye[2]
    return wx * (py * qz - pz * qy) + wy * (pz * qx - px * qz) + wz * (px * qy - py * qx)


@jit
def _mix(v: Floats, i: int, j: int, k: int, a: float, b: float, column: int) -> float:
    return a * v[i, column] + b * v[j, column] + (1 - a - b) * v[k, column]


@jit
def _sunlight(light: Lighting, at: Color, normal: Color, flat: Color) -> float:
    """Return the share of the sun's irradiance that a surface point gets.

    The point is lifted along its face's normal, just as far as the shadow map is coarse there:
    by the distance that 3 texels climb on the tilted face.
    """
    sx, sy, sz = light.to_sun
    facing = normal[0] * sx + normal[1] * sy + normal[2] * sz
    flat_facing = flat[0] * sx + flat[1] * sy + flat[2] * sz
    if facing <= 0 or flat_facing <= 0:
        return 0.0
    lift = 3 * light.texel_m * math.sqrt(max(0.0, 1 - flat_facing * flat_facing)) + 1e-3
    return facing * _sunlit(
        light, at[0] + lift * flat[0], at[1] + lift * flat[1], at[2] + lift * flat[2]
    )


@jit
def _highlight(light: Lighting, at: Color, mirrored: Color, gloss: float) -> float:
    """Return the strength of the lamps' highlights in a mirrored direction of view."""
    total = 0.0
    for i in range(len(light.highlights)):
        x, y = light.highlights[i, 0] - at[0], light.highlights[i, 1] - at[1]
        z = light.highlights[i, 2] - at[2]
        far = x * x + y * y + z * z
        along = (mirrored[0] * x + mirrored[1] * y + mirrored[2] * z) / math.sqrt(far)
        if along > 0:
            total += math.exp(gloss * (along - 1)) * light.highlights[i, 3] / (1 + far)
    return total


@jit
def _color(
    world: tuple[Surfaces, Paint, Lighting], eye: Eye, face: int, x_px: float, y_px: float
) -> Color:
    """Return the linear radiance of a face at a point of the picture."""
    surfaces, paint, light = world
    v, m, e = surfaces.vertices, eye.rotation, eye.position
    i, j, k = surfaces.faces[face, 0], surfaces.faces[face, 1], surfaces.faces[face, 2]
    dx, dy = (x_px - eye.lens[2]) / eye.lens[0], (y_px - eye.lens[3]) / eye.lens[1]
    wx = m[0, 0] * dx + m[0, 1] * dy + m[0, 2]
    wy = m[1, 0] * dx + m[1, 1] * dy + m[1, 2]
    wz = m[2, 0] * dx + m[2, 1] * dy + m[2, 2]
    a, b = _triple(wx, wy, wz, v, j, k, e), _triple(wx, wy, wz, v, k, i, e)
    total = a + b + _triple(wx, wy, wz, v, i, j, e)
    total = total if total != 0 else 1.0
    a = min(max(a / total, 0.0), 1.0)
    b = min(max(b / total, 0.0), 1.0 - a)
    at = (_mix(v, i, j, k, a, b, 0), _mix(v, i, j, k, a, b, 1), _mix(v, i, j, k, a, b, 2))
    far = (
        m[0, 2] * (at[0] - e[0]) + m[1, 2] * (at[1] - e[1]) + m[2, 2] * (at[2] - e[2])
    )
    normal, flat = _normals(v, i, j, k, a, b)
    length = math.sqrt(wx * wx + wy * wy + wz * wz)
    toward = -(normal[0] * wx + normal[1] * wy + normal[2] * wz) / length
    if toward < 0:  # the back of a sheet: a leaf, a curtain
        toward = -toward
        normal = (-normal[0], -normal[1], -normal[2])
        flat = (-flat[0], -flat[1], -flat[2])
    row = paint.materials[surfaces.marks[face, 0]]
    texels = surfaces.detail[face] * far / (eye.lens[0] * math.sqrt(max(toward, 0.05)))
    red, green, blue = _texture(
        paint, int(row[0]), _mix(v, i, j, k, a, b, 6), _mix(v, i, j, k, a, b, 7), texels
    )
    sun = 0.0 if row[3] > 0 else _sunlight(light, at, normal, flat)
    lr = _mix(v, i, j, k, a, b, 8) + sun * light.sun[0]
    lg = _mix(v, i, j, k, a, b, 9) + sun * light.sun[1]
    lb = _mix(v, i, j, k, a, b, 10) + sun * light.sun[2]
    sheen = 0.0
    if row[1] > 0:
        twice = 2 * toward
        mirrored = (
            wx / length + twice * normal[0],
            wy / length + twice * normal[1],
            wz / length + twice * normal[2],
        )
        grazing = (1 - toward) * (1 - toward)
        sheen = row[1] * (0.25 + 0.75 * grazing * grazing + _highlight(light, at, mirrored, row[2]))
    return (
        red * row[4] * (lr + row[3]) + sheen * lr,
        green * row[5] * (lg + row[3]) + sheen * lg,
        blue * row[6] * (lb + row[3]) + sheen * lb,
    )


@jit
def _normals(v: Floats, i: int, j: int, k: int, a: float, b: float) -> tuple[Color, Color]:
    """Return the shading normal at a point of a face, and the face's own normal on its side."""
    nx, ny, nz = _mix(v, i, j, k, a, b, 3), _mix(v, i, j, k, a, b, 4), _mix(v, i, j, k, a, b, 5)
    s = 1.0 / math.sqrt(nx * nx + ny * ny + nz * nz + 1e-20)
    ex, ey, ez = v[j, 0] - v[i, 0], v[j, 1] - v[i, 1], v[j, 2] - v[i, 2]
    fx, fy, fz = v[k, 0] - v[i, 0], v[k, 1] - v[i, 1], v[k, 2] - v[i, 2]
    gx, gy, gz = ey * fz - ez * fy, ez * fx - ex * fz, ex * fy - ey * fx
    t = 1.0 / math.sqrt(gx * gx + gy * gy + gz * gz + 1e-30)
    t = t if gx * nx + gy * ny + gz * nz > 0 else -t
    return (nx * s, ny * s, nz * s), (gx * t, gy * t, gz * t)


@jit
def _develop(film: Film, light: float) -> float:
    """Return display light in 0..1: the film's curve, read between its steps."""
    x = light * film.exposure
    place = x / (1 + x) * (CURVE_STEPS - 1)
    step = min(int(place), CURVE_STEPS - 2)
    share = place - step
    return film.curve[step] * (1 - share) + film.curve[step + 1] * share


@jit
def _alike(surfaces: Surfaces, face: int, other: int, near: float, near_other: float) -> bool:
    """Whether two samples show one smooth surface at about one depth."""
    if face < 0 or other < 0:
        return face == other
    if face != other and surfaces.marks[face, 1] != surfaces.marks[other, 1]:
        return False
    return abs(near - near_other) <= 0.02 * max(near, near_other)


@jit
def paint_pixels(
    world: tuple[Surfaces, Paint, Lighting],
    eye: Eye,
    film: Film,
    center: tuple[Ints, Floats],
    fine: tuple[Ints, Floats],
    rgb: NDArray[np.uint8],
) -> None:
    """Color each pixel: once at its center where all samples show one surface, else sample-wise.

    `center` and `fine` are faces and inverse depths at pixel centers and at 2 x 2 samples a pixel.
    Samples are averaged in display light, so bright edges stay smooth.
    """
    height, width = center[0].shape
    top = len(film.encode) - 1
    for y in range(height):
        for x in range(width):
            face, near = center[0][y, x], center[1][y, x]
            same = 0
            for n in range(4):
                yy, xx = 2 * y + n // 2, 2 * x + n % 2
                same += _alike(world[0], face, fine[0][yy, xx], near, fine[1][yy, xx])
            red, green, blue = 0.0, 0.0, 0.0
            if same == 4:
                red, green, blue = _exposed(world, eye, film, face, x + 0.5, y + 0.5)
            else:
                red, green, blue = _edge(world, eye, film, fine, y, x)
            rgb[y, x, 0] = film.encode[int(red * top + 0.5)]
            rgb[y, x, 1] = film.encode[int(green * top + 0.5)]
            rgb[y, x, 2] = film.encode[int(blue * top + 0.5)]


@jit
def _edge(
    world: tuple[Surfaces, Paint, Lighting],
    eye: Eye,
    film: Film,
    fine: tuple[Ints, Floats],
    y: int,
    x: int,
) -> Color:
    """Return the mean display light of a pixel's samples, coloring each surface once."""
    red, green, blue = 0.0, 0.0, 0.0
    for n in range(4):
        yy, xx = 2 * y + n // 2, 2 * x + n % 2
        face, near = fine[0][yy, xx], fine[1][yy, xx]
        weight, is_first = 0.0, True
        for o in range(4):
            yo, xo = 2 * y + o // 2, 2 * x + o % 2
            if _alike(world[0], face, fine[0][yo, xo], near, fine[1][yo, xo]):
                weight += 0.25
                is_first = is_first and o >= n
        if is_first:
            r, g, b = _exposed(world, eye, film, face, 0.5 * xx + 0.25, 0.5 * yy + 0.25)
            red, green, blue = red + weight * r, green + weight * g, blue + weight * b
    return red, green, blue


@jit
def _exposed(
    world: tuple[Surfaces, Paint, Lighting],
    eye: Eye,
    film: Film,
    face: int,
    x_px: float,
    y_px: float,
) -> Color:
    """Return display light of a face at a point of the picture, or of the sky."""
    if face < 0:
        r, g, b = film.sky[0], film.sky[1], film.sky[2]
    else:
        r, g, b = _color(world, eye, face, x_px, y_px)
    return _develop(film, r), _develop(film, g), _develop(film, b)
