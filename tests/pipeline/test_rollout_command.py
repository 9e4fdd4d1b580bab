"""`world2vlm rollout`: one trajectory of any values, from a photograph or a room."""

import json

import numpy as np
import pytest
from PIL import Image
from pipeline._toy import toy_tools

from builder.core.errors import ConfigError, GrammarError, PlanError, SceneError, StoreError
from builder.pipeline.rollout import Request, rollout
from builder.store import read_rollout


def take(actions, out, **others):
    return rollout(Request(actions, out, **others), toy_tools(), said.append)


said: list[str] = []


@pytest.fixture
def photo(tmp_path):
    """A photograph of a wall 2 m away, 80 x 64 pixels, and its depth."""
    pytest.importorskip("numba", reason="photographs are opened with numba")
    rng = np.random.default_rng(0)
    picture = np.kron(rng.integers(0, 255, (8, 10, 3)), np.ones((8, 8, 1))).astype(np.uint8)
    Image.fromarray(picture).save(tmp_path / "wall.png")
    np.save(tmp_path / "wall.npy", np.full((64, 80), 2.0, np.float32))
    return {"photo": tmp_path / "wall.png", "depth": tmp_path / "wall.npy"}


def test_a_room_is_walked_through_by_any_amount(tmp_path):
    folder = take("move right 0.193 meters; turn left 7.5 degrees", tmp_path / "out", room=1)
    assert folder == tmp_path / "out" / "scenes" / "rooms-0" / "traj_a0_rollout"
    back = read_rollout(folder)
    assert back.world_from_camera[1].translation_m.tolist() == pytest.approx([0.193, 0, 0])
    assert back.world_from_camera[2].yaw_deg == pytest.approx(-7.5)
    assert (back.camera_source, len(back.images)) == ("exact", 3)
    assert said[-1].startswith("3 frames in ")


def test_all_frames_are_kept_on_request(tmp_path):
    folder = take("move right 0.2 meters", tmp_path / "out", frames="all")
    assert len(read_rollout(folder).images) == 8


def test_the_size_of_the_frames_may_be_chosen(tmp_path):
    folder = take("turn left 5 degrees", tmp_path / "out", size="40x20")
    camera = read_rollout(folder).camera
    assert camera.size_px == (40, 20)
    with Image.open(folder / "samples-rgb" / "001.jpg") as picture:
        assert picture.size == (40, 20)


def test_a_photograph_is_seen_by_another_camera(tmp_path, photo):
    folder = take(
        "move right 0.1 meters",
        tmp_path / "out",
        **photo,
        camera="60,60,40,32",
        target_camera="60,60,43,32",
    )
    back = read_rollout(folder)
    assert back.camera.center_px == (43.0, 32.0)
    assert back.camera_source == "calibrated"
    # 0.1 m at 2 m through 60 px moves the wall by 3 px to the left
    assert back.covisibility[0, 1].displacement_px == pytest.approx(3.0, abs=0.01)
    place = json.loads((tmp_path / "out" / "scenes" / "photograph" / "scene.json").read_text())
    assert place["anchors"][0]["crop_px"] == [0, 0, 80, 64]


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"actions": "go right"}, GrammarError, "'go right'"),
        ({"size": "40"}, ConfigError, "--size 40: expected WIDTHxHEIGHT"),
        ({"size": "0x20"}, ConfigError, "--size 0x20"),
        ({"size": "99999x9999"}, ConfigError, "50 million"),
        ({"target_camera": "1,2,3"}, ConfigError, "expected four numbers fx,fy,cx,cy"),
        ({"target_camera": "-60,60,3,3"}, ConfigError, "focal lengths must be finite and > 0"),
        ({"target_camera": "60,60,999,3"}, ConfigError, r"--target-camera .* principal point"),
        ({"target_camera": "1,1,3,3"}, ConfigError, "expected 3 to 150"),
        ({"room": -1}, ConfigError, "--room must be a seed of 0 or more, got -1"),
        ({"camera": "60,60,40,32"}, ConfigError, "--camera belongs to --photo"),
        ({"actions": "move right 90 meters"}, PlanError, "leaves-free-space"),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is_written(tmp_path, changes, error, message):
    changes = {"actions": "turn left 5 degrees", **changes}
    with pytest.raises(error, match=message):
        take(changes.pop("actions"), tmp_path / "out", **changes)
    assert not (tmp_path / "out").exists()


def test_a_photograph_that_is_none_or_lacks_depth_is_refused(tmp_path, photo):
    (tmp_path / "no.png").write_text("no image")
    with pytest.raises(SceneError, match=r"no\.png"):
        take("turn left 5 degrees", tmp_path / "out", photo=tmp_path / "no.png", camera="1,1,1,1")
    with pytest.raises(SceneError, match="no depth"):
        take("move left 0.1 meters", tmp_path / "out", photo=photo["photo"])
    with pytest.raises(SceneError, match=r"principal point .* outside"):
        take("turn left 5 degrees", tmp_path / "out", **photo, camera="60,60,99,32")


def test_a_disk_that_fills_up_leaves_nothing_so_the_same_command_goes_on(tmp_path, monkeypatch):
    def full(*_):
        raise StoreError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("builder.pipeline.rollout.write_bundle", full)
        with pytest.raises(StoreError, match="the disk is full"):
            take("turn left 5 degrees", tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())
    assert take("turn left 5 degrees", tmp_path / "out").is_dir()


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "precious").touch()
    with pytest.raises(StoreError, match="is not empty"):
        take("turn left 5 degrees", tmp_path)
