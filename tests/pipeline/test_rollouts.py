"""One trajectory: which frames are stored, and what is said of them."""

import numpy as np
import pytest
from pipeline._toy import toy_scene

from builder.core.action import Move, Turn
from builder.core.protocol import SUBSETS
from builder.pipeline.planner import Planned
from builder.pipeline.rollouts import Painter, make_rollout, remembering
from builder.store import encode, read_rollout, write_bundle
from builder.teachers import backend_named
from builder.trackers import tracker_named

WALK = (Move("right", 0.5), Turn("left", 20.0))


def made(subset="svc-simulated", frames="keyframes", scene=None, actions=WALK):
    scene = scene or toy_scene()
    anchor = scene.world.anchors(SUBSETS[subset], 1)[0]
    painter = Painter(backend_named("embedded"), tracker_named("truth"), 7, frames, ".jpg")
    return make_rollout(scene, SUBSETS[subset], Planned("a0_walk_00", anchor, actions), painter)


def test_the_key_frames_are_the_start_and_each_end_of_an_action():
    one = made()
    assert one.schedule.poses == (0, 7, 14)
    assert one.rollout.keys == (0, 1, 2)
    assert one.frames.shape == (3, 48, 48, 3)
    last = one.rollout.world_from_camera[2]
    assert last.translation_m.tolist() == pytest.approx([0.5, 0, 0])
    assert last.yaw_deg == pytest.approx(-20)


def test_all_frames_end_with_the_last_action_and_hold_the_same_keys():
    few, every = made("hy-worldplay-simulated"), made("hy-worldplay-simulated", "all")
    poses = len(every.schedule.trajectory.world_from_camera)
    assert every.schedule.poses == tuple(range(every.rollout.keys[-1] + 1))
    assert poses % 4 == 0
    assert every.rollout.keys == few.schedule.poses
    assert every.schedule.frame_ids[3] == 12
    for key, frame in enumerate(every.rollout.keys):
        assert (every.frames[frame] == few.frames[key]).all()
    assert every.rollout.covisibility == few.rollout.covisibility


def test_every_pair_of_key_views_is_compared():
    pairs = made().rollout.covisibility
    assert set(pairs) == {(0, 1), (0, 2), (1, 2)}
    # turning 20 of 90 degrees leaves a bit less than 70 / 90 of the view
    assert 0.5 < pairs[1, 2].overlap_before < 0.8
    assert pairs[1, 2].displacement_px > 5


def test_what_is_read_back_from_disk_is_what_tasks_saw(tmp_path):
    one = made(frames="all")
    pictures = [encode(frame) for frame in one.frames]
    back = read_rollout(write_bundle(tmp_path, one.rollout, one.schedule, pictures))
    assert back.tracks == one.rollout.tracks
    assert back.covisibility == one.rollout.covisibility
    assert back.quality == one.rollout.quality
    assert back.keys == one.rollout.keys
    for grid, other in zip(one.rollout.depth_grids_m, back.depth_grids_m, strict=True):
        assert (grid == other).all()
    for pose, other in zip(one.rollout.world_from_camera, back.world_from_camera, strict=True):
        assert (pose.matrix() == other.matrix()).all()


def test_depths_are_whole_millimeters_before_a_task_sees_them():
    grid_m = made().rollout.depth_grids_m[0]
    assert grid_m.shape == (24, 24)
    assert (np.rint(grid_m * 1000) / 1000).astype(np.float32).tolist() == grid_m.tolist()


def test_a_depth_that_was_not_seen_is_unknown():
    scene = toy_scene()
    world = scene.world
    look = type(world).look

    class HalfSeen(type(world)):
        def look(self, scene_from_camera, camera):
            view = look(self, scene_from_camera, camera)
            view.seen[:, :24] = False
            return view

    blind = type(scene)("toy", "real", "X", "", "", scene.objects, HalfSeen(world.objects))
    grid_m = made("svc-real", scene=blind).rollout.depth_grids_m[0]
    assert (grid_m[:, :12] == 0).all()
    assert (grid_m[:, 12:] > 0).all()


def test_the_first_view_of_an_anchor_is_painted_once():
    scene = toy_scene()
    painted = []
    look = type(scene.world).look

    class Counting(type(scene.world)):
        def look(self, scene_from_camera, camera):
            painted.append(scene_from_camera)
            return look(self, scene_from_camera, camera)

    counting = remembering(
        type(scene)("toy", "simulated", "X", "", "", scene.objects, Counting(scene.world.objects))
    )
    first, second = made(scene=counting), made(scene=counting, actions=(Move("right", 0.3),))
    assert len(painted) == 4
    assert (first.frames[0] == second.frames[0]).all()


def test_the_license_is_that_of_the_scene_and_of_what_the_backend_adds(monkeypatch):
    assert made().rollout.provenance.license == "CC0-1.0"
    monkeypatch.setattr(type(backend_named("embedded")), "output_license", "LicenseRef-Seva")
    assert made().rollout.provenance.license == "CC0-1.0 AND LicenseRef-Seva"
