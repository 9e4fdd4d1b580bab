"""What every backend promises.

World models keep it here with a worker of a few lines that paints through the real protocol
(`tests/teachers/plane_worker.py`); `make teachers-test` runs the models' own code.
"""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from teachers.stand_in import stand_in_for

from boards import board_scene
from builder.config import BuildConfig
from builder.core.action import Move, Turn
from builder.core.errors import BackendError, PlanError
from builder.core.protocol import SUBSETS
from builder.core.scene import Scene
from builder.core.trajectory import unroll
from builder.teachers import all_backends

SCENE = board_scene()

every_backend = pytest.mark.parametrize(
    ("name", "subset"),
    [
        pytest.param(name, subset, id=f"{name}-{subset.name}")
        for name, backend in all_backends().items()
        for subset in SUBSETS.values()
        if subset.teacher in backend.teachers
    ],
)


@cache
def opened(name):
    """Return the backend, opened once for all tests; a world model with a stand-in for a worker."""
    backend = all_backends()[name]
    if backend.needs_gpu:
        backend = stand_in_for(backend)(BuildConfig())
    backend.open()
    return backend


@pytest.fixture(scope="module", autouse=True)
def _closed_in_the_end():
    yield
    for name in all_backends():
        if opened.cache_info().currsize:
            opened(name).close()
    opened.cache_clear()


def anchor_of(subset):
    """Return an anchor of a size that both the embedded backend and the model take as it is."""
    (anchor,) = SCENE.world.anchors(subset, 1)
    size_px = (192, 192) if subset.teacher == "svc" else (208, 112)
    return replace(anchor, camera=anchor.camera.cover(*size_px))


def paint(name, subset, *actions):
    anchor = anchor_of(subset)
    trajectory = unroll(actions, subset.protocol)
    backend = opened(name)
    plan = backend.plan(trajectory, anchor.camera, trajectory.keyframes)
    return anchor, plan, backend.render(SCENE, anchor, plan, seed=3)


def column_of_red(frame):
    red = (frame[..., 0] > 120) & (frame[..., 1] < 90) & (frame[..., 2] < 90)
    return float(np.nonzero(red)[1].mean())


@every_backend
def test_gives_one_frame_a_wanted_pose_and_begins_at_the_anchor(name, subset):
    anchor, plan, rendered = paint(name, subset, Move("right", 0.2), Turn("left", 10.0))
    height_px, width_px = plan.camera.height_px, plan.camera.width_px
    assert rendered.frames.shape == (3, height_px, width_px, 3)
    assert rendered.frames.dtype == np.uint8
    seen = SCENE.world.look(anchor.scene_from_anchor, plan.camera).rgb
    assert np.abs(rendered.frames[0].astype(int) - seen).mean() < 2, "frame 0 is not the anchor"


@every_backend
@pytest.mark.parametrize(
    ("action", "drift_px_sign"),
    [
        (Turn("left", 10.0), +1),
        (Turn("right", 10.0), -1),
        (Move("left", 0.2), +1),
        (Move("right", 0.2), -1),
    ],
    ids=repr,
)
def test_the_picture_drifts_against_the_camera(name, subset, action, drift_px_sign):
    _, _, rendered = paint(name, subset, action)
    drift_px = column_of_red(rendered.frames[-1]) - column_of_red(rendered.frames[0])
    assert np.sign(drift_px) == drift_px_sign


@every_backend
def test_what_is_ahead_grows_when_walked_towards(name, subset):
    _, _, rendered = paint(name, subset, Move("forward", 0.4))
    reds = [(frame[..., 0] > 150) & (frame[..., 1] < 90) for frame in rendered.frames]
    assert reds[1].sum() > 1.1 * reds[0].sum()


@every_backend
def test_truth_comes_with_each_frame_or_not_at_all(name, subset):
    _, plan, rendered = paint(name, subset, Move("left", 0.2))
    if rendered.views is not None:
        assert len(rendered.views) == len(plan.wanted)
        for view in rendered.views:
            assert view.depth_m.shape == view.instance.shape == rendered.frames.shape[1:3]


@every_backend
def test_says_at_which_frame_of_its_video_each_pose_is_shown(name, subset):
    anchor = anchor_of(subset)
    trajectory = unroll([Turn("right", 10.0)], subset.protocol)
    plan = all_backends()[name].plan(trajectory, anchor.camera, trajectory.keyframes)
    frames = plan.frame_of_pose
    assert len(frames) == len(plan.trajectory.world_from_camera)
    assert frames == tuple(map(trajectory.frame_of, range(len(frames))))


@every_backend
@pytest.mark.parametrize("wanted", [(), (1, 2), (0, 0), (0, 10_000)], ids=repr)
def test_refuses_to_plan_what_it_cannot_paint(name, subset, wanted):
    anchor = anchor_of(subset)
    trajectory = unroll([Move("forward", 0.2)], subset.protocol)
    with pytest.raises(PlanError, match="ascend from 0"):
        all_backends()[name].plan(trajectory, anchor.camera, wanted)


@every_backend
def test_the_same_seed_paints_the_same_bytes(name, subset):
    once, again = (paint(name, subset, Turn("left", 10.0))[2].frames for _ in range(2))
    assert once.tobytes() == again.tobytes()


@every_backend
def test_what_is_begun_first_is_what_comes_back_first(name, subset):
    anchor = anchor_of(subset)
    backend = opened(name)
    trajectories = [unroll([Turn(way, 10.0)], subset.protocol) for way in ("left", "right")]
    plans = [backend.plan(one, anchor.camera, one.keyframes) for one in trajectories]
    waits = [backend.begin(SCENE, anchor, plan, 3) for plan in plans]
    for plan, wait in zip(plans, waits, strict=True):
        alone = backend.render(SCENE, anchor, plan, 3).frames
        assert wait().frames.tobytes() == alone.tobytes()


@pytest.mark.parametrize("name", [n for n, one in all_backends().items() if one.needs_gpu])
def test_a_world_model_draws_another_seed_for_each_trajectory_place_and_build(name):
    backend = all_backends()[name]
    subset = next(one for one in SUBSETS.values() if one.teacher in backend.teachers)
    anchor = anchor_of(subset)
    plans = []
    for way in ("left", "right"):
        trajectory = unroll([Turn(way, 10.0)], subset.protocol)
        plans.append(backend.plan(trajectory, anchor.camera, trajectory.keyframes))
    elsewhere: Scene = replace(SCENE, scene_id="elsewhere")
    seeds = {
        backend.seed_of(SCENE, anchor, plans[0], 3),
        backend.seed_of(SCENE, anchor, plans[1], 3),
        backend.seed_of(SCENE, anchor, plans[0], 4),
        backend.seed_of(elsewhere, anchor, plans[0], 3),
    }
    assert len(seeds) == 4
    assert backend.seed_of(SCENE, anchor, plans[0], 3) in seeds


@pytest.mark.parametrize("name", [n for n, one in all_backends().items() if one.needs_gpu])
def test_a_world_model_that_was_not_opened_says_so(name):
    backend = all_backends()[name]
    subset = next(one for one in SUBSETS.values() if one.teacher in backend.teachers)
    anchor = anchor_of(subset)
    trajectory = unroll([Turn("left", 10.0)], subset.protocol)
    plan = backend.plan(trajectory, anchor.camera, trajectory.keyframes)
    with pytest.raises(BackendError, match="was not opened"):
        backend.render(SCENE, anchor, plan, 3)
