"""How one picture became the next, in a few numbers: what the eye would call drift and zoom.

Blocks of each picture are looked up in the other one (normalized cross-correlation): where they
went tells a turn or a step aside. Each picture, made smaller, is looked up in the other one whole:
whose inside is whose tells forward from backward. Farneback's flow adds the fine motions.
"""

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from builder.core.errors import MissingExtra

WIDTH_PX = 160
_SHRINKS = (0.9, 0.8, 0.7, 0.6, 0.5, 0.4)
_BLOCKS = (4, 6)  # rows and columns
_TRUSTED = 0.6  # correlation of a block that was found
Gray = NDArray[np.uint8]
Floats = NDArray[np.float64]


def gray_of(data: bytes) -> Gray:
    """Return a picture in gray, `WIDTH_PX` wide; a JPEG is decoded small."""
    with Image.open(io.BytesIO(data)) as image:
        height = round(image.height * WIDTH_PX / image.width)
        image.draft("L", (WIDTH_PX, height))
        small = image.convert("L").resize((WIDTH_PX, height), Image.Resampling.BOX)
    return np.asarray(small)


def features_of(before: Gray, after: Gray) -> Floats:
    """Return how `before` became `after`, as numbers.

    Raises:
        MissingExtra: If OpenCV is not installed.
    """
    try:
        import cv2
    except ModuleNotFoundError as error:
        raise MissingExtra("cv2", "audit") from error
    there, back = _drift(cv2, before, after), _drift(cv2, after, before)
    inward, outward = _zoom(cv2, before, after), _zoom(cv2, after, before)
    mixed = [there[0] - back[0], there[3] - back[3], inward[0] - outward[0]]
    return np.array([*there, *back, *inward, *outward, *mixed, *_flow(cv2, before, after)])


def _drift(cv2: Any, one: Gray, other: Gray) -> list[float]:  # noqa: ANN401 - a module
    """Return where the blocks of one picture are in the other: drift, spread, trust.

    The drift is a median weighted by trust; the spread is how the drift grows from left to right
    and from the middle outwards.
    """
    rows, columns = _BLOCKS
    height, width = one.shape
    found = []
    for row in range(rows):
        for column in range(columns):
            top, left = row * height // rows, column * width // columns
            block = one[top : top + height // rows, left : left + width // columns]
            if block.std() < 4:
                continue
            scores = cv2.matchTemplate(other, block, cv2.TM_CCOEFF_NORMED)
            _, best, _, (x, y) = cv2.minMaxLoc(scores)
            middle = (left / width - 0.42, top / height - 0.38)
            found.append((x - left, y - top, best, *middle))
    if not found:
        return [0.0] * 6
    dx, dy, trust, x, y = np.array(found, float).T
    weight = np.clip(trust - _TRUSTED, 0, None) ** 2 + 1e-6
    mean = _median(dx, weight)
    near = weight * np.exp(-(((dx - mean) / 40) ** 2))
    spread = float((near * dx * x).sum() / ((near * x * x).sum() + 1e-9))
    rise = float((near * dy * y).sum() / ((near * y * y).sum() + 1e-9))
    votes = float((weight * np.sign(dx)).sum() / weight.sum())
    return [mean, float(np.sign(mean)), spread, rise, votes, float(trust.mean())]


def _zoom(cv2: Any, one: Gray, other: Gray) -> list[float]:  # noqa: ANN401
    """Return how well one picture, made smaller, is found inside the other, and where."""
    best, where, at = -1.0, (0.0, 0.0), 1.0
    scores = []
    for shrink in _SHRINKS:
        small = cv2.resize(one, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
        found = cv2.matchTemplate(other, small, cv2.TM_CCOEFF_NORMED)
        _, score, _, (x, y) = cv2.minMaxLoc(found)
        scores.append(score)
        if score > best:
            middle = (x + small.shape[1] / 2) / other.shape[1] - 0.5
            best, at, where = (
                score,
                shrink,
                (middle, (y + small.shape[0] / 2) / other.shape[0] - 0.5),
            )
    return [best, at, *where, *scores]


def _flow(cv2: Any, before: Gray, after: Gray) -> list[float]:  # noqa: ANN401
    """Return mean, divergence and sign of the dense flow."""
    flow = cv2.calcOpticalFlowFarneback(before, after, None, 0.5, 5, 21, 4, 7, 1.5, 0)
    height, width = before.shape
    y, x = np.mgrid[0:height, 0:width]
    across, down = x / width - 0.5, y / height - 0.5
    dx, dy = flow[..., 0], flow[..., 1]
    outward = (dx * across).mean() / (across**2).mean() + (dy * down).mean() / (down**2).mean()
    return [float(np.median(dx)), float(dx.mean()), float(outward), float(np.sign(dx).mean())]


def _median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
