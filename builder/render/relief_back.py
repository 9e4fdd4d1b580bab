"""What probably stands behind the near things of a photograph: floor and wall carried on.

Nobody saw it, so it never makes truth; it only keeps a moved view from showing rips.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.seeding import rng_for
from builder.render._scipy import ndimage
from builder.render.relief_fill import push_pull
from builder.render.relief_floor import FLOOR_TOLERANCE, floor_inverse_depth

_MARGIN_PX = 3  # the rim of a near thing colors its neighbors

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Backdrop:
    """A photograph without its near things.

    Attributes:
        rgb: (H, W, 3) float32, sRGB 0..255.
        depth_m: (H, W) float32, metres; nowhere nearer than the photograph's own.
        guessed: (H, W) bool, where it is not the photograph's own.
    """

    rgb: Floats
    depth_m: Floats
    guessed: Mask


def backdrop(rgb: NDArray[np.uint8], depth_m: Floats, camera: Camera) -> Backdrop:
    """Take the near things away: the nearer of floor and wall goes on behind them.

    The floor is a plane, whose inverse depth is affine in the image; where none is found, only the
    wall is carried on. The wall is every far thing; its inverse depth spreads smoothly.

    Args:
        rgb: (H, W, 3) uint8.
        depth_m: (H, W) float32, metres, all greater than 0.
        camera: Of the photograph.
    """
    inverse = (np.float32(1) / depth_m).astype(np.float32)
    floor_inverse = floor_inverse_depth(inverse, camera)
    on_floor = np.abs(floor_inverse - inverse) < 1.5 * FLOOR_TOLERANCE * inverse
    rest = inverse[~on_floor]
    near = ~on_floor & (inverse > _gap(rest if rest.size else inverse))
    if near.all():
        near = np.zeros_like(near)
    guessed = ndimage.binary_dilation(near, iterations=_MARGIN_PX)
    wall = ~on_floor & ~guessed
    wall_inverse = _spread(inverse, wall if wall.any() else ~guessed)
    back = np.minimum(inverse, np.maximum(floor_inverse, wall_inverse))
    back = np.where(guessed, np.maximum(back, 0.2 * inverse.min()), inverse)
    colors = rgb.astype(np.float32)
    under = guessed & (floor_inverse >= wall_inverse)
    colors = np.where((guessed & ~under)[..., None], _along_rows(colors, wall), colors)
    colors = np.where(under[..., None], _floor_colors(colors, on_floor & ~guessed), colors)
    return Backdrop(colors, (1 / back).astype(np.float32), guessed)


def _gap(inverse: Floats) -> float:
    """Return the inverse depth that best parts near from far (Otsu 1979)."""
    counts, edges = np.histogram(inverse, bins=256)
    centers = (edges[:-1] + edges[1:]) / 2
    below = np.cumsum(counts)
    sums = np.cumsum(counts * centers)
    above = below[-1] - below
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = sums / below - (sums[-1] - sums) / above
        between = np.where((below > 0) & (above > 0), below * above * difference**2, 0)
    return float(edges[int(np.argmax(between)) + 1])


def _spread(inverse: Floats, known: Mask) -> Floats:
    return push_pull(inverse[..., None], known.astype(np.float32))[..., 0]


def _along_rows(colors: Floats, known: Mask) -> Floats:
    """Return the colors with unknown pixels mirrored in from both ends of their gap in the row.

    Shelves, skirtings and siding run level, so rows carry a wall on better than any blur.
    """
    width = known.shape[1]
    x = np.broadcast_to(np.arange(width), known.shape)
    left = np.maximum.accumulate(np.where(known, x, -1), axis=1)
    right = np.minimum.accumulate(np.where(known, x, width)[:, ::-1], axis=1)[:, ::-1]
    has_left, has_right = left >= 0, right < width
    row = np.arange(len(known))[:, None]
    from_left = left[row, np.clip(2 * left - x, 0, width - 1)]
    from_right = right[row, np.clip(2 * right - x, 0, width - 1)]
    from_left = np.where(from_left >= 0, from_left, np.clip(left, 0, width - 1))
    from_right = np.where(from_right < width, from_right, np.clip(right, 0, width - 1))
    share = (x - left) / np.maximum(right - left, 1)
    share = np.where(has_left & has_right, share * share * (3 - 2 * share), ~has_left)[..., None]
    mixed = colors[row, from_left] * (1 - share) + colors[row, from_right] * share
    smooth = push_pull(colors, known.astype(np.float32))
    filled = np.where((has_left | has_right)[..., None], mixed, smooth)
    return np.where(known[..., None], colors, filled).astype(np.float32)


def _floor_colors(colors: Floats, known: Mask) -> Floats:
    """Return smooth colors with the grain of the known floor: a bare blur looks like fog."""
    if not known.any():
        return colors
    smooth = push_pull(colors, known.astype(np.float32))
    grain = colors - ndimage.gaussian_filter(colors, (1.5, 1.5, 0))
    inner = ndimage.binary_erosion(known, iterations=3)
    strength = float(grain[inner].std()) if inner.any() else 0.0
    noise = rng_for(0, "relief", "grain").normal(0, strength, known.shape)
    return np.where(known[..., None], colors, smooth + noise[..., None]).astype(np.float32)
