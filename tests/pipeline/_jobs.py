"""What worker processes are asked to do in tests; they must find it by name."""

import os
import shutil
import signal
import time
from pathlib import Path

from builder.core.errors import MissingExtra, SceneError
from builder.store.files import whole_folder


def double(job):
    return 2 * job


def process_id(_):
    time.sleep(0.2)
    return os.getpid()


def threads(_):
    return os.environ.get("NUMBA_NUM_THREADS")


def refuse_three(job):
    if job == 3:
        raise SceneError("photo 3: is truncated")
    return job


def miss(_):
    raise MissingExtra("numba", "build")


def die(job):
    if job == 1:
        os.kill(os.getpid(), 9)
    return job


def linger(folder):
    Path(folder, str(os.getpid())).touch()
    time.sleep(60)


def write_slowly(folder):
    """Write half a folder; while it is taken back, this worker is told to end once more."""
    remove = shutil.rmtree

    def told_again(*args, **named):
        os.kill(os.getpid(), signal.SIGTERM)
        remove(*args, **named)

    with whole_folder(Path(folder, str(os.getpid()))) as draft:
        shutil.rmtree = told_again  # in this worker's process alone
        (draft / "half").touch()
        time.sleep(60)
