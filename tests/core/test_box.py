import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.box import Box
from builder.core.errors import GeometryError


def test_a_box_holds_exactly_the_visible_pixels():
    mask = np.zeros((6, 9), dtype=bool)
    mask[1, 4] = mask[3, 7] = True
    assert Box.around(mask).corners_px() == (4, 1, 8, 4)


def test_an_empty_mask_has_no_box():
    with pytest.raises(GeometryError, match="empty mask"):
        Box.around(np.zeros((4, 4), dtype=bool))


@pytest.mark.parametrize("corners", [(0, 0, 0, 0), (5, 0, 4, 9), (0, 9, 4, 9)])
def test_a_box_that_holds_nothing_is_refused(corners):
    with pytest.raises(GeometryError, match="x1 < x2"):
        Box(*corners)


@pytest.mark.parametrize(
    ("box", "n1000"),
    [
        (Box(0, 0, 832, 480), (0, 0, 1000, 1000)),
        (Box(-20, 10, 416, 500), (0, 21, 500, 1000)),
        (Box(1.04, 0.3, 2.08, 0.9), (1, 1, 2, 2)),
        (Box(0.416, 0, 2.08, 480), (0, 0, 2, 1000)),  # half to even: 0.5 -> 0, 2.5 -> 2
    ],
)
def test_thousandths_are_rounded_half_to_even_and_clamped(box, n1000):
    assert box.n1000(832, 480) == n1000


boxes = st.builds(
    lambda x, y, w, h: Box(x, y, x + w, y + h),
    *[st.floats(0, 500)] * 2,
    *[st.floats(1, 500)] * 2,
)


@given(boxes, boxes)
def test_overlap_is_symmetric_and_a_share(one, other):
    assert one.iou(other) == pytest.approx(other.iou(one))
    assert 0 <= one.iou(other) <= 1 + 1e-12
    assert one.iou(one) == pytest.approx(1)
