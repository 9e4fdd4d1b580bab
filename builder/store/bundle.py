"""One rollout on disk: `traj.json`, its frames and its tracks, written and read back equal."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.covisibility import Covisibility
from builder.core.errors import StoreError, World2VLMError
from builder.core.pose import Pose
from builder.core.protocol import subset_named
from builder.core.rollout import Provenance, Rollout
from builder.core.trajectory import Trajectory
from builder.core.view import ViewQuality
from builder.store.detections import detection_lines, read_detections
from builder.store.files import link_or_copy, read_json, whole_folder
from builder.store.motion import act_json, action_from, tokens_between, tokens_from_start
from builder.store.places import camera_json, scene_folder_of

FRAMES = "samples-rgb"


@dataclass(frozen=True, eq=False)
class Schedule:
    """Where the stored frames lie in what the teacher was asked for.

    Attributes:
        trajectory: All scheduled poses.
        poses: The scheduled pose that each stored frame shows, ascending from 0.
        frame_ids: The frame of the teacher's video that each stored frame is.
    """

    trajectory: Trajectory
    poses: tuple[int, ...]
    frame_ids: tuple[int, ...]


def bundle_of(root: Path, scene_id: str, trajectory_id: str) -> Path:
    """Return the folder of a rollout below the folder of its subset."""
    return scene_folder_of(root, scene_id) / f"traj_{trajectory_id}"


def image_paths(scene_id: str, trajectory_id: str, frames: int, suffix: str) -> tuple[str, ...]:
    """Return one path a stored frame, relative to the subset's folder, "/" between parts."""
    folder = f"scenes/{scene_id}/traj_{trajectory_id}/{FRAMES}"
    return tuple(f"{folder}/{frame:03d}{suffix}" for frame in range(frames))


def write_bundle(
    root: Path,
    rollout: Rollout,
    schedule: Schedule,
    pictures: Sequence[bytes | Path],
    told: Mapping[str, Any] | None = None,
) -> Path:
    """Write a rollout so that it appears whole or not at all.

    Args:
        root: The subset's folder.
        rollout: What the bundle says.
        schedule: Where its frames lie in the teacher's video.
        pictures: One a stored frame: its bytes, or the file that holds the same bytes already.
        told: What `traj.json` says beside the rollout: "conditioning" and "obedience".

    Returns:
        The folder of the bundle.

    Raises:
        StoreError: If the disk refuses; nothing is left then.
    """
    folder = bundle_of(root, rollout.scene_id, rollout.trajectory_id)
    plain = {**_trajectory_json(rollout, schedule), **(told or {})}
    with whole_folder(folder) as draft:
        (draft / FRAMES).mkdir()
        for path, picture in zip(rollout.images, pictures, strict=True):
            file = draft / FRAMES / path.rpartition("/")[2]
            if isinstance(picture, Path):
                link_or_copy(picture, file)
            else:
                file.write_bytes(picture)
        lines = detection_lines(rollout.tracks, len(rollout.images), rollout.camera)
        (draft / "detect_result.jsonl").write_text(lines, encoding="utf-8")
        (draft / "traj.json").write_text(json.dumps(plain) + "\n")
    return folder


def read_rollout(folder: Path) -> Rollout:
    """Return the rollout of a bundle: equal to what `write_bundle` was given.

    Raises:
        StoreError: If a part is missing or not as we write it.
    """
    plain = read_json(folder / "traj.json")
    try:
        return _rollout(plain, folder)
    except (KeyError, TypeError, ValueError, IndexError, OSError, World2VLMError) as error:
        raise StoreError(
            f"{folder}: is not a bundle of this version ({type(error).__name__}: {error}); "
            f"remove the folder to have it made again"
        ) from error


def _trajectory_json(rollout: Rollout, schedule: Schedule) -> dict[str, Any]:
    return {
        "traj_params": _params_json(rollout),
        "frame_ids_kept": list(schedule.frame_ids),
        "actions_step": tokens_between(schedule.trajectory, schedule.poses),
        "actions_prefix": tokens_from_start(schedule.trajectory, schedule.poses),
        "transforms": {
            "frames": [_frame_json(rollout, frame) for frame in range(len(rollout.images))]
        },
        "key_frame_indices": list(rollout.keys),
        "frame_indices": list(range(len(rollout.images))),
        "schedule_index": list(schedule.poses),
        "quality": [asdict(quality) for quality in rollout.quality],
        "pairs": [
            _pair_json(before, after, pair)
            for (before, after), pair in sorted(rollout.covisibility.items())
        ],
        "depth_grids_mm": [
            np.rint(grid * 1000.0).astype(int).ravel().tolist() for grid in rollout.depth_grids_m
        ],
        "grid_cells": len(rollout.depth_grids_m[0]) if rollout.depth_grids_m else 0,
        "camera_source": rollout.camera_source,
        "provenance": asdict(rollout.provenance),
    }


def _params_json(rollout: Rollout) -> dict[str, Any]:
    acts = [act_json(action) for action in rollout.actions]
    single = {"action": acts[0]["act"], "magnitude": acts[0]["magnitude"]}
    return {
        "kind": "single_step" if len(acts) == 1 else "multi_step",
        **(single if len(acts) == 1 else {}),
        "actions": acts,
        "num_actions": len(acts),
        "num_frames": len(rollout.images),
        "anchor": rollout.anchor,
        "subset": rollout.subset,
        "teacher": subset_named(rollout.subset).teacher,
        "trajectory_id": rollout.trajectory_id,
    }


def _frame_json(rollout: Rollout, frame: int) -> dict[str, Any]:
    path = f"{FRAMES}/{rollout.images[frame].rpartition('/')[2]}"
    return {
        "id": frame + 1,
        "file_path": path,
        "path": path,
        **camera_json(rollout.camera),
        "K": rollout.camera.matrix().tolist(),
        "c2w": rollout.world_from_camera[frame].matrix().tolist(),
    }


def _pair_json(before: int, after: int, pair: Covisibility) -> dict[str, Any]:
    values = asdict(pair)
    if not np.isfinite(pair.displacement_px):
        values["displacement_px"] = None
    return {"before": before, "after": after, **values}


def _rollout(plain: Mapping[str, Any], folder: Path) -> Rollout:
    params, frames = plain["traj_params"], plain["transforms"]["frames"]
    scene_id = folder.parent.name
    return Rollout(
        subset=params["subset"],
        scene_id=scene_id,
        trajectory_id=params["trajectory_id"],
        anchor=params["anchor"],
        camera=_camera(frames[0]),
        camera_source=plain["camera_source"],
        actions=tuple(action_from(act) for act in params["actions"]),
        world_from_camera=tuple(Pose.from_matrix(frame["c2w"]) for frame in frames),
        keys=tuple(plain["key_frame_indices"]),
        images=tuple(f"scenes/{scene_id}/{folder.name}/{frame['path']}" for frame in frames),
        tracks=read_detections(folder / "detect_result.jsonl"),
        quality=tuple(ViewQuality(**quality) for quality in plain["quality"]),
        covisibility={(pair["before"], pair["after"]): _pair(pair) for pair in plain["pairs"]},
        depth_grids_m=tuple(_grid_m(grid, plain["grid_cells"]) for grid in plain["depth_grids_mm"]),
        provenance=Provenance(**plain["provenance"]),
    )


def _camera(frame: Mapping[str, Any]) -> Camera:
    focal_px, center_px = (frame["fx"], frame["fy"]), (frame["cx"], frame["cy"])
    return Camera(frame["width"], frame["height"], focal_px, center_px)


def _pair(pair: Mapping[str, Any]) -> Covisibility:
    moved_px = pair["displacement_px"]
    return Covisibility(
        float("inf") if moved_px is None else moved_px,
        pair["overlap_before"],
        pair["overlap_after"],
    )


def _grid_m(grid_mm: Sequence[int], cells: int) -> NDArray[np.float32]:
    return meters_from_mm(np.array(grid_mm).reshape(cells, cells))


def meters_from_mm(grid_mm: NDArray[Any]) -> NDArray[np.float32]:
    """Return whole millimetres as metres: the only depths a rollout holds."""
    return (grid_mm / 1000.0).astype(np.float32)
