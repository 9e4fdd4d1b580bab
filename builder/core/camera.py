"""A pinhole camera: from metres in front of the lens to pixels on the sensor."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from builder.core.errors import GeometryError


@dataclass(frozen=True, slots=True)
class Camera:
    """Intrinsics without distortion or skew.

    Attributes:
        width_px: Image width, pixels.
        height_px: Image height, pixels.
        focal_px: (fx, fy), pixels.
        center_px: (cx, cy), pixels; the middle of the image is (width_px / 2, height_px / 2).

    Raises:
        GeometryError: If a size or a focal length is not positive and finite.
    """

    width_px: int
    height_px: int
    focal_px: tuple[float, float]
    center_px: tuple[float, float]

    def __post_init__(self) -> None:
        numbers = (self.width_px, self.height_px, *self.focal_px)
        if not all(math.isfinite(number) and number > 0 for number in numbers):
            raise GeometryError(
                f"width, height and focal lengths must be finite and > 0, got {numbers}"
            )
        if not all(math.isfinite(number) for number in self.center_px):
            raise GeometryError(f"center_px must be finite, got {self.center_px}")

    @classmethod
    def from_fov(cls, width_px: int, height_px: int, horizontal_fov_deg: float) -> "Camera":
        """Return a camera with square pixels and a centered principal point.

        Args:
            width_px: Image width, pixels.
            height_px: Image height, pixels.
            horizontal_fov_deg: Full angle between the left and right image edge, in (0, 180).

        Raises:
            GeometryError: If the angle is not in (0, 180).
        """
        if not 0 < horizontal_fov_deg < 180:
            raise GeometryError(
                f"horizontal_fov_deg must lie in (0, 180), got {horizontal_fov_deg!r}; "
                f"it is in degrees, so 54 and not 0.9425"
            )
        focal = width_px / 2 / math.tan(math.radians(horizontal_fov_deg) / 2)
        return cls(width_px, height_px, (focal, focal), (width_px / 2, height_px / 2))

    @classmethod
    def from_short_side_fov(cls, width_px: int, height_px: int, fov_deg: float) -> "Camera":
        """Return a camera whose shorter side spans `fov_deg`, with square pixels."""
        short = cls.from_fov(min(width_px, height_px), min(width_px, height_px), fov_deg)
        return cls(width_px, height_px, short.focal_px, (width_px / 2, height_px / 2))

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height), as Pillow orders them."""
        return self.width_px, self.height_px

    @property
    def hfov_deg(self) -> float:
        """Full angle between the left and the right image edge, wherever the principal point is."""
        (fx, _), (cx, _) = self.focal_px, self.center_px
        return math.degrees(math.atan(cx / fx) + math.atan((self.width_px - cx) / fx))

    def matrix(self) -> NDArray[np.float64]:
        """Return K, (3, 3), pixels."""
        (fx, fy), (cx, cy) = self.focal_px, self.center_px
        return np.array([[fx, 0.0, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]])

    def crop(self, left_px: float, top_px: float, width_px: int, height_px: int) -> "Camera":
        """Return the camera of a window cut from the image; only the principal point moves."""
        cx, cy = self.center_px
        return Camera(width_px, height_px, self.focal_px, (cx - left_px, cy - top_px))

    def resize(self, width_px: int, height_px: int) -> "Camera":
        """Return the camera of the image stretched to another size; all intrinsics scale."""
        sx, sy = width_px / self.width_px, height_px / self.height_px
        (fx, fy), (cx, cy) = self.focal_px, self.center_px
        return Camera(width_px, height_px, (fx * sx, fy * sy), (cx * sx, cy * sy))

    def cover(self, width_px: int, height_px: int) -> "Camera":
        """Return the camera after scaling to cover a size and cutting its middle, as SVC does.

        Example:
            >>> round(Camera.from_fov(1024, 768, 90).cover(576, 576).hfov_deg, 1)
            73.7
        """
        scale = max(width_px / self.width_px, height_px / self.height_px)
        (fx, fy), (cx, cy) = self.focal_px, self.center_px
        left_px = (self.width_px * scale - width_px) / 2
        top_px = (self.height_px * scale - height_px) / 2
        return Camera(
            width_px,
            height_px,
            (fx * scale, fy * scale),
            (cx * scale - left_px, cy * scale - top_px),
        )

    def project(self, points_camera: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
        """Project points onto the image plane.

        Args:
            points_camera: (..., 3), metres, camera frame.

        Returns:
            uv_px: (..., 2) float64, pixels; NaN where a point is not in front of the lens.
            visible: (...) bool, in front of the lens and inside the image.
        """
        points = np.asarray(points_camera, dtype=np.float64)
        depth = np.where(points[..., 2:] > 1e-6, points[..., 2:], np.nan)
        uv_px = points[..., :2] / depth * self.focal_px + self.center_px
        inside = (uv_px >= 0) & (uv_px < (self.width_px, self.height_px))
        return uv_px, np.asarray(inside.all(axis=-1))

    def lift(self, uv_px: ArrayLike, depth_m: ArrayLike) -> NDArray[np.float64]:
        """Return the points that project to `uv_px` at `depth_m` along +z: undoes `project`.

        Args:
            uv_px: (..., 2), pixels.
            depth_m: (...), metres along +z.

        Returns:
            (..., 3) float64, metres, camera frame.
        """
        uv = np.asarray(uv_px, dtype=np.float64)
        depth = np.asarray(depth_m, dtype=np.float64)[..., None]
        xy = (uv - self.center_px) / self.focal_px * depth
        return np.concatenate([xy, depth], axis=-1)
