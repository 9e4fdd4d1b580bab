"""The layout of the paper's HY-WorldPlay generator, whose turns go the other way than they say."""

from collections.abc import Sequence

from builder.core.action import Action
from builder.core.pose import Pose
from builder.store.foreign.found import Found
from builder.store.foreign.given import Correction, Film, Given
from builder.store.foreign.lens import camera_of_conditioning
from builder.store.foreign.motion import action_of_node, done_between, exact_poses, pose_of
from builder.store.foreign.node import Node
from builder.store.foreign.pictures import picture_of, size_of
from builder.store.foreign.tracks import broken_by_turns, read_tracks

_FRAMES_PER_POSE = 4


def read(found: Found) -> Given:
    """Read a bundle; its actions are what the poses that the model was given do.

    `turn_left` was written with positive yaw, which the model, by its own convention, follows to
    the right. The poses say so, whatever the name; whether the model obeyed them is for the
    pictures to show, so `trusted_turns` is false.

    Raises:
        Refusal: If it does not hold together.
    """
    plain = Node.read(found.folder / "traj.json")
    said = [action_of_node(one["name"], one["value"]) for one in plain["actions"].each()]
    if not said:
        raise plain["actions"].wrong("expected an action at least")
    rows = list(plain["retained_motion_summaries"].each())
    names = list(plain["sample_paths"].each())
    keys, frames = _keys(plain, rows, names, len(said))
    file = found.folder / "pose.json"
    if not file.is_file():
        raise plain.wrong("no pose.json beside it: which way did it turn?", "poses-missing")
    poses, lens = _poses(Node.read(file), plain["video_length"])
    shown = [poses[_pose_at(row["frame_index"], len(poses))] for row in rows]
    actions = _done(said, [shown[key] for key in keys], plain)
    pictures = [picture_of(found.folder, name) for name in names]
    size_px = size_of([pictures[key] for key in keys], [names[key] for key in keys])
    camera = camera_of_conditioning(lens, size_px)
    moving = [row for row, one in enumerate(rows) if one["action_name"].value != "hold"]
    corrections: list[Correction] = []
    if actions != tuple(said):
        corrections.append("mirrored-turn")
    if len(moving) < len(rows):
        corrections.append("holds-dropped")
    exact = exact_poses(actions)
    tracks, drops = read_tracks(found.folder / "detect_result.jsonl", camera, keys)
    tracks, broken = broken_by_turns(tracks, exact, camera)
    return Given(
        camera=camera,
        actions=actions,
        poses=exact,
        pictures=tuple(pictures[key] for key in keys),
        film=Film(
            tuple(pictures[row] for row in moving),
            tuple(shown[row] for row in moving),
            tuple(moving.index(key) for key in keys),
        ),
        schedule=tuple(frame // _FRAMES_PER_POSE for frame in frames),
        frame_ids=tuple(frames),
        tracks=tracks,
        corrections=tuple(corrections),
        drops=(*drops, *broken),
        trusted_turns=False,
    )


def _keys(
    plain: Node, rows: Sequence[Node], names: Sequence[Node], actions: int
) -> tuple[list[int], list[int]]:
    """Return the start and each action's end: positions in the lists, and frames of the video."""
    retained = [node.integer() for node in plain["retained_frame_indices"].each()]
    stated = [row["frame_index"].integer() for row in rows]
    if not (retained == stated == sorted(set(stated)) and len(names) == len(rows)):
        text = "does not go with retained_motion_summaries and sample_paths, one each"
        raise plain["retained_frame_indices"].wrong(text, "frame-ids-mismatch")
    ends = {
        row["action_index"].integer(): position
        for position, row in enumerate(rows)
        if row["is_action_end"].value is True
    }
    keys = [0, *(ends.get(action, -1) for action in range(actions))]
    if not retained or retained[0] != 0 or keys != sorted(set(keys)):
        text = f"expected frame 0 and the end of each of {actions} actions"
        raise plain["retained_motion_summaries"].wrong(text, "frame-ids-mismatch")
    return keys, [retained[key] for key in keys]


def _poses(plain: Node, video_length: Node) -> tuple[list[Pose], Node]:
    """Return the poses in the order of their numbers (the file sorts them as texts), and K."""
    if not isinstance(plain.value, dict):
        raise plain.wrong(f"expected an object, got {plain.short()}")
    count = len(plain.value)
    if set(plain.value) != {str(index) for index in range(count)} or not count:
        raise plain.wrong(f"expected the keys 0 to {count - 1}", "frame-ids-mismatch")
    if video_length.integer() != _FRAMES_PER_POSE * (count - 1) + 1:
        text = f"{count} poses make {_FRAMES_PER_POSE * (count - 1) + 1} frames"
        raise video_length.wrong(text, "frame-ids-mismatch")
    entries = [plain[str(index)] for index in range(count)]
    for entry in entries:
        if entry["K"].value != entries[0]["K"].value:
            raise entry["K"].wrong("the camera changes between poses", "camera-unknown")
    return [pose_of(entry["extrinsic"]) for entry in entries], entries[0]["K"]


def _pose_at(frame: Node, poses: int) -> int:
    pose, rest = divmod(frame.integer(), _FRAMES_PER_POSE)
    if rest or not 0 <= pose < poses:
        text = f"frame {frame.value} shows none of the {poses} poses"
        raise frame.wrong(text, "frame-ids-mismatch")
    return pose


def _done(said: Sequence[Action], poses: Sequence[Pose], plain: Node) -> tuple[Action, ...]:
    return tuple(
        done_between(before, after, action, plain["actions"][index])
        for index, (action, before, after) in enumerate(
            zip(said, poses[:-1], poses[1:], strict=True)
        )
    )
