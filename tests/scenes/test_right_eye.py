"""The moved left photograph agrees with the photograph that the right eye really took."""

import functools

import numpy as np
import pytest
from photo_examples import garage

from builder.core.action import Move

pytest.importorskip("skimage", reason="scikit-image carries the right photograph")
from picture_test import (
    BASELINE_M,
    agreement,
    measured,
    moved,
    splat,
)


@functools.cache
def right():
    return moved(garage().world.relief, Move("right", BASELINE_M))


def test_seen_pixels_agree_with_the_real_photograph():
    view, trace = right()
    found = agreement(view.rgb, trace.seen)
    assert found.share >= 0.87
    assert found.psnr_db >= 28.8
    assert found.ssim >= 0.955
    assert (view.seen == trace.seen).all()


def test_pixels_of_measured_depth_agree_better():
    view, trace = right()
    found = agreement(view.rgb, measured(trace))
    assert found.share >= 0.80
    assert found.psnr_db >= 30.0


def test_a_plain_splat_of_the_disparities_agrees_less():
    view, trace = right()
    plain, ours = agreement(*splat()), agreement(view.rgb, trace.seen)
    assert ours.psnr_db > plain.psnr_db + 0.5
    assert ours.share > plain.share


def test_no_motion_and_the_wrong_direction_agree_far_less():
    relief = garage().world.relief
    still = agreement(relief.rgb, np.ones(relief.depth_m.shape, np.bool_))
    assert still.psnr_db == pytest.approx(12.65, abs=0.05)
    wrong, trace = moved(relief, Move("left", BASELINE_M))
    assert agreement(wrong.rgb, trace.seen).psnr_db < 14
