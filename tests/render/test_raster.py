import numpy as np
import pytest
from box_stage import sheet
from hypothesis import given, settings
from hypothesis import strategies as st

from builder.core.camera import Camera
from builder.core.errors import GeometryError
from builder.core.pose import Pose
from builder.render.raster import interpolate, project, rasterize

CAMERA = Camera(8, 6, (4.0, 5.0), (3.0, 2.0))  # off-center, fx != fy
HERE = Pose.identity()


def rectangle(left, top, right, bottom, depth_m, camera=CAMERA):
    """Return vertices and faces of the rectangle that covers these pixels at this depth."""
    (a, b), (c, d) = camera.lift([[left, top], [right, bottom]], [depth_m, depth_m])[:, :2]
    vertices, _, _, faces = sheet((a, b, depth_m), (c - a, 0, 0), (0, d - b, 0))
    return vertices.astype(np.float32), faces.astype(np.int32)


def test_a_rectangle_covers_just_the_pixels_whose_centers_it_holds():
    seen = rasterize(*rectangle(1.6, 2.5, 5.4, 4.4, 2.0), HERE, CAMERA)
    expected = np.zeros((6, 8), bool)
    expected[3:4, 2:5] = True  # centers 2.5 .. 4.5 and 3.5; row 2's center lies on the edge
    expected[2, 2:5] = seen.face[2, 2:5] >= 0
    np.testing.assert_array_equal(seen.face >= 0, expected)
    np.testing.assert_allclose(seen.depth_m()[expected], 2.0, rtol=1e-6)
    assert (seen.depth_m()[~expected] == 0).all()


def test_the_camera_sees_what_is_before_it_after_it_moved():
    vertices, faces = rectangle(2, 1, 6, 4, 2.0)
    camera_from_scene = Pose(np.eye(3), np.array([0.5, 0.0, 1.0])).inverse()
    moved = camera_from_scene.inverse().apply(vertices).astype(np.float32)
    seen = rasterize(moved, faces, camera_from_scene, CAMERA)
    expected = np.zeros((6, 8), bool)
    expected[1:4, 2:6] = True
    np.testing.assert_array_equal(seen.face >= 0, expected)


def test_a_floor_that_passes_under_the_camera_is_cut_at_the_near_plane():
    vertices, _, _, faces = sheet((-50, 1, 5), (100, 0, 0), (0, 0, -10))
    seen = rasterize(vertices.astype(np.float32), faces.astype(np.int32), HERE, CAMERA)
    depth_m = 5.0 / (np.arange(6) + 0.5 - 2.0)  # fy * height / (row - cy)
    on_floor = (depth_m > 0) & (depth_m < 5.0)
    assert on_floor.tolist() == [False, False, False, True, True, True]
    np.testing.assert_array_equal(seen.face >= 0, np.repeat(on_floor[:, None], 8, axis=1))
    np.testing.assert_allclose(seen.depth_m()[on_floor, 0], depth_m[on_floor], rtol=1e-5)


def test_what_lies_nearer_than_the_near_plane_is_not_drawn():
    vertices, faces = rectangle(0, 0, 8, 6, 0.5)
    assert (rasterize(vertices, faces, HERE, CAMERA, near_m=0.4).face >= 0).all()
    assert (rasterize(vertices, faces, HERE, CAMERA, near_m=0.6).face < 0).all()


def test_clockwise_faces_are_drawn_as_counter_clockwise_ones_are():
    vertices, faces = rectangle(1, 1, 7, 5, 2.0)
    one = rasterize(vertices, faces, HERE, CAMERA)
    other = rasterize(vertices, np.ascontiguousarray(faces[:, ::-1]), HERE, CAMERA)
    np.testing.assert_array_equal(one.face, other.face)
    np.testing.assert_array_equal(one.inverse_depth, other.inverse_depth)


def test_the_nearer_face_hides_the_farther_one_in_any_order():
    near, faces = rectangle(1, 1, 4, 5, 2.0)
    far, _ = rectangle(0, 0, 8, 6, 3.0)
    seen = rasterize(np.concatenate([far, near]), np.concatenate([faces, faces + 4]), HERE, CAMERA)
    assert (seen.face[1:5, 1:4] >= 2).all()
    assert (seen.face >= 2).sum() == 12
    seen = rasterize(np.concatenate([near, far]), np.concatenate([faces, faces + 4]), HERE, CAMERA)
    assert (seen.face[1:5, 1:4] < 2).all()


def test_of_equally_near_faces_the_first_stays():
    vertices, faces = rectangle(0, 0, 8, 6, 2.0)
    twice = np.concatenate([faces, faces])
    assert rasterize(vertices, twice, HERE, CAMERA).face.max() < 2


@pytest.mark.parametrize("grain", [0.5, 1e-3], ids=["edges-through-centers", "any-edges"])
@pytest.mark.parametrize("seed", range(4))
def test_triangles_that_share_edges_cover_each_pixel_once(seed, grain):
    rng = np.random.default_rng(seed)
    grid, camera = 7, Camera(48, 36, (32.0, 64.0), (20.0, 13.0))  # halves of pixels are exact
    v, u = np.indices((grid, grid)) / (grid - 1.0)
    places = np.stack([u * 54 - 3, v * 42 - 3], axis=-1)
    inner = ((places > 0) & (places < (48, 36))).all(axis=-1, keepdims=True)
    places = places + np.where(inner, rng.uniform(-2.5, 2.5, places.shape), 0)
    places = np.round(places / grain) * grain
    points = camera.lift(places, np.ones((grid, grid))).reshape(-1, 3).astype(np.float32)
    a = (np.arange(grid - 1)[:, None] * grid + np.arange(grid - 1)).ravel()
    upper, lower = np.stack([a, a + 1, a + grid], 1), np.stack([a + 1, a + grid + 1, a + grid], 1)
    times = np.zeros((36, 48), int)
    for face in np.concatenate([upper, lower]).astype(np.int32):
        times += rasterize(points, face[None], HERE, camera).face >= 0
    np.testing.assert_array_equal(times, 1)


def test_finer_samples_are_the_pixels_of_a_larger_image():
    vertices, faces = rectangle(1.3, 0.8, 6.1, 4.9, 2.0)
    fine = project(vertices, faces, HERE, CAMERA).sample(2)
    large = rasterize(vertices, faces, HERE, CAMERA.resize(16, 12))
    np.testing.assert_array_equal(fine.face, large.face)
    np.testing.assert_allclose(fine.inverse_depth, large.inverse_depth, rtol=1e-6)


corner = st.tuples(*[st.floats(-3, 3, width=32)] * 2, st.floats(-1, 6, width=32))


@settings(max_examples=150, deadline=None)
@given(st.tuples(corner, corner, corner))
def test_a_pixel_is_covered_if_and_only_if_the_ray_through_its_center_hits(triangle):
    points = np.array(triangle, np.float32)
    seen = rasterize(points, np.array([[0, 1, 2]], np.int32), HERE, CAMERA)
    p, q, r = points.astype(float)
    rows, columns = np.indices((6, 8)) + 0.5
    rays = CAMERA.lift(np.stack([columns, rows], axis=-1), np.ones((6, 8)))
    volumes = np.stack([rays @ np.cross(q, r), rays @ np.cross(r, p), rays @ np.cross(p, q)])
    total = volumes.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        shares, depth_m = volumes / total, np.dot(p, np.cross(q, r)) / total
    clear = (
        np.isfinite(depth_m) & (np.abs(shares) > 1e-4).all(axis=0) & (np.abs(depth_m - 0.02) > 1e-4)
    )
    hit = (shares > 0).all(axis=0) & (depth_m > 0.02)
    np.testing.assert_array_equal((seen.face >= 0)[clear], hit[clear])
    np.testing.assert_allclose(seen.depth_m()[clear & hit], depth_m[clear & hit], rtol=2e-4)


def test_values_of_vertices_are_spread_correctly_in_perspective():
    vertices, _, _, faces = sheet((-50, 1, 5), (100, 0, 0), (0, 0, -10))
    mesh = vertices.astype(np.float32), faces.astype(np.int32)
    seen = rasterize(*mesh, HERE, CAMERA)
    places = interpolate(seen, mesh, HERE, CAMERA, mesh[0])
    rows, columns = np.indices((6, 8)) + 0.5
    expected = CAMERA.lift(np.stack([columns, rows], axis=-1), seen.depth_m())
    assert np.isnan(places[seen.face < 0]).all()
    np.testing.assert_allclose(places[seen.face >= 0], expected[seen.face >= 0], atol=2e-4)


def test_shapes_that_do_not_fit_are_named():
    vertices, faces = rectangle(0, 0, 8, 6, 2.0)
    with pytest.raises(GeometryError, match=r"vertices_m must have shape \(n, 3\), got \(4, 2\)"):
        rasterize(vertices[:, :2], faces, HERE, CAMERA)
    with pytest.raises(GeometryError, match=r"faces must name vertices 0\.\.3, got 0\.\.4"):
        rasterize(vertices, faces + np.array([[0, 0, 0], [0, 1, 1]]), HERE, CAMERA)
    with pytest.raises(GeometryError, match="near_m must be > 0"):
        rasterize(vertices, faces, HERE, CAMERA, near_m=0.0)


def test_no_triangles_make_an_empty_view():
    seen = rasterize(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32), HERE, CAMERA)
    assert (seen.face == -1).all()
    assert (seen.depth_m() == 0).all()
