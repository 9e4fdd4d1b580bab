"""Motion from matches alone: rotations, headings, and which side of its line a point moves to."""

import numpy as np
import pytest

from builder.audit.obedience.motion import Matches, between_deg, explained, moved, nearby, turned
from builder.core.action import Move, Turn
from builder.core.pose import Pose, start_from_end, start_from_end_of
from builder.core.seeding import rng_for


def matches_of(before_from_after, count=200, wrong=0.0):
    """Points 2 to 6 m ahead, seen from both poses; a share of them matched at random."""
    rng = rng_for(0, "points")
    points = rng.uniform((-2, -1.5, 2), (2, 1.5, 6), (count, 3))
    after = before_from_after.inverse().apply(points)
    mixed = rng.random(count) < wrong
    after[mixed] = after[rng.permutation(np.flatnonzero(mixed))]
    unit = (one / np.linalg.norm(one, axis=1, keepdims=True) for one in (points, after))
    return Matches(*unit, hit_deg=0.35)


@pytest.mark.parametrize("yaw_deg", [-50.0, -10.0, 3.0, 35.0])
def test_a_turn_is_found_among_wrong_matches(yaw_deg):
    fit = turned(matches_of(Pose.from_yaw(yaw_deg), wrong=0.5))
    assert fit.yaw_deg == pytest.approx(yaw_deg, abs=0.01)
    assert fit.share == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize(
    ("direction", "heading"),
    [("forward", (0, 0, 1)), ("backward", (0, 0, -1)), ("left", (-1, 0, 0)), ("right", (1, 0, 0))],
)
def test_the_essential_matrix_heads_where_the_camera_went(direction, heading):
    cv2 = pytest.importorskip("cv2", reason="obedience needs the extra [audit]: opencv")
    fit = moved(cv2, matches_of(start_from_end(Move(direction, 0.5)), wrong=0.2))
    assert between_deg(fit.heading, np.array(heading, float)) < 8
    assert abs(fit.yaw_deg) < 2


def test_a_heading_is_in_the_axes_of_the_frame_before():
    cv2 = pytest.importorskip("cv2", reason="obedience needs the extra [audit]: opencv")
    fit = moved(cv2, matches_of(start_from_end_of([Turn("left", 30.0), Move("forward", 0.6)])))
    assert fit.yaw_deg == pytest.approx(-30.0, abs=0.5)
    assert fit.heading == pytest.approx([-0.5, 0, 0.866], abs=0.03)


def test_a_move_explains_its_points_and_its_opposite_does_not():
    plan = start_from_end(Move("right", 0.4))
    matches = matches_of(plan)
    heading = plan.translation_m / 0.4
    assert explained(matches, np.eye(3), heading) == 1.0
    assert explained(matches, np.eye(3), -heading) < 0.05


def test_near_the_plan_a_motion_that_is_a_little_off_is_found():
    done = Pose.from_yaw(2.0) @ start_from_end(Move("forward", 0.5))
    plan = start_from_end(Move("forward", 0.5))
    matches = matches_of(done)
    exact, near = (nearby(matches, plan, most) for most in ((0.0, 0.0), (3.0, 20.0)))
    assert exact.share < 0.6
    assert near.share > 0.8
    assert near.yaw_deg == pytest.approx(2.0, abs=1.2)


def test_of_no_matches_nothing_is_explained():
    none = Matches(np.zeros((0, 3)), np.zeros((0, 3)), 0.35)
    assert turned(none).share == 0
    assert explained(none, np.eye(3), np.zeros(3)) == 0
