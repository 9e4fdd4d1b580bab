"""Kernels that trace rays where Embree has no wheel: a tree of boxes around the triangles.

A node is a row of `boxes` (lowest corner, highest corner) and of `links`: (child, child + 1 lies
beside it; 0) or, in a leaf, (first triangle in `order`, how many).
"""

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import inline, jit

LEAF = 4  # triangles
_DEPTH = 64  # of the stack; the tree is halved at each level

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]
Tree = tuple[Floats, Ints, Ints]


@jit
def _split(centers: Floats, order: Ints, first: int, count: int, axis: int, middle: float) -> int:
    """Put what lies before `middle` first; return how many. Halves it if all lie on one side."""
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
def build(low: Floats, high: Floats) -> Tree:
    """Return the tree over triangles with these boxes, (n, 3) each."""
    centers = (low + high) * np.float32(0.5)
    count = len(low)
    order = np.arange(count).astype(np.int32)
    boxes = np.empty((2 * count + 1, 6), np.float32)
    links = np.zeros((2 * count + 1, 2), np.int32)
    links[0, 1] = count
    used, node = 1, 0
    while node < used:
        first, size = links[node, 0], links[node, 1]
        spread = np.empty((2, 3), np.float32)
        for axis in range(3):
            boxes[node, axis], boxes[node, 3 + axis] = np.inf, -np.inf
            spread[0, axis], spread[1, axis] = np.inf, -np.inf
            for i in range(first, first + size):
                n = order[i]
                boxes[node, axis] = min(boxes[node, axis], low[n, axis])
                boxes[node, 3 + axis] = max(boxes[node, 3 + axis], high[n, axis])
                spread[0, axis] = min(spread[0, axis], centers[n, axis])
                spread[1, axis] = max(spread[1, axis], centers[n, axis])
        if size > LEAF:
            axis = int(np.argmax(spread[1] - spread[0]))
            middle = (spread[0, axis] + spread[1, axis]) / 2
            before = _split(centers, order, first, size, axis, middle)
            links[used] = first, before
            links[used + 1] = first + before, size - before
            links[node] = used, 0
            used += 2
        node += 1
    return boxes[:used], links[:used], order


@inline
def _meets_box(boxes: Floats, node: int, origin: Floats, inverse: Floats, reach: float) -> bool:
    near, far = 0.0, reach
    for axis in range(3):
        a = (boxes[node, axis] - origin[axis]) * inverse[axis]
        b = (boxes[node, 3 + axis] - origin[axis]) * inverse[axis]
        near, far = max(near, min(a, b)), min(far, max(a, b))
    return near <= far


@jit
def _distance(corners: Floats, n: int, origin: Floats, toward: Floats) -> float:
    """Return how many times `toward` it is to a triangle, inf if the ray misses it.

    Source: Moeller and Trumbore, "Fast, minimum storage ray-triangle intersection", 1997.
    """
    e = corners[n, 1] - corners[n, 0]
    f = corners[n, 2] - corners[n, 0]
    p = np.cross(toward, f)
    determinant = np.dot(e, p)
    if determinant == 0:
        return np.inf
    t = origin - corners[n, 0]
    q = np.cross(t, e)
    u, v = np.dot(t, p) / determinant, np.dot(toward, q) / determinant
    distance = np.dot(f, q) / determinant
    return distance if u >= 0 and v >= 0 and u + v <= 1 and distance > 0 else np.inf


@jit
def trace(
    tree: Tree, corners: Floats, origins: Floats, toward: Floats, reach: float, any_hit: bool
) -> Ints:
    """Return (n,) the nearest triangle that each ray hits within `reach`, -1 for none.

    `corners` (T, 3, 3); `reach` in lengths of `toward`. `any_hit`: the first found will do.
    """
    boxes, links, order = tree
    hits = np.full(len(origins), -1, np.int32)
    stack = np.empty(_DEPTH * 2, np.int32)
    for ray in range(len(origins)):
        origin, direction, best = origins[ray], toward[ray], reach
        inverse = np.float32(1) / np.where(direction == 0, np.float32(1e-20), direction)
        stack[0], height = 0, 1
        while height > 0 and not (any_hit and hits[ray] >= 0):
            height -= 1
            node = stack[height]
            if not _meets_box(boxes, node, origin, inverse, best):
                continue
            first, size = links[node]
            if size == 0:
                stack[height], stack[height + 1] = first, first + 1
                height += 2
            for i in range(first, first + size):
                distance = _distance(corners, order[i], origin, direction)
                if distance < best:
                    best, hits[ray] = distance, order[i]
    return hits
