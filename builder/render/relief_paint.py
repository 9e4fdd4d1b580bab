"""Kernels that color a moved view of a relief: back to the photograph, then a smooth sample."""

import numpy as np
from numpy.typing import NDArray

from builder.render._jit import jit

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Color = tuple[float, float, float]
Weights = tuple[float, float, float, float]
Steps = NDArray[np.int8]

SAMPLES = 2  # a pixel and direction, for looks; truth is one sample at the center
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
def _clean(samples: Floats, v: int, u: int, q: int, p: int, limit: float) -> bool:
    """Whether sample (v, u) is the rim of a far surface that goes on at (q, p)."""
    if not (0 <= q < samples.shape[0] and 0 <= p < samples.shape[1]):
        return False
    here, there = samples[v, u], samples[q, p]
    return bool(0 < here <= limit and here < _AS_FAR * there and there < _AS_FAR * here)


@jit
def rims(samples: Floats, behind: Floats, reach: int) -> Steps:
    """Return for each sample where to take its color from: (rows, columns) away, (h, w, 2) int8.

    Near things bleed into the rims of what they hide. A sample within `reach` samples of a hole,
    in its row or column, takes the color of its mirror image on the far side of that rim; the near
    side of a hole, which lies well before the backdrop, is left alone.
    """
    height, width = samples.shape
    steps = np.zeros((height, width, 2), np.int8)
    for y in range(height):
        for x in range(width):
            if samples[y, x] > 0 or behind[y, x] == 0:
                continue
            for side in range(4):
                ahead = 1 - 2 * (side % 2)
                down, across = (0, ahead) if side < 2 else (ahead, 0)
                for k in range(1, reach + 1):
                    v, u, far = y + k * down, x + k * across, 2 * reach + 1 - 2 * k
                    q, p = v + far * down, u + far * across
                    if not (0 <= v < height and 0 <= u < width):
                        break
                    if not _clean(samples, v, u, q, p, _AS_FAR * behind[v, u]):
                        break
                    steps[v, u, 0], steps[v, u, 1] = far * down, far * across
    return steps


@jit
def paint(
    samples: Floats, behind: Floats, steps: Steps, lens: Doubles, spline: Floats, back: Floats
) -> tuple[Floats, Floats]:
    """Color each pixel with the mean of its samples: the relief, else what stands behind it.

    Args:
        samples: (H * `SAMPLES`, W * `SAMPLES`), inverse depth of the relief; 0 = hole.
        behind: The same of the backdrop.
        steps: What `rims` returned.
        lens: See `relief_trace.lens_of`.
        spline: (h + 2 * MARGIN_PX, w + 2 * MARGIN_PX, 3), cubic spline coefficients of the
            photograph, mirrored at its edges.
        back: (h, w, 3), colors of the backdrop.

    Returns:
        (H, W, 3) float32, sRGB 0..255, mean over the samples that see anything, and
        (H, W) float32, the share of samples that do.
    """
    height, width = samples.shape[0] // SAMPLES, samples.shape[1] // SAMPLES
    colors = np.zeros((height, width, 3), np.float32)
    shares = np.zeros((height, width), np.float32)
    for y in range(height):
        for x in range(width):
            red, green, blue, seen = 0.0, 0.0, 0.0, 0
            for k in range(SAMPLES * SAMPLES):
                row, column = y * SAMPLES + k // SAMPLES, x * SAMPLES + k % SAMPLES
                near, far = samples[row, column], behind[row, column]
                if near > 0:
                    row, column = row + steps[row, column, 0], column + steps[row, column, 1]
                    near = samples[row, column]
                elif far == 0:
                    continue
                x_px, y_px = (column + 0.5) / SAMPLES, (row + 0.5) / SAMPLES
                u, v, _ = _back(x_px, y_px, near if near > 0 else far, lens)
                r, g, b = _cubic(spline, u, v) if near > 0 else _linear(back, u, v)
                red, green, blue, seen = red + r, green + g, blue + b, seen + 1
            if seen:
                shares[y, x] = seen / (SAMPLES * SAMPLES)
                colors[y, x, 0] = min(max(red / seen, 0.0), 255.0)
                colors[y, x, 1] = min(max(green / seen, 0.0), 255.0)
                colors[y, x, 2] = min(max(blue / seen, 0.0), 255.0)
    return colors, shares
