"""What a bundle stores, read by code of our own: poses, lens, tracks and how views compare."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from builder.audit.deep.plane import Stand, Step, merged, single_step, stand_of
from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.view import ViewQuality
from builder.schemas import errors

_UNREADABLE = (OSError, KeyError, TypeError, ValueError, IndexError, AttributeError)


class Unreadable(Exception):  # noqa: N818 - it states a fact about the bundle
    """A bundle is not there, or not as the schema wants it; its own check says what is wrong."""


@dataclass(frozen=True, slots=True)
class Sight:
    """One object in one view.

    Attributes:
        box_n1000: Around what is visible of it.
        box_px: The same in pixels.
        visible_px: How many pixels show it.
        share: Visible share, 0..1; 1 where it is not known.
    """

    box_n1000: tuple[int, ...]
    box_px: tuple[float, ...]
    visible_px: int
    share: float


@dataclass(frozen=True, slots=True)
class Compared:
    """Two views: median displacement, pixels, and the share of each that the other shows."""

    moved_px: float
    overlap_before: float
    overlap_after: float


@dataclass(frozen=True, eq=False)
class Bundle:
    """The stored facts of one trajectory.

    Attributes:
        folder: Of the bundle.
        subset: Configuration name.
        anchor: Index of the anchor.
        backend: Who painted the frames.
        seed: The build's seed.
        lens: Camera of every frame.
        camera_source: How it is known.
        scene_from_anchor: (4, 4).
        world_from_camera: (N, 4, 4), one a stored frame.
        files: One picture a stored frame.
        keys: Stored frames at the action boundaries.
        labels: By track, from scene.json.
        sights: For each stored frame, by track.
        quality: For each stored frame.
        pairs: By stored frames.
        depth_grids_m: By stored frame, for key frames.
    """

    folder: Path
    subset: str
    anchor: int
    backend: str
    seed: int
    lens: Camera
    camera_source: str
    scene_from_anchor: NDArray[np.float64]
    world_from_camera: NDArray[np.float64]
    files: tuple[Path, ...]
    keys: tuple[int, ...]
    labels: Mapping[int, str]
    sights: tuple[Mapping[int, Sight], ...]
    quality: tuple[ViewQuality, ...]
    pairs: Mapping[tuple[int, int], Compared]
    depth_grids_m: Mapping[int, NDArray[np.float32]]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Read a bundle and the scene above it.

        Raises:
            Unreadable: If a file is missing or not as the schema wants it.
        """
        try:
            plain = _valid(json.loads((folder / "traj.json").read_bytes()), "trajectory")
            scene = _valid(json.loads((folder.parent / "scene.json").read_bytes()), "scene")
            lines = (folder / "detect_result.jsonl").read_text(encoding="utf-8").splitlines()
            sights = tuple(_sights(_valid(json.loads(line), "track")) for line in lines)
            read = cls(folder, **_trajectory(plain, scene, folder), sights=sights)
            read._refuse()
        except _UNREADABLE as error:
            raise Unreadable(f"{type(error).__name__}: {error}") from error
        return read

    def _refuse(self) -> None:
        """Refuse lists of different lengths, and matrices that are no poses.

        Raises:
            ValueError: With what is wrong.
        """
        for matrix in (self.scene_from_anchor, *self.world_from_camera):
            Pose.from_matrix(matrix)
        count = len(self.files)
        if {len(self.sights), len(self.quality)} != {count} or max(self.keys) >= count:
            raise ValueError("tracks, quality and keys are not those of the frames")

    def motion(self, first: int, last: int) -> Stand | None:
        """Return the pose of a stored frame seen from another; None: it left the plane."""
        world = self.world_from_camera
        return stand_of(np.linalg.inv(world[first]) @ world[last])

    def steps(self, first: int, last: int) -> tuple[Step, ...] | None:
        """Return what the poses do from one key frame to another, a step at a time.

        Neighboring steps on one axis are added up. None: a frame is no key, or from one key to the
        next the camera did not move along or turn about one axis.
        """
        if first not in self.keys or last not in self.keys:
            return None
        way = self.keys[self.keys.index(first) : self.keys.index(last) + 1]
        found = []
        for here, there in zip(way, way[1:], strict=False):
            stand = self.motion(here, there)
            step = single_step(stand) if stand else None
            if step is None:
                return None
            found.append(step)
        return merged(found)


def _valid(plain: Any, name: str) -> Any:  # noqa: ANN401 - JSON
    """Return a value that its schema allows.

    Raises:
        ValueError: If it does not.
    """
    if wrong := errors(plain, name):
        raise ValueError(f"{name}: {wrong[0].message}")
    return plain


def _trajectory(plain: Mapping[str, Any], scene: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    params, frames = plain["traj_params"], plain["transforms"]["frames"]
    anchor = {each["index"]: each for each in scene["anchors"]}[params["anchor"]]
    keys = tuple(int(key) for key in plain["key_frame_indices"])
    first = frames[0]
    lens = (first[name] for name in ("width", "height", "fx", "fy", "cx", "cy"))
    width, height, fx, fy, cx, cy = lens
    cells = plain["grid_cells"]
    return {
        "subset": params["subset"],
        "anchor": params["anchor"],
        "backend": plain["provenance"]["backend"],
        "seed": plain["provenance"]["seed"],
        "lens": Camera(width, height, (fx, fy), (cx, cy)),
        "camera_source": anchor["camera_source"],
        "scene_from_anchor": np.array(anchor["scene_from_anchor"], dtype=np.float64),
        "world_from_camera": np.array([frame["c2w"] for frame in frames], dtype=np.float64),
        "files": tuple(folder / frame["file_path"] for frame in frames),
        "keys": keys,
        "labels": {thing["track_id"]: thing["label"] for thing in scene["objects"]},
        "quality": tuple(ViewQuality(**quality) for quality in plain["quality"]),
        "pairs": {
            (keys[pair["before"]], keys[pair["after"]]): _compared(pair) for pair in plain["pairs"]
        },
        "depth_grids_m": {
            key: np.array(grid, dtype=np.float32).reshape(cells, cells) / np.float32(1000)
            for key, grid in zip(keys, plain["depth_grids_mm"], strict=False)
        },
    }


def _compared(pair: Mapping[str, Any]) -> Compared:
    moved_px = pair["displacement_px"]
    return Compared(
        float("inf") if moved_px is None else moved_px,
        pair["overlap_before"],
        pair["overlap_after"],
    )


def _sights(line: Mapping[str, Any]) -> Mapping[int, Sight]:
    found = {}
    for thing in line["detections"]:
        visible_px, amodal_px = thing.get("visible_px", 0), thing.get("amodal_px")
        share = min(1.0, visible_px / amodal_px) if amodal_px else 1.0
        found[thing["track_id"]] = Sight(
            tuple(thing["bbox_norm"]), tuple(thing["bbox"]), visible_px, share
        )
    return found
