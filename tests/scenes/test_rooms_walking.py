"""Where a camera may walk: a worked room, 5 m by 4 m, with one table off its middle."""

import numpy as np
import pytest

from builder.core.action import Move, Turn
from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.protocol import HY_WORLDPLAY, SVC
from builder.core.scene import Anchor, SceneRef
from builder.core.seeding import rng_for
from builder.core.trajectory import unroll
from builder.scenes.rooms.boxes import box
from builder.scenes.rooms.footprint import Placed
from builder.scenes.rooms.freespace import FreeSpace
from builder.scenes.rooms.kinds import KINDS
from builder.scenes.rooms.look import draw_look
from builder.scenes.rooms.piece import Finish, Part, Piece
from builder.scenes.rooms.plan import Opening, Plan
from builder.scenes.rooms.room import Room
from builder.scenes.rooms.world import RoomWorld

PLAIN = Finish("plain")
PLAN = Plan(5.0, 4.0, 2.6, (Opening("window", 0, 1.0, 2.0, 0.9, 2.2),))
TABLE_TOP = Piece("table", (Part(box((1.2, 0.6, 0.04), (0, 0, 0.73)), PLAIN),))
RUG = Piece("rug", (Part(box((1.5, 1.0, 0.02), (0, 0, 0.01)), PLAIN),))
LAMP = Piece("ceiling lamp", (Part(box((0.4, 0.4, 0.2), (0, 0, 0.1)), PLAIN),))
PLACED = (
    Placed(TABLE_TOP, 3.5, 2.0, 0.0, 90.0),
    Placed(RUG, 1.5, 1.0, 0.0, 0.0),
    Placed(LAMP, 1.5, 2.5, 2.4, 0.0),
)


@pytest.fixture(scope="module")
def world() -> RoomWorld:
    look = draw_look(rng_for(1, "look"))
    room = Room(KINDS[0], PLAN, look, (PLAIN, 1.0), None, -1, PLACED)
    return RoomWorld(room, SceneRef("rooms", "room-1-0000", 1))


def anchor_at(x_m: float, y_m: float, yaw_deg: float) -> Anchor:
    pose = Pose(Pose.from_yaw(yaw_deg).rotation, np.array([x_m, -1.5, y_m]))
    return Anchor(0, Camera.from_fov(576, 576, 73.7), "exact", pose)


def test_clearance_is_the_distance_to_the_nearest_thing() -> None:
    space = FreeSpace.of(PLAN, PLACED)
    points = np.array([[1.0, 2.0], [2.2, 2.0], [3.5, 2.0], [3.5, 0.6], [-0.2, 1.0], [1.5, 2.5]])
    found = space.at(points)
    # The table is turned: 0.6 m along x, 1.2 m along y, so it begins at x = 3.2 and y = 1.4.
    expected = [1.0, 1.0, 0.0, 0.6, 0.0, 1.5]
    np.testing.assert_allclose(found, expected, atol=0.035)


def test_a_walk_into_a_wall_is_refused_and_a_shorter_one_is_not(world) -> None:
    # At (1, 2), looking along +x; +z of the scene is the room's +y, so left is +y.
    start = anchor_at(1.0, 2.0, 90.0)
    assert world.refusal(start, unroll([Move("backward", 0.9)], SVC)) == "collides"
    assert world.refusal(start, unroll([Move("backward", 0.6)], SVC)) is None
    assert world.refusal(start, unroll([Move("left", 1.7)], SVC)) is None
    assert world.refusal(start, unroll([Move("right", 1.9)], SVC)) == "collides"


def test_left_of_a_camera_that_looks_along_x_is_plus_y(world) -> None:
    start = anchor_at(1.0, 0.6, 90.0)
    assert world.refusal(start, unroll([Move("left", 2.5)], SVC)) is None
    assert world.refusal(start, unroll([Move("right", 0.5)], SVC)) == "collides"


def test_a_walk_into_a_table_is_refused_and_one_past_it_is_not(world) -> None:
    towards, past = anchor_at(1.0, 2.0, 90.0), anchor_at(1.0, 0.7, 90.0)
    assert world.refusal(towards, unroll([Move("forward", 2.1)], SVC)) == "collides"
    assert world.refusal(towards, unroll([Move("forward", 1.8)], SVC)) is None
    assert world.refusal(past, unroll([Move("forward", 3.5)], SVC)) is None


def test_a_walk_through_a_table_is_refused_though_it_ends_free(world) -> None:
    start = anchor_at(2.5, 2.0, 90.0)
    assert world.refusal(start, unroll([Move("forward", 2.0)], SVC)) == "collides"
    assert world.refusal(start, unroll([Move("forward", 2.0)], HY_WORLDPLAY)) == "collides"


def test_turns_decide_where_the_walk_goes(world) -> None:
    start = anchor_at(2.6, 2.0, 90.0)
    left = unroll([Turn("left", 90.0), Move("forward", 1.5)], SVC)
    around = unroll([Turn("left", 90.0), Move("forward", 1.5), Turn("right", 90.0)], HY_WORLDPLAY)
    straight = unroll([Turn("left", 10.0), Move("forward", 1.5)], SVC)
    assert world.refusal(start, left) is None
    assert world.refusal(start, around) is None
    assert world.refusal(start, straight) == "collides"


def test_rugs_and_high_lamps_do_not_stop_anyone(world) -> None:
    start = anchor_at(0.6, 1.0, 90.0)
    assert world.refusal(start, unroll([Move("forward", 2.0)], SVC)) is None
    under_lamp = anchor_at(0.6, 2.5, 90.0)
    assert world.refusal(under_lamp, unroll([Move("forward", 1.5)], SVC)) is None


def test_standing_still_where_one_may_stand_is_allowed(world) -> None:
    assert world.refusal(anchor_at(1.0, 2.0, 0.0), unroll([Turn("left", 100.0)], SVC)) is None
