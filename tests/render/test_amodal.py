import numpy as np
from box_stage import box, mesh_of, sheet

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.render.amodal import alone_px, canvas_of
from builder.render.raster import rasterize

CAMERA = Camera(40, 30, (20.0, 25.0), (12.0, 18.0))
HERE = Pose.identity()


def screen(left, top, right, bottom, depth_m):
    """Return the sheet that covers these pixels."""
    (a, b), (c, d) = CAMERA.lift([[left, top], [right, bottom]], [depth_m] * 2)[:, :2]
    return sheet((a, b, depth_m), (c - a, 0, 0), (0, d - b, 0))


def test_a_half_hidden_sheet_counts_as_if_nothing_hid_it():
    mesh = mesh_of([(screen(10, 5, 20, 15, 3.0), 1, 0), (screen(15, 0, 30, 30, 2.0), 2, 0)])
    seen = rasterize(mesh.vertices_m, mesh.faces, HERE, CAMERA)
    assert (mesh.instance[seen.face][seen.face >= 0] == 1).sum() == 50
    assert alone_px(mesh, HERE, CAMERA, [1, 2]) == {1: 100, 2: 450}


def test_what_lies_outside_the_frame_counts_on_a_canvas_three_times_as_large():
    mesh = mesh_of(
        [
            (screen(-10, 5, 10, 15, 3.0), 1, 0),  # half outside on the left
            (screen(-100, 5, 10, 15, 3.0), 2, 0),  # outside of the canvas too: 40 columns of it
            (screen(-100, 70, 200, 90, 3.0), 3, 0),  # below the canvas
        ]
    )
    assert alone_px(mesh, HERE, CAMERA, [1, 2, 3]) == {1: 200, 2: 500, 3: 0}


def test_only_the_wanted_are_counted():
    mesh = mesh_of([(screen(0, 0, 9, 9, 3.0), 7, 0), (screen(0, 0, 5, 5, 3.0), 3, 0)])
    assert alone_px(mesh, HERE, CAMERA, [3]) == {3: 25}
    assert alone_px(mesh, HERE, CAMERA, []) == {}


def test_front_and_back_of_a_box_count_once():
    mesh = mesh_of([(box((0.1, 0.2, 3.0), (0.8, 0.6, 0.7), 30, parts=3), 4, 0)])
    seen = rasterize(mesh.vertices_m, mesh.faces, HERE, canvas_of(CAMERA))
    assert alone_px(mesh, HERE, CAMERA, [4]) == {4: int((seen.face >= 0).sum())}


def test_an_object_beside_and_behind_the_camera_is_cut_at_the_near_plane():
    floor = mesh_of([(sheet((-50, 1, 5), (100, 0, 0), (0, 0, -10)), 1, 0)])
    first = 30 + 18 + 25 / 5 - 0.5  # canvas top, principal point, where 5 m is; centers below it
    assert alone_px(floor, HERE, CAMERA, [1]) == {1: 120 * (90 - int(np.ceil(first)))}


def test_the_parts_of_one_instance_need_not_lie_together():
    parts = [(screen(0, 0, 4, 4, 3.0), 1, 0), (screen(8, 0, 9, 9, 3.0), 2, 0)]
    mesh = mesh_of([*parts, (screen(2, 0, 6, 4, 3.0), 1, 0)])
    assert alone_px(mesh, HERE, CAMERA, [1, 2]) == {1: 24, 2: 9}
