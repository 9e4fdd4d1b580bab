"""The built-in photograph: a measured garage with a motorcycle."""

import json

import numpy as np
import pytest
from photo_examples import garage
from PIL import Image

from builder.core.action import Move, Turn
from builder.core.pose import Pose, start_from_end
from builder.core.protocol import SUBSETS
from builder.core.sampling import action_of
from builder.scenes.photos._listing import garage as folder
from builder.trackers import tracker_named


def camera(left, top=50, side=400):
    return garage().world.camera.crop(left, top, side, side).resize(576, 576)


def test_its_files_are_made_from_the_measured_pair():
    pytest.importorskip("skimage", reason="scikit-image carries the pair")
    script = pytest.importorskip("bench.garage_sources", reason="concerns the checkout: bench/")
    left, _, depth_m = script.stereo()
    assert (np.array(Image.open(folder() / "image.png")) == left).all()
    stored_mm = np.array(Image.open(folder() / "depth.png"))
    assert stored_mm.dtype == np.uint16
    assert np.abs(stored_mm / 1000 - depth_m).max() <= 0.00051
    line = (folder() / "manifest.jsonl").read_text("utf-8")
    assert json.loads(line) == script.manifest()
    objects = (folder() / "objects.json").read_text("utf-8")
    assert objects == script.laid_out(json.loads(objects))
    assert sum(path.stat().st_size for path in folder().iterdir()) < 1_500_000


def test_its_camera_counts_as_we_do_and_its_license_is_carried():
    scene = garage()
    assert scene.world.camera.center_px == pytest.approx((311.693, 255.377))
    assert scene.world.camera.focal_px == (994.978, 994.978)
    assert scene.world.camera_source == "calibrated"
    assert scene.license == "LicenseRef-Middlebury-2014"
    assert "GCPR 2014" in scene.source


def test_it_holds_36_objects_of_23_labels_and_wheels_belong_to_the_motorcycle():
    things = garage().objects
    assert len(things) == 36
    assert len({thing.label for thing in things}) == 23
    wheels = [thing for thing in things if thing.label == "motorcycle wheel"]
    assert [wheel.part_of for wheel in wheels] == [things[0].track_id] * 2
    assert things[0].label == "motorcycle"
    assert [thing.part_of for thing in things if thing.label == "bench"] == [None]


def test_the_motorcycle_is_boxed_with_its_wheels():
    view = garage().world.look(Pose.identity(), garage().world.camera)
    tracks = tracker_named("truth").tracks(view.rgb[None], [view], garage().objects)
    box = tracks[0].sightings[0].box
    assert box.corners_px() == pytest.approx((74, 14, 685, 473), abs=30)
    assert tracks[0].sightings[0].visible_share > 0.97


def test_three_anchors_a_subset_look_at_it_from_left_to_right():
    boxes = {
        name: [anchor.crop_px for anchor in garage().world.anchors(SUBSETS[name], 3)]
        for name in ("svc-real", "hy-worldplay-real")
    }
    assert [box[::2] for box in boxes["svc-real"]] == [(0, 400), (170, 400), (341, 400)]
    assert [box[::2] for box in boxes["hy-worldplay-real"]] == [(0, 416), (162, 416), (325, 416)]


def test_an_anchor_shows_its_crop_of_the_photograph():
    photo = Image.open(folder() / "image.png")
    left, top, side = 170, 50, 400
    crop = photo.resize((576, 576), Image.Resampling.BICUBIC, (left, top, left + side, top + side))
    view = garage().world.look(Pose.identity(), camera(left, top, side))
    errors = [
        np.mean((np.roll(np.array(crop, float), shift, axis=1) - view.rgb)[4:-4, 4:-4] ** 2)
        for shift in (0, -1, 1)
    ]
    assert errors[0] < 30
    assert errors[0] < 0.2 * min(errors[1:])  # not half a pixel off to either side
    assert abs(errors[1] - errors[2]) < 0.1 * errors[1]


# What each crop can do with at least 80 % seen; measured once with another program.
USABLE = {
    "move forward": (1.5, 1.5, 1.5),
    "move backward": (0.6, 1.0, 0.4),
    "move left": (0.1, 0.5, 0.7),
    "move right": (0.6, 0.4, 0.1),
    "turn left": (0, 10, 20),
    "turn right": (20, 10, 0),
}


@pytest.mark.parametrize(
    ("kind", "left", "largest"),
    [
        (kind, left, largest)
        for kind, row in USABLE.items()
        for left, largest in zip((0, 170, 341), row, strict=True)
    ],
)
def test_each_crop_can_do_what_was_measured_before(kind, left, largest):
    step = 10 if kind.startswith("turn") else 0.1
    slack = 0 if kind.startswith("turn") else 0.1

    def seen(amount):
        return garage().world.relief.glance(start_from_end(action_of(kind, amount)), camera(left))

    if largest - slack > 0:
        assert seen(largest - slack).seen >= 0.8
    if kind != "move forward":
        assert seen(largest + slack + step).seen < 0.8


def test_holes_and_borders_are_told_apart():
    relief = garage().world.relief
    for action, holes, border in (
        (Move("left", 0.2), 0.11, 0.0),
        (Move("right", 0.5), 0.22, 0.0),
        (Turn("right", 20.0), 0.0, 0.50),
    ):
        quality = relief.trace(start_from_end(action), camera(170)).quality
        assert quality.holes == pytest.approx(holes, abs=0.02)
        assert quality.border == pytest.approx(border, abs=0.02)


def test_the_second_layer_makes_no_truth():
    view = garage().world.look(start_from_end(Move("right", 0.3)), camera(170))
    assert 0.05 < 1 - view.seen.mean() < 0.25
    assert not view.instance[~view.seen].any()
    assert not view.depth_m[~view.seen].any()
    assert view.rgb[~view.seen].std() > 20  # painted, not left blank
