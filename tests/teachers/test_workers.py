"""Worker processes: what they may do wrong, and what becomes of it. Real processes throughout."""

import os
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from builder.core.errors import BackendError, RolloutFailed
from builder.teachers._answers import Expected
from builder.teachers._pool import Pool, Task
from builder.teachers._process import Recipe, Worker, WorkerLost, WorkerUnfit

SCRIPT = str(Path(__file__).with_name("plane_worker.py"))
SIDE_PX = 160


def recipe(*arguments, task_s=20.0, start_s=20.0):
    return Recipe((sys.executable, SCRIPT, *arguments), {"root": "nowhere"}, start_s, task_s)


def anchor():
    """Return a picture with large shapes and some texture."""
    rows, columns = np.mgrid[:SIDE_PX, :SIDE_PX]
    rng = np.random.default_rng(0)
    grey = 60 + 80 * (columns > 70) + 50 * (rows > 100) + 20 * np.sin(columns / 9)
    return np.clip(grey[..., None] + rng.normal(0, 4, (1, 1, 3)) + [0, 10, 20], 0, 255).astype(
        np.uint8
    )


def task(right_m=0.3):
    focal = [[150.0, 0, 80], [0, 150, 80], [0, 0, 1]]
    poses = [np.eye(4)[:3].tolist() for _ in range(3)]
    for index in (1, 2):
        poses[index][0][3] = right_m * index / 2
    request = {"asked": {"c2w": poses, "K": focal}, "keep": [0, 2], "seed": 1, "prompt": ""}
    return Task(anchor(), request, Expected(2, (SIDE_PX, SIDE_PX), (False, True)))


@pytest.fixture
def pool():
    made = []

    def make(*arguments, seats=1, attempts=2, **limits):
        made.append(Pool(recipe(*arguments, **limits), [""] * seats, attempts))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_a_well_worker_paints_what_is_asked(pool):
    frames = pool().submit(task())()
    assert frames.shape == (2, SIDE_PX, SIDE_PX, 3)
    assert np.array_equal(frames[0], anchor())
    assert not np.array_equal(frames[1], frames[0])


def test_what_a_model_prints_is_no_answer(pool):
    assert len(pool("chatty").submit(task())()) == 2


MISHAPS = {
    "killed": "ended by SIGKILL; most likely memory ran out",
    "raises": "AssertionError: More anchor frames",
    "out-of-memory": "CUDA out of memory",
    "cuda-error": "illegal memory access",
    "gibberish": "no JSON object but 'painting 3 of 8",
    "another-task": "to task 1",
    "a-frame-short": r"uint8 \(1, 160, 160, 3\); expected uint8 \(2,",
    "floats": "frames are float32",
    "half-size": r"\(2, 80, 80, 3\)",
    "constant": "frame 1 of the wanted ones is one flat color",
    "noise": "frame 1 of the wanted ones is noise",
    "latent-noise": "frame 1 of the wanted ones is noise",
    "frozen": "is frame 0 again",
    "another-place": "does not show the anchor",
}


@pytest.mark.parametrize(("mishap", "message"), MISHAPS.items())
def test_a_trajectory_that_always_fails_says_why_at_each_try(pool, mishap, message):
    wait = pool(mishap).submit(task())
    with pytest.raises(RolloutFailed, match=message) as caught:
        wait()
    assert "try 1: " in str(caught.value)
    assert "try 2: " in str(caught.value)


@pytest.mark.parametrize("mishap", ["killed", "silent", "raises", "gibberish", "noise"])
def test_a_trajectory_that_fails_once_is_painted_by_the_next_try(pool, mishap, tmp_path):
    counter = f"{tmp_path / 'tasks'}:1"
    limit_s = 2.0 if mishap == "silent" else 20.0
    frames = pool(mishap, counter, task_s=limit_s).submit(task())()
    assert len(frames) == 2
    assert (tmp_path / "tasks").stat().st_size == 2


def test_a_silent_worker_is_ended_at_its_time_limit(pool):
    started_s = time.monotonic()
    with pytest.raises(RolloutFailed, match=r"gave no answer within 0\.5 s"):
        pool("silent", attempts=1, task_s=0.5).submit(task())()
    assert time.monotonic() - started_s < 15


def test_an_unfit_machine_ends_all_work_at_once(pool):
    unfit = pool("unfit", seats=2)
    waits = [unfit.submit(task()) for _ in range(3)]
    for wait in waits:
        with pytest.raises(BackendError, match="this card is a toaster") as caught:
            wait()
        assert not isinstance(caught.value, RolloutFailed)
    with pytest.raises(BackendError, match="toaster"):
        unfit.submit(task())()


def test_a_worker_that_never_comes_up_is_tried_again_and_then_given_up(pool):
    with pytest.raises(BackendError, match="no worker comes up: it ended with status 3"):
        pool("dies-loading").submit(task())()


def test_a_worker_that_loads_for_too_long_is_given_up(pool):
    with pytest.raises(BackendError, match=r"no answer within 0\.5 s"):
        pool("slow-loading", attempts=1, start_s=0.5).submit(task())()


def test_an_interpreter_that_cannot_be_run_is_named(tmp_path):
    lost = Recipe((str(tmp_path / "python"), SCRIPT), {}, 5.0, 5.0)
    with pytest.raises(WorkerUnfit, match="cannot be run"):
        Worker(lost, "", tmp_path / "log")


def test_a_backend_that_never_painted_anything_is_given_up(pool):
    hopeless = pool("raises", attempts=1)
    waits = [hopeless.submit(task()) for _ in range(9)]
    with pytest.raises(BackendError, match="the first 8 trajectories failed"):
        waits[-1]()


def test_whoever_is_free_takes_the_next_trajectory(pool):
    two = pool(seats=2)
    waits = [two.submit(task(0.1 + 0.02 * index)) for index in range(6)]
    assert all(len(wait()) == 2 for wait in waits)


def test_the_result_belongs_to_its_own_task(pool):
    two = pool(seats=2)
    distances_m = [0.1 * index for index in range(1, 7)]
    waits = [two.submit(task(distance_m)) for distance_m in distances_m]
    alone = pool()
    for wait, distance_m in zip(waits, distances_m, strict=True):
        assert np.array_equal(wait(), alone.submit(task(distance_m))())


def test_closing_ends_the_workers_and_leaves_nothing_waiting(pool):
    busy = pool("silent")
    wait = busy.submit(task())
    later = busy.submit(task())
    time.sleep(0.5)
    busy.close()
    for one in (wait, later):
        with pytest.raises(BackendError):
            one()


def test_a_stopped_worker_is_gone_with_its_children(tmp_path):
    worker = Worker(recipe(), "", tmp_path / "log")
    process_id = worker._process.pid
    worker.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(process_id, 0)
    with pytest.raises(WorkerLost, match="ended"):
        worker.ask({"task": 1})


def test_a_worker_sees_its_own_gpus_and_none_of_our_packages(tmp_path, monkeypatch):
    script = tmp_path / "tells.py"
    script.write_text(
        "import json, os, sys\nsys.stdin.readline()\n"
        "print(json.dumps({'unfit': os.environ['CUDA_VISIBLE_DEVICES'] + ' '"
        " + os.environ.get('PYTHONPATH', 'none')}), flush=True)\n"
    )
    monkeypatch.setenv("PYTHONPATH", "/ours")
    with pytest.raises(WorkerUnfit, match=r"^2,3 none$"):
        Worker(Recipe((sys.executable, str(script)), {}, 20, 20), "2,3", tmp_path / "log").load()
