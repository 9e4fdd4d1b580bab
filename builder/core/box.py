"""Axis-aligned boxes around visible pixels, and their integers in 0..1000."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import GeometryError

BoxN1000 = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Box:
    """A half-open box in pixels: x1 <= x < x2 and y1 <= y < y2.

    Raises:
        GeometryError: If it holds nothing; a box of zeros is never made up.
    """

    x1_px: float
    y1_px: float
    x2_px: float
    y2_px: float

    def __post_init__(self) -> None:
        if not (self.x1_px < self.x2_px and self.y1_px < self.y2_px):
            raise GeometryError(
                f"a box needs x1 < x2 and y1 < y2, got {self.corners_px()}; it is x1, y1, x2, y2"
            )

    @classmethod
    def around(cls, mask: NDArray[np.bool_]) -> "Box":
        """Return the tightest box around the true pixels of an (H, W) mask.

        Raises:
            GeometryError: If no pixel is true.
        """
        rows, columns = np.nonzero(mask.any(axis=1))[0], np.nonzero(mask.any(axis=0))[0]
        if not len(rows):
            raise GeometryError("no box stands around an empty mask")
        return cls(float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1))

    def corners_px(self) -> tuple[float, float, float, float]:
        """Return (x1, y1, x2, y2), pixels."""
        return self.x1_px, self.y1_px, self.x2_px, self.y2_px

    @property
    def area_px(self) -> float:
        """Square pixels."""
        return (self.x2_px - self.x1_px) * (self.y2_px - self.y1_px)

    def n1000(self, width_px: int, height_px: int) -> BoxN1000:
        """Return the box as integers of 1000 image sizes: round half even, clamped to 0..1000.

        Example:
            >>> Box(0, 0, 288, 576).n1000(576, 576)
            (0, 0, 500, 1000)
        """
        sizes = (width_px, height_px, width_px, height_px)
        x1, y1, x2, y2 = (
            min(1000, max(0, round(1000 * corner / size)))
            for corner, size in zip(self.corners_px(), sizes, strict=True)
        )
        return x1, y1, x2, y2

    def iou(self, other: "Box") -> float:
        """Return intersection over union, 0..1."""
        width = min(self.x2_px, other.x2_px) - max(self.x1_px, other.x1_px)
        height = min(self.y2_px, other.y2_px) - max(self.y1_px, other.y1_px)
        shared = max(0.0, width) * max(0.0, height)
        return shared / (self.area_px + other.area_px - shared)
