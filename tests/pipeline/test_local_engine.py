"""Units of work on this machine: all results, clean errors, no worker left behind."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from pipeline import _jobs

from builder.core.errors import BackendError, MissingExtra, SceneError
from builder.engines.local import run


def is_alive(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("workers", [1, 2])
def test_every_job_comes_back_with_its_result(workers):
    assert sorted(run(_jobs.double, [3, 1, 2], workers)) == [(1, 2), (2, 4), (3, 6)]


def test_two_workers_are_two_processes_of_one_thread_each():
    found = dict(run(_jobs.process_id, [1, 2], 2))
    assert len(set(found.values())) == 2
    assert os.getpid() not in found.values()
    assert set(dict(run(_jobs.threads, [1, 2], 2)).values()) == {"1"}
    assert os.environ.get("NUMBA_NUM_THREADS") is None


@pytest.mark.parametrize("workers", [1, 2])
def test_the_error_of_a_job_is_raised_as_it_is(workers):
    with pytest.raises(SceneError, match="photo 3: is truncated"):
        list(run(_jobs.refuse_three, [1, 2, 3, 4], workers))
    with pytest.raises(MissingExtra, match=r"pip install 'world2vlm\[build\]'"):
        list(run(_jobs.miss, [1, 2], workers))


def test_a_worker_that_is_killed_is_told_as_such():
    with pytest.raises(BackendError, match=r"ended from outside.*fewer --workers"):
        list(run(_jobs.die, [1, 2, 3], 2))


def test_an_interrupt_leaves_no_worker_behind(tmp_path):
    workers = []

    def interrupt_once_both_work():
        while len(workers) < 2:
            time.sleep(0.02)
            workers[:] = [int(file.name) for file in tmp_path.iterdir()]
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt_once_both_work)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        next(run(_jobs.linger, [str(tmp_path), str(tmp_path)], 2))
    thread.join()
    assert len(workers) == 2
    assert not any(is_alive(worker) for worker in workers)


def test_a_worker_that_is_told_to_end_takes_back_what_it_has_half_written(tmp_path):
    results = run(_jobs.write_slowly, [str(tmp_path), str(tmp_path)], 2)

    def interrupt_once_both_write():
        while len(list(tmp_path.rglob("half"))) < 2:
            time.sleep(0.02)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=interrupt_once_both_write)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        next(results)
    thread.join()
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_stops_early_ends_the_run(tmp_path):
    results = run(_jobs.double, [1, 2, 3], 2)
    assert next(results)[1] in {2, 4, 6}
    workers = [child.pid for child in multiprocessing.active_children()]
    results.close()
    assert workers
    # by number: `active_children` may name one that has ended, while another thread notes that
    assert not any(is_alive(worker) for worker in workers)


def test_a_script_without_a_guard_or_from_a_pipe_is_not_run_again_by_the_workers():
    script = (
        "from builder.engines.local import run\n"
        "from pipeline import _jobs\n"
        "print(sorted(run(_jobs.double, [1, 2, 3], 2)))\n"
    )
    root = Path(__file__).parents[2]
    environment = {**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"}
    done = subprocess.run(
        [sys.executable, "-"],
        input=script,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[(1, 2), (2, 4), (3, 6)]\n"
    assert done.stderr == ""
