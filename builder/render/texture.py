"""Textures as the shading kernel reads them: small, and a smaller copy for every distance."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import GeometryError

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Atlas:
    """All textures at all sizes, four bytes a texel: eight times less memory than float RGB.

    Attributes:
        texels: (N,) uint32, sRGB as r | g << 8 | b << 16; level by level, texture by texture.
        first: (levels,) int64, where each level starts; level n is half as wide as level n - 1.
        size_px: Width and height of level 0.
        mean: (T, 3) float32, linear RGB, the average color of each texture.
    """

    texels: NDArray[np.uint32]
    first: NDArray[np.int64]
    size_px: int
    mean: NDArray[np.float32]


def linear_from_srgb(srgb: Floats) -> Floats:
    """Decode sRGB in 0..1 (IEC 61966-2-1)."""
    low, high = srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4
    return np.where(srgb <= 0.04045, low, high).astype(np.float32)


def srgb_from_linear(linear: Floats) -> Floats:
    """Encode linear light in 0..1 as sRGB; undoes `linear_from_srgb`."""
    low, high = linear * 12.92, 1.055 * np.maximum(linear, 0.0031308) ** (1 / 2.4) - 0.055
    return np.where(linear <= 0.0031308, low, high).astype(np.float32)


@cache
def byte_from_linear(steps: int) -> NDArray[np.uint8]:
    """Return the table that encodes linear light, `steps` entries from 0 to 1."""
    ramp = np.linspace(0, 1, steps, dtype=np.float32)
    return (srgb_from_linear(ramp) * 255 + 0.5).astype(np.uint8)


@cache
def linear_from_byte() -> NDArray[np.float32]:
    """Return the table that decodes a byte of sRGB, (256,) float32."""
    return linear_from_srgb(np.arange(256, dtype=np.float32) / np.float32(255))


def pack(textures: NDArray[np.uint8]) -> Atlas:
    """Build the atlas; smaller copies are averaged in linear light.

    Args:
        textures: (T, S, S, 3) uint8, sRGB; S is a power of two.

    Raises:
        GeometryError: If the shape is another.
    """
    size = textures.shape[1] if textures.ndim == 4 else 0
    if textures.ndim != 4 or textures.shape[2:] != (size, 3) or size & (size - 1) or size == 0:
        raise GeometryError(
            f"textures must have shape (T, S, S, 3), S a power of two, got {textures.shape}"
        )
    levels, first = [_packed(textures)], [0]
    light, half = linear_from_byte()[textures], np.float32(0.5)
    while light.shape[1] > 1:
        light = (light[:, ::2] + light[:, 1::2]) * half
        light = (light[:, :, ::2] + light[:, :, 1::2]) * half
        first.append(first[-1] + levels[-1].size)
        levels.append(_packed((srgb_from_linear(light) * 255 + 0.5).astype(np.uint8)))
    return Atlas(np.concatenate(levels), np.array(first, np.int64), size, light.reshape(-1, 3))


def _packed(textures: NDArray[np.uint8]) -> NDArray[np.uint32]:
    red, green, blue = (textures[..., channel].astype(np.uint32) for channel in range(3))
    packed: NDArray[np.uint32] = red | green << np.uint32(8) | blue << np.uint32(16)
    return packed.ravel()
