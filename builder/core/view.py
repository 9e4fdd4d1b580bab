"""What a camera sees: the picture, and the truth behind each of its pixels."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class ViewQuality:
    """How much of a view was really seen; made-up rooms are seen everywhere.

    Attributes:
        seen: Share of pixels whose surface the source shows, 0..1.
        holes: Share of pixels that are unseen inside the source's own field of view.
        border: Share of pixels that are unseen because the source ends there.
        enlargement: Output pixels a source pixel where the source is stretched most (95th
            percentile over seen pixels); 1 for made-up rooms.
    """

    seen: float = 1.0
    holes: float = 0.0
    border: float = 0.0
    enlargement: float = 1.0


@dataclass(frozen=True, eq=False)
class View:
    """One painted view. Truth is sampled at pixel centers, never read off the antialiased picture.

    Attributes:
        rgb: (H, W, 3) uint8, sRGB.
        depth_m: (H, W) float32, metres along +z; 0 where nothing is known.
        instance: (H, W) int32, the `track_id` of the object; 0 where there is no object.
        seen: (H, W) bool, the surface was really seen (false: filled, never truth).
        amodal_px: For each instance with a visible pixel: how many pixels it alone would cover on
            a canvas three times the frame (same camera, frame in the middle, near-clipped).
        quality: Shares of the above.
    """

    rgb: NDArray[np.uint8]
    depth_m: NDArray[np.float32]
    instance: NDArray[np.int32]
    seen: NDArray[np.bool_]
    amodal_px: Mapping[int, int]
    quality: ViewQuality
