"""Projection, and what crop and resize do to the intrinsics."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from builder.core.camera import Camera
from builder.core.errors import GeometryError

CAMERA = Camera.from_fov(width_px=640, height_px=480, horizontal_fov_deg=90)
ODD = Camera(741, 500, (994.978, 880.5), (311.7, 255.4))  # off-center, fx != fy
points = st.tuples(st.floats(-2, 2), st.floats(-2, 2), st.floats(0.5, 9))


@pytest.mark.parametrize(
    ("where", "point", "uv_px", "visible"),
    [
        ("straight ahead is the middle", [0, 0, 2], [320, 240], True),
        ("just inside half the field of view", [-0.999, 0, 1], [0.32, 240], True),
        ("just outside half the field of view", [1.001, 0, 1], [640.32, 240], False),
        ("down is down", [0, 0.5, 1], [320, 400], True),
        ("behind is nowhere", [0, 0, -1], [np.nan, np.nan], False),
    ],
)
def test_projection(where, point, uv_px, visible):
    found_px, found_visible = CAMERA.project(point)
    assert_allclose(found_px, uv_px, err_msg=where)
    assert found_visible == visible, where


@given(points)
def test_lifting_undoes_projecting(point):
    uv_px, _ = ODD.project(point)
    assert_allclose(ODD.lift(uv_px, point[2]), point, atol=1e-9)


@given(points)
def test_a_crop_shifts_where_points_fall(point):
    uv_px, _ = ODD.project(point)
    cropped_px, _ = ODD.crop(170, 50, 400, 400).project(point)
    assert_allclose(cropped_px, uv_px - (170, 50), atol=1e-9)


@given(points)
def test_a_resize_scales_where_points_fall(point):
    uv_px, _ = ODD.project(point)
    resized_px, _ = ODD.resize(1482, 250).project(point)
    assert_allclose(resized_px, uv_px * (2, 0.5), atol=1e-9)


def test_covering_scales_then_cuts_the_middle():
    covered = Camera(1024, 768, (512, 512), (500, 384)).cover(576, 576)
    assert covered == Camera(576, 576, (384, 384), (500 * 0.75 - 96, 288))


@pytest.mark.parametrize(
    ("camera", "hfov_deg"),
    [
        (Camera.from_fov(1024, 768, 90).cover(576, 576), 73.74),
        (Camera.from_short_side_fov(768, 576, 54), 68.38),
        (Camera(741, 500, (994.978, 994.978), (311.193, 254.877)), 40.73),
    ],
)
def test_the_field_of_view_is_that_of_the_image_as_it_is(camera, hfov_deg):
    assert camera.hfov_deg == pytest.approx(hfov_deg, abs=0.01)


def test_radians_are_refused_with_a_hint():
    with pytest.raises(GeometryError, match="in degrees"):
        Camera.from_fov(640, 480, 190)


def test_a_camera_without_focal_length_is_refused():
    with pytest.raises(GeometryError, match="> 0"):
        Camera(640, 480, (0.0, 500.0), (320, 240))
