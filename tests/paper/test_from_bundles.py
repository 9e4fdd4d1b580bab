"""`build --bundles`: what somebody else's bundles become, and what is counted of the rest."""

import json
import shutil
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from paper_layouts import SVC_PX, detections, edit, hy_bundle, svc_bundle, view

from builder.audit import check, record_findings
from builder.cli import main
from builder.config import BuildConfig, Bundles
from builder.core.action import Move, Turn
from builder.core.box import Box
from builder.core.camera import Camera
from builder.core.errors import StoreError
from builder.core.pose import Pose
from builder.core.protocol import subset_named
from builder.pipeline.build import Ends
from builder.pipeline.from_bundles import build_from_bundles
from builder.pipeline.tools import default_tools
from builder.publish.pack import pack
from builder.publish.show import demo_folder
from builder.store import read_rollout
from builder.store.foreign import Found, read_given
from builder.store.foreign.turns import carried_box
from builder.tasks import readers

DEMO = demo_folder()
BUNDLES = sorted(DEMO.glob("SVC-*-demo/scenes/*/traj_*/traj.json"))
LEFT_30, AHEAD_2 = (Turn("left", 30.0),), (Move("forward", 2.0),)
SVC_CAMERA = Camera.from_fov(128, 96, 90).cover(*SVC_PX)


def make(folder, out, obeys=None, **bundles):
    """Build from bundles without a command; returns the tally and what was said."""
    known, said = readers(), []
    config = BuildConfig(seed=3, bundles=Bundles(folder=str(folder), **bundles))
    ends = Ends(
        engine=None,
        check=lambda record: [str(one) for one in record_findings(record, known)],
        pack=lambda place: None,
        warm_up=lambda: None,
        say=said.append,
    )
    return build_from_bundles(config, out, default_tools, ends, (pack, obeys)), "\n".join(said)


def records(out, folder):
    file = out / "bundles" / folder / "tasks.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()]


def turning(root, count=4):
    """Write turns to both sides, in places of their own."""
    for place in range(count):
        for name in ("left", "right"):
            turn = (Turn(name, 10.0 * (place + 1)),)
            svc_bundle(root, turn, scene=f"place{place}")


def test_turns_become_checked_questions_with_their_license_and_camera(tmp_path):
    turning(tmp_path / "SVC-RealScene")
    tally, said = make(tmp_path / "SVC-RealScene", tmp_path / "out")
    made = records(tmp_path / "out", "SVC-RealScene")
    assert {one["task_type"] for one in made} == {"A2", "A4"}
    assert {one["backend"] for one in made} == {"svc"}
    assert {one["camera"]["source"] for one in made} == {"assumed"}
    assert {one["license"] for one in made} == {
        "LicenseRef-Unstated AND LicenseRef-Stability-AI-NonCommercial"
    }
    for one in made:
        if one["task_type"] == "A2":
            assert one["accepted"] == [one["actions"]]
    assert list(check([tmp_path / "out" / "bundles"], readers())) == []
    assert "uncropped-intrinsics 8" in said
    card = (tmp_path / "out" / "World2VLM" / "README.md").read_text()
    assert "bundles in SVC-RealScene: svc 8" in card
    assert "LicenseRef-Stability-AI-NonCommercial" in card
    assert tally.bundles["svc-real"] == 8


def test_moves_are_no_questions_without_depth_and_are_counted(tmp_path):
    turning(tmp_path / "SVC-RealScene")
    svc_bundle(tmp_path / "SVC-RealScene", AHEAD_2, scene="place0")
    tally, _ = make(tmp_path, tmp_path.parent / f"{tmp_path.name}-out")
    assert tally.drops["svc-real", "A1", "depth-unknown"] == 1
    assert tally.records["svc-real", "A1"] == 0


@pytest.mark.parametrize(
    ("verdict", "turns", "used"),
    [
        (None, "verified", 0),
        ("undecided", "verified", 0),
        ("fail", "verified", 0),
        ("pass", "verified", 2),
        (None, "poses", 2),
        ("fail", "poses", 2),
    ],
)
def test_a_hy_turn_needs_pictures_that_confirm_it_or_a_reader_who_believes_its_poses(
    tmp_path, verdict, turns, used
):
    folder = tmp_path / "HY-WorldPlay-SimulatedScene"
    hy_bundle(folder, LEFT_30)
    hy_bundle(folder, (Turn("right", 20.0),))
    obeys = None if verdict is None else lambda frames, poses, camera, keys: verdict
    if not used:
        with pytest.raises(StoreError, match=r"turn-unverified 2|disobeyed 2"):
            make(folder, tmp_path / "out", obeys, turns=turns)
        return
    tally, said = make(folder, tmp_path / "out", obeys, turns=turns)
    assert tally.bundles["hy-worldplay-simulated"] == used
    assert "holds-dropped 1" in said
    assert "mirrored-turn 2" in said
    answers = {
        one["trajectory_id"]: one["actions"]
        for one in records(tmp_path / "out", "HY-WorldPlay-SimulatedScene")
    }
    assert answers["turn_left_00"] == "turn right 30 degrees"


def test_what_judges_is_given_all_frames_and_the_poses_they_were_made_from(tmp_path):
    folder = tmp_path / "HY-WorldPlay-SimulatedScene"
    hy_bundle(folder, LEFT_30)
    seen = []

    def obeys(frames, poses, camera, keys):
        seen.append((len(frames), poses[keys[-1]].yaw_deg, camera.size_px, frames[0].shape))
        return "pass"

    make(folder, tmp_path / "out", obeys)
    ((count, yaw_deg, size_px, shape),) = seen
    assert count > 2
    assert yaw_deg == pytest.approx(30)  # to the right, whatever the name
    assert shape == (size_px[1], size_px[0], 3)


def test_the_pictures_themselves_tell_which_way_a_mirrored_turn_went(tmp_path):
    cv2 = pytest.importorskip("cv2", reason="needs the extra audit: OpenCV")
    del cv2
    from builder.audit.obedience import judge

    found = Found(hy_bundle(tmp_path, LEFT_30), "hy", subset_named("hy-worldplay-simulated"))
    given = read_given(found)
    camera = Camera.from_fov(416, 240, 89.4)
    frames = [np.asarray(view(pose, camera)) for pose in given.film.poses]
    keys = given.film.keys
    assert judge(frames, given.film.poses, camera, keys).verdict == "pass"
    said = [pose.inverse() for pose in given.film.poses]
    assert judge(frames, said, camera, keys).verdict == "fail"


@pytest.mark.parametrize("name", ["SVC-RealScene", "SVC-SimulatedScene"])
def test_objects_are_asked_about_only_where_a_turn_proves_the_answer(tmp_path, name):
    folder = tmp_path / name
    bundle = svc_bundle(folder, (Turn("left", 20.0),))
    turn = Pose.from_yaw(20)  # after_from_before of a left turn
    chair, lamp, silent, gone = (
        Box(20, 30, 40, 60),
        Box(2, 10, 14, 40),
        Box(30, 5, 45, 25),
        Box(80, 40, 95, 60),
    )
    there = {5: carried_box(SVC_CAMERA, chair, turn), 9: carried_box(SVC_CAMERA, lamp, turn)}
    before = [(5, "chair", chair), (9, "lamp", lamp), (6, "vase", silent), (4, "door", gone)]
    detections(
        bundle,
        [
            (0, [(track, label, box.corners_px(), 0.9) for track, label, box in before]),
            (
                7,
                [(5, "chair", there[5].corners_px(), 0.5), (9, "lamp", there[9].corners_px(), 0.9)],
            ),
        ],
    )
    tally, _ = make(folder, tmp_path / "out")
    made = records(tmp_path / "out", name)
    verdicts = {
        one["object"]["label"]: one["object"]["box_after"] is None
        for one in made
        if one["task_type"] == "D2"
    }
    assert verdicts.get("door") is True  # a left turn takes the right edge out of the frame
    assert verdicts.get("chair") is False
    assert "vase" not in verdicts  # nobody detected it, and it must be there
    assert sum(n for (_, *key), n in tally.drops.items() if key == ["D2", "gone-unsure"]) == 1


def test_equal_ids_of_two_trajectories_are_two_objects_of_the_place(tmp_path):
    folder = tmp_path / "SVC-RealScene"
    for name, label in (("left", "chair"), ("right", "lamp")):
        rows = [(0, [(5, label, (40, 40, 60, 60), 0.9)])]
        detections(svc_bundle(folder, (Turn(name, 10.0),)), rows)
    make(folder, tmp_path / "out")
    scene = tmp_path / "out/bundles/SVC-RealScene/scenes/0001/scene.json"
    things = json.loads(scene.read_text())["objects"]
    assert [(one["track_id"], one["label"]) for one in things] == [(1, "chair"), (2, "lamp")]
    assert list(check([tmp_path / "out" / "bundles"], readers())) == []


def test_our_own_bundles_are_taken_as_they_are(tmp_path):
    source = DEMO / "SVC-SimulatedScene-demo"
    make(source, tmp_path / "out")
    made = tmp_path / "out" / "bundles" / "SVC-SimulatedScene"
    for file in sorted(source.glob("scenes/*/*/traj.json")):
        twin = made / file.relative_to(source)
        assert twin.read_bytes() == file.read_bytes()
    assert list(check([made], readers())) == []
    told = {one["record_id"]: one["actions"] for one in records(tmp_path / "out", made.name)}
    demo = [json.loads(x) for x in (source / "tasks_demo.jsonl").read_text().splitlines()]
    assert sum(told.get(one["record_id"]) == one["actions"] for one in demo) > len(demo) / 2


@pytest.mark.parametrize("file", BUNDLES, ids=lambda file: file.parent.name)
def test_our_bundle_read_as_the_svc_layout_gives_the_same_facts(file):
    rollout = read_rollout(file.parent)
    given = read_given(Found(file.parent, "svc", subset_named(rollout.subset)))
    assert given.camera == rollout.camera
    assert given.actions == rollout.actions
    assert len(given.pictures) == len(rollout.keys)
    for mine, stored in zip(given.poses, rollout.world_from_camera, strict=True):
        assert np.allclose(mine.matrix(), stored.matrix(), atol=1e-6)
    boxes = {one.track_id: {k: s.box for k, s in one.sightings.items()} for one in rollout.tracks}
    read = {one.track_id: {k: s.box for k, s in one.sightings.items()} for one in given.tracks}
    assert all(read[one].items() <= boxes[one].items() for one in read)
    lost = sum(map(len, boxes.values())) - sum(map(len, read.values()))
    assert lost == sum(drop.reason == "track-disobeys-turn" for drop in given.drops)


def test_our_bundles_have_what_the_papers_scripts_need():
    for file in DEMO.glob("*-demo/scenes/*/traj_*/traj.json"):
        plain = json.loads(file.read_text())
        frames = plain["transforms"]["frames"]
        lists = (plain["actions_step"], plain["actions_prefix"], frames)
        assert len({len(one) for one in lists}) == 1
        assert plain["actions_step"][0] == plain["actions_prefix"][0] == []
        assert plain["traj_params"]["kind"] in {"single_step", "multi_step"}
        assert ("action" in plain["traj_params"]) == (plain["traj_params"]["kind"] == "single_step")
        assert not any(".." in frame["file_path"] for frame in frames)
        lines = (file.parent / "detect_result.jsonl").read_text().splitlines()
        rows = [json.loads(line) for line in lines]
        assert [row["frame_idx"] for row in rows] == list(range(len(frames)))
        assert all(row["width"] and row["height"] for row in rows)
        assert all(type(one["track_id"]) is int for row in rows for one in row["detections"])


def test_a_damaged_bundle_among_ours_is_left_out_and_counted(tmp_path):
    source = tmp_path / "SVC-SimulatedScene"
    shutil.copytree(DEMO / "SVC-SimulatedScene-demo", source)
    one = sorted(source.glob("scenes/*/traj_*"))[0]
    edit(one, lambda plain: plain.update(key_frame_indices=[0, 0]))
    tally, said = make(source, tmp_path / "out")
    assert tally.drops["svc-simulated", "bundle", "malformed"] == 1
    assert "malformed 1" in said
    assert not (tmp_path / "out/bundles/SVC-SimulatedScene/scenes/demo_scene" / one.name).exists()


def test_a_place_of_one_name_in_two_folders_is_taken_once(tmp_path):
    for run in ("SVC-RealScene/v1", "SVC-RealScene/v2"):
        svc_bundle(tmp_path / run, LEFT_30)
    tally, _ = make(tmp_path / "SVC-RealScene", tmp_path / "out")
    assert tally.drops["svc-real", "bundle", "scene-twice"] == 1


def test_the_same_bundles_give_the_same_records_and_a_second_run_changes_nothing(tmp_path):
    turning(tmp_path / "SVC-RealScene", 2)
    file = Path("bundles/SVC-RealScene/tasks.jsonl")
    for out in ("one", "two", "one"):
        make(tmp_path / "SVC-RealScene", tmp_path / out)
    assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_the_command_says_what_is_wrong_in_one_line(tmp_path, capsys):
    run = partial(main)
    assert run(["build", "--bundles", str(tmp_path / "no"), "--out", str(tmp_path / "o")]) == 2
    assert "there is no such folder" in capsys.readouterr().err
    (tmp_path / "empty").mkdir()
    assert run(["build", "--bundles", str(tmp_path / "empty"), "--out", str(tmp_path / "o")]) == 2
    assert "holds no bundles" in capsys.readouterr().err
    assert run(["build", "--rules", "paper", "--out", str(tmp_path / "o")]) == 2
    assert "--bundles DIR" in capsys.readouterr().err
    inside = ["build", "--bundles", str(tmp_path), "--out", str(tmp_path / "o")]
    assert run(inside) == 2
    assert "one must not lie in the other" in capsys.readouterr().err
