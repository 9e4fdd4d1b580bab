"""Kernels that color a moved view of a relief: back to the photograph, then a smooth sample."""

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import jit

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Color = tuple[float, float, float]
Weights = tuple[float, float, float, float]

MARGIN_PX = 3  # of the spline's coefficients: a sample at the edge reaches two pixels beyond it

_AS_FAR = 1.08  # inverse depths up to this ratio belong to one surface


@jit
def _back(x_px: float, y_px: float, inverse: float, lens: Doubles) -> Color:
    """Return where a point of the view lies in the photograph: (u_px, v_px, depth_m).

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
    """Return how many pixels of the view see a pixel of `region`, (h, w), of the photograph."""
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
def _basis(t: float) -> Weights:
    """Return the weights of the cubic B-spline's four pieces at `t` in 0..1."""
    s = 1 - t
    a, b, d = s * s * s / 6, (4 + t * t * (3 * t - 6)) / 6, t * t * t / 6
    return a, b, 1 - a - b - d, d


@jit
def _four(image: Floats, row: int, x: int, weights: Weights) -> Color:
    """Return the weighted sum of four neighbors in a row."""
    a, b, c, d = weights
    p, q, r, s = image[row, x], image[row, x + 1], image[row, x + 2], image[row, x + 3]
    return (
        a * p[0] + b * q[0] + c * r[0] + d * s[0],
        a * p[1] + b * q[1] + c * r[1] + d * s[1],
        a * p[2] + b * q[2] + c * r[2] + d * s[2],
    )


@jit
def _cubic(spline: Floats, u_px: float, v_px: float) -> Color:
    """Sample a cubic spline, given by its coefficients with `MARGIN_PX` more at every side."""
    x = min(max(u_px - 0.5, -1.0), spline.shape[1] - 2.0 * MARGIN_PX) + MARGIN_PX
    y = min(max(v_px - 0.5, -1.0), spline.shape[0] - 2.0 * MARGIN_PX) + MARGIN_PX
    x0, y0 = int(x), int(y)
    across, (a, b, c, d) = _basis(x - x0), _basis(y - y0)
    p = _four(spline, y0 - 1, x0 - 1, across)
    q = _four(spline, y0, x0 - 1, across)
    r = _four(spline, y0 + 1, x0 - 1, across)
    s = _four(spline, y0 + 2, x0 - 1, across)
    return (
        a * p[0] + b * q[0] + c * r[0] + d * s[0],
        a * p[1] + b * q[1] + c * r[1] + d * s[1],
        a * p[2] + b * q[2] + c * r[2] + d * s[2],
    )


@jit
def _linear(image: Floats, u_px: float, v_px: float) -> Color:
    """Sample an image (h, w, 3) bilinearly; beyond its edge the edge goes on."""
    height, width = image.shape[:2]
    x = min(max(u_px - 0.5, 0.0), width - 1.0)
    y = min(max(v_px - 0.5, 0.0), height - 1.0)
    x0, y0 = int(x), int(y)
    x1, y1 = min(x0 + 1, width - 1), min(y0 + 1, height - 1)
    s, t = x - x0, y - y0
    a, b, c, d = (1 - s) * (1 - t), s * (1 - t), (1 - s) * t, s * t
    return (
        a * image[y0, x0, 0] + b * image[y0, x1, 0] + c * image[y1, x0, 0] + d * image[y1, x1, 0],
        a * image[y0, x0, 1] + b * image[y0, x1, 1] + c * image[y1, x0, 1] + d * image[y1, x1, 1],
        a * image[y0, x0, 2] + b * image[y0, x1, 2] + c * image[y1, x0, 2] + d * image[y1, x1, 2],
    )


@jit
def paint(
    samples: Floats, behind: Floats, grid: int, lens: Doubles, spline: Floats, back: Floats
) -> tuple[Floats, Floats]:
    """Color each pixel with the mean of its samples: the relief, else what stands behind it.

    Args:
        samples: (H * grid, W * grid), inverse depth of the relief; 0 where it has a hole.
        behind: The same of the backdrop.
        grid: Samples a pixel and direction.
        lens: See `relief_trace.lens_of`.
        spline: (h + 2 * MARGIN_PX, w + 2 * MARGIN_PX, 3), cubic spline coefficients of the
            photograph, mirrored at its edges.
        back: (h, w, 3), colors of the backdrop.

    Returns:
        (H, W, 3) float32, sRGB 0..255, mean over the samples that see anything, and
        (H, W) float32, the share of samples that do.
    """
    height, width = samples.shape[0] // grid, samples.shape[1] // grid
    colors = np.zeros((height, width, 3), np.float32)
    shares = np.zeros((height, width), np.float32)
    for y in range(height):
        for x in range(width):
            red, green, blue, seen = 0.0, 0.0, 0.0, 0
            for k in range(grid * grid):
                row, column = y * grid + k // grid, x * grid + k % grid
                near, far = samples[row, column], behind[row, column]
                if near == 0 and far == 0:
                    continue
                inverse = near if near > 0 else far
                u, v, _ = _back((column + 0.5) / grid, (row + 0.5) / grid, inverse, lens)
                r, g, b = _cubic(spline, u, v) if near > 0 else _linear(back, u, v)
                red, green, blue, seen = red + r, green + g, blue + b, seen + 1
            if seen:
                shares[y, x] = seen / (grid * grid)
                colors[y, x, 0] = min(max(red / seen, 0.0), 255.0)
                colors[y, x, 1] = min(max(green / seen, 0.0), 255.0)
                colors[y, x, 2] = min(max(blue / seen, 0.0), 255.0)
    return colors, shares


@jit
def tidy(samples: Floats, behind: Floats, reach: int) -> Floats:
    """Return `samples` without the rims of far surfaces at holes: near things bleed into them.

    A sample is taken out if a hole lies within `reach` samples in its row or column, and it lies
    about as far away as the backdrop there: the near side of a hole is left alone.
    """
    height, width = samples.shape
    kept = samples.copy()
    for y in range(height):
        for x in range(width):
            if samples[y, x] > 0 or behind[y, x] == 0:
                continue
            for k in range(1, reach + 1):
                for s in range(4):
                    v = min(max(y + (k if s == 0 else -k if s == 1 else 0), 0), height - 1)
                    u = min(max(x + (k if s == 2 else -k if s == 3 else 0), 0), width - 1)
                    if kept[v, u] < _AS_FAR * behind[v, u]:
                        kept[v, u] = 0
    return kept
