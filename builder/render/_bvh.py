"""Kernels that trace rays where Embree has no wheel: a tree of boxes around the triangles.

A node is a row of `boxes` (lowest corner, highest corner) and of `links`: (first child, 0, axis
along which the second, beside it, lies farther) or, in a leaf, (first triangle in `order`, how
many, 0).
"""

import math

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import inline, jit

LEAF = 4  # triangles
_STACK = 256  # nodes to come back to; one a level of the tree

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Triple = tuple[float, float, float]
Tree = tuple[Floats, Ints, Ints]


@jit
def _split(centers: Floats, order: Ints, part: tuple[int, int], axis: int, middle: float) -> int:
    """Put what lies before `middle` first; return how many. Halves it if all lie on one side."""
    first, count = part
    low, high = first, first + count - 1
    while low <= high:
        if centers[order[low], axis] < middle:
            low += 1
        else:
            order[low], order[high] = order[high], order[low]
            high -= 1
    before = low - first
    return before if 0 < before < count else count // 2


@jit
def _bound(low: Floats, high: Floats, order: Ints, part: tuple[int, int], box: Floats) -> None:
    """Write the box around the boxes of a part of `order`: (first, count)."""
    for axis in range(3):
        box[axis], box[3 + axis] = np.inf, -np.inf
        for i in range(part[0], part[0] + part[1]):
            box[axis] = min(box[axis], low[order[i], axis])
            box[3 + axis] = max(box[3 + axis], high[order[i], axis])


@jit
def build(low: Floats, high: Floats) -> Tree:
    """Return the tree over triangles with these boxes, (n, 3) each."""
    centers = (low + high) * np.float32(0.5)
    count = len(low)
    order = np.arange(count).astype(np.int32)
    boxes = np.empty((2 * count + 1, 6), np.float32)
    links = np.zeros((2 * count + 1, 3), np.int32)
    links[0, 1] = count
    middles = np.empty(6, np.float32)
    used, node = 1, 0
    while node < used:
        first, size = links[node, 0], links[node, 1]
        _bound(low, high, order, (first, size), boxes[node])
        _bound(centers, centers, order, (first, size), middles)
        if size > LEAF:
            axis = int(np.argmax(middles[3:] - middles[:3]))
            middle = (middles[axis] + middles[3 + axis]) / 2
            before = _split(centers, order, (first, size), axis, middle)
            links[used, 0], links[used, 1] = first, before
            links[used + 1, 0], links[used + 1, 1] = first + before, size - before
            links[node, 0], links[node, 1], links[node, 2] = used, 0, axis
            used += 2
        node += 1
    return boxes[:used], links[:used], order


@inline
def _meets_box(boxes: Floats, node: int, origin: Triple, inverse: Triple, reach: float) -> bool:
    a, b = (boxes[node, 0] - origin[0]) * inverse[0], (boxes[node, 3] - origin[0]) * inverse[0]
    c, d = (boxes[node, 1] - origin[1]) * inverse[1], (boxes[node, 4] - origin[1]) * inverse[1]
    e, f = (boxes[node, 2] - origin[2]) * inverse[2], (boxes[node, 5] - origin[2]) * inverse[2]
    near = max(min(a, b), min(c, d), min(e, f), 0.0)
    meets: bool = near <= min(max(a, b), max(c, d), max(e, f), reach)
    return meets


@jit
def _inverse(x: float) -> float:
    return 1.0 / x if abs(x) > 1e-20 else 1e20


@jit
def _row(table: Floats, n: int, k: int) -> Triple:
    return table[n, 3 * k], table[n, 3 * k + 1], table[n, 3 * k + 2]


@jit
def _cross(p: Triple, q: Triple) -> Triple:
    return p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]


@jit
def _dot(p: Triple, q: Triple) -> float:
    return p[0] * q[0] + p[1] * q[1] + p[2] * q[2]


@jit
def _distance(corners: Floats, n: int, origin: Triple, toward: Triple) -> float:
    """Return how many times `toward` it is to a triangle, inf if the ray misses it.

    Source: Moeller and Trumbore, "Fast, minimum storage ray-triangle intersection", 1997.
    """
    a, b, c = _row(corners, n, 0), _row(corners, n, 1), _row(corners, n, 2)
    e = b[0] - a[0], b[1] - a[1], b[2] - a[2]
    f = c[0] - a[0], c[1] - a[1], c[2] - a[2]
    t = origin[0] - a[0], origin[1] - a[1], origin[2] - a[2]
    p, q = _cross(toward, f), _cross(t, e)
    determinant = _dot(e, p)
    if determinant == 0:
        return math.inf
    u, v, distance = _dot(t, p), _dot(toward, q), _dot(f, q)
    u, v, distance = u / determinant, v / determinant, distance / determinant
    return distance if u >= 0 and v >= 0 and u + v <= 1 and distance > 0 else math.inf


@jit
def trace(
    tree: Tree, corners: Floats, origins: Floats, toward: Floats, reach: float, any_hit: bool
) -> Ints:
    """Return (n,) the nearest triangle that each ray hits within `reach`, -1 for none.

    `corners` (T, 9); `reach` in lengths of `toward`. `any_hit`: the first found will do.
    """
    boxes, links, order = tree
    hits = np.full(len(origins), -1, np.int32)
    stack = np.empty(_STACK, np.int32)
    for ray in range(len(origins) if len(order) else 0):
        origin, direction = _row(origins, ray, 0), _row(toward, ray, 0)
        inverse = _inverse(direction[0]), _inverse(direction[1]), _inverse(direction[2])
        best, height = reach, 1
        stack[0] = 0
        while height > 0 and not (any_hit and hits[ray] >= 0):
            height -= 1
            node = stack[height]
            if not _meets_box(boxes, node, origin, inverse, best):
                continue
            first, size = links[node, 0], links[node, 1]
            if size == 0:
                # the child that the ray meets first is looked at first
                swap = direction[links[node, 2]] < 0
                stack[height] = first if swap else first + 1
                stack[height + 1] = first + 1 if swap else first
                height += 2
            for i in range(first, first + size):
                distance = _distance(corners, order[i], origin, direction)
                if distance < best:
                    best, hits[ray] = distance, order[i]
    return hits
