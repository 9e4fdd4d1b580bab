"""Anchors of a photograph, what may be done from them, and what cannot."""

import numpy as np
import pytest
from photo_examples import CAMERA, post, texture, wall
from PIL import Image

from builder.config import Gates
from builder.core.action import Move, Turn
from builder.core.errors import PlanError, SceneError
from builder.core.pose import start_from_end_of
from builder.core.protocol import SUBSETS, SVC
from builder.core.trajectory import unroll
from builder.scenes.photos import Calibration, photograph
from builder.scenes.photos._crops import central_crops, crops
from builder.scenes.photos._world import PhotoWorld
from builder.teachers import backend_named

NO_BOXES = np.empty((0, 4))


def world(relief, **gates):
    return PhotoWorld(relief, CAMERA, "calibrated", has_depth=True, gates=Gates(**gates))


@pytest.fixture
def flat(tmp_path):
    """A photograph without depth, with a bin in it."""
    Image.fromarray(texture(300, 400)).save(tmp_path / "yard.png")
    polygon = [[180, 120], [260, 120], [260, 200], [180, 200]]
    (tmp_path / "o.json").write_text(f'[{{"id": "bin", "label": "bin", "polygon": {polygon}}}]')
    camera = Calibration((300, 300), (190, 160))
    return photograph(tmp_path / "yard.png", None, camera, tmp_path / "o.json")


@pytest.mark.parametrize("name", ["svc-real", "hy-worldplay-real"])
def test_an_anchor_projects_as_the_photograph_does_through_crop_and_resize(name):
    relief_world = world(post())
    photo_px, _ = CAMERA.project([0.2, -0.1, 2.0])
    for anchor in relief_world.anchors(SUBSETS[name], 5):
        left, top, width, height = anchor.crop_px
        assert anchor.camera.size_px == SUBSETS[name].protocol.frame_px
        frame = np.array(anchor.camera.size_px)
        expected = (photo_px - (left, top)) * frame / (width, height)
        assert anchor.camera.project([0.2, -0.1, 2.0])[0] == pytest.approx(expected)
        assert anchor.camera_source == "calibrated"
        assert anchor.scene_from_anchor.translation_m.tolist() == [0, 0, 0]


def test_crops_stand_left_middle_right_first_and_cover_half_the_width():
    assert [crop[:3:2] for crop in crops((741, 500), (576, 576), NO_BOXES, 3)] == [
        (0, 400),
        (170, 400),
        (341, 400),
    ]
    assert [crop[::2] for crop in crops((741, 500), (832, 480), NO_BOXES, 3)] == [
        (0, 416),
        (162, 416),
        (325, 416),
    ]


@pytest.mark.parametrize("photo_px", [(4000, 3000), (3000, 4000), (4000, 900), (80, 70)])
@pytest.mark.parametrize("frame_px", [(576, 576), (832, 480)])
def test_crops_are_different_windows_of_half_to_all_of_the_largest(photo_px, frame_px):
    found = crops(photo_px, frame_px, NO_BOXES, 40)
    largest = min(photo_px[0], photo_px[1] * frame_px[0] / frame_px[1])
    assert len(set(found)) == len(found) >= 3
    for left, top, width, height in found:
        assert 0 <= left <= left + width <= photo_px[0]
        assert 0 <= top <= top + height <= photo_px[1]
        assert largest / 2 - 1 <= width <= largest
        assert width / height == pytest.approx(frame_px[0] / frame_px[1], rel=0.05)


@pytest.mark.parametrize("center_px", [(370.5, 250.0), (311.7, 255.4), (500.0, 120.0)])
@pytest.mark.parametrize("frame_px", [(576, 576), (832, 480)])
def test_central_crops_stand_around_the_principal_point_and_differ_in_size(center_px, frame_px):
    found = central_crops((741, 500), frame_px, center_px, 40)
    assert len({width for _, _, width, _ in found}) == len(found) >= 3
    for left, top, width, height in found:
        assert 0 <= left <= left + width <= 741
        assert 0 <= top <= top + height <= 500
        assert (left + width / 2, top + height / 2) == pytest.approx(center_px, abs=0.51)
        assert width / height == pytest.approx(frame_px[0] / frame_px[1], rel=0.02)


def test_a_teacher_of_central_cameras_is_given_anchors_that_it_can_paint():
    relief_world, subset = world(post()), SUBSETS["hy-worldplay-real"]
    walk = unroll([Turn("left", 10.0)], subset.protocol)
    teacher = backend_named("hy-worldplay")
    anchors = relief_world.anchors(subset, 3, central=teacher.central)
    assert [anchor.index for anchor in anchors] == [0, 1, 2]
    for anchor in anchors:
        plan = teacher.plan(walk, anchor.camera, walk.keyframes)
        enlarged = anchor.camera.width_px / anchor.crop_px[2]
        assert np.abs(plan.conditioning["off_center_px"]).max() <= 0.51 * enlarged
    *_, sideways = relief_world.anchors(subset, 9)
    with pytest.raises(PlanError, match="look through the middle"):
        teacher.plan(walk, sideways.camera, walk.keyframes)


def test_a_crop_stands_where_the_objects_are():
    low = np.array([[10.0, 380.0, 60.0, 430.0]])
    (crop,) = crops((741, 500), (832, 480), low, 1)
    assert crop[1] <= 380
    assert crop[1] + crop[3] >= 430


def test_a_small_step_is_taken_and_a_large_one_refused_with_its_reason():
    near = world(post(), max_holes=0.03)
    (anchor,) = near.anchors(SUBSETS["svc-real"], 1)
    middle = type(anchor)(
        0, CAMERA.crop(20, 10, 100, 100).resize(250, 250), "calibrated", anchor.scene_from_anchor
    )
    reasons = {
        action: near.refusal(middle, unroll([action], SVC))
        for action in (
            Move("right", 0.05),
            Move("right", 0.3),
            Move("right", 5.0),
            Turn("left", 5.0),
            Turn("left", 30.0),
        )
    }
    assert reasons == {
        Move("right", 0.05): None,
        Move("right", 0.3): "holes",
        Move("right", 5.0): "border",
        Turn("left", 5.0): None,
        Turn("left", 30.0): "border",
    }


def test_a_wall_too_near_is_refused_as_enlarged_and_a_loose_gate_lets_it_pass():
    (anchor,) = world(wall()).anchors(SUBSETS["svc-real"], 1)
    closer = unroll([Move("forward", 1.0)], SVC)
    assert world(wall(), max_enlargement=20).refusal(anchor, closer) is None
    assert world(wall(), max_enlargement=5).refusal(anchor, closer) == "enlarged"


def test_a_sequence_is_refused_for_any_of_its_key_poses():
    relief_world = world(wall(), max_enlargement=30)
    (anchor,) = relief_world.anchors(SUBSETS["svc-real"], 1)
    there_and_back = unroll([Turn("left", 60.0), Turn("right", 60.0)], SVC)
    assert relief_world.refusal(anchor, there_and_back) == "border"


def test_without_depth_a_turn_is_right_and_a_move_is_refused(flat):
    (anchor, *_) = flat.world.anchors(SUBSETS["svc-real"], 2)
    camera = flat.world.camera
    assert flat.world.refusal(anchor, unroll([Move("left", 0.1)], SVC)) == "no-depth"
    with pytest.raises(SceneError, match="no depth, so only turns"):
        flat.world.look(start_from_end_of([Move("left", 0.1)]), camera)
    view = flat.world.look(start_from_end_of([Turn("left", 10.0)]), camera)
    expected = 190 + 300 * np.tan(np.arctan((180 - 190) / 300) + np.radians(10))
    columns = np.nonzero((view.instance == 1).any(axis=0))[0]
    assert columns[0] == pytest.approx(expected, abs=1.5)
    assert view.quality.holes == 0
