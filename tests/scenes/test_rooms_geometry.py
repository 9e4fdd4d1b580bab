"""What a furnished room must never show: things in one another, in the air, or flickering."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.core.seeding import rng_for
from builder.scenes.rooms.footprint import CEILING, FLOOR, WALL, Blocks, overlap
from builder.scenes.rooms.furniture import MAKERS, make
from builder.scenes.rooms.kinds import KINDS
from builder.scenes.rooms.look import draw_look
from builder.scenes.rooms.room import furnish
from builder.scenes.rooms.shapes import rotation


@pytest.fixture(scope="module")
def rooms():
    return [furnish(kind, 4, f"room-4-{index:04d}") for index, kind in enumerate(KINDS)]


def firm_vertices(placed) -> np.ndarray:
    shapes = [placed.in_room(p.shape).vertices_m for p in placed.piece.parts if p.give_m == 0]
    return np.concatenate(shapes) if shapes else np.zeros((0, 3))


def points_inside(points, placed, slack_m: float) -> np.ndarray:
    """Count the points inside the boxes of a piece's firm parts, worked out in its own frame."""
    local = (points - (placed.x_m, placed.y_m, placed.z_m)) @ rotation(placed.turn_deg, "z")
    inside = np.zeros(len(points), dtype=bool)
    for part in placed.piece.parts:
        if part.give_m == 0:
            box = part.shape.bounds_m()
            inside |= ((local > box[:3] + slack_m) & (local < box[3:] - slack_m)).all(axis=1)
    return inside


def test_no_thing_reaches_into_another(rooms) -> None:
    for room in rooms:
        for first in room.placed:
            points = firm_vertices(first)
            for second in room.placed:
                if first is not second:
                    found = points_inside(points, second, 0.002)
                    assert not found.any(), (first.piece.label, second.piece.label)


def test_no_two_things_overlap_as_boxes(rooms) -> None:
    for room in rooms:
        for index, first in enumerate(room.placed):
            for second in room.placed[index + 1 :]:
                pair = (room.kind.name, first.piece.label, second.piece.label)
                assert not overlap(first.blocks, second.blocks, 0.005), pair


def test_nothing_floats(rooms) -> None:
    for room in rooms:
        for placed in room.placed:
            low, high = placed.z_m + placed.piece.bounds_m[[2, 5]]
            what = (room.kind.name, placed.piece.label)
            if placed.rests_on == FLOOR:
                assert -0.014 <= low <= 0.001, what
            elif placed.rests_on == CEILING:
                assert abs(high - room.plan.height_m) < 0.001, what
            elif placed.rests_on == WALL:
                assert wall_gap_m(room.plan, placed) < 0.02, what
            else:
                assert stands_on(placed, room.placed[placed.rests_on]), what


def wall_gap_m(plan, placed) -> float:
    if placed.piece.label == "curtain":  # it hangs from its rod, which is fixed to the wall
        return 0.0
    vertices = np.concatenate([placed.in_room(p.shape).vertices_m for p in placed.piece.parts])
    low, high = vertices.min(axis=0), vertices.max(axis=0)
    gaps = [low[1], plan.width_m - high[0], plan.depth_m - high[1], low[0]]
    return float(gaps[round(placed.turn_deg / 90) % 4])


def stands_on(placed, host) -> bool:
    base = placed.blocks.z_m[:, 0].min()
    tops = np.array([top.z_m for top in host.piece.tops] or [host.piece.size_m[2]]) + host.z_m
    middle = placed.blocks.bounds_m[[0, 1, 3, 4]].reshape(2, 2).mean(axis=0)
    under = host.blocks.bounds_m
    above = (middle > under[:2] - 0.02).all() and (middle < under[3:5] + 0.02).all()
    return bool(above and np.abs(tops - base).min() < 0.004)


def test_curtains_reach_their_rod(rooms) -> None:
    for room in rooms:
        rods = [p.z_m for p in room.placed if p.piece.label == "curtain rod"]
        for placed in room.placed:
            if placed.piece.label == "curtain":
                top = placed.z_m + placed.piece.bounds_m[5]
                assert min(abs(top - rod) for rod in rods) < 0.005


def test_no_two_things_share_a_level_side(rooms) -> None:
    for room in rooms:
        for index, first in enumerate(room.placed):
            for second in room.placed[index + 1 :]:
                pair = (room.kind.name, first.piece.label, second.piece.label)
                assert not flickers(first.blocks, second.blocks), pair


def flickers(first, second) -> bool:
    """Whether two upper sides lie in one plane and overlap: both would be drawn, in turns."""
    for i in range(len(first.z_m)):
        for j in np.flatnonzero(np.abs(second.z_m[:, 1] - first.z_m[i, 1]) < 3e-4):
            a, b = one_block(first, i), one_block(second, int(j))
            if overlap(a, b, 0.003):
                return True
    return False


def one_block(blocks, index: int) -> Blocks:
    z = np.array([[0.0, 1.0]])
    return Blocks(blocks.center_m[[index]], blocks.half_m[[index]], z, blocks.turn_deg)


def test_everything_is_inside_the_walls(rooms) -> None:
    for room in rooms:
        for placed in room.placed:
            low, high = placed.blocks.bounds_m[:3], placed.blocks.bounds_m[3:]
            on_window = (
                placed.rests_on >= 0 and room.placed[placed.rests_on].piece.label == "window"
            )
            reach = 0.25 if on_window or placed.piece.label in {"window", "blind"} else 1e-6
            assert (low[:2] >= -reach).all(), placed.piece.label
            assert high[0] <= room.plan.width_m + reach
            assert high[1] <= room.plan.depth_m + reach
            assert high[2] <= room.plan.height_m + reach


def test_nothing_hangs_before_a_window(rooms) -> None:
    for room in rooms:
        for window in room.plan.windows():
            for placed in room.placed:
                hung = placed.rests_on == WALL and placed.piece.label in {
                    "painting",
                    "clock",
                    "mirror",
                }
                if hung and round(placed.turn_deg / 90) % 4 == window.wall:
                    x, y = room.plan.spot(window.wall, window.middle_m, 0.0)
                    away = np.hypot(placed.x_m - x, placed.y_m - y)
                    assert away > (window.end_m - window.start_m + placed.piece.size_m[0]) / 2


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_a_piece_is_a_sound_mesh_of_plausible_size(name) -> None:
    for variant in range(2):
        rng = rng_for(9, name, variant)
        piece = make(name, draw_look(rng), rng)
        assert 0.02 <= max(piece.size_m) <= 2.7
        assert -0.02 <= piece.bounds_m[2] <= 0.01
        for part in piece.parts:
            shape = part.shape
            corners = shape.vertices_m[shape.faces]
            normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
            size = np.linalg.norm(normal, axis=1)
            real = size > 1e-10
            shown = shape.normals[shape.faces].mean(axis=1)[real]
            facing = (normal[real] / size[real, None] * shown).sum(axis=1)
            assert facing.min() > 0.1, "a face is turned inside out"
            np.testing.assert_allclose(np.linalg.norm(shape.normals, axis=1), 1, atol=1e-6)


def blocks(x, y, wide, deep, turn_deg) -> Blocks:
    half = np.array([[wide / 2, deep / 2]])
    return Blocks(np.array([[x, y]]), half, np.array([[0.0, 1.0]]), turn_deg)


@settings(max_examples=60, deadline=None)
@given(
    st.floats(-1, 1), st.floats(-1, 1), st.floats(0.1, 1.5), st.floats(0.1, 1.5),
    st.floats(0, 180), st.floats(0, 180),
)  # fmt: skip
def test_overlap_agrees_with_points_laid_inside(x, y, wide, deep, turn, other_turn) -> None:
    first, second = blocks(0, 0, 1.0, 0.4, turn), blocks(x, y, wide, deep, other_turn)
    u, v = np.meshgrid(np.linspace(-0.5, 0.5, 60), np.linspace(-0.2, 0.2, 30))
    points = np.stack([u.ravel(), v.ravel()], axis=-1) @ first.axes
    local = np.abs((points - (x, y)) @ second.axes.T)
    depth = (np.array([wide, deep]) / 2 - local).min(axis=1).max()
    if depth > 0.002:
        assert overlap(first, second)
    if depth < -0.03:
        assert not overlap(first, second)


def test_boxes_at_different_heights_do_not_overlap() -> None:
    low, high = blocks(0, 0, 1, 1, 0), blocks(0.2, 0.1, 1, 1, 30)
    raised = Blocks(high.center_m, high.half_m, high.z_m + 1.0, high.turn_deg)
    assert overlap(low, high)
    assert not overlap(low, raised)
