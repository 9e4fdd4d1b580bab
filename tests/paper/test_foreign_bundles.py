"""Bundles of the paper's two layouts: each known defect is put right or refused, by its reason."""

import json
import os

import numpy as np
import pytest
from paper_layouts import (
    SVC_PX,
    detections,
    edit,
    hy_bundle,
    hy_camera,
    svc_bundle,
    view,
)
from PIL import Image

from builder.core.action import Move, Turn
from builder.core.box import Box
from builder.core.camera import Camera
from builder.core.drop import Drop
from builder.core.pose import Pose
from builder.core.protocol import SUBSETS
from builder.store.foreign import bundles_below, read_given, turn_only_covisibility
from builder.store.foreign.turns import carried_box, is_beyond

LEFT_30, AHEAD_2 = (Turn("left", 30.0),), (Move("forward", 2.0),)
TWO = (Move("forward", 2.0), Turn("left", 30.0))
SVC_CAMERA = Camera.from_fov(128, 96, 90).cover(*SVC_PX)


def read(root, subset="svc-simulated"):
    """Read the only bundle below a folder."""
    ((_, found),) = bundles_below(root, [subset])
    return found if isinstance(found, Drop) else read_given(found)


def reason(root, subset="svc-simulated"):
    drop = read(root, subset)
    assert isinstance(drop, Drop), drop
    return drop.reason, drop.detail


def test_the_intrinsics_of_the_uncropped_anchor_are_carried_through_the_crop(tmp_path):
    svc_bundle(tmp_path, LEFT_30)
    given = read(tmp_path)
    assert given.corrections == ("uncropped-intrinsics",)
    assert given.camera.hfov_deg == pytest.approx(73.74, abs=0.01)
    assert given.camera.center_px == (48, 48)


def test_they_are_carried_by_twice_their_center_where_the_anchor_is_not_kept(tmp_path):
    folder = svc_bundle(tmp_path, LEFT_30)
    (folder.parent / "input" / "000.png").unlink()
    assert read(tmp_path).camera == SVC_CAMERA


def test_intrinsics_of_no_known_picture_are_refused(tmp_path):
    folder = svc_bundle(tmp_path, LEFT_30)

    def shift(plain):
        for frame in plain["transforms"]["frames"]:
            frame["cx"] = frame["K"][0][2] = 20.0

    edit(folder, shift)
    why, detail = reason(tmp_path)
    assert why == "camera-unknown"
    assert "/transforms/frames/0" in detail


def test_a_camera_that_differs_from_its_matrix_is_refused(tmp_path):
    folder = svc_bundle(tmp_path, LEFT_30)
    edit(folder, lambda plain: plain["transforms"]["frames"][0].update(fx=50.0))
    assert reason(tmp_path)[0] == "camera-unknown"


def test_a_move_that_the_thresholds_erased_comes_back_from_its_command(tmp_path):
    folder = svc_bundle(tmp_path, (Move("left", 0.1),), scale=0.05)
    assert json.loads((folder / "traj.json").read_text())["actions_prefix"][-1] == []
    given = read(tmp_path)
    assert given.actions == (Move("left", 0.1),)
    assert "lost-motion" in given.corrections


@pytest.mark.parametrize(
    ("actions", "scale"),
    [((Move("forward", 0.5),), None), (TWO, None), ((Move("forward", 3.0),), 2.0)],
)
def test_moves_whose_metres_the_teacher_never_saw_are_refused(tmp_path, actions, scale):
    svc_bundle(tmp_path, actions, scale=scale)
    why, detail = reason(tmp_path)
    assert why == "camera-scale"
    assert "/traj_params/camera_scale" in detail


def test_a_move_of_two_metres_and_a_turn_keep_their_labels_in_the_papers_settings(tmp_path):
    svc_bundle(tmp_path / "a", AHEAD_2)
    svc_bundle(tmp_path / "b", LEFT_30)
    assert read(tmp_path / "a").actions == AHEAD_2
    assert read(tmp_path / "b").actions == LEFT_30


def test_poses_that_turn_the_other_way_than_the_svc_layout_says_are_refused(tmp_path):
    svc_bundle(tmp_path, LEFT_30, mirror=True)
    assert reason(tmp_path)[0] == "mirrored-turn"


def test_poses_that_do_something_else_are_refused(tmp_path):
    folder = svc_bundle(tmp_path, LEFT_30)
    edit(folder, lambda plain: plain["traj_params"].update(magnitude=40.0))
    assert reason(tmp_path)[0] == "steps-mismatch"
    edit(folder, lambda plain: plain.update(actions_step=[[]] * len(plain["actions_step"])))
    assert reason(tmp_path)[0] == "pose-mismatch"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (lambda p: p["actions_prefix"].pop(), "/actions_prefix"),
        (lambda p: p.update(frame_ids_kept=[0, 99]), "/frame_ids_kept"),
        (lambda p: p.update(key_frame_indices=[0, 99]), "/key_frame_indices"),
        (lambda p: p.update(key_frame_indices=[3, 0]), "/key_frame_indices"),
        (lambda p: p["traj_params"].update(num_frames=5), "/traj_params/num_frames"),
    ],
)
def test_frames_ids_and_poses_that_do_not_go_together_are_refused(tmp_path, change, pointer):
    folder = svc_bundle(tmp_path, LEFT_30)
    edit(folder, change)
    why, detail = reason(tmp_path)
    assert why == "frame-ids-mismatch"
    assert f"traj.json: {pointer}: " in detail


@pytest.mark.parametrize(
    "path", ["/etc/hostname", "../../x.png", "samples-rgb/../samples-rgb/000.png", "C:x"]
)
def test_a_path_that_leaves_the_bundle_is_refused(tmp_path, path):
    folder = svc_bundle(tmp_path, LEFT_30)
    edit(folder, lambda p: p["transforms"]["frames"][0].update(file_path=path))
    why, detail = reason(tmp_path)
    assert why == "path-outside"
    assert "/transforms/frames/0/file_path" in detail


def test_a_link_out_of_the_bundle_is_refused(tmp_path):
    folder = svc_bundle(tmp_path / "in", LEFT_30)
    file = folder / "samples-rgb" / "000.png"
    file.rename(tmp_path / "away.png")
    os.symlink(tmp_path / "away.png", file)
    assert reason(tmp_path / "in")[0] == "path-outside"


def test_a_missing_frame_a_broken_one_and_one_of_another_size_are_refused(tmp_path):
    folder = svc_bundle(tmp_path, LEFT_30)
    last = folder / "samples-rgb" / "007.png"
    whole = last.read_bytes()
    last.write_bytes(whole[: len(whole) // 2])
    assert reason(tmp_path)[0] == "frame-broken"
    Image.new("RGB", (50, 50)).save(last)
    assert reason(tmp_path)[0] == "size-differs"
    last.unlink()
    assert reason(tmp_path)[0] == "frame-missing"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", '{"transforms": 3, "actions_step": []}', "\xff", '{"a": NaN}']
)
def test_a_garbled_file_is_a_reason_with_its_place(tmp_path, text):
    folder = svc_bundle(tmp_path, LEFT_30)
    (folder / "traj.json").write_bytes(text.encode("latin-1"))
    why, detail = reason(tmp_path)
    assert why in {"unreadable", "unknown-layout", "malformed"}
    assert "traj.json" in detail


@pytest.mark.parametrize("value", [None, [], {}, "x", -1, float("nan"), True])
@pytest.mark.parametrize(
    "key", ["traj_params", "transforms", "actions_step", "actions_prefix", "key_frame_indices"]
)
def test_no_nonsense_in_a_field_is_more_than_a_reason(tmp_path, key, value):
    folder = svc_bundle(tmp_path, LEFT_30)
    edit(folder, lambda plain: plain.update({key: value}))
    assert isinstance(read(tmp_path), Drop)


def test_turns_of_the_hy_layout_are_named_by_what_their_poses_do(tmp_path):
    hy_bundle(tmp_path, LEFT_30)
    given = read(tmp_path, "hy-worldplay-real")
    assert given.actions == (Turn("right", 30.0),)
    assert "mirrored-turn" in given.corrections
    assert not given.trusted_turns


def test_a_hy_bundle_that_turns_as_it_says_keeps_its_names_and_is_no_more_trusted(tmp_path):
    hy_bundle(tmp_path, LEFT_30, mirror=False)
    given = read(tmp_path, "hy-worldplay-real")
    assert given.actions == LEFT_30
    assert "mirrored-turn" not in given.corrections
    assert not given.trusted_turns


def test_a_turn_within_a_hy_sequence_is_mirrored_alone(tmp_path):
    said = (Move("left", 0.4), Turn("right", 20.0), Move("forward", 0.5))
    hy_bundle(tmp_path, said)
    given = read(tmp_path, "hy-worldplay-real")
    assert given.actions == (Move("left", 0.4), Turn("left", 20.0), Move("forward", 0.5))


def test_hold_frames_are_dropped_and_the_end_is_the_end_of_the_last_action(tmp_path):
    folder = hy_bundle(tmp_path, LEFT_30)  # 11 poses, held to 12
    assert json.loads((folder / "traj.json").read_text())["retained_frame_indices"][-1] == 44
    given = read(tmp_path, "hy-worldplay-real")
    assert "holds-dropped" in given.corrections
    assert given.frame_ids == (0, 40)
    assert given.pictures[-1].name == "frame_0040.png"
    assert len(given.film.pictures) < len(list((folder / "samples-rgb").iterdir()))


def test_poses_are_read_by_their_numbers_not_in_the_order_of_the_file(tmp_path):
    folder = hy_bundle(tmp_path, LEFT_30)
    keys = list(json.loads((folder / "pose.json").read_text()))
    assert keys[:3] == ["0", "1", "10"]
    assert read(tmp_path, "hy-worldplay-real").actions == (Turn("right", 30.0),)


def test_the_camera_of_hy_is_the_one_it_was_conditioned_with(tmp_path):
    hy_bundle(tmp_path, LEFT_30)
    assert read(tmp_path, "hy-worldplay-real").camera == hy_camera()
    assert hy_camera().hfov_deg == pytest.approx(89.4, abs=0.05)


def test_a_hy_bundle_without_its_poses_is_refused(tmp_path):
    (hy_bundle(tmp_path, LEFT_30) / "pose.json").unlink()
    assert reason(tmp_path, "hy-worldplay-real")[0] == "poses-missing"


def test_a_hy_bundle_with_a_pose_too_few_is_refused(tmp_path):
    folder = hy_bundle(tmp_path, LEFT_30)
    edit(folder, lambda plain: plain.pop("11"), "pose.json")
    assert reason(tmp_path, "hy-worldplay-real")[0] == "frame-ids-mismatch"


def test_ids_that_count_each_pictures_detections_are_no_tracks(tmp_path):
    folder = svc_bundle(tmp_path, LEFT_30)
    chair, tv = (10, 30, 30, 60), (50, 30, 70, 60)
    rows = [(0, [(1, "chair", chair, 0.9), (2, "tv", tv, 0.8)]), (7, [(1, "tv", tv, 0.9)])]
    detections(folder, rows)
    given = read(tmp_path)
    assert given.tracks == ()
    assert [drop.reason for drop in given.drops] == ["per-image-ids"]


def test_a_label_that_changes_breaks_the_track(tmp_path):
    folder = svc_bundle(tmp_path, AHEAD_2)
    box = (10, 30, 30, 60)
    detections(folder, [(0, [(7, "chair", box, 0.9)]), (10, [(7, "person", box, 0.9)])])
    given = read(tmp_path)
    assert [(one.track_id, one.label, list(one.sightings)) for one in given.tracks] == [
        (7, "chair", [0]),
        (8, "person", [1]),
    ]
    assert [drop.reason for drop in given.drops] == ["label-changed"]


def test_a_track_that_lies_where_no_turn_takes_it_is_broken(tmp_path):
    folder = svc_bundle(tmp_path, LEFT_30)
    box = Box(20, 30, 40, 60)
    there = carried_box(SVC_CAMERA, box, Pose.from_yaw(30))
    wrong = (40, 30, 60, 60)
    detections(
        folder,
        [
            (0, [(4, "chair", box.corners_px(), 0.9), (5, "tv", box.corners_px(), 0.8)]),
            (7, [(4, "chair", there.corners_px(), 0.7), (5, "tv", wrong, 0.9)]),
        ],
    )
    given = read(tmp_path)
    assert [list(one.sightings) for one in given.tracks] == [[0, 1], [0]]
    assert [drop.reason for drop in given.drops] == ["track-disobeys-turn"]


def test_detections_without_an_id_or_of_another_picture_make_no_tracks(tmp_path):
    folder = svc_bundle(tmp_path, LEFT_30)
    detections(folder, [(0, [(None, "chair", (10, 30, 30, 60), 0.9)])])
    assert [drop.reason for drop in read(tmp_path).drops] == ["no-identity"]
    detections(folder, [(0, [(9, "chair", (10, 30, 30, 60), 0.9)])], size_px=(1024, 768))
    assert [drop.reason for drop in read(tmp_path).drops] == ["track-size"]


def test_the_subset_comes_from_the_folder_the_manifest_or_the_call(tmp_path):
    svc_bundle(tmp_path / "SVC-RealScene-demo", LEFT_30)
    ((name, _),) = bundles_below(tmp_path, list(SUBSETS))
    assert name == "svc-real"
    svc_bundle(tmp_path / "v1", LEFT_30)
    ((_, drop),) = bundles_below(tmp_path / "v1", list(SUBSETS))
    assert drop.reason == "subset-unknown"
    line = {"scene_id": "0001", "anchor_path": "x", "source_domain": "simulated_scene"}
    (tmp_path / "v1" / "manifest.jsonl").write_text(json.dumps(line) + "\n")
    ((name, _),) = bundles_below(tmp_path / "v1", list(SUBSETS))
    assert name == "svc-simulated"


def test_what_a_turn_does_to_the_picture_is_what_the_pictures_do():
    camera = Camera.from_fov(120, 90, 80)
    found = turn_only_covisibility(camera, Pose.from_yaw(20))
    again = turn_only_covisibility(camera, Pose.from_yaw(-20))
    assert found.overlap_before == pytest.approx(again.overlap_after)
    # a pixel at the center moves by f tan 20, those aside by more
    assert found.displacement_px > camera.focal_px[0] * np.tan(np.radians(20))
    assert turn_only_covisibility(camera, Pose.from_yaw(100)).overlap_before == 0
    half = turn_only_covisibility(camera, Pose.from_yaw(40)).overlap_before
    # at the middle row the half of the view stays; above and below it keystones
    assert half == pytest.approx(0.5, abs=0.06)


def test_a_box_goes_left_when_the_camera_turns_right_until_it_is_gone():
    camera, box = Camera.from_fov(100, 100, 90), Box(45, 45, 55, 55)
    right_20 = Pose.from_yaw(20).inverse()
    carried = carried_box(camera, box, right_20)
    assert carried.x2_px < 45
    assert not is_beyond(camera, box, right_20, 0.05)
    assert is_beyond(camera, box, Pose.from_yaw(60).inverse(), 0.05)
    assert is_beyond(camera, box, Pose.from_yaw(150).inverse(), 0.05)
    assert carried_box(camera, box, Pose.from_yaw(150).inverse()) is None


def test_the_helper_paints_what_it_says():
    straight, turned = (view(Pose.from_yaw(yaw), SVC_CAMERA) for yaw in (0, -30))
    # after a left turn what was at the middle lies to the right of it
    shift = round(SVC_CAMERA.focal_px[0] * np.tan(np.radians(30)))
    middle = straight[48, 44:52].astype(int)
    assert abs(turned[48, 44 + shift : 52 + shift].astype(int) - middle).mean() < 40
