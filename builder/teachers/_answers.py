"""Whether what a worker painted can be a rollout: count, type, size, and some sense in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import BackendError

_FLAT = 1.0  # standard deviation, grey levels
_CELL_PX = 16  # the coarsest latent: noise in the latents is smooth within, and noise between
_NOISE = 0.25  # correlation of neighbors; pictures of places have 0.6 and more
_LEAST_CELLS = 8
_FAR_FROM_ANCHOR = 40.0  # mean difference of cells, grey levels


class BadFrames(BackendError):  # noqa: N818
    """The frames are not what was asked for, or no pictures."""


@dataclass(frozen=True)
class Expected:
    """What a task's frames must be.

    Attributes:
        count: How many.
        size_px: (width, height).
        moved: Whether each frame's pose differs from the first one's.
        sensible: Whether the model has learned weights: random ones may paint noise.
    """

    count: int
    size_px: tuple[int, int]
    moved: tuple[bool, ...]
    sensible: bool = True


def read_frames(file: Path, expected: Expected, anchor: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the frames of a worker.

    Args:
        file: The .npy that it wrote.
        expected: What it must hold.
        anchor: (H, W, 3) uint8, the picture that it started from.

    Raises:
        BadFrames: If it is anything else.
    """
    try:
        frames: NDArray[Any] = np.load(file, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise BadFrames(f"its frames cannot be read ({error})") from error
    width_px, height_px = expected.size_px
    shape = (expected.count, height_px, width_px, 3)
    if frames.shape != shape or frames.dtype != np.uint8:
        raise BadFrames(
            f"its frames are {frames.dtype} {frames.shape}; expected uint8 {shape}, "
            f"one a wanted pose"
        )
    if expected.sensible:
        _check_sense(frames, expected, anchor)
    return frames


def _check_sense(frames: NDArray[np.uint8], expected: Expected, anchor: NDArray[np.uint8]) -> None:
    like_noise = neighbors_alike(anchor) < _NOISE  # a photograph of gravel is a photograph
    for index, frame in enumerate(frames):
        if float(frame.std()) < _FLAT and float(anchor.std()) >= _FLAT:
            raise BadFrames(f"frame {index} of the wanted ones is one flat color")
        if not like_noise and neighbors_alike(frame) < _NOISE:
            raise BadFrames(f"frame {index} of the wanted ones is noise")
        if index and expected.moved[index] and np.array_equal(frame, frames[0]):
            raise BadFrames(f"frame {index} of the wanted ones is frame 0 again")
    apart = float(np.abs(_cells(frames[0]) - _cells(anchor)).mean())
    if apart > _FAR_FROM_ANCHOR:
        raise BadFrames(f"frame 0 does not show the anchor ({apart:.0f} grey levels apart)")


def neighbors_alike(frame: NDArray[np.uint8]) -> float:
    """Return the correlation of neighbors, the least of pixels and cells; noise has none.

    Latents that were never denoised decode to pictures that are smooth from pixel to pixel: only
    their cells are strangers to each other.
    """
    grids = [frame.mean(axis=2, dtype=np.float32)]
    cells = _cells(frame)
    if min(cells.shape) >= _LEAST_CELLS:
        grids.append(cells)
    return min(min(_alike(grid), _alike(grid.T)) for grid in grids)


def _alike(grid: NDArray[np.float32]) -> float:
    left, right = grid[:, :-1] - grid.mean(), grid[:, 1:] - grid.mean()
    spread = float(np.sqrt((left**2).sum() * (right**2).sum()))
    return float((left * right).sum()) / spread if spread > 0 else 1.0


def _cells(frame: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return the mean brightness of cells of 16 x 16 pixels."""
    height, width = (size // _CELL_PX * _CELL_PX for size in frame.shape[:2])
    grey = frame[:height, :width].mean(axis=2, dtype=np.float32)
    cells = grey.reshape(height // _CELL_PX, _CELL_PX, width // _CELL_PX, _CELL_PX)
    return np.asarray(cells.mean(axis=(1, 3)), dtype=np.float32)
