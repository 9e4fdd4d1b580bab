"""Tracks on generated frames: identity that holds, is broken in doubt, and never comes from ids."""

import json

import numpy as np
import pytest

from builder.config.detect import Detect
from builder.core.action import Move
from builder.core.box import Box
from builder.core.camera import Camera
from builder.core.errors import ConfigError, PlanError, StoreError
from builder.core.pose import Pose, start_from_end
from builder.core.scene import SceneObject
from builder.core.track import Sighting, Track
from builder.trackers import CameraPath, at_frames, tracker_named
from builder.trackers import detect as detect_module
from builder.trackers._dense import agreed, chains_of
from builder.trackers._detection import Detection, distinct, tracks_of
from builder.trackers._doubt import without_doubt
from builder.trackers._files import read_found, write_found
from builder.trackers._geometry import geometric_chains
from builder.trackers._open_vocabulary import label_in, within
from builder.trackers._steady import steady_boxes

CAMERA = Camera.from_fov(400, 300, 80.0)
STILL = [Pose.identity()] * 12


def found(x, label="chair", y=100.0, size=40.0, score=0.9):
    return Detection(Box(x, y, x + size, y + size), label, score)


def ids_of(chains, frames):
    """The place of each chain's box in each frame, as sets of sequences."""
    return {tuple(frames[frame][index].box.x1_px for frame, index in chain) for chain in chains}


# --- steady boxes -------------------------------------------------------------------------------


def test_a_turn_leaves_a_steady_box_where_it_was():
    point = np.array([1.0, 0.3, 4.0])
    places = []
    for yaw_deg in (-25.0, 0.0, 15.0):
        pose = Pose.from_yaw(yaw_deg)
        (u, v), _ = CAMERA.project(pose.inverse().apply(point))
        one = Detection(Box(u - 1, v - 1, u + 1, v + 1), "chair", 1.0)
        (corners,) = steady_boxes([one], pose, CAMERA)
        places.append([corners[[0, 2]].mean(), corners[[1, 3]].mean()])
    assert np.ptp(places, axis=0) == pytest.approx([0, 0], abs=0.2)


# --- links and doubt ----------------------------------------------------------------------------


def test_links_that_contradict_each_other_are_both_left_out():
    one = {(0, 0): (1, 0), (0, 1): (1, 1)}
    other = {(0, 0): (1, 1), (0, 2): (1, 2)}
    assert agreed(one, other) == {(0, 2): (1, 2)}


def test_chains_follow_links_from_their_beginning():
    assert chains_of({(1, 0): (2, 5), (0, 3): (1, 0), (0, 1): (2, 0)}) == [
        ((0, 1), (2, 0)),
        ((0, 3), (1, 0), (2, 5)),
    ]


def test_a_chain_that_jumps_to_another_box_is_broken_there():
    frames = [[found(100.0 + 2 * k)] for k in range(5)] + [[found(260.0 + k)] for k in range(4)]
    chain = tuple((frame, 0) for frame in range(9))
    pieces = without_doubt([chain], frames, STILL[:9], CAMERA, 3)
    assert [len(piece) for piece in pieces] == [5, 4]


def test_two_of_one_label_that_cross_are_not_mixed():
    frames = []
    for k in range(11):
        frames.append([found(100.0 + 12 * k), found(220.0 - 12 * k)])
    swapped = [
        tuple((k, 0 if k < 5 else 1) for k in range(11)),
        tuple((k, 1 if k < 5 else 0) for k in range(11)),
    ]
    for piece in without_doubt(swapped, frames, STILL[:11], CAMERA, 2):
        assert len({index for _, index in piece}) == 1


def test_a_chain_without_doubt_stays_whole():
    frames = [[found(100.0 + 5 * k), found(300.0 + 5 * k)] for k in range(9)]
    chains = [tuple((frame, one) for frame in range(9)) for one in (0, 1)]
    assert without_doubt(chains, frames, STILL[:9], CAMERA, 3) == chains


def test_a_short_piece_is_left_out():
    frames = [[found(100.0)], [found(101.0)]]
    assert without_doubt([((0, 0), (1, 0))], frames, STILL[:2], CAMERA, 3) == []


def test_a_thing_that_doubles_its_size_at_once_is_another():
    frames = [[found(100.0)]] * 3 + [[found(80.0, y=80.0, size=80.0)]] * 3
    chain = tuple((frame, 0) for frame in range(6))
    assert len(without_doubt([chain], frames, STILL[:6], CAMERA, 2)) == 2


# --- dense tracking -----------------------------------------------------------------------------


def follow(frames, poses=None):
    # Not "trackers": this folder of tests has that name too.
    pytest.importorskip("supervision", reason="dense tracking needs the extra [detect]: trackers")
    path = CameraPath(CAMERA, poses or STILL[: len(frames)])
    return detect_module.follow(frames, path, Detect())


def test_things_keep_their_ids_whatever_their_scores_and_order():
    frames = []
    for k in range(10):
        here = [
            found(50.0 + 3 * k, score=0.4 + 0.05 * k),
            found(200.0 + 3 * k, score=0.9 - 0.05 * k),
        ]
        frames.append(here[:: 1 if k % 2 else -1])
    tracks = follow(frames)
    assert [track.track_id for track in tracks] == [1, 2]
    for track in tracks:
        starts = [track.sightings[k].box.x1_px - 3 * k for k in range(10)]
        assert starts == [starts[0]] * 10


def test_a_label_that_changes_breaks_the_track():
    frames = [[found(100.0 + k, "chair" if k < 5 else "stool")] for k in range(10)]
    first, second = follow(frames)
    assert (first.label, sorted(first.sightings)) == ("chair", [0, 1, 2, 3, 4])
    assert (second.label, sorted(second.sightings)) == ("stool", [5, 6, 7, 8, 9])


def test_a_commanded_turn_is_no_motion_of_the_things():
    points = np.array([[-0.8, 0.2, 4.0], [0.0, 0.2, 4.0], [0.8, 0.2, 4.0]])
    poses = [Pose.from_yaw(-9.0 * k) for k in range(5)]  # 54 px a frame; the things are 71 px apart
    frames = []
    for pose in poses:
        uv_px, _ = CAMERA.project(pose.inverse().apply(points))
        frames.append([found(u - 20, y=v - 20) for u, v in uv_px])
    tracks = follow(frames, poses)
    assert len(tracks) == 3
    for index, track in enumerate(tracks):
        seen = {at: one.box.x1_px for at, one in track.sightings.items()}
        assert seen == {at: frames[at][index].box.x1_px for at in range(5)}


def test_a_gap_is_bridged_and_a_long_one_is_not():
    near = [[] if k in {4, 5} else [found(100.0 + k)] for k in range(10)]
    far = [[] if 3 <= k <= 9 else [found(100.0 + k)] for k in range(14)]
    assert len(follow(near)) == 1
    assert len(follow(far, [Pose.identity()] * 14)) == 2


# --- geometry -----------------------------------------------------------------------------------


def wall(depth_m=3.0):
    return np.full((300, 400), depth_m, np.float32)


def on_wall(points, pose, size_m=0.4):
    corners = [
        point + np.array([sx, sy, 0]) * size_m / 2
        for point in points
        for sx, sy in ((-1, -1), (1, 1))
    ]
    uv_px, _ = CAMERA.project(pose.inverse().apply(np.array(corners)))
    return [
        Detection(Box(*uv_px[2 * k], *uv_px[2 * k + 1]), "painting", 0.5)
        for k in range(len(points))
    ]


def test_geometry_finds_things_again_between_views_far_apart():
    points = np.array([[-0.9, 0.0, 3.0], [0.0, 0.0, 3.0], [0.9, 0.0, 3.0]])
    pose = start_from_end(Move("left", 0.9))  # each takes the place of its neighbor in the picture
    frames = [on_wall(points, Pose.identity()), on_wall(points, pose)[::-1]]
    chains = geometric_chains(frames, [wall(), wall()], [Pose.identity(), pose], CAMERA, 0)
    assert {(chain[0][1], chain[1][1]) for chain in chains} == {(0, 2), (1, 1), (2, 0)}


def test_geometry_does_not_take_a_thing_for_another_one_behind_it():
    points = np.array([[0.0, 0.0, 3.0]])
    frames = [on_wall(points, Pose.identity())] * 2
    depths = [wall(3.0), wall(5.0)]
    assert geometric_chains(frames, depths, STILL[:2], CAMERA, 0) == []


def test_where_depth_is_known_no_library_is_needed():
    points = np.array([[-0.5, 0.0, 3.0], [0.5, 0.0, 3.0]])
    frames = [on_wall(points, Pose.identity())] * 3
    still = CameraPath(CAMERA, STILL[:3], [wall()] * 3)
    assert len(detect_module.follow(frames, still)) == 2


# --- one picture --------------------------------------------------------------------------------


def test_one_thing_under_two_labels_is_the_surer_one():
    sofa, couch = found(100.0, "sofa", score=0.6), found(102.0, "couch", score=0.7)
    apart = found(200.0, "sofa", score=0.3)
    assert distinct([sofa, couch, apart], 0.7) == (couch, apart)


def test_a_box_is_cut_to_its_frame_and_an_empty_one_is_none():
    assert within((-5.0, 10.0, 450.0, 200.0), 400, 300) == Box(0, 10, 400, 200)
    assert within((401.0, 10.0, 450.0, 200.0), 400, 300) is None


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("chair", "chair"),
        ("coffee table", "coffee table"),
        ("table", "table"),
        ("Coffee Table. [SEP]", "coffee table"),
        ("chair lamp", None),
        ("chairs", None),
        ("", None),
    ],
)
def test_a_phrase_means_one_label_or_none(words, label):
    assert label_in(words, ["chair", "lamp", "table", "coffee table"]) == label


# --- files --------------------------------------------------------------------------------------


def test_detections_are_read_back_as_they_were_written(tmp_path):
    frames = [(found(10.0), found(90.0, "lamp")), (), (found(11.5),)]
    write_found(tmp_path / "d.jsonl", frames, (400, 300))
    assert read_found(tmp_path / "d.jsonl", 3, (400, 300)) == frames


def test_the_papers_files_are_read_and_their_ids_are_not(tmp_path):
    line = {"frame_idx": 1, "width": 200, "height": 150, "detections": [
        {"track_id": 1, "label_id": 0, "label": "tv", "bbox": [10, 20, 30, 40],
         "bbox_norm": [0.05, 0.13, 0.15, 0.27], "score": 0.8}]}  # fmt: skip
    (tmp_path / "d.jsonl").write_text(json.dumps(line) + "\n\n")
    frames = read_found(tmp_path / "d.jsonl", 3, (400, 300))
    assert frames == [(), (Detection(Box(20, 40, 60, 80), "tv", 0.8),), ()]


@pytest.mark.parametrize(
    "text", ["{", '{"frame_idx": 0}', '{"frame_idx": 9, "detections": []}', "[]"]
)
def test_a_broken_line_is_named(tmp_path, text):
    (tmp_path / "d.jsonl").write_text(text + "\n")
    with pytest.raises(StoreError, match=r"d\.jsonl:1: "):
        read_found(tmp_path / "d.jsonl", 3, (400, 300))


# --- the tracker --------------------------------------------------------------------------------


class Fake:
    """A detector that sees one chair drift to the right; counts how often it is asked."""

    def __init__(self):
        self.asked = []

    def __call__(self, frame, labels):
        self.asked.append(tuple(labels))
        return [found(100.0)]


def test_it_needs_the_cameras_path():
    with pytest.raises(PlanError, match="needs the camera's path"):
        tracker_named("detect").tracks(np.zeros((2, 300, 400, 3), np.uint8), None, ())


def test_it_looks_for_the_scenes_own_objects_and_keeps_what_it_found(tmp_path):
    frames = np.zeros((3, 300, 400, 3), np.uint8)
    path = CameraPath(CAMERA, STILL[:3], [wall()] * 3)
    chairs = [SceneObject(4, "chair"), SceneObject(5, "chair")]
    results = []
    for fake in (Fake(), Fake()):
        tracker = detect_module.Detect(Detect(cache=str(tmp_path)), fake)
        results.append(tracker.tracks(frames, None, chairs, path))
        asked = fake.asked
    assert results[0] == results[1]
    assert asked == []  # the second read the cache
    (track,) = results[0]
    assert track == Track(1, "chair", {k: Sighting(found(100.0).box, 1600, None) for k in range(3)})
    other = detect_module.Detect(Detect(cache=str(tmp_path)), fake)
    other.tracks(frames + np.uint8(1), None, (), path)
    assert fake.asked == [Detect().labels] * 3


def test_poses_and_frames_must_be_as_many():
    with pytest.raises(PlanError, match="2 frames of detections, 3 poses"):
        detect_module.follow([[], []], CameraPath(CAMERA, STILL[:3]))


def test_tracks_of_a_video_become_tracks_of_its_stored_frames():
    frames = [[found(float(k))] for k in range(9)]
    long, short = tracks_of([tuple((k, 0) for k in range(9)), ((1, 0), (2, 0))], frames)
    (kept,) = at_frames([long, short], (0, 4, 8))
    assert {at: seen.box.x1_px for at, seen in kept.sightings.items()} == {0: 0.0, 1: 4.0, 2: 8.0}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"labels": ()}, "labels"),
        ({"labels": ("chair", " ")}, "labels"),
        ({"model": ""}, "model"),
        ({"min_score": 1.5}, "min_score"),
        ({"min_frames": 1}, "min_frames"),
        ({"max_gap": -1}, "max_gap"),
    ],
)
def test_bad_settings_are_refused(settings, said):
    with pytest.raises(ConfigError, match=f"detect.{said}"):
        Detect(**settings)
