"""The layout of the paper's SVC generator, of which ours is a superset."""

from collections.abc import Sequence

from builder.core.action import Action
from builder.core.camera import Camera
from builder.language.canonical import canonical
from builder.language.grammar import say
from builder.store.foreign.found import Found
from builder.store.foreign.given import Correction, Film, Given
from builder.store.foreign.lens import camera_of_frame
from builder.store.foreign.motion import (
    action_of_node,
    check_scale,
    check_steps,
    done_between,
    exact_poses,
    pose_of,
)
from builder.store.foreign.node import Node
from builder.store.foreign.pictures import picture_of, size_if_picture, size_of
from builder.store.foreign.tracks import broken_by_turns, read_tracks


def read(found: Found) -> Given:
    """Read a bundle.

    Raises:
        Refusal: If it does not hold together.
    """
    plain = Node.read(found.folder / "traj.json")
    frames = list(plain["transforms"]["frames"].each())
    steps, prefixes = _lists(plain, len(frames))
    actions = _actions(plain["traj_params"])
    keys = _keys(plain, len(frames), len(actions))
    check_steps(steps, keys, actions)
    film = _film(found, plain, frames, (keys, actions))
    names = [frames[key]["file_path"] for key in keys]
    pictures = tuple(film.pictures[key] for key in keys)
    size_px = size_of(pictures, names)
    anchor = plain["traj_params"].get("anchor")  # ours say which; the paper's scenes have one
    given = found.anchor(0 if anchor is None else anchor.integer())
    anchor_px = size_if_picture(given) if given else None
    cameras = [_camera(frames[key], size_px, anchor_px) for key in keys]
    camera, carried = cameras[0]
    if any(one != camera for one, _ in cameras):
        raise plain["transforms"].wrong("the camera changes between frames", "camera-unknown")
    corrections: list[Correction] = ["uncropped-intrinsics"] if carried else []
    if len(prefixes[keys[-1]].value) < len(canonical(actions)):
        corrections.append("lost-motion")
    poses = exact_poses(actions)
    tracks, drops = read_tracks(found.folder / "detect_result.jsonl", camera, keys)
    tracks, broken = broken_by_turns(tracks, poses, camera)
    return Given(
        camera=camera,
        actions=actions,
        poses=poses,
        pictures=pictures,
        film=film,
        schedule=keys,
        frame_ids=keys,
        tracks=tracks,
        corrections=tuple(corrections),
        drops=(*drops, *broken),
        trusted_turns=True,
    )


def _lists(plain: Node, frames: int) -> tuple[list[Node], list[Node]]:
    """Return steps and prefixes, one a frame."""
    if frames < 2:
        raise plain["transforms"]["frames"].wrong(f"expected two frames or more, got {frames}")
    steps, prefixes = (list(plain[name].each()) for name in ("actions_step", "actions_prefix"))
    for name, entries in (("actions_step", steps), ("actions_prefix", prefixes)):
        if len(entries) != frames:
            text = f"{len(entries)} entries for {frames} frames"
            raise plain[name].wrong(text, "frame-ids-mismatch")
        for entry in entries:
            list(entry.each())
    return steps, prefixes


def _actions(params: Node) -> tuple[Action, ...]:
    """Return the commanded actions: totals, which no threshold for single frames has touched."""
    if params["kind"].value == "single_step":
        return (action_of_node(params["action"], params["magnitude"]),)
    if params["kind"].value != "multi_step":
        raise params["kind"].wrong(
            f"expected single_step or multi_step, got {params['kind'].short()}"
        )
    acts = list(params["actions"].each())
    if not acts:
        raise params["actions"].wrong("expected an action at least")
    return tuple(action_of_node(act["act"], act["magnitude"]) for act in acts)


def _keys(plain: Node, frames: int, actions: int) -> tuple[int, ...]:
    """Return the frames at the boundaries of the actions."""
    named = plain.get("key_frame_indices") or plain["traj_params"].get("key_frame_indices")
    if named is None:
        if actions > 1:
            raise plain.wrong("no key_frame_indices: where does each action end?", "keys-unknown")
        keys: tuple[int, ...] = (0, frames - 1)
    else:
        keys = tuple(node.integer() for node in named.each())
    ascending = len(set(keys)) == len(keys) and list(keys) == sorted(keys)
    if not ascending or len(keys) != actions + 1 or keys[0] != 0 or keys[-1] >= frames:
        text = f"expected {actions + 1} ascending from 0 below {frames}, got {list(keys)}"
        raise (named or plain).wrong(text, "frame-ids-mismatch")
    _check_kept(plain, frames)
    return keys


def _check_kept(plain: Node, frames: int) -> None:
    """Refuse a list of kept frames that cannot belong to these frames."""
    stated = plain["traj_params"].get("num_frames")
    if stated is not None and stated.integer() != frames:
        raise stated.wrong(f"{frames} frames are listed", "frame-ids-mismatch")
    kept = plain.get("frame_ids_kept")
    if kept is None:
        return
    ids = [node.integer() for node in kept.each()]
    one_a_frame = len(ids) == frames  # as ours are: the index in the teacher's own video
    if ids != sorted(set(ids)) or (not one_a_frame and not all(0 <= one < frames for one in ids)):
        text = f"expected ascending positions among {frames} frames, got {kept.short()}"
        raise kept.wrong(text, "frame-ids-mismatch")


def _film(
    found: Found,
    plain: Node,
    frames: Sequence[Node],
    motion: tuple[tuple[int, ...], tuple[Action, ...]],
) -> Film:
    """Return all frames with their poses, which must do what the actions say."""
    keys, actions = motion
    pictures = tuple(picture_of(found.folder, frame["file_path"]) for frame in frames)
    stored = [pose_of(frame["c2w"]) for frame in frames]
    first_from_world = stored[0].inverse()
    poses = tuple(first_from_world @ pose for pose in stored)
    for action, first, last in zip(actions, keys[:-1], keys[1:], strict=True):
        where = frames[last]["c2w"]
        if done_between(poses[first], poses[last], action, where) != action:
            text = f"the poses turn the other way than {say([action])!r} says"
            raise where.wrong(text, "mirrored-turn")
    backend = (plain.get("provenance") or plain).get("backend")
    if backend is None or backend.value != "embedded":  # whose metres are exact
        check_scale(plain["traj_params"], actions, poses)
    return Film(pictures, poses, keys)


def _camera(
    frame: Node, size_px: tuple[int, int], anchor_px: tuple[int, int] | None
) -> tuple[Camera, bool]:
    stated = (frame["width"].integer(), frame["height"].integer())
    if stated != size_px:
        text = f"says {stated[0]}x{stated[1]}, the picture is {size_px[0]}x{size_px[1]}"
        raise frame.wrong(text, "size-differs")
    return camera_of_frame(frame, size_px, anchor_px)
