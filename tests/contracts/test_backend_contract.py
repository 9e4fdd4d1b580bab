"""What every backend promises. Those that need a GPU run only with `-m gpu`."""

import numpy as np
import pytest

from boards import board_scene
from builder.core.action import Move, Turn
from builder.core.errors import PlanError
from builder.core.protocol import SUBSETS
from builder.core.trajectory import unroll
from builder.teachers import all_backends

SCENE = board_scene()

every_backend = pytest.mark.parametrize(
    ("backend", "subset"),
    [
        pytest.param(
            backend,
            subset,
            id=f"{name}-{subset.name}",
            marks=[pytest.mark.gpu] if backend.needs_gpu else [],
        )
        for name, backend in all_backends().items()
        for subset in SUBSETS.values()
        if subset.teacher in backend.teachers
    ],
)


def paint(backend, subset, *actions):
    (anchor,) = SCENE.world.anchors(subset, 1)
    trajectory = unroll(actions, subset.protocol)
    with backend:
        plan = backend.plan(trajectory, anchor.camera, trajectory.keyframes)
        return anchor, plan, backend.render(SCENE, anchor, plan, seed=3)


def column_of_red(frame):
    red = (frame[..., 0] > 120) & (frame[..., 1] < 90) & (frame[..., 2] < 90)
    return float(np.nonzero(red)[1].mean())


@every_backend
def test_gives_one_frame_a_wanted_pose_and_begins_at_the_anchor(backend, subset):
    anchor, plan, rendered = paint(backend, subset, Move("right", 0.2), Turn("left", 10.0))
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
def test_the_picture_drifts_against_the_camera(backend, subset, action, drift_px_sign):
    _, _, rendered = paint(backend, subset, action)
    drift_px = column_of_red(rendered.frames[-1]) - column_of_red(rendered.frames[0])
    assert np.sign(drift_px) == drift_px_sign


@every_backend
def test_what_is_ahead_grows_when_walked_towards(backend, subset):
    _, _, rendered = paint(backend, subset, Move("forward", 0.4))
    reds = [(frame[..., 0] > 150) & (frame[..., 1] < 90) for frame in rendered.frames]
    assert reds[1].sum() > 1.1 * reds[0].sum()


@every_backend
def test_truth_comes_with_each_frame_or_not_at_all(backend, subset):
    _, plan, rendered = paint(backend, subset, Move("left", 0.2))
    if rendered.views is not None:
        assert len(rendered.views) == len(plan.wanted)
        for view in rendered.views:
            assert view.depth_m.shape == view.instance.shape == rendered.frames.shape[1:3]


@every_backend
def test_says_at_which_frame_of_its_video_each_pose_is_shown(backend, subset):
    _, plan, _ = paint(backend, subset, Turn("right", 10.0))
    frames = plan.frame_of_pose
    assert len(frames) == len(plan.trajectory.world_from_camera)
    assert frames[0] == 0
    assert list(frames) == sorted(set(frames))


@every_backend
@pytest.mark.parametrize("wanted", [(), (1, 2), (0, 0), (0, 10_000)], ids=repr)
def test_refuses_to_plan_what_it_cannot_paint(backend, subset, wanted):
    (anchor,) = SCENE.world.anchors(subset, 1)
    trajectory = unroll([Move("forward", 0.2)], subset.protocol)
    with pytest.raises(PlanError, match="ascend from 0"):
        backend.plan(trajectory, anchor.camera, wanted)


@every_backend
def test_the_same_seed_paints_the_same_bytes(backend, subset):
    once, again = (paint(backend, subset, Turn("left", 10.0))[2].frames for _ in range(2))
    assert once.tobytes() == again.tobytes()
