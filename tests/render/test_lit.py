import hashlib
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from box_stage import DARK, box, furnished, sheet, stage_of

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.render.amodal import alone_px
from builder.render.lit import LitStage
from builder.render.raster import rasterize
from builder.render.stage import Lamp, Lights, Material

CAMERA = Camera(96, 72, (60.0, 66.0), (40.0, 44.0))
POSE = Pose(Pose.from_yaw(20).rotation, np.array([-0.6, -0.2, 0.2]))


@pytest.fixture(scope="module")
def room():
    return LitStage(furnished(), rays=8)


def digest(view):
    parts = (view.rgb, view.depth_m, view.instance, view.seen)
    return hashlib.blake2b(b"".join(part.tobytes() for part in parts)).hexdigest()


def test_the_truth_is_what_pixel_centers_see_and_not_read_off_the_picture(room):
    view, mesh = room.look(POSE, CAMERA), room.stage.mesh
    seen = rasterize(mesh.vertices_m, mesh.faces, POSE.inverse(), CAMERA)
    np.testing.assert_array_equal(view.depth_m, seen.depth_m())
    np.testing.assert_array_equal(view.instance, mesh.instance[seen.face])
    assert view.seen.all()
    shown = set(np.unique(view.instance)) - {0}
    assert view.amodal_px == alone_px(mesh, POSE.inverse(), CAMERA, shown)
    for instance in shown:
        assert 0 < (view.instance == instance).sum() <= view.amodal_px[instance]


def test_the_same_look_gives_the_same_bytes(room):
    once, again = room.look(POSE, CAMERA), LitStage(furnished(), rays=8).look(POSE, CAMERA)
    assert digest(once) == digest(again)
    with ThreadPoolExecutor(2) as threads:
        for view in threads.map(lambda _: room.look(POSE, CAMERA), range(4)):
            assert digest(view) == digest(once)


@pytest.mark.parametrize("threads", ["1", "2"])
def test_the_number_of_threads_changes_no_byte(room, threads):
    program = (
        "import sys; sys.path[:0] = ['.', 'tests', 'tests/render']\n"
        "from test_lit import CAMERA, POSE, LitStage, digest, furnished\n"
        "print(digest(LitStage(furnished(), rays=8).look(POSE, CAMERA)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "NUMBA_NUM_THREADS": threads, "OMP_NUM_THREADS": threads},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == digest(room.look(POSE, CAMERA))


def test_without_embree_the_picture_is_almost_the_same(room, monkeypatch):
    with_embree = room.look(POSE, CAMERA)
    monkeypatch.setitem(sys.modules, "embreex", None)
    without = LitStage(furnished(), rays=8).look(POSE, CAMERA)
    np.testing.assert_array_equal(with_embree.depth_m, without.depth_m)
    assert np.abs(with_embree.rgb.astype(int) - without.rgb).mean() < 0.5


def test_edges_are_smooth_in_the_picture_only():
    glow = Material(0, emission=1.0), Material(0, tint=(0.0, 0.0, 0.0), emission=1.0)
    slanted = sheet((-4.03, -4, 3), (4, 0.7, 0), (-0.7, 4, 0))
    parts = [(sheet((-9, -9, 4), (18, 0, 0), (0, 18, 0)), 1, 0), (slanted, 2, 1)]
    view = LitStage(stage_of(parts, materials=glow), rays=4).look(Pose.identity(), CAMERA)
    shades, plain = view.rgb[..., 0], {int(view.rgb[0, -1, 0]), 0}
    between = ~np.isin(shades, list(plain))
    assert 20 < between.sum() < 200
    assert len(np.unique(shades)) <= 5, "two by two samples give three steps between"
    assert set(np.unique(view.instance)) == {1, 2}
    assert set(np.unique(view.depth_m.round(4))) == {3.0, 4.0}


def test_no_sun_and_no_sky_get_into_a_closed_room_of_paper():
    lights = Lights((0.4, -0.8, 0.45), (50.0, 50.0, 50.0), (9.0, 9.0, 9.0), ())
    room = stage_of([(box((0.1, 0, 2), (4, 2.6, 4), 13, parts=9, inward=True), 0, 0)], lights)
    for yaw in (10, 130, 250):
        pose = Pose(Pose.from_yaw(yaw).rotation, np.array([0.3, 0.2, 1.8]))
        assert LitStage(room, rays=16).look(pose, CAMERA).rgb.max() == 0


def test_the_sun_falls_through_a_hole_onto_the_place_it_points_at():
    to_sun = np.array([0.5, -0.7, -0.3]) / np.linalg.norm([0.5, -0.7, -0.3])
    floor = sheet((-3, 1, 7), (6, 0, 0), (0, 0, -6), parts=2)
    roof = [
        sheet((-5, -0.5, 8), (5.2, 0, 0), (0, 0, -9)),  # leaves x 0.2 .. 1.0, z 3 .. 3.8 open
        sheet((1.0, -0.5, 8), (4, 0, 0), (0, 0, -9)),
        sheet((0.2, -0.5, 8), (0.8, 0, 0), (0, 0, -4.2)),
        sheet((0.2, -0.5, 3.0), (0.8, 0, 0), (0, 0, -4)),
    ]
    lights = replace(DARK, to_sun=tuple(to_sun), sun=(3.0, 3.0, 3.0))
    stage = stage_of([(floor, 0, 0), *((part, 0, 0) for part in roof)], lights)
    view = LitStage(stage, rays=4).look(Pose.identity(), CAMERA)
    rows, columns = np.indices(view.depth_m.shape) + 0.5
    place = CAMERA.lift(np.stack([columns, rows], axis=-1), view.depth_m)
    up = place + to_sun * ((place[..., 1:2] + 0.5) / -to_sun[1])  # where its sunlight passed
    apart = np.stack([np.abs(up[..., 0] - 0.6), np.abs(up[..., 2] - 3.4)]).max(axis=0) - 0.4
    on_floor = place[..., 1] > 0.99
    bright = view.rgb[..., 0]
    assert (on_floor & (apart < -0.05)).sum() > 20
    assert bright[on_floor & (apart < -0.05)].min() > bright[on_floor & (apart > 0.05)].max() + 40


def test_a_table_shades_the_floor_below_it_from_the_lamp():
    lamp = Lamp((0.3, -1.2, 2.5), (0.0, 1.0, 0.0), 0.1, (2.0, 2.0, 2.0))
    floor = sheet((-3, 1, 6), (6, 0, 0), (0, 0, -5), parts=30)
    parts = [(floor, 0, 0), (box((0.3, 0.3, 2.5), (0.8, 0.05, 0.8), parts=4), 1, 0)]
    stage = stage_of(parts, replace(DARK, lamps=(lamp,)))
    camera = Camera(64, 48, (30.0, 30.0), (32.0, 0.0))
    view = LitStage(stage, rays=16).look(Pose.identity(), camera)
    rows, columns = np.indices(view.depth_m.shape) + 0.5
    place = camera.lift(np.stack([columns, rows], axis=-1), view.depth_m)
    floor_seen = (place[..., 1] > 0.99) & (view.instance == 0)
    under = floor_seen & (np.abs(place[..., [0, 2]] - (0.3, 2.5)).max(axis=-1) < 0.3)
    beside = floor_seen & (np.abs(place[..., 0] + 1.2) < 0.2) & (np.abs(place[..., 2] - 2.5) < 0.3)
    assert under.sum() > 5
    assert beside.sum() > 5
    assert view.rgb[under].mean() < 0.5 * view.rgb[beside].mean()


def test_a_texture_hangs_upright_and_unmirrored():
    texture = np.zeros((1, 64, 64, 3), np.uint8)
    texture[0, :32, :32], texture[0, :32, 32:] = (255, 0, 0), (0, 255, 0)
    texture[0, 32:, :32], texture[0, 32:, 32:] = (0, 0, 255), (255, 255, 0)
    parts = [(sheet((-1, -1, 2), (2, 0, 0), (0, 2, 0)), 0, 0)]
    stage = stage_of(parts, textures=texture, materials=(Material(0, emission=1.0),))
    camera = Camera(40, 40, (40.0, 40.0), (20.0, 20.0))
    rgb = LitStage(stage, rays=4).look(Pose.identity(), camera).rgb > 100
    assert rgb[8, 8].tolist() == [True, False, False]
    assert rgb[8, 32].tolist() == [False, True, False]
    assert rgb[32, 8].tolist() == [False, False, True]
    assert rgb[32, 32].tolist() == [True, True, False]


def test_what_no_face_covers_is_unseen():
    stage = stage_of([(sheet((0, -9, 3), (9, 0, 0), (0, 18, 0)), 5, 0)])
    view = LitStage(stage, rays=4).look(Pose.identity(), CAMERA)
    np.testing.assert_array_equal(view.seen, np.indices(view.seen.shape)[1] >= 40)
    assert (view.depth_m[~view.seen] == 0).all()
    assert (view.instance[~view.seen] == 0).all()
