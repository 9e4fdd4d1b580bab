"""Obedience of rollouts on disk: read, judge, and say so in lines."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from builder.audit.obedience import judge
from builder.audit.obedience.verdict import Motion, Obedience, Span
from builder.core.errors import StoreError
from builder.store import read_rollout

_DIRECTIONS = {0: "forward", 90: "right", -90: "left", 180: "backward", -180: "backward"}
_NO_TURN_DEG = 0.05


def trajectories_in(paths: Sequence[Path]) -> list[Path]:
    """Return the `traj_*` folders that paths are or hold, each once, in order.

    Raises:
        StoreError: If a path holds none.
    """
    found: dict[Path, None] = {}
    for path in paths:
        inside = [path] if (path / "traj.json").is_file() else sorted(path.rglob("traj.json"))
        if not inside:
            raise StoreError(f"{path}: holds no bundle; expected a folder with traj.json, or above")
        found |= {one.parent if one.name == "traj.json" else one: None for one in inside}
    return list(found)


def judge_bundle(folder: Path) -> Obedience:
    """Judge one bundle in our layout.

    Raises:
        StoreError: If it cannot be read.
        GeometryError: If a frame is not of the size that its camera states.
        MissingExtra: If OpenCV is not installed.
    """
    rollout = read_rollout(folder)
    frames = [_picture(folder / "samples-rgb" / Path(name).name) for name in rollout.images]
    return judge(frames, rollout.world_from_camera, rollout.camera, rollout.keys)


def table_of(folder: Path, found: Obedience) -> str:
    """Return a verdict and the figures behind it, degrees, one line a span."""
    why = f" ({', '.join(found.reasons)})" if found.reasons else ""
    return "\n".join([f"{found.verdict:9} {folder}{why}", *map(_line, found.spans)])


def _line(span: Span) -> str:
    seen = "nothing" if span.seen is None else _words(span.seen)
    return (
        f"  {span.before:>3} to {span.after:<3} {span.verdict:9} planned {_words(span.planned):18} "
        f"seen {seen:26} {span.matches} matches, {span.share:.0%} as planned"
        + (f", {span.reason}" if span.reason else "")
    )


def _words(motion: Motion) -> str:
    """Return such as "turn left 20.0" or "move right (+93), turn right 1.2", degrees."""
    words = []
    if motion.heading_deg is not None:
        straight_deg = 90 * round(motion.heading_deg / 90)
        exact = "" if straight_deg == motion.heading_deg else f" ({motion.heading_deg:+.0f})"
        words.append(f"move {_DIRECTIONS[straight_deg]}{exact}")
    if abs(motion.yaw_deg) >= _NO_TURN_DEG:
        words.append(f"turn {'left' if motion.yaw_deg < 0 else 'right'} {abs(motion.yaw_deg):.1f}")
    return ", ".join(words) or "stand still"


def _picture(file: Path) -> NDArray[np.uint8]:
    try:
        with Image.open(file) as picture:
            return np.asarray(picture.convert("RGB"))
    except OSError as error:
        raise StoreError(f"{file}: cannot be read as a picture ({error})") from error
