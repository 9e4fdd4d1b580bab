"""Pictures as bytes: the same picture and the same settings give the same bytes."""

import io
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

ImageFormat = Literal["jpeg", "png"]


def encode(rgb: NDArray[np.uint8], image_format: ImageFormat = "jpeg", quality: int = 95) -> bytes:
    """Return a picture as JPEG without chroma subsampling (4:4:4), or as PNG (level 1).

    Args:
        rgb: (H, W, 3) uint8, sRGB.
        image_format: "jpeg" or "png".
        quality: Of JPEG, 1..100.
    """
    stream = io.BytesIO()
    picture = Image.fromarray(np.ascontiguousarray(rgb))
    if image_format == "png":
        picture.save(stream, "PNG", compress_level=1)
    else:
        picture.save(stream, "JPEG", quality=quality, subsampling=0)
    return stream.getvalue()


def suffix_of(image_format: ImageFormat) -> str:
    """Return ".jpg" or ".png"."""
    return ".png" if image_format == "png" else ".jpg"
