"""What every scene source promises."""

import re
from functools import cache

import numpy as np
import pytest

from builder.core.action import Move, Turn
from builder.core.camera import Camera
from builder.core.protocol import SUBSETS
from builder.core.trajectory import unroll
from builder.scenes import all_sources, source_named

every_source = pytest.mark.parametrize("name", sorted(all_sources()))


@cache
def opened(name, again=0):
    del again
    pytest.importorskip("numba", reason="scenes are opened with numba")
    source = source_named(name)
    return source.open(source.references(1, 7, None)[0])


@cache
def first_look(name, again=0):
    scene = opened(name, again)
    subset = next(s for s in SUBSETS.values() if s.scene_type == scene.scene_type)
    (anchor, *_) = scene.world.anchors(subset, 2)
    small = anchor.camera.resize(anchor.camera.width_px // 4, anchor.camera.height_px // 4)
    return scene.world.look(anchor.scene_from_anchor, small)


@every_source
def test_names_the_same_places_twice_each_once(name):
    once, again = (source_named(name).references(5, 7, None) for _ in range(2))
    assert once == again
    assert len({reference.scene_id for reference in once}) == len(once) >= 1
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", reference.scene_id) for reference in once)


@every_source
def test_the_same_reference_looks_the_same_to_the_byte(name):
    once, again = first_look(name), first_look(name, again=1)
    for layer in ("rgb", "depth_m", "instance", "seen"):
        assert getattr(once, layer).tobytes() == getattr(again, layer).tobytes(), layer


@every_source
def test_a_scene_says_what_it_is_and_under_which_license(name):
    scene = opened(name)
    assert scene.scene_type == source_named(name).scene_type
    assert scene.license
    assert scene.source
    assert scene.prompt.endswith(".")
    ids = [thing.track_id for thing in scene.objects]
    assert len(set(ids)) == len(ids)
    assert min(ids) >= 1


@every_source
def test_truth_has_the_shape_of_the_picture_and_names_known_objects(name):
    view = first_look(name)
    shape = view.rgb.shape[:2]
    assert view.depth_m.shape == view.instance.shape == view.seen.shape == shape
    known = {thing.track_id for thing in opened(name).objects}
    visible = set(np.unique(view.instance).tolist()) - {0}
    assert visible <= known
    assert visible <= set(view.amodal_px)
    assert (view.depth_m[view.seen] > 0).all()
    assert not view.instance[~view.seen].any()


@every_source
def test_an_object_alone_covers_at_least_what_is_seen_of_it(name):
    view = first_look(name)
    for track_id, alone_px in view.amodal_px.items():
        visible_px = int((view.instance == track_id).sum())
        assert visible_px <= alone_px * 1.02 + 4, track_id


@every_source
def test_each_subset_has_anchors_of_its_own_frame(name):
    scene = opened(name)
    for subset in SUBSETS.values():
        if subset.scene_type != scene.scene_type:
            continue
        anchors = scene.world.anchors(subset, 3)
        assert [anchor.index for anchor in anchors] == list(range(len(anchors)))
        assert all(anchor.camera.size_px == subset.protocol.frame_px for anchor in anchors)


@every_source
def test_a_walk_far_beyond_the_place_is_refused_and_a_small_one_is_not(name):
    scene = opened(name)
    subset = next(s for s in SUBSETS.values() if s.scene_type == scene.scene_type)
    anchors = scene.world.anchors(subset, 3)
    far = unroll([Move("forward", 30.0)], subset.protocol)
    assert all(isinstance(scene.world.refusal(anchor, far), str) for anchor in anchors)
    small = [
        unroll([Turn("left", 10.0)], subset.protocol),
        unroll([Move("forward", 0.1)], subset.protocol),
    ]
    assert any(scene.world.refusal(anchor, walk) is None for anchor in anchors for walk in small)


@every_source
def test_the_picture_drifts_against_the_camera(name):
    """A point that is seen before and after a turn to the left lies further right after it."""
    scene = opened(name)
    subset = next(s for s in SUBSETS.values() if s.scene_type == scene.scene_type)
    anchor = scene.world.anchors(subset, 1)[0]
    camera = Camera.from_fov(160, 160, anchor.camera.hfov_deg)
    turned = (
        anchor.scene_from_anchor
        @ unroll([Turn("left", 10.0)], subset.protocol).world_from_camera[-1]
    )
    before = scene.world.look(anchor.scene_from_anchor, camera).rgb.mean(2)
    after = scene.world.look(turned, camera).rgb.mean(2)
    shifts = range(-60, 61, 2)

    def misfit(shift):
        moved = after[:, 60 + shift : 100 + shift]
        return np.abs(before[:, 60:100] - moved).mean()

    assert min(shifts, key=misfit) > 10
