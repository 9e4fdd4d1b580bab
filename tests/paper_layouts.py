"""Bundles as the paper's two generators write them, known defects included, from textured views.

Key order, indentation, token decimals, prefixes built with the thresholds of each step, the K of
the uncropped anchor, retained frames with holds, keys in string order: as in the release.
"""

import json
import math
from pathlib import Path

import numpy as np
from PIL import Image

from builder.core.action import Move, Turn, amount_of
from builder.core.camera import Camera
from builder.core.pose import Pose, start_from_end
from builder.core.protocol import HY_WORLDPLAY, SVC
from builder.core.trajectory import cut_into_steps, unroll
from builder.store.motion import act_of

SVC_PX, ANCHOR_PX = (96, 96), (128, 96)
HY_PX = (104, 60)
_CODES = {
    "forward": "FWD",
    "backward": "BACK",
    "shift_left": "LEFT",
    "shift_right": "RIGHT",
    "turn_left": "TL",
    "turn_right": "TR",
}
_AXES = {"TL": ("yaw", 1), "TR": ("yaw", -1), "LEFT": ("x", 1), "RIGHT": ("x", -1)}
_AXES |= {"FWD": ("z", 1), "BACK": ("z", -1)}
_BACK = {axis: code for code, axis in _AXES.items()}
HY_K = [[969.6969696969696, 0.0, 960.0], [0.0, 969.6969696969696, 540.0], [0.0, 0.0, 1.0]]


def svc_bundle(root, actions, *, scene="0001", name=None, scale=None, mirror=False):
    """Write one SVC bundle and its anchor; return its folder.

    `scale` None: the camera_scale of the paper's settings (metres and degrees added up).
    """
    trajectory = unroll(actions, SVC)
    single = len(actions) == 1
    name = name or (f"{act_of(actions[0])}_00" if single else "multi_step_00_mine")
    folder = root / "scenes" / scene / f"traj_{name}"
    steps = [[]]
    for action in actions:
        steps += [[_step(part)] for part in cut_into_steps(action, SVC)]
    count = len(steps)
    acts = [{"act": act_of(action), "magnitude": amount_of(action)} for action in actions]
    whole = sum(amount_of(action) for action in actions)
    scale = max(whole * 0.5, 0.5) if scale is None else scale
    params = {"kind": "single_step", "action": acts[0]["act"], "magnitude": acts[0]["magnitude"]}
    params |= {"num_frames": count, "max_step_per_frame": 0.2, "camera_scale": scale}
    if not single:
        params = {"kind": "multi_step", "num_actions": len(acts), "num_frames": count}
        params |= {"key_frame_indices": list(trajectory.keyframes), "actions": acts}
        params |= {"max_trans_step_per_frame": 0.2, "max_yaw_step_per_frame": 5.0}
        params |= {"camera_scale": scale}
    poses = [pose if not mirror else _mirrored(pose) for pose in trajectory.world_from_camera]
    camera = Camera.from_fov(*ANCHOR_PX, 90)
    write_views(folder, poses, camera.cover(*SVC_PX), [f"{i:03d}.png" for i in range(count)])
    anchor = root / "scenes" / scene / "input" / "000.png"
    anchor.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(view(Pose.identity(), camera)).save(anchor)
    payload = {
        "traj_params": params,
        "frame_ids_kept": [0, count - 1],
        "actions_step": steps,
        "actions_prefix": paper_prefixes(steps),
        "transforms": {"frames": [_svc_frame(i, pose, camera) for i, pose in enumerate(poses)]},
        "quality_scores": {"per_frame": [], "passed": True},
        "key_frame_indices": list(trajectory.keyframes),
    }
    (folder / "traj.json").write_text(json.dumps(payload, ensure_ascii=True, indent=2))
    return folder


def hy_bundle(root, actions, *, scene="0001", name=None, mirror=True):
    """Write one HY bundle; `mirror`: its turns go the other way than they say, as released."""
    trajectory = unroll(actions, HY_WORLDPLAY)
    name = name or (f"{act_of(actions[0])}_00" if len(actions) == 1 else "multi_step_00_mine")
    folder = root / "scenes" / scene / f"traj_{name}"
    poses = [_mirrored(pose) if mirror else pose for pose in trajectory.world_from_camera]
    if mirror:
        poses = _composed(actions, len(poses))
    points = _progress(actions, len(poses))
    kept = [point for i, point in enumerate(points) if _is_kept(i, point, points)]
    names = [f"frame_{point['frame_index']:04d}.png" for point in kept]
    camera = hy_camera()
    write_views(folder, [poses[point["frame_index"] // 4] for point in kept], camera, names)
    pose_json = {
        str(i): {"extrinsic": pose.matrix().tolist(), "K": HY_K} for i, pose in enumerate(poses)
    }
    _write(folder / "pose.json", pose_json)
    payload = {
        "prompt": "an outdoor stone bridge",
        "anchor_path": "/somewhere/0001.png",
        "actions": [{"name": act_of(one), "value": amount_of(one)} for one in actions],
        "latent_chunks": [],
        "video_length": 4 * len(poses) - 3,
        "retained_frame_indices": [point["frame_index"] for point in kept],
        "retained_motion_summaries": kept,
        "sample_paths": [f"samples-rgb/{name}" for name in names],
        "pose_path": "pose.json",
        "mp4_path": None,
    }
    _write(folder / "traj.json", payload)
    return folder


def edit(folder, change, file="traj.json"):
    """Change a JSON file of a bundle in place."""
    plain = json.loads((folder / file).read_text())
    change(plain)
    (folder / file).write_text(json.dumps(plain))


def detections(folder, rows, size_px=SVC_PX):
    """Write a cache: rows are (frame, [(track_id, label, box, score), ...])."""
    lines = []
    for frame, found in rows:
        seen = [
            {
                "track_id": track,
                "label_id": 0,
                "label": label,
                "bbox": list(map(float, box)),
                "bbox_norm": [0, 0, 0, 0],
                "score": score,
            }
            for track, label, box, score in found
        ]
        width, height = size_px if seen else (None, None)
        line = {"frame_idx": frame, "width": width, "height": height, "detections": seen}
        lines.append(json.dumps(line) + "\n")
    (folder / "detect_result.jsonl").write_text("".join(lines))


def hy_camera():
    """Return what the default K means at the size of the frames."""
    width, height = HY_PX
    focal = (969.6969696969696 / 1920 * width, 969.6969696969696 / 1080 * height)
    return Camera(width, height, focal, (width / 2, height / 2))


def view(pose, camera):
    """Return what a camera sees inside a painted drum of 3 m: a place with a texture all round."""
    v, u = np.indices((camera.height_px, camera.width_px)) + 0.5
    rays = camera.lift(np.stack([u, v], axis=-1), np.ones(u.shape)) @ pose.rotation.T
    start = pose.translation_m
    a = rays[..., 0] ** 2 + rays[..., 2] ** 2
    b = 2 * (rays[..., 0] * start[0] + rays[..., 2] * start[2])
    c = start[0] ** 2 + start[2] ** 2 - 9.0
    far = (-b + np.sqrt(b * b - 4 * a * c)) / (2 * a)
    hit = start + rays * far[..., None]
    angle, height = np.arctan2(hit[..., 0], hit[..., 2]), hit[..., 1]
    texture = _texture()
    rows = ((height + 4) / 8 * texture.shape[0]).astype(int) % texture.shape[0]
    columns = ((angle / (2 * math.pi) + 0.5) * texture.shape[1]).astype(int) % texture.shape[1]
    return texture[rows, columns]


def write_views(folder, poses, camera, names):
    (folder / "samples-rgb").mkdir(parents=True)
    for pose, name in zip(poses, names, strict=True):
        Image.fromarray(view(pose, camera)).save(folder / "samples-rgb" / name)


def paper_prefixes(steps):
    """Return the prefixes that the paper's generator writes: small steps are lost one by one."""
    prefix, prefixes = [], []
    for step in steps:
        prefix = _canonicalize(prefix + step)
        prefixes.append(prefix)
    return prefixes


def _canonicalize(tokens):
    stack = []
    for token in tokens:
        code, _, text = token.partition("_")
        axis, sign = _AXES[code]
        amount, least = sign * float(text), 1.0 if axis == "yaw" else 0.02
        if abs(amount) < least:
            continue
        if stack and stack[-1][0] == axis:
            amount += stack.pop()[1]
        if abs(amount) >= least:
            stack.append((axis, amount))
    return [f"{_BACK[axis, 1 if a > 0 else -1]}_{_number(abs(a))}" for axis, a in stack]


def _step(action):
    return f"{_CODES[act_of(action)]}_{_number(amount_of(action))}"


def _number(amount):
    if abs(amount - round(amount)) < 1e-6:
        return str(round(amount))
    return f"{amount:.6f}".rstrip("0").rstrip(".")


def _svc_frame(index, pose, camera):
    (fx, fy), (cx, cy) = camera.focal_px, camera.center_px
    path = f"samples-rgb/{index:03d}.png"
    return {
        "id": index + 1,
        "file_path": path,
        "path": path,
        "width": SVC_PX[0],
        "height": SVC_PX[1],
        "fx": fx,
        "fy": fy,
        "cx": cx,
        "cy": cy,
        "K": camera.matrix().tolist(),
        "c2w": np.float32(pose.matrix()).astype(float).tolist(),
    }


def _mirrored(pose):
    flip = np.diag([-1.0, 1.0, 1.0])
    return Pose(flip @ pose.rotation @ flip, pose.translation_m)


def _composed(actions, count):
    """Return the poses of the release: a turn to the left has positive yaw, moves are as said."""
    poses = [Pose.identity()]
    for action in actions:
        for step in cut_into_steps(action, HY_WORLDPLAY):
            done = start_from_end(step)
            poses.append(poses[-1] @ (done.inverse() if isinstance(step, Turn) else done))
    return poses + [poses[-1]] * (count - len(poses))


def _progress(actions, count):
    points = [_point(0, -1, "start", "translation", 0.0, False)]
    for index, action in enumerate(actions):
        done, cut = 0.0, cut_into_steps(action, HY_WORLDPLAY)
        kind = "translation" if isinstance(action, Move) else "rotation"
        for n, step in enumerate(cut):
            done += amount_of(step)
            end = n == len(cut) - 1
            points.append(_point(4 * len(points), index, act_of(action), kind, done, end))
    while len(points) < count:
        points.append(_point(4 * len(points), len(actions) - 1, "hold", "hold", done, False))
    return points


def _point(frame, index, name, kind, value, end):
    return {
        "action_index": index,
        "action_name": name,
        "angle_deg": 0.0,
        "distance_m": 0.0,
        "frame_index": frame,
        "is_action_end": end,
        "metric_kind": kind,
        "metric_value": round(value, 6),
        "rounded_metric_value": 0.0,
    }


def _is_kept(index, point, points):
    if index in (0, len(points) - 1) or point["is_action_end"]:
        return True
    grid, off = (0.1, 0.01) if point["metric_kind"] == "translation" else (10.0, 1.0)
    value = point["metric_value"]
    near = abs(value - round(value / grid) * grid) <= off + 1e-9
    return point["metric_kind"] != "hold" and value > off and near


def _write(path, payload):
    path.write_text(json.dumps(payload, ensure_ascii=True, indent=2, sort_keys=True) + "\n")


def _texture(made={}):  # noqa: B006 - painted once
    if not made:
        rng = np.random.default_rng(5)
        coarse = rng.integers(0, 256, (40, 160, 3), dtype=np.uint8)
        picture = Image.fromarray(coarse).resize((2400, 600), Image.Resampling.BICUBIC)
        made["picture"] = np.asarray(picture)
    return made["picture"]


def scenes(root: Path) -> Path:
    """Return the folder of scenes."""
    return root / "scenes"
