"""The picture test: a moved view of the left garage photograph against the real right one."""

from dataclasses import dataclass

import numpy as np
from skimage.data import stereo_motorcycle
from skimage.metrics import structural_similarity

from builder.core.camera import Camera
from builder.core.pose import start_from_end
from builder.render.relief import Relief

BASELINE_M, CENTER_SHIFT_PX = 0.193001, 31.086
_LUMA = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True)
class Agreement:
    """How well a picture agrees with the real one on the pixels that count.

    Attributes:
        share: Of the frame that counts, 0..1.
        psnr_db: Over the three channels of those pixels.
        ssim: Mean over those pixels of the map on luma (Gaussian window, sigma 1.5).
    """

    share: float
    psnr_db: float
    ssim: float


def right_photograph():
    """Return the photograph of the right eye, (500, 741, 3) uint8."""
    return stereo_motorcycle()[1]


def right_camera(left: Camera) -> Camera:
    """Return the right eye's camera: its principal point lies further right."""
    cx, cy = left.center_px
    return Camera(left.width_px, left.height_px, left.focal_px, (cx + CENTER_SHIFT_PX, cy))


def agreement(picture, mask) -> Agreement:
    """Compare a picture with the real right photograph where `mask` is true."""
    real = right_photograph()
    error = np.mean((picture[mask].astype(float) - real[mask]) ** 2)
    shown = np.where(mask[..., None], picture, real) @ _LUMA
    _, similar = structural_similarity(
        shown,
        real @ _LUMA,
        gaussian_weights=True,
        sigma=1.5,
        use_sample_covariance=False,
        data_range=255,
        full=True,
    )
    psnr_db = 10 * np.log10(255**2 / error)
    return Agreement(float(mask.mean()), float(psnr_db), float(similar[mask].mean()))


def moved(relief: Relief, move):
    """Return the view from the right eye's camera after a move, and what it was traced from."""
    pose = start_from_end(move)
    camera = right_camera(relief.camera)
    return relief.look(pose, camera), relief.trace(pose, camera)


def measured(trace):
    """Return the pixels whose depth was measured, not filled, (500, 741) bool."""
    known = np.isfinite(stereo_motorcycle()[2])
    return trace.seen & known[trace.source_px(known.shape)]


def splat():
    """Return the left photograph with each row's pixels put where their disparity says, and where.

    Each falls on the two columns it lies between, by its share; what a nearer one covers is lost.
    """
    left, _, disparity_px = stereo_motorcycle()
    rows, columns = np.nonzero(np.isfinite(disparity_px))
    shifts = disparity_px[rows, columns]
    targets = columns - shifts
    nearest = np.full(disparity_px.shape, -np.inf)
    for step in (0, 1):
        column, inside, _ = _fallen(targets, step, left.shape[1])
        np.maximum.at(nearest, (rows[inside], column[inside]), shifts[inside])
    colors, weights = np.zeros(left.shape), np.zeros(disparity_px.shape)
    for step in (0, 1):
        column, inside, share = _fallen(targets, step, left.shape[1])
        inside[inside] &= shifts[inside] > nearest[rows[inside], column[inside]] - 1
        row, column, share = rows[inside], column[inside], share[inside]
        np.add.at(colors, (row, column), left[row, columns[inside]] * share[:, None])
        np.add.at(weights, (row, column), share)
    return colors / np.maximum(weights, 1e-9)[..., None], weights > 0.25


def _fallen(targets, step, width):
    column = np.floor(targets).astype(int) + step
    return column, (column >= 0) & (column < width), 1 - np.abs(targets - column)
