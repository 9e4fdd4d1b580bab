"""Tracks read off ids: boxes around visible pixels, identities that hold, nothing from fills."""

import dataclasses

import numpy as np
import pytest

from boards import board_scene
from builder.core.action import Turn
from builder.core.box import Box
from builder.core.errors import PlanError
from builder.core.pose import start_from_end_of
from builder.core.protocol import SUBSETS
from builder.trackers import tracker_named

SCENE = board_scene()
TRUTH = tracker_named("truth")


def views(*poses):
    (anchor,) = SCENE.world.anchors(SUBSETS["svc-simulated"], 1)
    return [SCENE.world.look(anchor.scene_from_anchor @ pose, anchor.camera) for pose in poses]


def test_every_object_in_view_has_a_box_around_its_pixels():
    (view,) = views(start_from_end_of([]))
    tracks = TRUTH.tracks(np.stack([view.rgb]), [view], SCENE.objects)
    assert [track.track_id for track in tracks] == [1, 2, 3]
    for track in tracks:
        mask = view.instance == track.track_id
        assert track.sightings[0].box == Box.around(mask)
        assert track.sightings[0].visible_px == mask.sum()


def test_an_object_out_of_view_has_no_sighting_there():
    seen = views(start_from_end_of([]), start_from_end_of([Turn("right", 60.0)]))
    tracks = TRUTH.tracks(np.stack([view.rgb for view in seen]), seen, SCENE.objects)
    red = next(track for track in tracks if track.label == "red board")
    assert set(red.sightings) == {0}


def test_filled_pixels_give_no_sighting():
    (view,) = views(start_from_end_of([]))
    unseen = dataclasses.replace(view, seen=np.zeros_like(view.seen))
    assert TRUTH.tracks(np.stack([view.rgb]), [unseen], SCENE.objects) == ()


def test_without_truth_it_refuses():
    with pytest.raises(PlanError, match="needs ids"):
        TRUTH.tracks(np.zeros((1, 4, 4, 3), dtype=np.uint8), None, SCENE.objects)
