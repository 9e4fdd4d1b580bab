"""Obedience, on pictures whose motion is known: what was done passes, what was not fails."""

import json
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textured_room import CAMERA, film, look, poses_of

from builder.audit.obedience import Limits, judge
from builder.audit.obedience.shared import shared_by_moves
from builder.core.action import Move, Turn
from builder.core.errors import GeometryError, MissingExtra
from builder.core.pose import Pose
from builder.core.seeding import rng_for

cv2 = pytest.importorskip("cv2", reason="obedience needs the extra [audit]: opencv")

LEFT = [Turn("left", 30.0)]
WALK = [Move("forward", 0.5), Turn("right", 20.0), Move("left", 0.4)]


def shown(done, planned, **how):
    """Judge the pictures of some actions against the plan of others."""
    return judge(film(done)[0], poses_of(planned), CAMERA, **how)


@pytest.mark.parametrize(
    "actions",
    [LEFT, [Turn("right", 10.0)], [Move("backward", 0.3)], [Move("right", 0.2)], WALK],
)
def test_what_was_commanded_and_done_passes(actions):
    found = shown(actions, actions)
    assert (found.verdict, found.reasons) == ("pass", ())
    assert [span.verdict for span in found.spans] == ["pass"] * len(actions)


def test_a_left_turn_is_seen_as_a_negative_angle():
    (span,) = shown(LEFT, LEFT).spans
    assert span.seen.yaw_deg == pytest.approx(-30.0, abs=0.3)
    assert span.seen.heading_deg is None


@pytest.mark.parametrize(
    ("done", "planned", "reason"),
    [
        ([Turn("right", 30.0)], LEFT, "turned-the-other-way"),
        ([Turn("left", 15.0)], LEFT, "turned-too-little"),
        ([Turn("left", 45.0)], LEFT, "turned-too-far"),
        ([Turn("left", 5.0)], [Turn("left", 10.0)], "turned-too-little"),
        ([Move("backward", 0.5)], [Move("forward", 0.5)], "moved-backwards"),
        ([Move("left", 0.2)], [Move("right", 0.2)], "moved-backwards"),
        ([Move("right", 0.4)], [Move("forward", 0.4)], "moved-elsewhere"),
        ([Turn("left", 25.0)], [Move("right", 0.5)], "turned-in-a-move"),
    ],
)
def test_another_motion_fails_with_its_reason(done, planned, reason):
    found = shown(done, planned)
    assert (found.verdict, found.reasons) == ("fail", (reason,))


def test_one_wrong_step_of_three_fails_the_rollout():
    mirrored = [WALK[0], Turn("left", 20.0), WALK[2]]
    found = shown(mirrored, WALK)
    assert found.verdict == "fail"
    assert [span.verdict for span in found.spans][1] == "fail"


def test_the_length_of_a_move_is_not_judged():
    assert shown([Move("forward", 0.3)], [Move("forward", 0.8)]).verdict == "pass"


def test_a_turn_within_tolerance_passes_and_one_beyond_it_fails():
    near = [Turn("left", 27.0)]  # 15 % of 30 are 4.5 degrees
    assert shown(near, LEFT).verdict == "pass"
    assert shown(near, LEFT, limits=Limits(turn_deg=1.0, turn_share=0.05)).verdict == "fail"


@pytest.mark.parametrize("planned", [LEFT, [Move("forward", 0.5)], WALK])
def test_a_picture_that_only_flickers_did_not_move(planned):
    rng, (first, *_) = rng_for(0, "flicker"), film(LEFT)[0]
    frames = [first] + [flicker(first, rng) for _ in planned]
    found = judge(frames, poses_of(planned), CAMERA)
    assert found.verdict == "fail"
    assert "did-not-move" in found.reasons


def test_a_frozen_video_fails():
    (first, second, *_), poses = film(WALK)
    found = judge([first, second, second, second], poses, CAMERA)
    assert found.verdict == "fail"
    assert "frozen" in found.reasons


def test_noise_fails_whatever_was_planned():
    noise = rng_for(0, "noise").integers(0, 256, (256, 256, 3), dtype=np.uint8)
    found = judge([film(LEFT)[0][0], noise], poses_of(LEFT), CAMERA)
    assert found.verdict == "fail"
    assert "noise" in found.reasons


def test_pictures_of_another_place_fail_after_a_small_step():
    elsewhere = look(Pose.from_yaw(180.0))
    found = judge([film(LEFT)[0][0], elsewhere], poses_of([Move("forward", 0.3)]), CAMERA)
    assert (found.verdict, found.reasons) == ("fail", ("another-place",))


def test_shuffled_frames_fail():
    frames, poses = film(WALK)
    assert judge([frames[k] for k in (0, 2, 3, 1)], poses, CAMERA).verdict == "fail"


def test_dense_frames_out_of_order_are_told_by_their_looks_alone():
    steps = [Turn("left", 4.0)] * 8
    frames, poses = film(steps)
    mixed = [frames[k] for k in (0, 4, 2, 6, 1, 5, 3, 7, 8)]
    assert judge(frames, poses, CAMERA, keys=(0, 8)).verdict == "pass"
    found = judge(mixed, poses, CAMERA, keys=(0, 8))
    assert (found.verdict, found.reasons) == ("fail", ("out-of-order",))
    assert [span.verdict for span in found.spans] == ["pass"]


def test_a_failed_look_is_not_overruled_by_motion_that_was_seen():
    frames, poses = film(LEFT)
    found = judge([frames[0], cv2.GaussianBlur(frames[1], (0, 0), 4)], poses, CAMERA)
    assert "blurred" in found.reasons
    assert found.verdict == "fail"


def test_views_that_share_nothing_are_undecided_and_frames_between_them_decide():
    far = [Turn("right", 100.0)]
    assert shown(far, far).verdict == "undecided"
    steps = [Turn("right", 10.0)] * 10
    frames, poses = film(steps)
    found = judge(frames, poses, CAMERA, keys=(0, 10))
    assert found.verdict == "pass"
    assert len(found.spans) > 1
    backwards = [look(pose) for pose in poses_of([Turn("left", 10.0)] * 10)]
    assert judge(backwards, poses, CAMERA, keys=(0, 10)).verdict == "fail"


def test_a_wall_without_texture_is_undecided():
    ramp = np.linspace(60, 200, 256).astype(np.uint8)
    bland = np.repeat(np.tile(ramp, (256, 1))[..., None], 3, axis=2)
    frames = [bland, np.ascontiguousarray(bland[:, ::-1])]
    limits = Limits(sharpness=0.0)  # a ramp has no edge that could be sharp
    found = judge(frames, poses_of(LEFT), CAMERA, limits=limits)
    assert (found.verdict, found.reasons) == ("undecided", ("too-few-matches",))


def test_the_verdict_does_not_depend_on_threads_and_leaves_them_as_they_were():
    before = cv2.getNumThreads()
    found = []
    for threads in (1, 4):
        cv2.setNumThreads(threads)
        found.append(shown(WALK, WALK).to_json())
        assert cv2.getNumThreads() == threads
    cv2.setNumThreads(before)
    assert found[0] == found[1]


@settings(max_examples=6, deadline=None)
@given(st.integers(-40, 40).filter(lambda yaw: abs(yaw) >= 6))
def test_any_turn_is_measured_within_a_fifth_of_a_degree(yaw_deg):
    plan = [Turn("right" if yaw_deg > 0 else "left", abs(float(yaw_deg)))]
    (span,) = shown(plan, plan).spans
    assert span.seen.yaw_deg == pytest.approx(yaw_deg, abs=0.2)


def test_moves_are_compared_without_depth_and_turns_and_disobedience_are_left_out():
    frames, poses = film(WALK)
    found = shared_by_moves(frames, poses, CAMERA, range(4))
    assert set(found) >= {(0, 1), (2, 3)}
    assert (1, 2) not in found  # a turn: exact without any picture
    for pair in found.values():
        assert 5 < pair.displacement_px < 400
        assert 0.15 < min(pair.overlap_before, pair.overlap_after) <= 1
    nearer = shared_by_moves(*film([Move("left", 0.1)]), CAMERA, (0, 1))[0, 1]
    assert nearer.displacement_px < found[2, 3].displacement_px
    back = poses_of([Move("backward", 0.5)])
    assert shared_by_moves(film([Move("forward", 0.5)])[0], back, CAMERA, (0, 1)) == {}


def test_a_plan_without_motion_is_undecided():
    frames = [look(Pose.identity())] * 2
    found = judge(frames, [Pose.identity()] * 2, CAMERA)
    assert (found.verdict, found.reasons) == ("undecided", ("no-motion-planned",))


def test_the_evidence_is_plain_json():
    found = shown(LEFT, LEFT)
    assert json.loads(json.dumps(found.to_json())) == found.to_json()
    assert set(found.figures) == {"spans", "looks"}


@pytest.mark.parametrize(
    ("frames", "poses", "keys", "said"),
    [
        (1, 2, None, "do not go with"),
        (2, 2, (0,), "two or more"),
        (2, 2, (1, 0), "ascend from 0"),
        (2, 2, (0, 2), "stay below 2"),
    ],
)
def test_frames_poses_and_keys_must_go_together(frames, poses, keys, said):
    pictures = [look(Pose.identity())] * frames
    with pytest.raises(GeometryError, match=said):
        judge(pictures, [Pose.identity()] * poses, CAMERA, keys)


def test_a_frame_of_another_size_is_refused():
    frames = [look(Pose.identity()), np.zeros((10, 10, 3), np.uint8)]
    with pytest.raises(GeometryError, match="frame 1 must be uint8"):
        judge(frames, [Pose.identity()] * 2, CAMERA)


def test_without_opencv_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(MissingExtra, match=r"world2vlm\[audit\]"):
        judge(*film(LEFT), CAMERA)


def flicker(frame, rng):
    return np.clip(frame + rng.normal(0, 3, frame.shape), 0, 255).astype(np.uint8)


def test_four_dense_frames_with_two_swapped_are_told():
    steps = [Move("backward", 0.1)] * 3
    frames, poses = film(steps)
    assert judge(frames, poses, CAMERA, keys=(0, 3)).verdict == "pass"
    for order in ((0, 2, 1, 3), (0, 1, 3, 2), (0, 2, 3, 1)):
        mixed = [frames[k] for k in order]
        assert "out-of-order" in judge(mixed, poses, CAMERA, keys=(0, 3)).reasons


def test_key_frames_that_come_back_to_where_they_were_are_in_order():
    there = [Move("left", 0.3), Turn("right", 20.0), Turn("left", 20.0), Move("right", 0.3)]
    assert shown(there, there).verdict == "pass"
