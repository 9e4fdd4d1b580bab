"""Rooms as a supply of scenes: how many kinds and things, the same bytes each time."""

import hashlib

import numpy as np
import pytest

from builder.core.errors import SceneError
from builder.core.protocol import subset_named
from builder.core.scene import SceneRef
from builder.scenes.rooms import PLUGIN, kind_of
from builder.scenes.rooms.kinds import KINDS

SVC, HY = subset_named("svc-simulated"), subset_named("hy-worldplay-simulated")


@pytest.fixture(scope="module")
def scenes():
    return [PLUGIN.open(reference) for reference in PLUGIN.references(len(KINDS), 11, None)]


def digest(scene) -> str:
    stage = scene.world.stage
    mesh = stage.mesh
    arrays = [mesh.vertices_m, mesh.normals, mesh.uv, mesh.faces, mesh.instance, mesh.material]
    arrays += [stage.textures, stage.casts_no_shadow]
    said = repr((stage.materials, stage.lights, stage.exposure, scene.objects)).encode()
    return hashlib.blake2b(b"".join(array.tobytes() for array in arrays) + said).hexdigest()


def test_seven_rooms_in_a_row_are_of_seven_kinds() -> None:
    for first in (0, 3, 12):
        ids = [f"room-5-{index:04d}" for index in range(first, first + 7)]
        assert len({kind_of(scene_id).name for scene_id in ids}) == 7


def test_references_count_up_and_carry_the_seed() -> None:
    ids = [reference.scene_id for reference in PLUGIN.references(3, 42, None)]
    assert ids == ["room-42-0000", "room-42-0001", "room-42-0002"]
    assert len(PLUGIN.references(0, 1, None)) == 0


def test_a_location_is_refused() -> None:
    with pytest.raises(SceneError, match="made up from the seed"):
        PLUGIN.references(1, 1, "photos/")


def test_a_foreign_id_is_refused() -> None:
    with pytest.raises(SceneError, match="room-<seed>-<index>"):
        PLUGIN.open(SceneRef("rooms", "kitchen-3", 1))


def test_a_few_rooms_hold_forty_kinds_of_things(scenes) -> None:
    labels = {one.label for scene in scenes for one in scene.objects}
    assert len(labels) >= 40
    assert all(label == label.lower().strip() and label for label in labels)


def test_each_room_holds_fifteen_to_forty_things_numbered_from_one(scenes) -> None:
    for scene in scenes:
        assert 15 <= len(scene.objects) <= 40, scene.scene_id
        assert [one.track_id for one in scene.objects] == list(range(1, len(scene.objects) + 1))
        drawn = np.unique(scene.world.stage.mesh.instance)
        assert drawn.tolist() == list(range(len(scene.objects) + 1)), scene.scene_id


def test_each_room_repeats_at_least_three_labels(scenes) -> None:
    for scene in scenes:
        labels = [one.label for one in scene.objects]
        assert sum(labels.count(label) > 1 for label in set(labels)) >= 3, scene.scene_id


def test_walls_and_floors_are_no_objects(scenes) -> None:
    labels = {one.label for scene in scenes for one in scene.objects}
    assert not labels & {"wall", "floor", "ceiling", "baseboard", ""}


def test_a_prompt_names_the_kind(scenes) -> None:
    assert scenes[1].prompt == "A furnished kitchen seen at eye height."
    assert all(scene.license == "CC0-1.0" for scene in scenes)


def test_a_room_opened_twice_has_the_same_bytes(scenes) -> None:
    for scene in scenes[:3]:
        again = PLUGIN.open(SceneRef("rooms", scene.scene_id, 11))
        assert digest(scene) == digest(again)


def test_another_seed_makes_another_room(scenes) -> None:
    other = PLUGIN.open(SceneRef("rooms", "room-12-0001", 12))
    assert digest(other) != digest(scenes[1])


def test_a_room_is_light_enough_to_draw(scenes) -> None:
    for scene in scenes:
        stage = scene.world.stage
        assert len(stage.mesh.faces) <= 150_000
        assert len(stage.textures) <= 30
        size = stage.textures.shape[1]
        assert size & (size - 1) == 0


def test_anchors_of_both_teachers_share_their_poses(scenes) -> None:
    world = scenes[0].world
    svc, hy = world.anchors(SVC, 4), world.anchors(HY, 4)
    for one, other in zip(svc, hy, strict=True):
        np.testing.assert_array_equal(
            one.scene_from_anchor.matrix(), other.scene_from_anchor.matrix()
        )
    assert svc[0].camera.size_px == (576, 576)
    assert round(svc[0].camera.hfov_deg, 1) == 73.7
    assert hy[0].camera.size_px == (832, 480)
    assert round(hy[0].camera.hfov_deg, 1) == 89.4


def test_a_short_list_of_anchors_begins_the_long_one(scenes) -> None:
    world = scenes[0].world
    few, many = world.anchors(SVC, 2), world.anchors(SVC, 6)
    assert [anchor.index for anchor in many] == [0, 1, 2, 3, 4, 5]
    for one, other in zip(few, many, strict=False):
        np.testing.assert_array_equal(
            one.scene_from_anchor.matrix(), other.scene_from_anchor.matrix()
        )


def test_anchors_stand_free_and_level_at_eye_height(scenes) -> None:
    for scene in scenes:
        world = scene.world
        for anchor in world.anchors(SVC, 5):
            pose = anchor.scene_from_anchor
            x, y, z = pose.translation_m
            assert 0.35 <= x <= world.room.plan.width_m - 0.35
            assert 0.35 <= z <= world.room.plan.depth_m - 0.35
            assert 1.3 <= -y <= 1.6
            np.testing.assert_allclose(pose.rotation[1], (0, 1, 0), atol=1e-12)
            assert world.space.at(np.array([[x, z]]))[0] >= 0.35


def test_the_stage_shows_each_thing_where_the_room_has_it(scenes) -> None:
    for scene in scenes[:3]:
        mesh, room = scene.world.stage.mesh, scene.world.room
        for track_id, placed in enumerate(room.objects, start=1):
            shown = mesh.vertices_m[mesh.faces[mesh.instance == track_id]].reshape(-1, 3)
            made = np.concatenate([placed.in_room(p.shape).vertices_m for p in placed.piece.parts])
            low, high = made.min(axis=0), made.max(axis=0)
            np.testing.assert_allclose(shown.min(axis=0), (low[0], -high[2], low[1]), atol=1e-5)
            np.testing.assert_allclose(shown.max(axis=0), (high[0], -low[2], high[1]), atol=1e-5)


def test_the_stage_is_not_mirrored(scenes) -> None:
    mesh = scenes[0].world.stage.mesh
    corners = mesh.vertices_m[mesh.faces].astype(np.float64)
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    facing = (normal * mesh.normals[mesh.faces].sum(axis=1)).sum(axis=1)
    assert (facing >= -1e-9).all(), "faces wind clockwise seen from where their normals point"


def test_a_lamp_hangs_in_the_room_and_the_sun_comes_from_above(scenes) -> None:
    for scene in scenes:
        lights, plan = scene.world.stage.lights, scene.world.room.plan
        assert lights.to_sun[1] < -0.3
        assert lights.lamps
        for lamp in lights.lamps:
            x, y, z = lamp.center_m
            assert 0 < x < plan.width_m
            assert 0 < z < plan.depth_m
            assert 1.7 < -y < plan.height_m


def test_no_label_is_a_word_that_questions_use_for_something_else(scenes):
    labels = {thing.label for scene in scenes for thing in scene.objects}
    assert not labels & {"picture", "image", "view", "photo", "box", "frame", "camera", "object"}
