"""What the paper's scripts read of a bundle: tokens, pictures and the detection cache."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.core.drop import Drop
from builder.core.errors import GrammarError
from builder.paper.steps import step_of
from builder.store.foreign.node import Node, Refusal, lines_of
from builder.store.foreign.pictures import picture_of

Kind = Literal["turn", "move", "multi"]

_BY_ACTION: Mapping[str, Kind] = {
    "turn_left": "turn",
    "turn_right": "turn",
    "forward": "move",
    "backward": "move",
    "shift_left": "move",
    "shift_right": "move",
    "left": "move",
    "right": "move",
}
_BY_TYPE: Mapping[str, Kind] = {"T1": "turn", "T2": "move", "T3": "move", "T4": "multi"}


@dataclass(frozen=True, slots=True)
class Detection:
    """One box of the cache.

    Attributes:
        track_id: As the tracker gave it.
        label: As detected.
        bbox: x1, y1, x2, y2, pixels.
        score: 0..1.
        size_px: (width, height) of its picture; zeros where the cache does not say.
    """

    track_id: int | None
    label: str
    bbox: tuple[float, float, float, float]
    score: float
    size_px: tuple[int, int]

    @property
    def n1000(self) -> tuple[int, int, int, int]:
        """Integers of 1000 picture sizes."""
        if min(self.size_px) <= 0:
            return (0, 0, 0, 0)
        sides = (*self.size_px, *self.size_px)
        x1, y1, x2, y2 = (
            max(0, min(1000, round(edge / side * 1000.0)))
            for edge, side in zip(self.bbox, sides, strict=True)
        )
        return x1, y1, x2, y2


@dataclass(frozen=True, eq=False)
class PaperTrajectory:
    """One trajectory, as the paper's scripts see it.

    Attributes:
        scene_id: The place.
        trajectory_id: The folder's name behind `traj_`.
        kind: Which tasks it serves; None: none of A.
        pictures: One file a frame.
        steps: Tokens since the frame before.
        prefixes: Tokens since frame 0.
        step_deg: How much a false turn is too large.
        step_m: How much a false move is too long.
        seen: Detections by frame; empty without a cache.
    """

    scene_id: str
    trajectory_id: str
    kind: Kind | None
    pictures: tuple[Path, ...]
    steps: tuple[tuple[str, ...], ...]
    prefixes: tuple[tuple[str, ...], ...]
    step_deg: float
    step_m: float
    seen: Mapping[int, tuple[Detection, ...]]

    @property
    def last(self) -> int:
        """The last frame: the second of every pair."""
        return len(self.pictures) - 1


def read_trajectory(folder: Path) -> PaperTrajectory | Drop:
    """Read a bundle of the SVC layout, of which ours is a superset."""
    try:
        return _read(folder)
    except Refusal as refusal:
        return Drop(refusal.reason, str(refusal))


def _read(folder: Path) -> PaperTrajectory:
    plain = Node.read(folder / "traj.json")
    for name in ("actions_prefix", "actions_step", "transforms"):
        if plain.get(name) is None:
            raise plain.wrong(f"no {name}: the paper's scripts make nothing of it", "hy-layout")
    frames = list(plain["transforms"]["frames"].each())
    prefixes, steps = (_tokens(plain[name]) for name in ("actions_prefix", "actions_step"))
    if not len(frames) == len(prefixes) == len(steps) >= 2:
        text = f"{len(frames)} frames, {len(steps)} steps, {len(prefixes)} prefixes"
        raise plain.wrong(text, "frame-ids-mismatch")
    params = plain["traj_params"]
    step_deg, step_m = params.get("yaw_step_deg"), params.get("trans_step_m")
    return PaperTrajectory(
        scene_id=folder.parent.name,
        trajectory_id=folder.name.removeprefix("traj_"),
        kind=_kind(folder.name, params),
        pictures=tuple(picture_of(folder, frame["file_path"]) for frame in frames),
        steps=steps,
        prefixes=prefixes,
        step_deg=5.0 if step_deg is None else step_deg.number(),
        step_m=0.1 if step_m is None else step_m.number(),
        seen=_seen(folder / "detect_result.jsonl", len(frames)),
    )


def _tokens(lists: Node) -> tuple[tuple[str, ...], ...]:
    found = []
    for entry in lists.each():
        tokens = [token.text() for token in entry.each()]
        for token, node in zip(tokens, entry.each(), strict=True):
            try:
                step_of(token)
            except GrammarError as error:
                raise node.wrong(str(error), "steps-mismatch") from error
        found.append(tuple(tokens))
    return tuple(found)


def _kind(name: str, params: Node) -> Kind | None:
    if typed := re.match(r"traj_(T[1-4])_", name):
        return _BY_TYPE[typed[1]]
    kind, action = (params.get(key) for key in ("kind", "action"))
    if (kind and kind.value == "multi_step") or name.startswith("traj_multi_step_"):
        return "multi"
    if kind and kind.value == "single_step" and action and action.value in _BY_ACTION:
        return _BY_ACTION[action.value]
    for act, of_act in _BY_ACTION.items():
        if act not in {"left", "right"} and name.startswith(f"traj_{act}_"):
            return of_act
    return None


def _seen(file: Path, frames: int) -> dict[int, tuple[Detection, ...]]:
    seen: dict[int, tuple[Detection, ...]] = {}
    for line in lines_of(file):
        frame = line["frame_idx"].integer()
        if not 0 <= frame < frames:
            raise line["frame_idx"].wrong(f"{frame}, and there are {frames} frames", "track-frames")
        sides = [line.get(name) for name in ("width", "height")]
        width, height = (
            0 if side is None or side.value is None else side.integer() for side in sides
        )
        seen[frame] = tuple(_detection(one, (width, height)) for one in line["detections"].each())
    return seen


def _detection(node: Node, size_px: tuple[int, int]) -> Detection:
    track, label = node.get("track_id"), node.get("label")
    x1, y1, x2, y2 = (node["bbox"][index].number() for index in range(4))
    return Detection(
        track_id=None if track is None or track.value is None else track.integer(),
        label=str(node["label_id"].value) if label is None else label.text(),
        bbox=(x1, y1, x2, y2),
        score=node["score"].number(),
        size_px=size_px,
    )
