"""Poses form a group, and actions mean what their words say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from builder.core.action import Move, Turn
from builder.core.errors import GeometryError
from builder.core.pose import Pose, start_from_end, start_from_end_of

yaws_deg = st.floats(-360, 360)
offsets_m = st.tuples(*[st.floats(-50, 50)] * 3)
poses = st.builds(
    lambda yaw, offset: Pose(Pose.from_yaw(yaw).rotation, offset), yaws_deg, offsets_m
)


def assert_same(one, other):
    assert_allclose(one.rotation, other.rotation, atol=1e-9)
    assert_allclose(one.translation_m, other.translation_m, atol=1e-9)


@given(poses)
def test_a_pose_undoes_its_inverse(a_from_b):
    assert_same(a_from_b @ a_from_b.inverse(), Pose.identity())


@given(poses, poses, poses)
def test_composition_is_associative(a_from_b, b_from_c, c_from_d):
    assert_same((a_from_b @ b_from_c) @ c_from_d, a_from_b @ (b_from_c @ c_from_d))


@pytest.mark.parametrize(
    ("action", "what_was_straight_ahead_is_now"),
    [
        (Turn("left", 90.0), [1, 0, 0]),  # turned left, so it lies to the right
        (Turn("right", 90.0), [-1, 0, 0]),
        (Move("forward", 1.0), [0, 0, 0]),
        (Move("backward", 1.0), [0, 0, 2]),
        (Move("left", 1.0), [1, 0, 1]),
        (Move("right", 1.0), [-1, 0, 1]),
    ],
)
def test_actions_mean_what_their_words_say(action, what_was_straight_ahead_is_now):
    end_from_start = start_from_end(action).inverse()
    assert_allclose(end_from_start.apply([0, 0, 1]), what_was_straight_ahead_is_now, atol=1e-12)


def test_a_reflection_is_refused_with_both_numbers():
    with pytest.raises(GeometryError, match=r"det is -1\.000 \(must be \+1\)"):
        Pose(np.diag([1.0, 1.0, -1.0]), np.zeros(3))


def test_a_pose_cannot_be_changed_in_place():
    with pytest.raises(ValueError, match="read-only"):
        Pose.identity().rotation[0, 0] = 2.0


@given(poses)
def test_a_pose_survives_its_matrix(a_from_b):
    assert_same(Pose.from_matrix(a_from_b.matrix()), a_from_b)


def test_after_a_turn_to_the_left_what_was_ahead_lies_to_the_right():
    start_from_end = start_from_end_of([Turn("left", 30.0)])
    assert start_from_end.inverse().apply([0, 0, 5])[0] > 0
    assert start_from_end.yaw_deg == pytest.approx(-30)


@pytest.mark.parametrize(
    ("actions", "ends_at_m"),
    [
        ([Turn("left", 90.0), Move("forward", 2.0)], [-2, 0, 0]),  # these two do not commute
        ([Move("forward", 2.0), Turn("left", 90.0)], [0, 0, 2]),
        ([Turn("right", 90.0), Move("left", 1.0), Move("backward", 0.5)], [-0.5, 0, 1]),
    ],
    ids=repr,
)
def test_each_action_starts_where_the_one_before_ended(actions, ends_at_m):
    assert_allclose(start_from_end_of(actions).translation_m, ends_at_m, atol=1e-9)
