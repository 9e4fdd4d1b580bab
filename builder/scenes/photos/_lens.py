"""The lens of a photograph: as calibrated, or as most cameras have it."""

import math
from dataclasses import dataclass
from typing import Any

from builder.core.camera import Camera
from builder.core.errors import SceneError, nearest

ASSUMED_FOV_DEG = 54.0  # on the short side; what SVC assumes of a photograph
_KEYS = ("fx", "fy", "cx", "cy", "pixel_center")
_HFOV_RANGE_DEG = (3.0, 150.0)
_ASPECT_RANGE = (0.5, 2.0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Intrinsics as they were published.

    Attributes:
        focal_px: (fx, fy), pixels.
        center_px: (cx, cy), pixels, counted as `pixel_center` says.
        pixel_center: Where the center of the first pixel lies: 0.5 as everywhere in this project,
            whose image is [0, width) x [0, height), or 0 as OpenCV, Middlebury and KITTI count.
    """

    focal_px: tuple[float, float]
    center_px: tuple[float, float]
    pixel_center: float = 0.5

    def camera(self, size_px: tuple[int, int], where: str) -> Camera:
        """Return the camera of an image of (width, height) pixels, in this project's convention.

        Raises:
            SceneError: If the calibration cannot belong to such an image.
        """
        numbers = (*self.focal_px, *self.center_px)
        if not all(map(math.isfinite, numbers)) or min(self.focal_px) <= 0:
            raise SceneError(
                f"{where}: fx, fy, cx, cy must be finite and fx, fy > 0, got {numbers}"
            )
        if self.pixel_center not in {0.0, 0.5}:
            raise SceneError(f"{where}: pixel_center must be 0 or 0.5, got {self.pixel_center!r}")
        shift = 0.5 - self.pixel_center
        cx, cy = (center + shift for center in self.center_px)
        return fitting(Camera(*size_px, self.focal_px, (cx, cy)), size_px, where)


def fitting(camera: Camera, size_px: tuple[int, int], where: str) -> Camera:
    """Return `camera` if it can be that of an image of (width, height) pixels.

    Raises:
        SceneError: With the numbers that do not fit.
    """
    (fx, fy), (cx, cy), (width, height) = camera.focal_px, camera.center_px, size_px
    hint = "is it the calibration of another size of this image?"
    if camera.size_px != size_px:
        raise SceneError(
            f"{where}: a camera of {camera.width_px}x{camera.height_px} pixels does not fit an "
            f"image of {width}x{height}; {hint}"
        )
    if not (0 <= cx <= width and 0 <= cy <= height):
        raise SceneError(
            f"{where}: the principal point ({cx:g}, {cy:g}) lies outside the image of "
            f"{width}x{height} pixels; {hint}"
        )
    low, high = _HFOV_RANGE_DEG
    if not low <= camera.hfov_deg <= high or not _ASPECT_RANGE[0] <= fx / fy <= _ASPECT_RANGE[1]:
        raise SceneError(
            f"{where}: focal lengths ({fx:g}, {fy:g}) px on {width}x{height} pixels see "
            f"{camera.hfov_deg:.1f} degrees; expected {low:g} to {high:g} and nearly square "
            f"pixels; {hint}"
        )
    return camera


def assumed(size_px: tuple[int, int]) -> Camera:
    """Return the camera of a photograph without calibration: 54 degrees on its short side."""
    return Camera.from_short_side_fov(*size_px, ASSUMED_FOV_DEG)


def calibration_of(value: Any, where: str) -> Calibration:  # noqa: ANN401
    """Read {fx, fy, cx, cy, pixel_center?} as it stands in a manifest.

    Raises:
        SceneError: If a key is missing, unknown or no number.
    """
    if not isinstance(value, dict):
        raise SceneError(f"{where}: camera must be {{fx, fy, cx, cy}}, got {value!r}")
    for key in value:
        if key not in _KEYS:
            raise SceneError(f"{where}: unknown key {key!r} of camera: {nearest(key, _KEYS)}")
    for key in _KEYS[:4]:
        if not isinstance(value.get(key), int | float) or isinstance(value[key], bool):
            raise SceneError(f"{where}: camera needs the number {key}, got {value.get(key)!r}")
    center = value.get("pixel_center", 0.5)
    return Calibration((value["fx"], value["fy"]), (value["cx"], value["cy"]), center)
