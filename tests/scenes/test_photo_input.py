"""Photographs from files: what is read, and one clear message for each thing that is wrong."""

import json
import pickle
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from photo_examples import texture
from PIL import Image

from builder.core.camera import Camera
from builder.core.errors import SceneError, StoreError
from builder.scenes import source_named
from builder.scenes.photos import Calibration, photograph
from builder.scenes.photos._objects import drawn, read_annotations

PHOTOS = source_named("photos")
FACTS = {"scene_id": "shed", "image": "shed.png", "license": "CC0-1.0", "source": "made up"}
SQUARE = [[10, 10], [40, 10], [40, 40], [10, 40]]
BIN = {"id": "bin", "label": "bin", "polygon": SQUARE}


@pytest.fixture
def shed(tmp_path):
    """A folder with one photograph of 120x100 pixels and 2 m of depth."""
    Image.fromarray(texture(100, 120)).save(tmp_path / "shed.png")
    np.save(tmp_path / "shed.depth.npy", np.full((100, 120), 2.0, np.float32))
    return tmp_path


def manifest(folder, **facts):
    line = {**FACTS, "depth": "shed.depth.npy", **facts}
    (folder / "manifest.jsonl").write_text(json.dumps(line) + "\n")
    return str(folder)


def opened(location):
    (reference,) = PHOTOS.references(1, 0, location)
    return PHOTOS.open(reference)


def refused(location, match):
    with pytest.raises(SceneError, match=match):
        opened(location)


def test_a_manifest_names_photographs_and_carries_license_and_source(shed):
    scene = opened(manifest(shed, prompt="A shed.", objects=[BIN]))
    assert (scene.scene_id, scene.license, scene.source) == ("shed", "CC0-1.0", "made up")
    assert scene.prompt == "A shed."
    assert [thing.label for thing in scene.objects] == ["bin"]
    assert scene.world.camera_source == "assumed"
    assert scene.world.has_depth


def test_a_folder_of_images_is_enough(shed):
    Image.fromarray(texture(90, 110, seed=1)).save(shed / "my yard.jpg")
    (shed / "my yard.json").write_text(json.dumps({"license": "CC-BY-4.0", "source": "mine"}))
    names = [reference.scene_id for reference in PHOTOS.references(9, 0, str(shed))]
    assert names == ["my-yard", "shed"]
    scene = PHOTOS.open(PHOTOS.references(1, 0, str(shed))[0])
    assert scene.license == "CC-BY-4.0"
    assert not scene.world.has_depth
    assert len(PHOTOS.references(1, 0, str(shed))) == 1


@pytest.mark.parametrize("ending", ["npy", "npz", "png"])
def test_depth_is_metres_in_numpy_files_and_millimetres_in_png(shed, ending):
    (shed / "shed.depth.npy").unlink()
    depth_m = np.full((100, 120), 1.75, np.float32)
    depth_m[:30] = np.nan if ending != "png" else 0
    if ending == "png":
        Image.fromarray((depth_m * 1000).astype(np.uint16)).save(shed / "shed.depth.png")
    elif ending == "npz":
        np.savez(shed / "shed.depth.npz", depth=depth_m, other=np.zeros(3))
    else:
        np.save(shed / "shed.depth.npy", depth_m)
    assert opened(str(shed)).world.relief.depth_m == pytest.approx(1.75)


def test_a_camera_that_counts_pixel_centers_from_zero_is_shifted_by_half_a_pixel(shed):
    numbers = {"fx": 130, "fy": 131, "cx": 50.25, "cy": 40.75}
    ours = opened(manifest(shed, camera=numbers)).world
    theirs = opened(manifest(shed, camera={**numbers, "pixel_center": 0})).world
    assert ours.camera == Camera(120, 100, (130, 131), (50.25, 40.75))
    assert theirs.camera == Camera(120, 100, (130, 131), (50.75, 41.25))
    assert ours.camera_source == theirs.camera_source == "calibrated"


def test_a_single_photograph_needs_no_manifest(shed):
    (shed / "o.json").write_text(json.dumps([BIN]))
    scene = photograph(
        shed / "shed.png",
        shed / "shed.depth.npy",
        Calibration((130, 130), (60, 50)),
        shed / "o.json",
        license="CC0-1.0",
    )
    assert scene.license == "CC0-1.0"
    assert scene.world.camera.center_px == (60, 50)
    assert (scene.world.relief.instance == 1).sum() == 30 * 30


def test_a_large_photograph_is_worked_with_at_a_smaller_size(tmp_path):
    Image.fromarray(texture(1500, 2000)).save(tmp_path / "big.png")
    depth_mm = np.full((1500, 2000), 2000, np.uint16)
    depth_mm[:, 1000:] = 4000
    Image.fromarray(depth_mm).save(tmp_path / "big.depth.png")
    things = [{**BIN, "polygon": [[200, 300], [600, 300], [600, 700], [200, 700]]}]
    (tmp_path / "o.json").write_text(json.dumps(things))
    world = photograph(
        tmp_path / "big.png",
        tmp_path / "big.depth.png",
        Calibration((1600, 1600), (900, 700)),
        tmp_path / "o.json",
    ).world
    relief = world.relief
    assert relief.rgb.shape[0] * relief.rgb.shape[1] <= 1_200_000
    assert set(np.unique(relief.depth_m).tolist()) == {2.0, 4.0}
    shrink = relief.camera.width_px / 2000
    assert relief.camera.center_px[0] == pytest.approx(900 * shrink)
    rows, columns = np.nonzero(relief.instance)
    assert columns.min() / shrink == pytest.approx(200, abs=2)
    assert rows.max() / shrink == pytest.approx(700, abs=2)


# images


def test_a_missing_image_is_named(shed):
    (shed / "shed.png").unlink()
    refused(manifest(shed), r"shed\.png: there is no such file")


def test_a_truncated_image_is_refused(shed):
    whole = (shed / "shed.png").read_bytes()
    (shed / "shed.png").write_bytes(whole[: len(whole) // 2])
    refused(manifest(shed), r"shed\.png: the image cannot be decoded")


def test_a_file_that_is_no_image_is_refused(shed):
    (shed / "shed.png").write_text("not an image")
    refused(manifest(shed), "not an image that Pillow reads")


@pytest.mark.parametrize("side", [9_000, 60_000])
def test_a_giant_image_is_refused_before_it_is_decoded(shed, side):
    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    head = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
    (shed / "shed.png").write_bytes(head + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b""))
    refused(manifest(shed), "more than 64 million pixels; make the image smaller")


def test_a_tiny_image_is_refused(shed):
    Image.fromarray(texture(40, 120)).save(shed / "shed.png")
    refused(manifest(shed), "at least 64 pixels on each side, got 120x40")


# depth


def test_depth_of_another_size_is_refused(shed):
    np.save(shed / "shed.depth.npy", np.ones((120, 100)))
    refused(manifest(shed), r"as large as its photograph, 120x100, got 100x120")


@pytest.mark.parametrize("unit", [1000, 0.001])
def test_depth_in_the_wrong_unit_is_refused_with_the_numbers(shed, unit):
    np.save(shed / "shed.depth.npy", np.full((100, 120), 2.0 * unit))
    refused(manifest(shed), rf"median depth is {2 * unit:g} m, expected 0.2 to 200 m; is the unit")


def test_depth_without_a_known_pixel_is_refused(shed):
    np.save(shed / "shed.depth.npy", np.full((100, 120), np.inf))
    refused(manifest(shed), "no pixel has a depth")


def test_negative_depth_is_refused(shed):
    np.save(shed / "shed.depth.npy", np.full((100, 120), -2.0))
    refused(manifest(shed), "depth must be >= 0, got -2 m")


def test_depth_in_a_pickle_is_refused_unopened(shed):
    (shed / "shed.depth.npy").write_bytes(pickle.dumps(np.ones((100, 120))))
    refused(manifest(shed), "pickles are refused")
    np.save(shed / "shed.depth.npy", np.array([[object()]]), allow_pickle=True)
    refused(manifest(shed), "pickles are refused")


def test_depth_of_another_shape_is_refused(shed):
    np.save(shed / "shed.depth.npy", np.ones((100, 120, 3)))
    refused(manifest(shed), r"shape \(H, W\), got float64 \(100, 120, 3\)")


def test_depth_of_eight_bits_is_refused(shed):
    Image.fromarray(np.ones((100, 120), np.uint8)).save(shed / "d.png")
    refused(manifest(shed, depth="d.png"), "16-bit gray PNG in millimetres, got mode L")


def test_truncated_depth_is_refused(shed):
    whole = (shed / "shed.depth.npy").read_bytes()
    (shed / "shed.depth.npy").write_bytes(whole[:500])
    refused(manifest(shed), "not a plain numpy file")


def test_two_depths_for_one_photograph_are_refused(shed):
    Image.fromarray(np.full((100, 120), 2000, np.uint16)).save(shed / "shed.depth.png")
    refused(str(shed), "keep one")


def test_depth_of_an_unknown_kind_is_refused(shed):
    (shed / "d.exr").write_bytes(b"")
    refused(manifest(shed, depth="d.exr"), r"must be a \.png, \.npy or \.npz file")


# cameras


@pytest.mark.parametrize(
    ("camera", "match"),
    [
        ({"fx": 130, "fy": 130, "cx": 300, "cy": 50}, r"\(300, 50\) lies outside the image of 120"),
        ({"fx": 13, "fy": 13, "cx": 60, "cy": 50}, "see 155.5 degrees"),
        ({"fx": 9e4, "fy": 9e4, "cx": 60, "cy": 50}, "expected 3 to 150"),
        ({"fx": 130, "fy": 30, "cx": 60, "cy": 50}, "nearly square pixels"),
        ({"fx": -1, "fy": 130, "cx": 60, "cy": 50}, "fx, fy > 0"),
        ({"fx": 130, "fy": 130, "cx": 60}, "camera needs the number cy, got None"),
        ({"fx": "130", "fy": 130, "cx": 60, "cy": 50}, "the number fx, got '130'"),
        ({"fx": 130, "fy": 130, "cx": 60, "cy": 50, "k1": 0}, "unknown key 'k1' of camera"),
        ({"fx": 130, "fy": 130, "cx": 60, "cy": 50, "pixel_center": 1}, "must be 0 or 0.5, got 1"),
        ([130, 130, 60, 50], "camera must be"),
    ],
)
def test_a_camera_that_does_not_fit_is_refused(shed, camera, match):
    refused(manifest(shed, camera=camera), match)


def test_a_camera_of_another_size_is_refused(shed):
    with pytest.raises(SceneError, match="240x200 pixels does not fit an image of 120x100"):
        photograph(shed / "shed.png", camera=Camera.from_fov(240, 200, 50))


# objects


@pytest.mark.parametrize(
    ("things", "match"),
    [
        ([{**BIN, "polygon": [[10, 10], [130, 10], [40, 40]]}], r"\[130.0, 10.0\] lies outside"),
        ([{**BIN, "polygon": [[10, 10], [40, 10]]}], "at least 3 corners"),
        ([{**BIN, "polygon": [[10, 10], [40], [1, 2]]}], "at least 3 corners"),
        ([BIN, {**BIN, "label": "box"}], "the id 'bin' stands twice"),
        ([{**BIN, "minus": ["bun"]}], "minus 'bun': did you mean 'bin'"),
        ([{**BIN, "minus": "bin"}], "minus must be a list of ids"),
        ([{**BIN, "depth_m": [3, 2]}], "near < far"),
        ([{**BIN, "depth_m": [3, 4]}], "'bin' covers no pixel"),
        ([{**BIN, "label": " "}], "label must be a text"),
        ([{**BIN, "polygn": []}], "did you mean 'polygon'"),
        ([{"id": "bin", "label": "bin"}], "either a polygon or a mask"),
        ([{"id": "bin", "label": "bin", "mask": "../m.png"}], "leaves the folder"),
        ([{"id": "bin", "label": "bin", "mask": "m.png"}], "there is no such file"),
        (["bin"], "object 0: expected"),
        ({"bin": 1}, "expected a list of objects, got dict"),
    ],
)
def test_an_object_that_cannot_be_used_is_named(shed, things, match):
    refused(manifest(shed, objects=things), match)


def test_a_depth_range_without_depth_is_refused(shed):
    (shed / "shed.depth.npy").unlink()
    location = manifest(shed, depth=None, objects=[{**BIN, "depth_m": [1, 3]}])
    refused(location, "the photograph has no depth")


def test_a_mask_of_another_size_is_refused(shed):
    Image.fromarray(np.zeros((10, 10), np.uint8)).save(shed / "m.png")
    things = [{"id": "bin", "label": "bin", "mask": "m.png"}]
    refused(manifest(shed, objects=things), "the mask must be as large")


def test_a_mask_is_taken_pixel_by_pixel(shed):
    mask = np.zeros((100, 120), np.uint8)
    mask[20:30, 50:80] = 255
    Image.fromarray(mask).save(shed / "m.png")
    scene = opened(manifest(shed, objects=[{"id": "b", "label": "b", "mask": "m.png"}]))
    assert ((scene.world.relief.instance == 1) == (mask > 0)).all()


def test_a_depth_range_and_minus_cut_pixels_out_of_a_polygon(tmp_path):
    depth_m = np.full((50, 60), 2.0, np.float32)
    depth_m[:, 30:] = 4.0
    things = [
        {"id": "near", "label": "near", "polygon": SQUARE, "depth_m": [1, 3]},
        {"id": "rest", "label": "rest", "polygon": SQUARE, "minus": ["near"]},
    ]
    (tmp_path / "o.json").write_text(json.dumps(things))
    found = drawn(read_annotations(tmp_path / "o.json"), (60, 50), depth_m, has_depth=True)
    expected = np.zeros((50, 60))
    expected[10:40, 10:30] = 1
    expected[10:40, 30:40] = 2
    assert (found.instance == expected).all()
    assert found.part_of == {}


def test_a_thing_inside_a_larger_one_is_its_part_and_lies_on_top(tmp_path):
    wide = [[5, 5], [55, 5], [55, 45], [5, 45]]
    things = [{"id": "cart", "label": "cart", "polygon": wide}, BIN]
    (tmp_path / "o.json").write_text(json.dumps(things))
    flat = np.ones((50, 60), np.float32)
    found = drawn(read_annotations(tmp_path / "o.json"), (60, 50), flat, has_depth=True)
    assert found.part_of == {2: 1}
    assert (found.instance[10:40, 10:40] == 2).all()
    assert found.instance[6, 6] == 1


# manifests


@pytest.mark.parametrize(
    ("line", "match"),
    [
        ('{"scene_id": ', r"manifest\.jsonl:2: not JSON"),
        ('{"scene_id": NaN}', r"manifest\.jsonl:2: not JSON: NaN"),
        ('{"scene_id": "a", "scene_id": "b"}', "'scene_id' stands twice"),
        ("[]", r"manifest\.jsonl:2: expected a JSON object, got list"),
        (json.dumps({"scene_id": "b"}), r"manifest\.jsonl:2: image is missing"),
        (json.dumps({**FACTS, "scene_id": "b c"}), "letters, digits, - or _.*got 'b c'"),
        (json.dumps({**FACTS, "scene_id": "../b"}), "scene_id must be"),
        (json.dumps({**FACTS, "image": "../shed.png"}), "leaves the folder"),
        (json.dumps({**FACTS, "image": "/etc/shed.png"}), "leaves the folder"),
        (json.dumps({**FACTS, "image": 3}), "image must be a path, got 3"),
        (json.dumps({**FACTS, "license": ""}), "license must be a text"),
        (json.dumps({**FACTS, "license": "CC BY 4.0"}), "SPDX expression.*got 'CC BY 4.0'"),
        (json.dumps({**FACTS, "licence": "x"}), "did you mean 'license'"),
        (json.dumps({**FACTS, "prompt": 3}), "prompt must be a text"),
        (json.dumps(FACTS), "both have the scene_id 'shed'"),
    ],
)
def test_a_manifest_line_that_cannot_be_used_is_named(shed, line, match):
    location = manifest(shed)
    with (shed / "manifest.jsonl").open("a") as file:
        file.write(line)
    refused(location, match)


def test_a_link_that_leaves_the_folder_is_refused(shed, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "shed.png"
    (shed / "shed.png").rename(elsewhere)
    (shed / "shed.png").symlink_to(elsewhere)
    refused(manifest(shed), "leaves the folder")


def test_an_empty_folder_and_a_wrong_path_are_named(tmp_path):
    refused(str(tmp_path), "no photograph there")
    with pytest.raises(StoreError, match="no such file or folder"):
        opened(str(tmp_path / "nowhere"))


def test_a_photograph_that_is_not_listed_is_named(shed):
    (reference,) = PHOTOS.references(1, 0, str(shed))
    other = type(reference)("photos", "shad", 0, str(shed))
    with pytest.raises(SceneError, match="did you mean 'shed'"):
        PHOTOS.open(other)


@pytest.mark.parametrize("absent", ["numba", "scipy"])
def test_photographs_are_listed_without_the_build_extra_and_opened_with_it(absent):
    program = (
        f"import sys; sys.modules[{absent!r}] = None; from builder.scenes.photos import PLUGIN; "
        "(garage,) = PLUGIN.references(1, 0, None); print(garage.scene_id); PLUGIN.open(garage)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert done.stdout == "garage\n"
    assert f"MissingExtra: {absent} is not installed" in done.stderr
    assert "world2vlm[build]" in done.stderr
