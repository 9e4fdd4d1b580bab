"""What world models are asked, held to what the real upstream functions made of it."""

import importlib.util
import json
import os
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config import HySettings, SvcSettings
from builder.core.action import Move, Turn
from builder.core.camera import Camera
from builder.core.errors import PlanError
from builder.core.pose import Pose, start_from_end_of
from builder.core.protocol import HY_WORLDPLAY, SVC
from builder.core.sampling import action_of
from builder.core.trajectory import Trajectory, unroll
from builder.language.grammar import hear
from builder.teachers import _hy_plan, _svc_plan, backend_named

_spec = importlib.util.spec_from_file_location("golden", Path(__file__).with_name("golden.py"))
golden = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(golden)

SQUARE = Camera.from_fov(576, 576, 54.0)
WIDE = Camera.from_fov(832, 480, 89.4)
KINDS = [f"move {way}" for way in ("forward", "backward", "left", "right")]


def entries(name):
    return [
        pytest.param(
            entry["case"], entry["asked"], entry["told"], id=" ".join(map(str, entry["case"]))
        )
        for entry in json.loads((golden.GOLDEN / f"{name}.json").read_text())
    ]


@pytest.mark.parametrize(("case", "digest", "told"), entries("svc"))
def test_svc_reads_our_plan_as_it_is_meant(case, digest, told):
    text, profile, anchor_px = case
    asked = golden.svc_asked(text, profile, tuple(anchor_px))
    assert golden.digest(asked) == digest, "upstream was asked something else: teachers-golden"
    count = len(asked["c2w"])
    end_m = start_from_end_of(hear(text)).translation_m
    assert told["last_center_units"] == pytest.approx(end_m.tolist(), abs=2e-5), "metres differ"
    assert all(frames == count - 1 for _, frames in told["passes"]), "a frame is missing"
    assert sum(forwards for forwards, _ in told["passes"]) == _svc_plan.forwards(asked)
    assert asked["prior_indices"] == told["prior_indices"]
    # Upstream rounds the anchor's size up to whole pixels before it crops.
    assert np.allclose(asked["K"], told["K"], atol=0.5)


@pytest.mark.parametrize(("case", "digest", "told"), entries("hy"))
def test_hy_reads_our_plan_as_it_is_meant(case, digest, told):
    text, model_type = case
    asked = golden.hy_asked(text, model_type)
    assert golden.digest(asked) == digest, "upstream was asked something else: teachers-golden"
    trajectory = unroll(hear(text), HY_WORLDPLAY)
    assert told["latents"] == len(asked["pose"]) == (asked["video_length"] + 3) // 4
    assert told["latents"] % asked["chunk_latent_frames"] == 0
    end = start_from_end_of(hear(text)).matrix()
    assert np.allclose(told["last_camera_to_world"], end, atol=1e-5)
    labels = {"move forward": 9, "move backward": 18, "move right": 27, "move left": 36,
              "turn right": 1, "turn left": 2}  # fmt: skip
    wanted = [
        0 if step is None else labels[f"{type(step).__name__.lower()} {step.direction}"]
        for step in trajectory.steps
    ]
    assert told["labels"] == wanted + [0] * asked["holds"]
    assert told["K"][0][0] == pytest.approx(WIDE.focal_px[0] / 832, abs=1e-5)
    assert told["K"][1][1] == pytest.approx(WIDE.focal_px[1] / 480, abs=1e-5)


@pytest.mark.parametrize("name", ["svc", "hy"])
def test_the_golden_file_is_what_the_checkout_says(name):
    if f"W2V_{name.upper()}_ROOT" not in os.environ:
        pytest.skip(f"needs a checkout: W2V_{name.upper()}_ROOT is not set")
    cases, ask = (
        (golden.SVC_CASES, golden.svc_asked)
        if name == "svc"
        else (golden.HY_CASES, golden.hy_asked)
    )
    kept = json.loads((golden.GOLDEN / f"{name}.json").read_text())
    assert [entry["case"] for entry in kept] == json.loads(json.dumps(cases))
    assert [entry["told"] for entry in kept] == golden.told(name, [ask(*case) for case in cases])


moves = st.tuples(st.sampled_from(KINDS), st.integers(1, 20)).map(
    lambda drawn: action_of(drawn[0], drawn[1] / 10)
)
turns = st.tuples(st.sampled_from(["left", "right"]), st.integers(1, 6)).map(
    lambda drawn: Turn(drawn[0], 10.0 * drawn[1])
)


def upstream_factor(centers, camera_scale):
    """Return by what upstream multiplies metres: its rule, for centers that are none far out."""
    first = float(np.linalg.norm(centers[0] - centers.mean(axis=0)))
    return camera_scale if first <= 1e-5 else camera_scale / first


@given(st.lists(moves | turns, min_size=1, max_size=3), st.floats(0.1, 5))
def test_a_metre_is_the_same_in_every_svc_trajectory(actions, units):
    trajectory = unroll(actions, SVC)
    asked = _svc_plan.conditioning(trajectory, SQUARE, SvcSettings(units_per_m=units))
    centers = np.array(asked["c2w"])[:, :, 3]
    factor = upstream_factor(centers, asked["options"]["camera_scale"])
    assert factor == pytest.approx(units, rel=1e-4)


@given(st.lists(turns, min_size=1, max_size=3))
def test_a_turn_moves_the_camera_by_exactly_nothing(actions):
    asked = _svc_plan.conditioning(unroll(actions, SVC), SQUARE, SvcSettings())
    assert not np.array(asked["c2w"])[:, :, 3].any()


@pytest.mark.parametrize("plan", [_svc_plan, _hy_plan])
def test_after_a_left_turn_what_was_ahead_is_on_the_right(plan):
    protocol, camera = (SVC, SQUARE) if plan is _svc_plan else (HY_WORLDPLAY, WIDE)
    settings = SvcSettings() if plan is _svc_plan else HySettings()
    asked = plan.conditioning(unroll([Turn("left", 30.0)], protocol), camera, settings)
    poses = asked["c2w"] if plan is _svc_plan else [p["extrinsic"] for p in asked["pose"].values()]
    last = Pose.from_matrix(poses[-1])
    assert last.inverse().apply([0.0, 0.0, 5.0])[0] > 2


@given(st.lists(moves | turns, min_size=1, max_size=2), st.sampled_from(["ar", "bi"]))
def test_hy_is_asked_for_whole_chunks_of_floats_in_order(actions, model_type):
    trajectory = unroll(actions, HY_WORLDPLAY)
    chunk = _hy_plan.CHUNK[model_type]
    try:
        asked = _hy_plan.conditioning(trajectory, WIDE, HySettings(model_type=model_type))
    except PlanError:
        assert len(trajectory.world_from_camera) > _hy_plan.MOST_POSES - chunk
        return
    assert list(asked["pose"]) == [str(index) for index in range(len(asked["pose"]))]
    assert len(asked["pose"]) % chunk == 0
    text = json.dumps(asked["pose"])
    numbers = [
        number
        for pose in json.loads(text).values()
        for row in [*pose["extrinsic"], *pose["K"]]
        for number in row
    ]
    assert all(type(number) is float for number in numbers), "upstream makes zeros of integers"


def still(poses, frames_per_pose):
    """Return a trajectory of some poses, a little apart."""
    made = tuple(Pose(np.eye(3), np.array([0, 0, 0.01 * i])) for i in range(poses))
    return Trajectory(
        (Move("forward", 1.0),), made, (None,) * poses, (0, poses - 1), frames_per_pose
    )


@pytest.mark.parametrize(("profile", "frames"), [("gt", 1), ("gt", 81), ("paper", 7), ("paper", 2)])
def test_svc_refuses_what_upstream_cannot_do_or_would_never_end(profile, frames):
    with pytest.raises(PlanError, match=f"{frames} frames; "):
        _svc_plan.conditioning(still(frames, 1), SQUARE, SvcSettings(profile=profile))


@pytest.mark.parametrize("frames", [2, 3, 4, 20, 21, 22, 80])
def test_svc_takes_the_window_it_was_trained_with_or_one_that_holds_all(frames):
    asked = _svc_plan.conditioning(still(frames, 1), SQUARE, SvcSettings())
    assert asked["T"] == max(21, frames)
    assert _svc_plan.forwards(asked) == 1


def test_hy_refuses_videos_that_nobody_has_seen_it_paint():
    with pytest.raises(PlanError, match="68 poses, 64 at most"):
        _hy_plan.conditioning(still(65, 4), WIDE, HySettings())


def test_hy_refuses_a_camera_that_does_not_look_through_the_middle():
    aside = Camera(832, 480, WIDE.focal_px, (600.0, 240.0))
    with pytest.raises(PlanError, match="look through the middle"):
        _hy_plan.conditioning(still(8, 4), aside, HySettings())


def test_forward_passes_are_counted_as_upstream_runs_them():
    for poses, calls in ((12, 1 + 14), (36, 1 + 44)):
        asked = _hy_plan.conditioning(still(poses, 4), WIDE, HySettings())
        assert _hy_plan.forwards(asked) == calls


@pytest.mark.parametrize(
    ("name", "anchor", "size_px"),
    [
        ("svc", Camera.from_fov(1024, 768, 90.0), (576, 576)),
        ("svc", Camera.from_fov(64, 128, 90.0), (64, 128)),
        ("hy-worldplay", Camera.from_fov(1920, 1080, 60.0), (832, 480)),
        ("hy-worldplay", Camera.from_fov(96, 64, 60.0), (96, 64)),
    ],
)
def test_the_plan_holds_the_camera_of_the_frames_after_the_crop(name, anchor, size_px):
    protocol = SVC if name == "svc" else HY_WORLDPLAY
    trajectory = unroll([Turn("left", 10.0)], protocol)
    plan = backend_named(name).plan(trajectory, anchor, trajectory.keyframes)
    assert plan.camera.size_px == size_px
    if name == "svc" and anchor.size_px == (1024, 768):
        assert plan.camera.focal_px[0] == pytest.approx(384.0)
        assert plan.camera.hfov_deg == pytest.approx(73.74, abs=0.01)


def test_planning_loads_nothing_heavy():
    assert "torch" not in sys.modules
