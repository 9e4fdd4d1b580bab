"""Kernels of the light bake: where rays start, where they go, and what they bring back."""

import math

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import jit

LIFT_M = 5e-4  # rays start this far above their face
_GOLDEN = 0.6180339887498949
_SILVER = 0.7548776662466927  # 1 / the plastic number: strides that fill a square evenly with
_BRONZE = 0.5698402909980532  # this one (Roberts, "The unreasonable effectiveness of ...", 2018)

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@jit
def start_points(
    vertices: Floats, faces: Ints, normals: Floats, around: tuple[Ints, Ints, Floats], rays: int
) -> tuple[Floats, Ints]:
    """Return starting points of the rays of each joint, and the faces they lie on.

    They are spread over the faces around the joint and never lie on the joint itself: a joint in
    the corner of a room lies in the neighboring wall, and half of its rays would leave the room.

    Args:
        vertices: (V, 3).
        faces: (F, 3).
        normals: (F, 3).
        around: (n + 1,) where the corners of each joint start; the corners, face * 3 + corner;
            (n,) a random number of each joint.
        rays: For each joint.

    Returns:
        (n * rays, 3) float32 and (n * rays,) int32.
    """
    first, corners, turn = around
    count = len(first) - 1
    points = np.empty((count * rays, 3), np.float32)
    on = np.empty(count * rays, np.int32)
    for joint in range(count):
        for k in range(rays):
            n = joint * rays + k
            corner = corners[first[joint] + k % (first[joint + 1] - first[joint])]
            face, at = corner // 3, corner % 3
            p, q = faces[face, at], faces[face, (at + 1) % 3]
            r = faces[face, (at + 2) % 3]
            out = 0.08 + 0.5 * math.sqrt((turn[joint] + k * _SILVER) % 1.0)
            side = 0.1 + 0.8 * ((turn[joint] + k * _BRONZE) % 1.0)
            on[n] = face
            for c in range(3):
                points[n, c] = (
                    (1 - out) * vertices[p, c]
                    + out * (1 - side) * vertices[q, c]
                    + out * side * vertices[r, c]
                    + LIFT_M * normals[face, c]
                )
    return points, on


@jit
def directions(shading: Floats, normals: Floats, on: Ints, turn: Floats, jitter: Floats) -> Floats:
    """Return cosine-weighted directions about each joint's normal, evenly spread.

    Args:
        shading: (n, 3) normals of the joints.
        normals: (F, 3) of the faces.
        on: (n * rays,) the face that each ray leaves; a ray into the face is mirrored.
        turn: (n,) in 0..1, random.
        jitter: (n,) in 0..1, random.
    """
    rays = len(on) // len(shading)
    out = np.empty((len(shading) * rays, 3), np.float32)
    for joint in range(len(shading)):
        x, y, z = shading[joint]
        # a frame around the normal (Duff et al., "Building an orthonormal basis, revisited", 2017)
        sign = 1.0 if z >= 0 else -1.0
        a = -1.0 / (sign + z)
        b = x * y * a
        for k in range(rays):
            n = joint * rays + k
            radius = math.sqrt((k + jitter[joint]) / rays)
            angle = 2 * math.pi * (turn[joint] + k * _GOLDEN)
            u, v = radius * math.cos(angle), radius * math.sin(angle)
            w = math.sqrt(max(0.0, 1 - radius * radius))
            out[n, 0] = u * (1 + sign * x * x * a) + v * b + w * x
            out[n, 1] = u * sign * b + v * (sign + y * y * a) + w * y
            out[n, 2] = -u * sign * x - v * y + w * z
            into = 0.0
            for c in range(3):
                into += out[n, c] * normals[on[n], c]
            for c in range(3):
                out[n, c] -= 2 * min(into, 0.0) * normals[on[n], c]
    return out


@jit
def gather(
    hits: Ints, toward: Floats, normals: Floats, radiance: Floats, sky: Floats, rays: int
) -> tuple[Floats, Floats]:
    """Return what the rays of each joint found.

    Returns:
        light: (n, 3) mean radiance.
        doubt: (n, 2) variance of the mean's brightness, and the share of rays on back faces.
    """
    count = len(hits) // rays
    light, doubt = np.zeros((count, 3), np.float32), np.zeros((count, 2), np.float32)
    for joint in range(count):
        red, green, blue, square, back = 0.0, 0.0, 0.0, 0.0, 0
        for n in range(joint * rays, (joint + 1) * rays):
            face = hits[n]
            along = 0.0
            r, g, b = sky[0], sky[1], sky[2]
            if face >= 0:
                r, g, b = radiance[face, 0], radiance[face, 1], radiance[face, 2]
                for c in range(3):
                    along += toward[n, c] * normals[face, c]
            back += along > 0
            red, green, blue = red + r, green + g, blue + b
            square += (r + g + b) * (r + g + b) / 9
        red, green, blue = red / rays, green / rays, blue / rays
        light[joint, 0], light[joint, 1], light[joint, 2] = red, green, blue
        bright = (red + green + blue) / 3
        doubt[joint, 0] = max(square / rays - bright * bright, 0.0) / rays
        doubt[joint, 1] = back / rays
    return light, doubt


@jit
def spread(values: Floats, trust: Floats, edges: Ints) -> tuple[Floats, Floats]:
    """Give joints that are not trusted the mean of their trusted neighbors; return light, trust."""
    total = np.zeros((len(values), 4), np.float32)
    for i in range(len(edges)):
        for here, there in ((edges[i, 0], edges[i, 1]), (edges[i, 1], edges[i, 0])):
            total[here, 3] += trust[there]
            for c in range(3):
                total[here, c] += trust[there] * values[there, c]
    out, trusted = values.copy(), trust.copy()
    for joint in range(len(values)):
        if trust[joint] == 0 and total[joint, 3] > 0:
            trusted[joint] = 1.0
            for c in range(3):
                out[joint, c] = total[joint, c] / total[joint, 3]
    return out, trusted


@jit
def smooth(values: Floats, variance: Floats, edges: Ints) -> Floats:
    """Mix each joint with its neighbors, as far as they differ by no more than their noise.

    So noise goes and the shadow under a table leg stays. `variance` (n,) is of the brightness.
    """
    total = np.zeros((len(values), 4), np.float32)
    for i in range(len(edges)):
        p, q = edges[i, 0], edges[i, 1]
        apart = 0.0
        for c in range(3):
            apart += (values[p, c] - values[q, c]) / 3
        noise = 4 * (variance[p] + variance[q]) + 1e-9
        weight = np.float32(noise / (noise + apart * apart))
        total[p, 3] += weight
        total[q, 3] += weight
        for c in range(3):
            total[p, c] += weight * values[q, c]
            total[q, c] += weight * values[p, c]
    out = np.empty_like(values)
    for joint in range(len(values)):
        for c in range(3):
            out[joint, c] = (2 * values[joint, c] + total[joint, c]) / (2 + total[joint, 3])
    return out
