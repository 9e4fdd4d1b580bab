"""Where the source is silent: unknown depths from their neighbors, and smooth fills of color."""

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import SceneError
from builder.render._jit import jit

_RADIUS_PX = 6
_COLOR_SIGMA = 18.0
_SPREAD_PX = 0.6 * _RADIUS_PX

Floats = NDArray[np.float32]


def fill_unknown(rgb: NDArray[np.uint8], depth_m: Floats) -> Floats:
    """Return the depth with every unknown pixel filled from outside in.

    Each takes the weighted median of the inverse depths around it; neighbors of its own color
    weigh more. A median, not a mean: a mean would put a pixel between two surfaces, in mid-air.

    Args:
        rgb: (H, W, 3) uint8.
        depth_m: (H, W) float32, metres; 0 = unknown.

    Returns:
        (H, W) float32, metres, all greater than 0; known depths are untouched.

    Raises:
        SceneError: If no depth is known at all.
    """
    known = depth_m > 0
    if not known.any():
        raise SceneError("the depth holds no known pixel; without depth leave it out: turns remain")
    inverse = np.zeros_like(depth_m)
    np.divide(np.float32(1), depth_m, out=inverse, where=known)
    todo = np.argwhere(~known).astype(np.int32)
    support = 2  # one known neighbor is a thin thread to hang a pixel on
    while len(todo):
        values = _medians(todo, inverse, rgb.astype(np.float32), support)
        done = values > 0
        inverse[todo[done, 0], todo[done, 1]] = values[done]
        todo = todo[~done]
        support = 2 if done.any() else 1
    filled = (np.float32(1) / inverse).astype(np.float32)
    filled[known] = depth_m[known]
    return filled


@jit
def _medians(todo: NDArray[np.int32], inverse: Floats, rgb: Floats, support: int) -> Floats:
    """Return the guided median at each pixel of `todo`, 0 where too few neighbors are known."""
    height, width = inverse.shape
    most = (2 * _RADIUS_PX + 1) ** 2
    values, weights = np.empty(most), np.empty(most)
    found = np.zeros(len(todo), np.float32)
    for i in range(len(todo)):
        y, x = todo[i]
        if (inverse[max(0, y - 1) : y + 2, max(0, x - 1) : x + 2] > 0).sum() < support:
            continue
        count, total = 0, 0.0
        for v in range(max(0, y - _RADIUS_PX), min(height, y + _RADIUS_PX + 1)):
            for u in range(max(0, x - _RADIUS_PX), min(width, x + _RADIUS_PX + 1)):
                if inverse[v, u] > 0:
                    weights[count] = _likeness(rgb, y, x, v, u)
                    values[count] = inverse[v, u]
                    total += weights[count]
                    count += 1
        order = np.argsort(values[:count], kind="mergesort")
        reached = np.cumsum(weights[order])
        found[i] = values[order[np.searchsorted(reached, 0.5 * total)]]
    return found


@jit
def _likeness(rgb: Floats, y: int, x: int, v: int, u: int) -> float:
    difference = 0.0
    for c in range(3):
        difference += (rgb[y, x, c] - rgb[v, u, c]) ** 2
    distance = (v - y) ** 2 + (u - x) ** 2
    return float(
        np.exp(-difference / (2 * _COLOR_SIGMA**2) - distance / (2 * _SPREAD_PX**2)) + 1e-6
    )


def push_pull(values: Floats, weights: Floats) -> Floats:
    """Return `values` with the places of weight 0 filled smoothly from those that have weight.

    A pyramid of weighted means going up, its levels blended going down: structure-free by
    construction. After Gortler et al., "The Lumigraph", SIGGRAPH 1996, section 3.

    Args:
        values: (H, W, C) float32.
        weights: (H, W) float32 in 0..1; at 1 a value is kept as it is.

    Returns:
        (H, W, C) float32.
    """
    height, width = weights.shape
    if min(height, width) <= 1 or bool((weights >= 1).all()):
        total = max(float(weights.sum()), 1e-9)
        mean = (values * weights[..., None]).sum(axis=(0, 1)) / total
        return np.where(weights[..., None] > 0, values, mean).astype(np.float32)
    halved, share = _halve(values * weights[..., None]), _halve(weights[..., None])[..., 0]
    means = (halved / np.maximum(share, 1e-9)[..., None]).astype(np.float32)
    coarse = push_pull(means, np.minimum(np.float32(1), 4 * share))
    kept = weights[..., None]
    return (values * kept + _double(coarse, height, width) * (1 - kept)).astype(np.float32)


def _halve(values: Floats) -> Floats:
    height, width = values.shape[:2]
    padded = np.zeros((height + height % 2, width + width % 2, values.shape[2]), np.float32)
    padded[:height, :width] = values
    quarters = padded[0::2, 0::2] + padded[1::2, 0::2] + padded[0::2, 1::2] + padded[1::2, 1::2]
    return (quarters * np.float32(0.25)).astype(np.float32)


def _double(values: Floats, height: int, width: int) -> Floats:
    """Return `values` at twice the size, bilinear, cut to (height, width)."""
    for axis in (0, 1):
        first = np.take(values, [0], axis=axis)
        last = np.take(values, [-1], axis=axis)
        before = np.concatenate([first, np.delete(values, -1, axis=axis)], axis=axis)
        after = np.concatenate([np.delete(values, 0, axis=axis), last], axis=axis)
        near = np.float32(0.75) * values
        pair = np.stack(
            [near + np.float32(0.25) * before, near + np.float32(0.25) * after], axis=axis + 1
        )
        shape = list(values.shape)
        shape[axis] *= 2
        values = pair.reshape(shape)
    return values[:height, :width].astype(np.float32)
