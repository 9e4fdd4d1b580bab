"""Bundles: what is read is what was made, and nothing is ever half there."""

import dataclasses
import errno
import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pipeline._toy import toy_scene

from builder.core.action import Move, Turn
from builder.core.box import Box
from builder.core.camera import Camera
from builder.core.covisibility import Covisibility
from builder.core.errors import StoreError
from builder.core.pose import Pose, start_from_end_of
from builder.core.protocol import HY_WORLDPLAY, SUBSETS, SVC
from builder.core.rollout import Provenance, Rollout
from builder.core.track import Sighting, Track
from builder.core.trajectory import unroll
from builder.core.view import ViewQuality
from builder.store import Schedule, encode, read_rollout, whole_folder, write_bundle, write_scene
from builder.store.bundle import image_paths, meters_from_mm
from builder.store.motion import tokens_between, tokens_from_start

ROOT_FILES = {"traj.json", "detect_result.jsonl", "samples-rgb"}
WALK = (Move("forward", 0.5), Turn("left", 20.0), Move("right", 0.193001))


def rollout_of(actions=WALK, protocol=SVC, draw=None, subset="svc-real"):
    """A made-up rollout of the key frames, with numbers from `draw` where they are free."""
    draw = draw or np.random.default_rng(0)
    trajectory = unroll(actions, protocol)
    poses = trajectory.keyframes
    keys = tuple(range(len(poses)))
    sightings = {
        key: Sighting(Box(1.0, 2.0, 3.0 + key, 9.0), int(draw.integers(1, 99)), 100)
        for key in keys
        if draw.random() < 0.8
    }
    tracks = (
        Track(3, "chair", {0: Sighting(Box(0.0, 0.0, 5.0, 5.0), 7, None)}),
        *([Track(9, "lamp", sightings)] if sightings else []),
    )
    pairs = {
        (i, j): Covisibility(
            float(draw.choice([draw.random() * 99, float("inf")])), draw.random(), draw.random()
        )
        for i in keys
        for j in keys
        if i < j
    }
    rollout = Rollout(
        subset=subset,
        scene_id="toy",
        trajectory_id="a0_walk_00",
        anchor=0,
        camera=Camera(40, 30, (51.3, 49.7), (18.2, 15.1)),
        camera_source="calibrated",
        actions=tuple(actions),
        world_from_camera=tuple(trajectory.world_from_camera[pose] for pose in poses),
        keys=keys,
        images=image_paths("toy", "a0_walk_00", len(keys), ".jpg"),
        tracks=tracks,
        quality=tuple(ViewQuality(*draw.random(3), 1.5) for _ in keys),
        covisibility=pairs,
        depth_grids_m=tuple(meters_from_mm(draw.integers(0, 9000, (4, 4))) for _ in keys),
        provenance=Provenance("embedded", 7, "0.1.0", "CC0-1.0", "a test"),
    )
    frames = tuple(trajectory.frame_of(pose) for pose in poses)
    return rollout, Schedule(trajectory, poses, frames)


def assert_equal(one, other):
    for field in dataclasses.fields(Rollout):
        left, right = getattr(one, field.name), getattr(other, field.name)
        if field.name == "world_from_camera":
            left, right = ([pose.matrix().tolist() for pose in side] for side in (left, right))
        if field.name == "depth_grids_m":
            assert all(grid.dtype == np.float32 for grid in right)
            left, right = ([grid.tolist() for grid in side] for side in (left, right))
        assert left == right, field.name


def pictures_of(rollout):
    black = np.zeros((30, 40, 3), np.uint8)
    return [encode(black + index) for index in range(len(rollout.images))]


actions = st.lists(
    st.one_of(
        st.builds(
            Move,
            st.sampled_from(["forward", "backward", "left", "right"]),
            st.floats(0.001, 6.0).map(lambda amount: round(amount, 6)).filter(bool),
        ),
        st.builds(Turn, st.sampled_from(["left", "right"]), st.floats(0.01, 170.0)),
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=30, deadline=None)
@given(actions, st.sampled_from([SVC, HY_WORLDPLAY]), st.integers(0, 2**32))
def test_what_is_read_is_what_was_written(tmp_path_factory, actions, protocol, seed):
    root = tmp_path_factory.mktemp("bundle")
    rollout, schedule = rollout_of(actions, protocol, np.random.default_rng(seed))
    assert_equal(rollout, read_rollout(write_bundle(root, rollout, schedule, pictures_of(rollout))))


def test_a_bundle_says_what_the_camera_did_in_the_words_of_the_paper(tmp_path):
    rollout, schedule = rollout_of()
    folder = write_bundle(tmp_path, rollout, schedule, pictures_of(rollout))
    assert folder == tmp_path / "scenes" / "toy" / "traj_a0_walk_00"
    assert {file.name for file in folder.iterdir()} == ROOT_FILES
    plain = json.loads((folder / "traj.json").read_text())
    assert plain["traj_params"]["kind"] == "multi_step"
    assert plain["traj_params"]["actions"][2] == {"act": "shift_right", "magnitude": 0.193001}
    assert plain["actions_step"] == [[], ["FWD_0.5"], ["TL_20"], ["RIGHT_0.193001"]]
    assert plain["actions_prefix"][2] == ["FWD_0.5", "TL_20"]
    assert plain["schedule_index"] == plain["frame_ids_kept"] == [0, 7, 14, 21]
    last = plain["transforms"]["frames"][3]
    assert (last["id"], last["path"]) == (4, "samples-rgb/003.jpg")
    assert last["K"] == [[51.3, 0, 18.2], [0, 49.7, 15.1], [0, 0, 1]]
    # forward 0.5, look 20 degrees to the left (towards -x), then 0.193 m to the right of that view
    assert np.allclose(last["c2w"], start_from_end_of(WALK).matrix())
    assert last["c2w"][0][2] == pytest.approx(-np.sin(np.radians(20)))
    line = json.loads((folder / "detect_result.jsonl").read_text().splitlines()[0])
    chair = line["detections"][0]
    assert (chair["track_id"], chair["bbox"], chair["amodal_px"]) == (3, [0, 0, 5, 5], None)
    assert chair["bbox_norm"] == [0, 0, 125, 167]


def test_one_action_is_a_single_step_with_its_magnitude(tmp_path):
    rollout, schedule = rollout_of((Turn("right", 30.0),), HY_WORLDPLAY)
    folder = write_bundle(tmp_path, rollout, schedule, pictures_of(rollout))
    plain = json.loads((folder / "traj.json").read_text())
    params = plain["traj_params"]
    assert (params["kind"], params["action"], params["magnitude"]) == (
        "single_step",
        "turn_right",
        30.0,
    )
    assert plain["frame_ids_kept"] == [0, 40]  # ten latents of 3 degrees, four frames each


def test_frames_within_an_action_carry_their_part_of_it():
    trajectory = unroll([Move("forward", 0.1), Turn("left", 40.0)], SVC)
    everything = range(trajectory.keyframes[-1] + 1)
    steps = tokens_between(trajectory, everything)
    assert steps[0] == []
    assert steps[1] == ["FWD_0.014286"]
    assert steps[8] == ["TL_5"]
    prefixes = tokens_from_start(trajectory, everything)
    assert prefixes[7] == ["FWD_0.1"]
    assert prefixes[9] == ["FWD_0.1", "TL_10"]
    assert prefixes[15] == ["FWD_0.1", "TL_40"]


def test_a_picture_that_is_there_already_is_linked_and_not_written_again(tmp_path):
    rollout, schedule = rollout_of()
    pictures = pictures_of(rollout)
    first = tmp_path / "000.jpg"
    first.write_bytes(pictures[0])
    folder = write_bundle(tmp_path, rollout, schedule, [first, *pictures[1:]])
    assert (folder / "samples-rgb" / "000.jpg").read_bytes() == pictures[0]
    assert os.path.samefile(first, folder / "samples-rgb" / "000.jpg")


@pytest.mark.parametrize("step", ["mkdir", "write_text", "rename"])
def test_a_full_disk_leaves_nothing_behind_and_says_so(tmp_path, monkeypatch, step):
    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    rollout, schedule = rollout_of()
    monkeypatch.setattr(Path, step, full)
    with pytest.raises(StoreError, match=r"traj_a0_walk_00 cannot be written: No space left.*free"):
        write_bundle(tmp_path, rollout, schedule, pictures_of(rollout))
    monkeypatch.undo()
    assert not [file for file in tmp_path.rglob("*") if "traj" in file.name]


def test_what_an_interrupted_run_left_is_taken_away(tmp_path):
    left = tmp_path / ".traj.tmp"
    left.mkdir()
    (left / "half.jpg").write_text("half")
    with whole_folder(tmp_path / "traj") as draft:
        (draft / "whole.jpg").write_text("whole")
        assert not (tmp_path / "traj").exists()
    assert [file.name for file in tmp_path.rglob("*")] == ["traj", "whole.jpg"]


def test_a_broken_bundle_is_refused_by_name(tmp_path):
    rollout, schedule = rollout_of()
    folder = write_bundle(tmp_path, rollout, schedule, pictures_of(rollout))
    plain = json.loads((folder / "traj.json").read_text())
    del plain["traj_params"]["anchor"]
    (folder / "traj.json").write_text(json.dumps(plain))
    with pytest.raises(StoreError, match=r"traj_a0_walk_00: is not a bundle.*KeyError: 'anchor'"):
        read_rollout(folder)
    (folder / "traj.json").write_text('{"traj_params": ')
    with pytest.raises(StoreError, match=r"traj\.json: is not JSON"):
        read_rollout(folder)
    (folder / "traj.json").unlink()
    with pytest.raises(StoreError, match=r"traj\.json cannot be read"):
        read_rollout(folder)


def test_a_pose_that_is_no_rotation_is_refused(tmp_path):
    rollout, schedule = rollout_of()
    folder = write_bundle(tmp_path, rollout, schedule, pictures_of(rollout))
    plain = json.loads((folder / "traj.json").read_text())
    plain["transforms"]["frames"][1]["c2w"][0][0] = -1.0
    (folder / "traj.json").write_text(json.dumps(plain))
    with pytest.raises(StoreError, match="rotation is not a rotation"):
        read_rollout(folder)


def test_a_place_is_written_with_its_anchors_license_and_objects(tmp_path):
    scene = toy_scene()
    subset = SUBSETS["svc-simulated"]
    anchors = scene.world.anchors(subset, 2)
    pictures = [encode(np.full((4, 4, 3), shade, np.uint8), "png") for shade in (0, 9)]
    folder = write_scene(tmp_path, scene, subset, anchors, pictures, ".png")
    plain = json.loads((folder / "scene.json").read_text())
    assert (plain["scene_id"], plain["license"]) == ("toy", "CC0-1.0")
    assert plain["objects"][0] == {"track_id": 1, "label": "lamp"}
    assert [anchor["image"] for anchor in plain["anchors"]] == ["input/000.png", "input/001.png"]
    assert (folder / "input" / "001.png").read_bytes() == pictures[1]
    stored = Pose.from_matrix(plain["anchors"][1]["scene_from_anchor"])
    assert stored.matrix().tolist() == anchors[1].scene_from_anchor.matrix().tolist()


def test_what_is_written_keeps_its_schema(tmp_path):
    schemas = pytest.importorskip("builder.schemas")
    rollout, schedule = rollout_of()
    folder = write_bundle(tmp_path, rollout, schedule, pictures_of(rollout))
    assert not list(schemas.errors(json.loads((folder / "traj.json").read_text()), "trajectory"))
    for line in (folder / "detect_result.jsonl").read_text().splitlines():
        assert not list(schemas.errors(json.loads(line), "track"))
