"""Where a photograph's anchors stand: windows across it, so that turns reveal what it did see."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

Crop = tuple[int, int, int, int]  # left, top, width, height; pixels of the photograph

_WIDTH_SHARE = 0.54  # of the photograph: a turn of a third of the crop's view stays inside it
_PLACES = (0.0, 0.5, 1.0, 0.25, 0.75)  # across the room to the side: left, middle, right first
_HEIGHTS = (0.5, 0.25, 0.75)  # down the room above and below; the middle wins a tie
_MOST_ENLARGED = 2.0  # output pixels a photograph pixel, where the photograph has enough of them
_SMALLEST_SHARE = 0.5
_CENTRAL_SHARES = (1.0, 0.75, 0.5, 0.875, 0.625)


def crops(
    photo_px: tuple[int, int],
    frame_px: tuple[int, int],
    boxes_px: NDArray[np.float64],
    count: int,
) -> tuple[Crop, ...]:
    """Return up to `count` different windows of the frame's aspect.

    Their size is 50 to 100 % of the largest that fits; each stands at the height, away from the
    photograph's upper and lower edge, where it holds most of the objects.

    Args:
        photo_px: (width, height) of the photograph.
        frame_px: (width, height) of the frame it will fill.
        boxes_px: (N, 4) float64, x1, y1, x2, y2 of the annotated objects, photograph pixels.
        count: How many are wanted; small photographs give fewer.
    """
    found: dict[Crop, None] = {}
    for width, height in _sizes(photo_px, frame_px):
        for place in _PLACES:
            left = int(place * (photo_px[0] - width))
            top = _top(left, (width, height), photo_px[1], boxes_px)
            found.setdefault((left, top, width, height))
            if len(found) == count:
                return tuple(found)
    return tuple(found)


def central_crops(
    photo_px: tuple[int, int],
    frame_px: tuple[int, int],
    center_px: tuple[float, float],
    count: int,
) -> tuple[Crop, ...]:
    """Return up to `count` windows around the principal point, to half a pixel, at most five.

    For a teacher that only knows cameras which look through the middle of their frames: a window
    at the side would be painted as if it lay straight ahead. So they differ in size alone, 50 to
    100 % of the largest that fits, and that comes first.

    Args:
        photo_px: (width, height) of the photograph.
        frame_px: (width, height) of the frame it will fill.
        center_px: (x, y) of the principal point, pixels of the photograph.
        count: How many are wanted.
    """
    (x, y), aspect = center_px, frame_px[0] / frame_px[1]
    room_px = [2 * min(at, size - at) for at, size in zip(center_px, photo_px, strict=True)]
    largest = min(room_px[0], room_px[1] * aspect)
    found: dict[Crop, None] = {}
    for share in _CENTRAL_SHARES:
        width, height = int(share * largest), int(share * largest / aspect)
        if min(width, height) > 0:
            found.setdefault((round(x - width / 2), round(y - height / 2), width, height))
    return tuple(found)[:count]


def _sizes(photo_px: tuple[int, int], frame_px: tuple[int, int]) -> Iterator[tuple[int, int]]:
    aspect = frame_px[0] / frame_px[1]
    largest = min(photo_px[0], photo_px[1] * aspect)
    wanted = max(_WIDTH_SHARE * photo_px[0], frame_px[0] / _MOST_ENLARGED)
    first = min(max(wanted, _SMALLEST_SHARE * largest), largest)
    for width in (first, (first + largest) / 2, largest, (first + _SMALLEST_SHARE * largest) / 2):
        yield int(width + 1e-6), min(int(width / aspect + 1e-6), photo_px[1])


def _top(
    left: int, size_px: tuple[int, int], photo_height_px: int, boxes_px: NDArray[np.float64]
) -> int:
    width, height = size_px
    tops = [int(share * (photo_height_px - height)) for share in _HEIGHTS]
    x1, y1, x2, y2 = boxes_px.reshape(-1, 4).T
    across = (x1 >= left) & (x2 <= left + width)
    sides_px = np.sqrt((x2 - x1) * (y2 - y1))  # large things count more, but not by their area
    held = [sides_px[across & (y1 >= top) & (y2 <= top + height)].sum() for top in tops]
    return tops[int(np.argmax(held))]
