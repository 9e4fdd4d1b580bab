"""What the text of a question gives away, as a bucket within which its answers are balanced.

Two boxes that differ much are more often two objects; an object at the edge from which the camera
turns is more often gone. How much more, a reader who never sees a picture has learned once
(`_reader.py`). Questions of which that reader thinks alike make a bucket, and as many of either
answer are chosen from each: so the text still says where to look, and no longer what is there.
(The idea is that of adversarial filtering, AFLite, arXiv 2002.04108, but nothing is thrown away
that can be balanced.)
"""

import functools
import math
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from builder.core.pose import start_from_end_of
from builder.core.protocol import SUBSETS
from builder.language.grammar import hear
from builder.tasks._reader import log_odds, reader_of

_BOUNDS = (-2.4, -1.2, -0.4, 0.4, 1.2, 2.4)  # logarithms of the odds between buckets
_FINE_BOUNDS = tuple(fifth / 5 for fifth in range(-20, 21))  # within them, where there are enough
MIDDLE = len(_BOUNDS) // 2  # the bucket of questions of which the text tells nothing
_DEPTHS_M = (1.2, 2.0, 3.5, 6.0)  # where an object may stand, as far as the text tells
_NEAREST_M = 0.05

Features = Callable[[Mapping[str, Any]], list[float]]


def bucket_of(record: Mapping[str, Any], features: Features) -> int:
    """Return the bucket of a question, 0..6: the middle one is where the text tells nothing."""
    return bisect(_BOUNDS, log_odds(reader_of(record["task_type"]), features(record)))


def buckets_of(record: Mapping[str, Any], features: Features) -> tuple[int, int]:
    """Return the bucket of a question and a finer one in it."""
    odds = log_odds(reader_of(record["task_type"]), features(record))
    return bisect(_BOUNDS, odds), bisect(_FINE_BOUNDS, odds)


def likeness_features(record: Mapping[str, Any]) -> list[float]:
    """Return how two boxes lie and differ: all that the text of D4 says of them."""
    thing = record["object"]
    one, other = thing["box_before"], thing["box_after"]
    (x, y, width, height), (x_after, y_after, width_after, height_after) = map(_parts, (one, other))
    wider, higher = math.log(width_after / width), math.log(height_after / height)
    dx, dy, larger = x_after - x, y_after - y, math.exp((wider + higher) / 2)
    # A camera that walks ahead blows boxes up as much as it drives them from the middle.
    off_x, off_y = dx - (x - 500) * (larger - 1), dy - (y - 500) * (larger - 1)
    return [
        *map(float, (*one, *other)),
        *(x, y, width, height, x_after, y_after, width_after, height_after),
        *(dx, dy, wider, higher),
        *(abs(dx), abs(dy), abs(wider), abs(higher), abs(wider - higher), abs(off_x), abs(off_y)),
        width * height,
        width_after * height_after,
        dx * (x - 500),
        dy * (y - 500),
        _shared(one, other),
        _cut(one),
        _cut(other),
        *_protocol(record),
    ]


def staying_features(record: Mapping[str, Any]) -> list[float]:
    """Return where a box would come to lie, at a few depths: all that the text of D2 says of it."""
    box = record["object"]["box_before"]
    x, y, width, height = _parts(box)
    right_m, ahead_m, yaw_deg = _motion(record["actions"])
    columns, rows = SUBSETS[record["subset"]].protocol.frame_px
    half = math.tan(math.radians(record["camera"]["hfov_deg"] / 2))
    found: list[float] = []
    for depth_m in _DEPTHS_M:
        moved = _carried(box, (right_m, ahead_m, yaw_deg), (half, half * rows / columns), depth_m)
        found += [*moved, _inside(moved[0], moved[2]), _inside(moved[1], moved[3])]
    return [
        *map(float, box),
        *(x, y, width, height, width * height),
        *found,
        *(right_m, ahead_m, yaw_deg, abs(yaw_deg), abs(right_m)),
        (x - 500) * yaw_deg,
        (x - 500) * right_m,
        abs(x - 500) * ahead_m,
        float(record["actions"].count(";")),
        _cut(box),
        *_protocol(record),
    ]


def _protocol(record: Mapping[str, Any]) -> list[float]:
    """Return which subset it is: the text does not say, but the boxes of each have their ways."""
    return [float(record["subset"] == name) for name in SUBSETS]


@functools.lru_cache(maxsize=4096)
def _motion(actions: str) -> tuple[float, float, float]:
    pose = start_from_end_of(hear(actions))
    right_m, _, ahead_m = pose.translation_m.tolist()
    return right_m, ahead_m, pose.yaw_deg


def _parts(box: Sequence[int]) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = box
    return (x1 + x2) / 2, (y1 + y2) / 2, float(max(1, x2 - x1)), float(max(1, y2 - y1))


def _cut(box: Sequence[int]) -> float:
    """Return how many edges of the frame a box touches."""
    return float((box[0] <= 1) + (box[1] <= 1) + (box[2] >= 999) + (box[3] >= 999))


def _shared(one: Sequence[int], other: Sequence[int]) -> float:
    """Return how much of the smaller box the other would cover in one picture, 0..1."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    areas = [max(1, box[2] - box[0]) * max(1, box[3] - box[1]) for box in (one, other)]
    return max(0, width) * max(0, height) / min(areas)


def _carried(
    box: Sequence[int],
    motion: tuple[float, float, float],
    half: tuple[float, float],
    depth_m: float,
) -> tuple[float, float, float, float]:
    """Return (x1, y1, x2, y2) after the motion, in half frames from the middle, unclipped."""
    right_m, ahead_m, yaw_deg = motion
    cos, sin = math.cos(math.radians(yaw_deg)), math.sin(math.radians(yaw_deg))
    across, down = [], []
    for u in (box[0], box[2]):
        x, z = (u / 500 - 1) * half[0] * depth_m - right_m, depth_m - ahead_m
        z_now = max(_NEAREST_M, sin * x + cos * z)
        across.append((cos * x - sin * z) / z_now / half[0])
        down += [(v / 500 - 1) * depth_m / z_now for v in (box[1], box[3])]
    return min(across), min(down), max(across), max(down)


def _inside(low: float, high: float) -> float:
    return max(0.0, min(high, 1.0) - max(low, -1.0)) / max(high - low, 1e-6)
