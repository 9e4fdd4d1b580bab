"""Matches between two frames, as directions: where a point lies from each of the two cameras."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.errors import MissingExtra

Directions = NDArray[np.float64]

MOST_FEATURES = 3000
_CONTRAST = 0.012  # SIFT's own default, 0.04 / 3: bare walls need what is just above JPEG's noise
_RATIO = 0.8
_BORDER_PX = 6


@dataclass(frozen=True, eq=False)
class Features:
    """What one frame can be recognized by.

    Attributes:
        directions: (n, 3) unit vectors, camera frame.
        descriptors: (n, 128) float32; SIFT's are whole numbers, so that their products are exact.
    """

    directions: Directions
    descriptors: NDArray[np.float32]


@contextmanager
def repeatable() -> Iterator[Any]:
    """Give OpenCV one thread and one seed, and put its threads back; yields the module.

    Raises:
        MissingExtra: If it is not installed.
    """
    try:
        import cv2
    except ModuleNotFoundError as error:
        raise MissingExtra("opencv-python-headless", "audit") from error
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    cv2.setRNGSeed(0)
    try:
        yield cv2
    finally:
        cv2.setNumThreads(threads)


@dataclass(frozen=True, eq=False)
class Drum:
    """A cylinder about the camera's vertical axis: turning slides its picture, and bends nothing.

    SIFT finds a point again after a turn of any size, for it looks the same on the drum.

    Attributes:
        u_px: (h, w) float32, where each drum pixel lies in the frame.
        v_px: The same, vertically.
        inside: (h, w) uint8, 255 where a feature may lie.
        angle_rad: Of the drum's left edge, from the lens axis to the right.
        height: Of the drum's upper edge, tangent of the elevation, downwards.
        focal_px: Drum pixels a radian, and a unit of height.
    """

    u_px: NDArray[np.float32]
    v_px: NDArray[np.float32]
    inside: NDArray[np.uint8]
    angle_rad: float
    height: float
    focal_px: tuple[float, float]

    def directions(self, points_px: NDArray[np.float64]) -> Directions:
        """Return unit vectors, camera frame, of (n, 2) drum pixels."""
        angle = self.angle_rad + points_px[:, 0] / self.focal_px[0]
        height = self.height + points_px[:, 1] / self.focal_px[1]
        rays = np.stack([np.sin(angle), height, np.cos(angle)], axis=-1)
        return np.asarray(rays / np.linalg.norm(rays, axis=-1, keepdims=True))


def drum_of(camera: Camera) -> Drum:
    """Return the cylinder that holds all that a camera sees."""
    (fx, fy), (cx, cy) = camera.focal_px, camera.center_px
    left, right = np.arctan(-cx / fx), np.arctan((camera.width_px - cx) / fx)
    top, bottom = -cy / fy, (camera.height_px - cy) / fy
    width, height = int(fx * (right - left)), int(fy * (bottom - top))
    angle = left + (np.arange(width) + 0.5) / fx
    rise = top + (np.arange(height) + 0.5) / fy
    u_px = np.broadcast_to(fx * np.tan(angle) + cx, (height, width))
    v_px = fy * rise[:, None] / np.cos(angle) + cy
    inside = (u_px > _BORDER_PX) & (u_px < camera.width_px - _BORDER_PX)
    inside &= (v_px > _BORDER_PX) & (v_px < camera.height_px - _BORDER_PX)
    return Drum(
        np.ascontiguousarray(u_px - 0.5, dtype=np.float32),
        (v_px - 0.5).astype(np.float32),
        inside.astype(np.uint8) * 255,
        float(left),
        float(top),
        (fx, fy),
    )


def features(cv2: Any, frame: NDArray[np.uint8], drum: Drum) -> Features:  # noqa: ANN401 - module
    """Return the features of an (H, W, 3) frame."""
    gray = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    on_drum = cv2.remap(gray, drum.u_px, drum.v_px, cv2.INTER_LINEAR)
    sift = cv2.SIFT_create(nfeatures=MOST_FEATURES, contrastThreshold=_CONTRAST)
    points, descriptors = sift.detectAndCompute(on_drum, drum.inside)
    if not points:
        return Features(np.zeros((0, 3)), np.zeros((0, 128), np.float32))
    # Of two orientations at one place both stay; keypoints are at pixel centers, hence the half.
    places_px = np.array([point.pt for point in points], dtype=np.float64) + 0.5
    return Features(drum.directions(places_px), descriptors)


def matched(before: Features, after: Features) -> tuple[Directions, Directions]:
    """Return the (n, 3) directions of the points that both frames show, each point once.

    A match is the nearest on both sides, and clearly nearer than the next (Lowe's ratio).
    """
    if min(len(before.directions), len(after.directions)) < 2:
        return np.zeros((0, 3)), np.zeros((0, 3))
    squares = (
        (before.descriptors**2).sum(1)[:, None]
        + (after.descriptors**2).sum(1)[None]
        - 2 * before.descriptors @ after.descriptors.T
    )
    rows = np.arange(len(squares))
    best = squares.argmin(1)
    nearest = squares[rows, best].copy()
    mutual = squares.argmin(0)[best] == rows
    squares[rows, best] = np.inf
    clear = nearest < _RATIO**2 * squares.min(1)
    kept = np.flatnonzero(mutual & clear)
    a, b = before.directions[kept], after.directions[best[kept]]
    once = _first_of_each(a)
    return a[once], b[once]


def _first_of_each(directions: Directions) -> NDArray[np.intp]:
    _, first = np.unique(directions.round(4), axis=0, return_index=True)
    return np.asarray(np.sort(first), dtype=np.intp)
