"""The camera of the frames, from intrinsics that may belong to another picture.

The SVC generator of the paper's release stores the intrinsics of the anchor beside the size of the
frame: a 1024x768 anchor of 90 degrees gives 576x576 frames with cx = 512, which says 58.7 degrees
where 73.7 is true. The frame is the anchor scaled to cover it, its middle cut out.
"""

import math

from builder.core.camera import Camera
from builder.core.errors import GeometryError
from builder.store.foreign.node import Node

_MOST_OFF_CENTER = 0.1  # of the side: generated frames have their principal point in the middle
_NAMES = ("fx", "fy", "cx", "cy")


def camera_of_frame(
    frame: Node, size_px: tuple[int, int], anchor_px: tuple[int, int] | None
) -> tuple[Camera, bool]:
    """Return the camera of a frame of the SVC layout, and whether it had to be carried over.

    Args:
        frame: An entry of `transforms/frames`.
        size_px: (width, height) of the frame.
        anchor_px: The same of the anchor as it was given; None: it is not kept.

    Raises:
        Refusal: If the intrinsics fit neither the frame nor the anchor.
    """
    fx, fy, cx, cy = (frame[name].number() for name in _NAMES)
    stated = [[fx, 0.0, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]]
    if (matrix := frame.get("K")) is not None:
        found = matrix.matrix(3, 3)
        if any(
            abs(a - b) > 1e-3
            for one, two in zip(found, stated, strict=True)
            for a, b in zip(one, two, strict=True)
        ):
            raise matrix.wrong("is another camera than fx, fy, cx, cy", "camera-unknown")
    sizes = _possible_sizes((cx, cy), size_px, anchor_px)
    size = min(sizes, key=lambda one: _off_center((cx, cy), one))
    if anchor_px != size_px and _off_center((cx, cy), size) > _MOST_OFF_CENTER:
        text = (
            f"cx, cy = {cx:g}, {cy:g} is the middle neither of the frame, {size_px}, nor of the "
            f"anchor, {anchor_px}: whose intrinsics are these?"
        )
        raise frame.wrong(text, "camera-unknown")
    try:
        camera = Camera(*size, (fx, fy), (cx, cy))
    except GeometryError as error:
        raise frame.wrong(str(error), "camera-unknown") from error
    return (camera, False) if size == size_px else (camera.cover(*size_px), True)


def camera_of_conditioning(matrix: Node, size_px: tuple[int, int]) -> Camera:
    """Return the camera that HY-WorldPlay is conditioned with, at the size of its frames.

    Only fx / (2 cx) and fy / (2 cy) reach the model; the principal point is always the middle.

    Raises:
        Refusal: If they say no angle.
    """
    (fx, _, cx), (_, fy, cy), _ = matrix.matrix(3, 3)
    width, height = size_px
    if min(fx, fy, cx, cy) <= 0 or not math.isfinite(fx / cx + fy / cy):
        raise matrix.wrong("expected fx, fy, cx, cy above 0", "camera-unknown")
    focal_px = (fx / (2 * cx) * width, fy / (2 * cy) * height)
    return Camera(width, height, focal_px, (width / 2, height / 2))


def _possible_sizes(
    center_px: tuple[float, float], size_px: tuple[int, int], anchor_px: tuple[int, int] | None
) -> list[tuple[int, int]]:
    """Return the pictures whose intrinsics these may be, the likelier first."""
    if anchor_px is not None:
        return [size_px] if anchor_px == size_px else [size_px, anchor_px]
    double = (2 * center_px[0], 2 * center_px[1])
    whole = all(side >= 2 and abs(side - round(side)) < 1e-6 for side in double)
    return [size_px, (round(double[0]), round(double[1]))] if whole else [size_px]


def _off_center(center_px: tuple[float, float], size_px: tuple[int, int]) -> float:
    return max(abs(c / side - 0.5) for c, side in zip(center_px, size_px, strict=True))
