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

_FLOOR_TOLERANCE = 0.012  # of the inverse depth
_FLOOR_TILT = 0.7  # least |y| of the unit normal: within 45 degrees of level
_FLOOR_SHARE = 0.05  # of the photograph
_FLOOR_DRAWS = 300
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
    floor_inverse = _floor(inverse, camera)
    on_floor = np.abs(floor_inverse - inverse) < 1.5 * _FLOOR_TOLERANCE * inverse
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


def _floor(inverse: Floats, camera: Camera) -> Floats:
    """Return the inverse depth of the floor at every pixel; 0 everywhere if there is no floor."""
    height, width = inverse.shape
    rng = rng_for(0, "relief", "floor")
    v, u = (axis.reshape(-1) for axis in np.indices(inverse.shape))
    rows = np.stack([u + 0.5, v + 0.5, np.ones_like(u)], axis=1).astype(np.float64)
    values = inverse.reshape(-1).astype(np.float64)
    lower = np.flatnonzero(v > 0.4 * height)
    some = rng.choice(lower, size=min(4000, len(lower)), replace=False)
    best: NDArray[np.float64] = np.zeros(3)
    most = 0
    for _ in range(_FLOOR_DRAWS):
        three = rng.choice(some, size=3, replace=False)
        if abs(np.linalg.det(rows[three])) < 1e-6 * width * height:
            continue
        plane = np.linalg.solve(rows[three], values[three])
        count = int(_on_plane(plane, rows[some], values[some]).sum()) * _is_level(plane, camera)
        if count > most:
            best, most = plane, count
    for _ in range(3 if most else 0):
        inliers = _on_plane(best, rows, values)
        best = np.asarray(
            np.linalg.lstsq(rows[inliers], values[inliers], rcond=None)[0], np.float64
        )
    if not _is_level(best, camera) or _on_plane(best, rows, values).mean() < _FLOOR_SHARE:
        return np.zeros_like(inverse)
    return np.maximum(rows @ best, 0).reshape(inverse.shape).astype(np.float32)


def _on_plane(
    plane: NDArray[np.float64], rows: NDArray[np.float64], values: NDArray[np.float64]
) -> Mask:
    return np.asarray(np.abs(rows @ plane - values) < _FLOOR_TOLERANCE * values)


def _is_level(plane: NDArray[np.float64], camera: Camera) -> bool:
    """Whether a plane of inverse depth lies below the camera, within 45 degrees of level."""
    (fx, fy), (cx, cy) = camera.focal_px, camera.center_px
    normal = np.array([plane[0] * fx, plane[1] * fy, plane @ (cx, cy, 1)])
    return bool(normal[1] > _FLOOR_TILT * np.linalg.norm(normal))


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
