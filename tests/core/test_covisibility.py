"""Flow and overlap on planes whose answer is known by hand."""

import numpy as np
import pytest

from builder.core.action import Move, Turn
from builder.core.camera import Camera
from builder.core.covisibility import covisibility, depth_grid, displacement_px
from builder.core.pose import Pose, start_from_end_of

CAMERA = Camera(240, 180, (120.0, 120.0), (100.0, 90.0))  # principal point left of the middle
ALL_SEEN = np.ones((180, 240), dtype=bool)


def wall(depth_m):
    return np.full((180, 240), depth_m, dtype=np.float32)


def test_a_wall_slides_by_focal_times_shift_over_depth():
    moved = start_from_end_of([Move("right", 0.25)])
    pair = covisibility((wall(2.0), ALL_SEEN), (wall(2.0), ALL_SEEN), CAMERA, moved)
    assert pair.displacement_px == pytest.approx(120 * 0.25 / 2.0)
    assert pair.overlap_before == pytest.approx(1 - 15 / 240, abs=0.03)
    assert pair.overlap_after == pytest.approx(1 - 15 / 240, abs=0.03)


def test_half_of_a_view_walked_into_is_all_that_is_left_of_it():
    moved = start_from_end_of([Move("forward", 1.0)])
    pair = covisibility((wall(2.0), ALL_SEEN), (wall(1.0), ALL_SEEN), CAMERA, moved)
    assert pair.overlap_before == pytest.approx(0.25, abs=0.03)
    assert pair.overlap_after == pytest.approx(1.0, abs=0.03)


def test_what_is_hidden_behind_something_near_is_not_shared():
    nearer = wall(2.0)
    nearer[:, :120] = 0.5
    pair = covisibility((wall(2.0), ALL_SEEN), (nearer, ALL_SEEN), CAMERA, Pose.identity())
    assert pair.overlap_before == pytest.approx(0.5, abs=0.02)


def test_filled_pixels_are_never_shared():
    half_seen = ALL_SEEN.copy()
    half_seen[:90] = False
    pair = covisibility((wall(2.0), half_seen), (wall(2.0), ALL_SEEN), CAMERA, Pose.identity())
    assert pair.overlap_before == pytest.approx(0.5, abs=0.02)
    assert pair.overlap_after == pytest.approx(0.5, abs=0.02)


def test_no_motion_moves_nothing():
    assert displacement_px(depth_grid(wall(3.0)), CAMERA, Pose.identity()) == pytest.approx(0)


def test_the_grid_tells_the_same_displacement_as_the_picture():
    moved = start_from_end_of([Move("left", 0.3), Turn("right", 10.0)])
    slope = (2.0 + np.linspace(0, 1, 240, dtype=np.float32))[None].repeat(180, 0)
    pair = covisibility((slope, ALL_SEEN), (slope, ALL_SEEN), CAMERA, moved)
    assert displacement_px(depth_grid(slope), CAMERA, moved) == pytest.approx(
        pair.displacement_px, rel=0.03
    )


def test_a_view_turned_right_around_shares_nothing():
    turned = start_from_end_of([Turn("left", 180.0)])
    pair = covisibility((wall(2.0), ALL_SEEN), (wall(2.0), ALL_SEEN), CAMERA, turned)
    assert pair.displacement_px == float("inf")
    assert pair.overlap_before == pair.overlap_after == 0


def test_walking_towards_a_wall_moves_the_grid_more_than_walking_away():
    grid = depth_grid(wall(2.0))
    towards, away = (
        displacement_px(grid, CAMERA, start_from_end_of([Move(direction, 1.0)]))
        for direction in ("forward", "backward")
    )
    assert towards == pytest.approx(3 * away)
