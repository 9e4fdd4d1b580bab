"""Kernels that color a moved view of a relief: back to the source pixel, then a smooth sample."""

import math

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import jit

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@jit
def _back(x_px: float, y_px: float, inverse: float, lens: Doubles) -> tuple[float, float, float]:
    """Return where a point of the view lies in the source: (u_px, v_px, depth_m).

    `lens` is what `relief_trace.lens_of` returns.
    """
    depth = 1.0 / inverse
    x = (x_px - lens[3, 2]) / lens[3, 0] * depth
    y = (y_px - lens[3, 3]) / lens[3, 1] * depth
    a = lens[0, 0] * x + lens[0, 1] * y + lens[0, 2] * depth + lens[0, 3]
    b = lens[1, 0] * x + lens[1, 1] * y + lens[1, 2] * depth + lens[1, 3]
    c = lens[2, 0] * x + lens[2, 1] * y + lens[2, 2] * depth + lens[2, 3]
    return a / c * lens[4, 0] + lens[4, 2], b / c * lens[4, 1] + lens[4, 3], c


@jit
def locate(inverse: Floats, lens: Doubles) -> Floats:
    """Return (H, W, 3) float32: source column and row, pixels, and source depth; -1 where none."""
    height, width = inverse.shape
    source = np.full((height, width, 3), np.float32(-1))
    for y in range(height):
        for x in range(width):
            if inverse[y, x] > 0:
                u, v, depth = _back(x + 0.5, y + 0.5, inverse[y, x], lens)
                source[y, x, 0], source[y, x, 1], source[y, x, 2] = u, v, depth
    return source


@jit
def count(inverse: Floats, lens: Doubles, region: NDArray[np.bool_]) -> int:
    """Return how many pixels of the view see a pixel of `region`, (h, w), of the source."""
    found = 0
    for y in range(inverse.shape[0]):
        for x in range(inverse.shape[1]):
            if inverse[y, x] > 0:
                u, v, _ = _back(x + 0.5, y + 0.5, inverse[y, x], lens)
                row = min(max(int(v), 0), region.shape[0] - 1)
                column = min(max(int(u), 0), region.shape[1] - 1)
                found += 1 if region[row, column] else 0
    return found


@jit
def _mirror(index: int, size: int) -> int:
    index = abs(index)
    return max(0, 2 * size - 2 - index) if index >= size else index


@jit
def _cubic(image: Floats, u_px: float, v_px: float, color: Doubles, weights: Doubles) -> None:
    """Add one sample of a cubic spline, given its coefficients, to `color`."""
    height, width = image.shape[:2]
    x, y = u_px - 0.5, v_px - 0.5
    x0, y0 = math.floor(x), math.floor(y)
    for axis in range(2):
        t = x - x0 if axis == 0 else y - y0
        weights[axis, 0] = (1 - t) ** 3 / 6
        weights[axis, 1] = (4 - 6 * t * t + 3 * t**3) / 6
        weights[axis, 3] = t**3 / 6
        weights[axis, 2] = 1 - weights[axis, 0] - weights[axis, 1] - weights[axis, 3]
    for j in range(4):
        row = _mirror(y0 - 1 + j, height)
        for i in range(4):
            column = _mirror(x0 - 1 + i, width)
            weight = weights[0, i] * weights[1, j]
            for c in range(3):
                color[c] += weight * image[row, column, c]


@jit
def _linear(image: Floats, u_px: float, v_px: float, color: Doubles) -> None:
    """Add one bilinear sample to `color`."""
    height, width = image.shape[:2]
    x = min(max(u_px - 0.5, 0.0), width - 1.0)
    y = min(max(v_px - 0.5, 0.0), height - 1.0)
    x0, y0 = min(int(x), max(width - 2, 0)), min(int(y), max(height - 2, 0))
    for j in range(2):
        for i in range(2):
            weight = (x - x0 if i else x0 + 1 - x) * (y - y0 if j else y0 + 1 - y)
            row, column = min(y0 + j, height - 1), min(x0 + i, width - 1)
            for c in range(3):
                color[c] += weight * image[row, column, c]


@jit
def paint(
    first: Floats, second: Floats, grid: int, lens: Doubles, spline: Floats, back: Floats
) -> tuple[Floats, Floats]:
    """Color each pixel with the mean of its samples: the relief, else what stands behind it.

    Args:
        first: (H * grid, W * grid), inverse depth of the relief; 0 where it has none.
        second: The same of the backdrop.
        grid: Samples a pixel and direction.
        lens: See `relief_trace.lens_of`.
        spline: (h, w, 3), cubic spline coefficients of the photograph.
        back: (h, w, 3), colors of the backdrop.

    Returns:
        (H, W, 3) float32, sRGB 0..255, mean over the samples that see anything, and
        (H, W) float32, the share of samples that do.
    """
    height, width = first.shape[0] // grid, first.shape[1] // grid
    colors = np.zeros((height, width, 3), np.float32)
    shares = np.zeros((height, width), np.float32)
    color, weights = np.zeros(3), np.zeros((2, 4))
    for y in range(height):
        for x in range(width):
            color[:] = 0
            count = 0
            for k in range(grid * grid):
                row, column = y * grid + k // grid, x * grid + k % grid
                x_px, y_px = (column + 0.5) / grid, (row + 0.5) / grid
                if first[row, column] > 0:
                    u, v, _ = _back(x_px, y_px, first[row, column], lens)
                    _cubic(spline, u, v, color, weights)
                    count += 1
                elif second[row, column] > 0:
                    u, v, _ = _back(x_px, y_px, second[row, column], lens)
                    _linear(back, u, v, color)
                    count += 1
            if count:
                shares[y, x] = count / (grid * grid)
                for c in range(3):
                    colors[y, x, c] = min(max(color[c] / count, 0.0), 255.0)
    return colors, shares


@jit
def tidy(first: Floats, second: Floats, reach: int) -> Floats:
    """Return `first` without the rim of far surfaces beside holes: near things bleed into it.

    A sample is taken out if a hole lies within `reach` samples in its row or column and it lies
    about as far away as the backdrop there; the near side of a hole is left alone.
    """
    height, width = first.shape
    kept = first.copy()
    for y in range(height):
        for x in range(width):
            if first[y, x] == 0 or first[y, x] > 1.08 * second[y, x]:
                continue
            rim = False
            for k in range(1, reach + 1):
                for s in range(4):
                    v = y + (k if s == 0 else -k if s == 1 else 0)
                    u = x + (k if s == 2 else -k if s == 3 else 0)
                    if 0 <= v < height and 0 <= u < width and first[v, u] == 0 and second[v, u] > 0:
                        rim = True
            if rim:
                kept[y, x] = 0
    return kept
