"""Test photographs are read back as what they are: size, lens, depth, objects, and their source."""

import numpy as np
import pytest

from builder.core.camera import Camera
from builder.core.errors import StoreError
from builder.core.protocol import SUBSETS
from builder.pipeline.places import MANIFEST, SOURCE, make_place, make_places
from builder.scenes import source_named

pytest.importorskip("numba", reason="rooms are rendered with the extra [build]")
pytestmark = pytest.mark.slow
SIZE_PX = (400, 300)


def serial(jobs):
    return ((job, make_place(job)) for job in jobs)


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    folder = tmp_path_factory.mktemp("places") / "photos"
    objects = make_places(folder, 1, 7, serial, SIZE_PX)
    return folder, objects


@pytest.fixture(scope="module")
def scenes(photos):
    source = source_named("photos")
    (reference,) = source.references(5, 0, str(photos[0]))
    rooms = source_named("rooms")
    from builder.pipeline.places import place_jobs

    (job,) = place_jobs(photos[0], 1, 7, SIZE_PX)
    return source.open(reference), rooms.open(job.room)


def test_a_test_photograph_says_that_it_is_none(scenes):
    place, _ = scenes
    assert place.source == SOURCE
    assert place.license == "CC0-1.0"
    assert place.scene_id == "audit-place-7-0000"


def test_what_is_read_back_is_what_the_room_shows(photos, scenes):
    place, room = scenes
    camera = Camera.from_fov(*SIZE_PX, 90.0)
    pose = room.world.anchors(SUBSETS["svc-simulated"], 1)[0].scene_from_anchor
    shown = room.world.look(pose, camera)
    assert place.world.camera == camera
    assert place.world.camera_source == "calibrated"
    relief = place.world.relief
    assert np.abs(relief.depth_m - shown.depth_m)[shown.depth_m > 0].max() < 0.001
    assert len(place.objects) == photos[1] >= 5
    labels = {thing.track_id: thing.label for thing in room.objects}
    back = {thing.track_id: thing.label for thing in place.objects}
    for track_id, label in back.items():
        mine = shown.instance[relief.instance == track_id]
        assert {labels[number] for number in np.unique(mine)} == {label}


def test_a_folder_that_exists_is_left_alone(photos):
    before = (photos[0] / MANIFEST).read_bytes()
    with pytest.raises(StoreError, match="exists already"):
        make_places(photos[0], 1, 8, serial, SIZE_PX)
    assert (photos[0] / MANIFEST).read_bytes() == before


def test_the_same_seed_gives_the_same_bytes(photos, tmp_path):
    make_places(tmp_path / "again", 1, 7, serial, SIZE_PX)
    for file in sorted(path for path in photos[0].rglob("*") if path.is_file()):
        again = tmp_path / "again" / file.relative_to(photos[0])
        assert again.read_bytes() == file.read_bytes()
