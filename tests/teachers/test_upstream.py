"""Both adapters end to end on a CPU: unmodified upstream code, tiny random weights.

`make teachers-test` runs this with W2V_SVC_ROOT and W2V_HY_ROOT (checkouts) and W2V_SVC_PYTHON and
W2V_HY_PYTHON (interpreters that have their packages).
"""

import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from boards import board_scene
from builder.config import BuildConfig, HySettings, Machine, SvcSettings
from builder.core.action import Move, Turn
from builder.core.camera import Camera
from builder.core.errors import RolloutFailed
from builder.core.pose import Pose
from builder.core.protocol import HY_WORLDPLAY, SVC
from builder.core.scene import Anchor
from builder.core.trajectory import unroll
from builder.teachers._answers import Expected
from builder.teachers._pool import Pool, Task
from builder.teachers._process import Recipe, torchrun
from builder.teachers.hy_worldplay import HyWorldPlay
from builder.teachers.svc import Svc

HERE = Path(__file__).parent
SCENE = board_scene()


def root_of(name):
    variable = f"W2V_{name.upper()}_ROOT"
    if variable not in os.environ:
        pytest.skip(f"needs a checkout: {variable} is not set (see docs/teachers.md)")
    return os.environ[variable]


class OnCpu:
    """Runs the real worker of a backend with tiny weights and no GPU."""

    sensible = False  # random weights paint noise

    def _seats(self):
        return [""]

    def _script(self):
        return (str(HERE / f"tiny_{self.short}_worker.py"),)


class TinySvc(OnCpu, Svc):
    pass


class TinyHy(OnCpu, HyWorldPlay):
    def _loaded(self):
        return {"root": self._root(), "weights": "made by the worker", "action_weights": "too"}


def backend(name, **settings):
    root_of(name)
    kind = TinySvc if name == "svc" else TinyHy
    machine = Machine(start_limit_s=580, task_limit_s=580, attempts=1)
    return kind(BuildConfig(machine=machine, **settings))


def paint(opened, camera, protocol, actions, seed=3):
    anchor = Anchor(0, camera, "exact", Pose.identity())
    trajectory = unroll(actions, protocol)
    plan = opened.plan(trajectory, camera, trajectory.keyframes)
    started_s = time.monotonic()
    frames = opened.render(SCENE, anchor, plan, seed).frames
    took_s = time.monotonic() - started_s
    poses = len(trajectory.world_from_camera)
    print(f"{opened.name}: {poses} poses, {frames.shape}, {took_s:.1f} s")  # noqa: T201 - a record
    picture = SCENE.world.look(anchor.scene_from_anchor, camera).rgb
    return plan, frames, picture


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["gt", "paper"])
def test_svc_paints_a_trajectory(profile):
    camera = Camera.from_fov(64, 64, 54.0)
    with backend("svc", svc=SvcSettings(profile=profile, steps=1)) as opened:
        plan, frames, picture = paint(opened, camera, SVC, [Turn("left", 20.0)])
        assert frames.shape == (2, 64, 64, 3)
        assert np.abs(frames[0].astype(int) - picture).max() <= 1, "frame 0 is not the anchor"
        assert frames[1].std() > 1
        assert plan.frame_of_pose[plan.wanted[-1]] == plan.wanted[-1]
        if profile == "gt":
            again = paint(opened, camera, SVC, [Turn("left", 20.0)])[1]
            other = paint(opened, camera, SVC, [Turn("left", 20.0)], seed=4)[1]
            assert again.tobytes() == frames.tobytes(), "the same seed paints other bytes"
            assert other[1].tobytes() != frames[1].tobytes(), "the seed does nothing"


@pytest.mark.slow
@pytest.mark.parametrize("model_type", ["ar", "bi"])
def test_hy_paints_a_trajectory(model_type):
    camera = Camera.from_fov(96, 64, 89.4)
    with backend("hy", hy=HySettings(model_type=model_type, steps=1)) as opened:
        plan, frames, _ = paint(opened, camera, HY_WORLDPLAY, [Move("forward", 0.2)])
        assert frames.shape == (2, 64, 96, 3)
        assert all(frame.std() > 1 for frame in frames)
        assert plan.frame_of_pose[plan.wanted[-1]] == 4 * plan.wanted[-1]
        if model_type == "ar":
            again = paint(opened, camera, HY_WORLDPLAY, [Move("forward", 0.2)])[1]
            other = paint(opened, camera, HY_WORLDPLAY, [Move("forward", 0.2)], seed=4)[1]
            assert again.tobytes() == frames.tobytes(), "the same seed paints other bytes"
            assert other.tobytes() != frames.tobytes(), "the seed does nothing"


@pytest.mark.slow
def test_one_rank_that_fails_skips_the_trajectory_on_all_and_the_next_one_is_painted():
    root_of("hy")
    python = os.environ.get("W2V_HY_PYTHON", sys.executable)
    command = torchrun(python, (str(HERE / "ranks_worker.py"),), 2)
    pool = Pool(Recipe(command, {}, 300.0, 120.0), [""], attempts=1)
    rng = np.random.default_rng(0)
    anchor = np.repeat(np.repeat(rng.integers(0, 255, (10, 10, 3), np.uint8), 16, 0), 16, 1)
    focal = [[150.0, 0, 80], [0, 150, 80], [0, 0, 1]]
    asked = {"c2w": [np.eye(4)[:3].tolist()], "K": focal}

    def task(prompt):
        request = {"asked": asked, "keep": [0], "seed": 1, "prompt": prompt}
        return Task(anchor, request, Expected(1, (160, 160), (False,), sensible=False))

    try:
        with pytest.raises(RolloutFailed, match="rank 1: RuntimeError: CUDA out of memory"):
            pool.submit(task("rank 1 fails"))()
        assert np.array_equal(pool.submit(task(""))()[0], anchor)
    finally:
        pool.close()
