"""A photograph lifted to relief: where things go when the camera moves, and what nobody saw."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from photo_examples import CAMERA, digest, post, texture, wall

from builder.core.action import Move, Turn
from builder.core.box import Box
from builder.core.errors import GeometryError
from builder.core.pose import Pose, start_from_end
from builder.render import relief_fill, relief_mesh, relief_paint
from builder.render._jit import is_compiled
from builder.render.relief import Relief, warmup
from builder.render.relief_fill import fill_unknown, push_pull
from builder.render.relief_floor import floor_inverse_depth


def marked(x1, y1, x2, y2):
    ids = np.zeros((120, 160), np.int32)
    ids[y1:y2, x1:x2] = 7
    return wall(2.0, instance=ids)


def box_after(relief, action, camera=CAMERA):
    view = relief.look(start_from_end(action), camera)
    return Box.around(view.instance == 7).corners_px()


def test_a_move_to_the_right_moves_a_wall_to_the_left_by_focal_length_over_distance():
    assert box_after(marked(60, 30, 75, 50), Move("right", 0.1)) == (55, 30, 70, 50)


def test_a_move_forward_spreads_things_from_the_principal_point():
    relief = marked(60, 30, 75, 50)
    view = relief.look(start_from_end(Move("forward", 1.0)), CAMERA)
    assert Box.around(view.instance == 7).corners_px() == (50, 10, 80, 50)
    assert view.quality.enlargement == pytest.approx(2.0)
    assert np.unique(view.depth_m[view.seen]).tolist() == pytest.approx([1.0])


def test_a_turn_to_the_left_moves_things_to_the_right():
    x1, _, x2, _ = box_after(marked(60, 30, 75, 50), Turn("left", 10.0))
    expected = [70 + 100 * np.tan(np.arctan((x - 70) / 100) + np.radians(10)) for x in (60, 75)]
    assert (x1, x2) == pytest.approx(expected, abs=1)


def test_the_view_from_home_is_the_photograph():
    relief = post()
    view = relief.look(Pose.identity(), CAMERA)
    assert np.abs(view.rgb.astype(int) - relief.rgb).mean() < 3  # four samples soften it a little
    assert (view.instance == relief.instance).all()
    assert np.allclose(view.depth_m, relief.depth_m, rtol=1e-5)
    assert view.seen.all()


def test_a_crop_shows_what_its_window_shows():
    relief = marked(60, 30, 75, 50)
    camera = CAMERA.crop(50, 20, 60, 40).resize(120, 80)
    view = relief.look(Pose.identity(), camera)
    assert Box.around(view.instance == 7).corners_px() == (20, 20, 50, 60)
    assert view.quality.enlargement == pytest.approx(2.0)


def test_behind_a_post_opens_a_hole_on_the_side_the_camera_moved_to():
    view = post().look(start_from_end(Move("right", 0.15)), CAMERA)
    # the post moves 15 px, the wall 5: the post ends at 65, the wall goes on at 75
    row = view.seen[60]
    assert row[46:64].all()
    assert not row[66:74].any()
    assert row[76:154].all()
    assert not row[156:].any()
    assert view.quality.holes == pytest.approx(10 * 60 / (160 * 120), rel=0.05)
    assert view.quality.border == pytest.approx(5 / 160, rel=0.05)
    assert view.quality.seen == pytest.approx(1 - 10 * 60 / (160 * 120) - 5 / 160, abs=0.01)


def test_what_nobody_saw_is_painted_and_never_true():
    view = post().look(start_from_end(Move("right", 0.15)), CAMERA)
    assert (view.depth_m[~view.seen] == 0).all()
    assert (view.instance[~view.seen] == 0).all()
    hole = view.rgb[40:80, 67:74].reshape(-1, 3).astype(int)
    assert (hole.min(axis=0) > 40).all()  # neither black nor the post's green
    assert (hole[:, 1] < 210).all()


def test_the_fill_behind_a_post_lies_no_nearer_than_the_wall():
    behind = post()._behind
    assert behind.guessed[60, 70]
    assert behind.depth_m[60, 70] == pytest.approx(3.0, rel=1e-3)
    assert (behind.depth_m >= post().depth_m - 1e-4).all()


def test_beyond_the_photograph_nothing_is_mirrored():
    rgb = np.full((120, 160, 3), 120, np.uint8)
    rgb[:, 140:150] = (250, 10, 10)
    relief = Relief(
        rgb, np.full((120, 160), 2, np.float32), np.zeros((120, 160), np.int32), CAMERA, {}
    )
    view = relief.look(start_from_end(Move("right", 0.8)), CAMERA)  # 40 px: the stripe is at 100
    redness = view.rgb[..., 0].astype(int) - view.rgb[..., 1]
    assert redness[:, 102:108].min() > 200
    assert redness[:, 124:].max() < 60
    assert view.quality.border == pytest.approx(0.25, abs=0.01)


def test_a_relief_has_no_back():
    view = wall().look(Pose.from_yaw(180.0), CAMERA)
    assert view.quality.seen == 0
    assert view.quality.border == 1
    behind = Pose.from_yaw(180.0).rotation
    assert not wall().look(Pose(behind, np.array([0, 0, 5.0])), CAMERA).seen.any()


def test_an_object_that_the_frame_cuts_counts_whole_when_alone():
    relief = marked(10, 40, 50, 80)
    camera = CAMERA.crop(30, 30, 60, 60)
    view = relief.look(Pose.identity(), camera)
    assert (view.instance == 7).sum() == 20 * 40
    assert view.amodal_px[7] == pytest.approx(40 * 40, rel=0.03)


def test_an_object_behind_a_post_counts_whole_when_alone():
    near = post()
    ids = np.where(near.instance == 7, 7, 0).astype(np.int32)
    ids[40:60, 50:60] = 9  # on the wall, left of the post
    relief = Relief(near.rgb, near.depth_m, ids, CAMERA, {})
    view = relief.look(start_from_end(Move("right", 0.15)), CAMERA)  # the post covers half of it
    assert (view.instance == 9).sum() == pytest.approx(0, abs=1)
    view = relief.look(start_from_end(Move("right", 0.05)), CAMERA)
    assert 0 < (view.instance == 9).sum() < 170
    assert view.amodal_px[9] == pytest.approx(200, rel=0.03)


def test_a_whole_counts_its_parts():
    ids = np.zeros((120, 160), np.int32)
    ids[20:80, 20:120] = 1
    ids[30:50, 30:60] = 2
    view = wall(instance=ids, part_of={2: 1}).look(Pose.identity(), CAMERA)
    assert view.amodal_px[1] == pytest.approx(60 * 100, rel=0.03)
    assert view.amodal_px[2] == pytest.approx(20 * 30, rel=0.03)


def test_a_glance_tells_what_a_look_would():
    for action in (Move("right", 0.15), Move("forward", 0.4), Turn("left", 8.0)):
        pose = start_from_end(action)
        quick, careful = post().glance(pose, CAMERA), post().look(pose, CAMERA).quality
        for name in ("seen", "holes", "border"):
            assert getattr(quick, name) == pytest.approx(getattr(careful, name), abs=0.03)
        assert quick.enlargement == pytest.approx(careful.enlargement, rel=0.05)


def test_unknown_depth_takes_the_depth_of_its_own_color_and_never_one_in_between():
    rgb = np.zeros((40, 60, 3), np.uint8)
    rgb[:, 31:] = 200
    depth = np.where(np.arange(60) < 30, 1.0, 4.0) * np.ones((40, 1))
    known = depth.astype(np.float32)
    known[:, 26:34] = 0  # dark up to column 31, bright from there
    filled = fill_unknown(rgb, known)
    assert set(np.unique(filled).tolist()) == {1.0, 4.0}
    assert (filled[5:-5, 26:31] == 1).all()
    assert (filled[5:-5, 31:34] == 4).all()
    assert (filled[known > 0] == known[known > 0]).all()


def test_one_known_pixel_fills_the_picture():
    depth = np.zeros((30, 40), np.float32)
    depth[7, 9] = 3
    assert (fill_unknown(texture(30, 40), depth) == 3).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 23), st.integers(1, 23), st.integers(0, 2**31))
def test_a_smooth_fill_keeps_what_is_known_and_invents_no_extremes(height, width, seed):
    rng = np.random.default_rng(seed)
    values = rng.uniform(10, 20, (height, width, 2)).astype(np.float32)
    weights = (rng.uniform(size=(height, width)) < 0.4).astype(np.float32)
    weights[rng.integers(height), rng.integers(width)] = 1
    filled = push_pull(values, weights)
    assert np.allclose(filled[weights == 1], values[weights == 1])
    known = values[weights == 1]
    assert (filled >= known.min(axis=0) - 1e-3).all()
    assert (filled <= known.max(axis=0) + 1e-3).all()


def test_a_floor_is_found_where_there_is_one_and_not_on_a_wall():
    v, u = np.indices((120, 160)) + 0.5
    floor = np.maximum((v - 50) / 100 / 1.4, 0)  # 1.4 m below the camera
    inverse = np.maximum(floor, 0.25).astype(np.float32)  # before a wall at 4 m
    found = floor_inverse_depth(inverse, CAMERA)
    assert np.allclose(found, floor, atol=1e-4)
    slanted = (0.2 + 0.001 * u + 0 * v).astype(np.float32)
    assert not floor_inverse_depth(slanted, CAMERA).any()


def test_shapes_that_differ_are_refused():
    with pytest.raises(GeometryError, match="must be"):
        Relief(
            texture(), np.ones((120, 150), np.float32), np.zeros((120, 160), np.int32), CAMERA, {}
        )
    with pytest.raises(GeometryError, match="> 0"):
        wall(0.0)


def test_the_same_look_gives_the_same_bytes_on_repeat_and_for_one_and_two_threads():
    found = {digest(), digest()}
    for threads in ("1", "2"):
        names = ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
        run = subprocess.run(
            [sys.executable, "-c", "import photo_examples; print(photo_examples.digest())"],
            env={
                **os.environ,
                **dict.fromkeys(names, threads),
                "PYTHONPATH": os.pathsep.join(sys.path),
            },
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(run.stdout.strip())
    assert len(found) == 1


def test_warming_up_compiles_every_kernel_that_a_look_needs():
    warmup()
    kernels = [
        thing
        for module in (relief_fill, relief_mesh, relief_paint)
        for thing in vars(module).values()
        if is_compiled(thing)
    ]
    before = [len(kernel.signatures) for kernel in kernels]
    assert sum(before) >= 5
    post().look(start_from_end(Move("left", 0.1)), CAMERA)
    post().glance(start_from_end(Move("left", 0.1)), CAMERA)
    assert [len(kernel.signatures) for kernel in kernels] == before
