"""What makes a `traj.json` right beyond its schema: lists, indices, cameras, poses."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from builder.audit.issue import Finding
from builder.audit.motion import difference
from builder.core.errors import GeometryError, GrammarError, nearest
from builder.core.pose import Pose, start_from_end_of
from builder.core.protocol import SUBSETS
from builder.language.grammar import hear_token
from builder.schemas.report import pointer_to, short
from builder.store.motion import action_from

Json = Mapping[str, Any]

_ONE_A_FRAME = (
    "frame_ids_kept",
    "actions_step",
    "actions_prefix",
    "frame_indices",
    "schedule_index",
    "quality",
)
_ASCENDING = ("frame_ids_kept", "frame_indices", "schedule_index", "key_frame_indices")


def trajectory_findings(plain: Json) -> list[Finding]:
    """Return what is wrong with a `traj.json` that its schema lets pass.

    Args:
        plain: The parsed file, valid by the schema "trajectory".
    """
    frames = plain["transforms"]["frames"]
    found = [*_lengths(plain), *_indices(plain), *_names(plain), *_cameras(frames)]
    poses, wrong = poses_of(frames)
    found.extend(wrong)
    if not found:  # what follows compares entry by entry
        found.extend(_motion(plain, poses))
    return found


def poses_of(frames: Sequence[Json]) -> tuple[list[Pose], list[Finding]]:
    """Return the poses of frames, and what is wrong with them."""
    poses, found = [], []
    for index, frame in enumerate(frames):
        pointer = pointer_to("transforms", "frames", index, "c2w")
        if fault := pose_fault(frame["c2w"]):
            found.append(Finding(pointer, "not-a-pose", fault))
        else:
            poses.append(Pose.from_matrix(frame["c2w"]))
    if not found and (apart := difference(poses[0], Pose.identity(), most_m=1e-6)):
        text = f"{apart}; the world is the camera of frame 0"
        found.append(Finding("/transforms/frames/0/c2w", "first-pose", text))
    return poses, found


def pose_fault(matrix: Sequence[Sequence[float]]) -> str:
    """Return why a 4x4 matrix is no rigid transform; "" if it is one."""
    if list(matrix[3]) != [0, 0, 0, 1]:
        return f"the last row must be 0, 0, 0, 1, got {short(matrix[3])}"
    try:
        Pose.from_matrix(matrix)
    except GeometryError as error:
        return str(error)
    return ""


def subset_findings(name: str, pointer: str, stated: Json) -> Iterator[Finding]:
    """Yield what does not go with a subset's name: itself, its teacher or its scene type."""
    if name not in SUBSETS:
        yield Finding(pointer, "unknown-subset", f"no subset {name!r}: {nearest(name, SUBSETS)}")
        return
    folder = pointer.rpartition("/")[0]
    for field in ("teacher", "scene_type"):
        expected = getattr(SUBSETS[name], field)
        if field in stated and stated[field] != expected:
            text = f"{name} has {expected}, got {stated[field]}"
            yield Finding(f"{folder}/{field}", "subset-mismatch", text)


def _lengths(plain: Json) -> Iterator[Finding]:
    frames, params = len(plain["transforms"]["frames"]), plain["traj_params"]
    keys, cells = len(plain["key_frame_indices"]), plain["grid_cells"]
    pairs = {(pair["before"], pair["after"]) for pair in plain["pairs"]}
    expected = {(before, after) for after in range(keys) for before in range(after)}
    checks = [(f"/{name}", len(plain[name]), frames, "one a frame") for name in _ONE_A_FRAME]
    checks += [
        ("/traj_params/num_frames", params["num_frames"], frames, "transforms/frames"),
        ("/traj_params/num_actions", params["num_actions"], len(params["actions"]), "actions"),
        ("/key_frame_indices", keys, params["num_actions"] + 1, "one a boundary of actions"),
    ]
    if plain["depth_grids_mm"]:
        checks.append(("/depth_grids_mm", len(plain["depth_grids_mm"]), keys, "one a key"))
    for index, grid in enumerate(plain["depth_grids_mm"]):
        checks.append((f"/depth_grids_mm/{index}", len(grid), cells * cells, "grid_cells squared"))
    for pointer, got, wanted, why in checks:
        if got != wanted:
            yield Finding(pointer, "list-length", f"expected {wanted} ({why}), got {got}")
    unknown = expected - pairs if not plain["depth_grids_mm"] else set()  # no depth, no comparison
    if pairs | unknown != expected or len(plain["pairs"]) != len(pairs):
        text = f"expected each pair of the {keys} keys once, before < after, got {len(pairs)}"
        yield Finding("/pairs", "list-length", text)


def _indices(plain: Json) -> Iterator[Finding]:
    frames = plain["transforms"]["frames"]
    for name in _ASCENDING:
        values = plain[name]
        if values[0] != 0 or values != sorted(values):
            text = f"expected to ascend from 0, got {short(values)}"
            yield Finding(f"/{name}", "index-order", text)
    if plain["key_frame_indices"][-1] >= len(frames):
        text = f"{plain['key_frame_indices'][-1]}, and there are {len(frames)} frames, from 0"
        yield Finding("/key_frame_indices", "index-order", text)
    for index, frame in enumerate(frames):
        if frame["id"] != index + 1:
            text = f"expected {index + 1}, for ids count from 1, got {frame['id']}"
            yield Finding(pointer_to("transforms", "frames", index, "id"), "index-order", text)


def _names(plain: Json) -> Iterator[Finding]:
    params = plain["traj_params"]
    yield from subset_findings(params["subset"], "/traj_params/subset", params)
    kind = "single_step" if len(params["actions"]) == 1 else "multi_step"
    if params["kind"] != kind:
        text = f"{len(params['actions'])} actions are {kind}, got {params['kind']}"
        yield Finding("/traj_params/kind", "wrong-value", text)
    for index, frame in enumerate(plain["transforms"]["frames"]):
        if frame["path"] != frame["file_path"]:
            pointer = pointer_to("transforms", "frames", index, "path")
            text = f"expected the same as file_path, got {short(frame['path'])}"
            yield Finding(pointer, "wrong-value", text)


def _cameras(frames: Sequence[Json]) -> Iterator[Finding]:
    names = ("width", "height", "fx", "fy", "cx", "cy")
    first = [frames[0][name] for name in names]
    for index, frame in enumerate(frames):
        matrix = [[frame["fx"], 0, frame["cx"]], [0, frame["fy"], frame["cy"]], [0, 0, 1]]
        if not np.allclose(frame["K"], matrix, atol=1e-6):
            pointer = pointer_to("transforms", "frames", index, "K")
            text = f"expected fx, fy, cx, cy as {short(matrix)}, got {short(frame['K'])}"
            yield Finding(pointer, "camera-mismatch", text)
        here = [frame[name] for name in names]
        if not np.allclose(here, first, atol=1e-6):
            text = f"expected the camera of frame 0, {short(first)}, got {short(here)}"
            yield Finding(pointer_to("transforms", "frames", index), "camera-mismatch", text)


def _motion(plain: Json, poses: Sequence[Pose]) -> Iterator[Finding]:
    for index, pose in enumerate(poses):
        before = poses[index - 1] if index else pose
        yield from _tokens(plain, "actions_prefix", index, pose)
        yield from _tokens(plain, "actions_step", index, before.inverse() @ pose)
    actions = [action_from(act) for act in plain["traj_params"]["actions"]]
    for done, key in enumerate(plain["key_frame_indices"]):
        if apart := difference(start_from_end_of(actions[:done]), poses[key]):
            text = f"after {done} actions the camera is not at stored frame {key}: {apart}"
            yield Finding("/traj_params/actions", "pose-mismatch", text)


def _tokens(plain: Json, name: str, index: int, stored: Pose) -> Iterator[Finding]:
    pointer = pointer_to(name, index)
    try:
        said = start_from_end_of([hear_token(token) for token in plain[name][index]])
    except GrammarError as error:
        yield Finding(pointer, "motion-unreadable", str(error))
        return
    if apart := difference(said, stored):
        text = f"{short(plain[name][index])} and the stored pose are {apart}"
        yield Finding(pointer, "pose-mismatch", text)
