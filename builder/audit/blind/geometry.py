"""What a reader without pictures can compute: numbers of a question, and what follows from them.

Beside the amounts and boxes as they stand: the motion they add up to, and where the box would be
after it if the thing stood at one of a few distances, seen by one of the teachers' cameras.
"""

import functools
import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from builder.audit.blind.question import Parts
from builder.core.action import Action, Move, amount_of, kind_of
from builder.core.box import BoxN1000
from builder.core.pose import start_from_end_of

_SLOTS = 3
_BOXES = 2
_HALF_WIDTHS = (math.tan(math.radians(73.7 / 2)), math.tan(math.radians(89.4 / 2)))
_ASPECTS = (1.0, 832 / 480)
_DEPTHS_M = (1.5, 3.0, 6.0)
_AXES = {
    "move forward": (0, 1.0),
    "move backward": (0, -1.0),
    "move right": (1, 1.0),
    "move left": (1, -1.0),
    "turn right": (2, 1.0),
    "turn left": (2, -1.0),
}
Row = list[float]


@functools.lru_cache(maxsize=200_000)
def numbers_of(parts: Parts, images: int) -> tuple[float, ...]:
    """Return all numbers of a question; what it does not have is 0.

    Args:
        parts: The question, taken apart.
        images: How many pictures it shows.
    """
    row = [float(images), float(len(parts.actions)), float(len(parts.boxes))]
    row += of_actions(parts.actions) + of_boxes(parts.boxes)
    return tuple(row + of_outcomes(parts))


def names() -> list[str]:
    """Return what the numbers of `numbers_of` are called, in its order."""
    found = ["pictures", "actions", "boxes"]
    for slot in range(1, _SLOTS + 1):
        found += [f"{axis} of action {slot}" for axis in ("forward m", "right m", "yaw deg")]
        found += [f"{what} of action {slot}" for what in ("amount", "amount mod 1", "mod 10")]
    found += ["net right m", "net forward m", "net yaw deg", "moved m", "turned deg"]
    found += ["largest move m", "largest turn deg", "smallest amount"]
    for box in ("first box", "second box")[:_BOXES]:
        found += [f"{what} of {box}" for what in ("x1", "y1", "x2", "y2", "cx", "cy", "w", "h")]
    found += ["shift x", "shift y", "log width ratio", "log height ratio", "overlap"]
    found += ["size of shift x", "size of shift y", "size of log width ratio"]
    found += ["size of log height ratio"]
    found += ["center x times yaw sign", "room on the side it leaves by"]
    for lens in ("73.7 deg", "89.4 deg"):
        for depth_m in _DEPTHS_M:
            where = f"at {depth_m} m through {lens}"
            found += [f"{what} {where}" for what in ("x1", "y1", "x2", "y2", "share inside")]
    return found


def of_actions(actions: Sequence[Action]) -> Row:
    """Return the numbers of a sequence of actions."""
    row: Row = []
    for slot in range(_SLOTS):
        signed = [0.0, 0.0, 0.0]
        amount = 0.0
        if slot < len(actions):
            amount = amount_of(actions[slot])
            axis, sign = _AXES[kind_of(actions[slot])]
            signed[axis] = sign * amount
        row += [*signed, amount, round(amount % 1, 3), round(amount % 10, 3)]
    moves = [amount_of(action) for action in actions if isinstance(action, Move)]
    turns = [amount_of(action) for action in actions if not isinstance(action, Move)]
    x, z, yaw_deg = _net(actions)
    row += [x, z, yaw_deg, sum(moves), sum(turns)]
    row += [max(moves, default=0.0), max(turns, default=0.0), min([*moves, *turns], default=0.0)]
    return row


def of_boxes(boxes: Sequence[BoxN1000]) -> Row:
    """Return the numbers of the first two boxes, and how they differ."""
    row: Row = []
    for slot in range(_BOXES):
        x1, y1, x2, y2 = boxes[slot] if slot < len(boxes) else (0, 0, 0, 0)
        row += [x1, y1, x2, y2, (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1]
    if len(boxes) < 2:
        return [*row, *[0.0] * 9]
    one, other = np.array(boxes[0], float), np.array(boxes[1], float)
    shift = (other[:2] + other[2:] - one[:2] - one[2:]) / 2
    ratio = np.log((other[2:] - other[:2]) / (one[2:] - one[:2]))
    apart = [*shift.tolist(), *ratio.tolist()]
    return [*row, *apart, float(iou(one[None], other[None])[0]), *map(abs, apart)]


def of_outcomes(parts: Parts) -> Row:
    """Return where the first box goes, as far as a turn and a guess of the distance tell."""
    if not (parts.boxes and parts.actions):
        return [0.0] * (2 + 5 * len(_HALF_WIDTHS) * len(_DEPTHS_M))
    box = parts.boxes[0]
    yaw_deg = _net(parts.actions)[2]
    center = (box[0] + box[2]) / 2 - 500
    sign = float(np.sign(yaw_deg))
    row = [center * sign, 500 + center * sign - abs(yaw_deg) * 13]
    for half_width, aspect in zip(_HALF_WIDTHS, _ASPECTS, strict=True):
        for depth_m in _DEPTHS_M:
            row += _carried(box, parts.actions, (half_width, half_width / aspect), depth_m)
    return row


def iou(ones: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the overlap of boxes, (n, 4) each: intersection over union, (n,)."""
    low, high = np.maximum(ones[:, :2], others[:, :2]), np.minimum(ones[:, 2:], others[:, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=1)
    areas = [np.clip(box[:, 2:] - box[:, :2], 0, None).prod(axis=1) for box in (ones, others)]
    return np.asarray(shared / np.maximum(areas[0] + areas[1] - shared, 1e-9))


def _net(actions: Sequence[Action]) -> tuple[float, float, float]:
    if not actions:
        return 0.0, 0.0, 0.0
    pose = start_from_end_of(actions)
    return float(pose.translation_m[0]), float(pose.translation_m[2]), float(pose.yaw_deg)


def _carried(
    box: BoxN1000, actions: Sequence[Action], half: tuple[float, float], depth_m: float
) -> Row:
    """Return the box after the motion, in thousandths, and how much of it is in the frame."""
    corners = np.array([(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])], float)
    rays = (corners / 500 - 1) * half
    points = np.column_stack([rays, np.ones(4)]) * depth_m
    x, y, z = start_from_end_of(actions).inverse().apply(points).T
    z = np.maximum(z, 0.05)  # what comes to lie behind the camera goes far out to its side
    across, down = (x / z / half[0] + 1) * 500, (y / z / half[1] + 1) * 500
    moved = np.clip([across.min(), down.min(), across.max(), down.max()], -2000, 3000)
    inside = np.clip(moved, 0, 1000)
    area = max(float((moved[2] - moved[0]) * (moved[3] - moved[1])), 1e-9)
    share = float((inside[2] - inside[0]) * (inside[3] - inside[1])) / area
    return [*inside.tolist(), share]
