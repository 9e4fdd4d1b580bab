"""Tileable noise and the few picture helpers that the texture recipes share."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Picture = NDArray[np.float64]
"""(S, S, 3), sRGB, 0..1."""

SIZE_PX = 256


def colored_noise(
    rng: np.random.Generator, fall: float, across: float = 1.0, down: float = 1.0, low: float = 1.0
) -> Array:
    """Return tileable noise, (S, S), mean 0 and deviation 1.

    Args:
        rng: Where it is drawn from.
        fall: Amplitude falls with frequency to this power; 0 is white, 2 is cloudy.
        across: Horizontal frequencies weigh 1/across; small values make streaks along u.
        down: Weight of vertical frequencies.
        low: Frequencies below this many periods a picture do not grow further.
    """
    spectrum = np.fft.fft2(rng.standard_normal((SIZE_PX, SIZE_PX)))
    frequency = np.fft.fftfreq(SIZE_PX) * SIZE_PX
    size = np.hypot(frequency[:, None] * down, frequency[None] / across)
    spectrum /= np.maximum(size, low) ** fall
    spectrum[0, 0] = 0
    noise = np.fft.ifft2(spectrum).real
    return np.asarray(noise / noise.std())


def raster() -> tuple[Array, Array]:
    """Return (x, y) of each pixel's center, both (S, S) in 0..1, y from the top."""
    steps = (np.arange(SIZE_PX) + 0.5) / SIZE_PX
    x, y = np.meshgrid(steps, steps)
    return x, y


def blend(first: ArrayLike, second: ArrayLike, share: Array) -> Picture:
    """Return a mix of two colors (or pictures); `share` (S, S) is that of the second."""
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    return np.asarray(a + (b - a) * np.clip(share, 0, 1)[..., None])


def filled(color: ArrayLike) -> Picture:
    """Return a picture of one color."""
    return np.tile(np.asarray(color, dtype=np.float64), (SIZE_PX, SIZE_PX, 1))


def shaded(picture: ArrayLike, factor: Array) -> Picture:
    """Return a picture times a gray factor, (S, S)."""
    return np.asarray(np.asarray(picture, dtype=np.float64) * factor[..., None])


def soft_step(value: Array, edge: float, width: float) -> Array:
    """Return 0 below `edge`, 1 above, with a ramp of `width` between."""
    return np.asarray(np.clip((value - edge) / width + 0.5, 0, 1))
