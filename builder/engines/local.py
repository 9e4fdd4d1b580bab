"""Units of work on this machine: in this process, or in worker processes of one thread each."""

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from types import ModuleType
from typing import TypeVar

from builder.core.errors import BackendError
from builder.engines import ONE_THREAD

Job = TypeVar("Job")
Result = TypeVar("Result")

_LEAVE_S = 10.0  # so long has a worker that is told to end


def run(
    function: Callable[[Job], Result], jobs: Sequence[Job], workers: int
) -> Generator[tuple[Job, Result], None, None]:
    """Yield each job with its result as it is finished; the order is that of finishing.

    The first error of a job ends the run: jobs not begun are let go, workers are stopped, and it is
    raised here. The same holds for an interrupt (Ctrl-C), and for a reader that stops early.

    Args:
        function: A function of a module, so that a worker can find it.
        jobs: What it is called with, the longest first.
        workers: Processes; 1 runs all in this one.

    Raises:
        BackendError: If a worker was ended from outside.
    """
    if workers == 1 or len(jobs) <= 1:
        for job in jobs:
            yield job, function(job)
        return
    before = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(
        min(workers, len(jobs)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start_worker,
    )
    try:
        with _environment(ONE_THREAD), _interrupts_held(), _main_hidden():
            futures = {pool.submit(_call, function, job): job for job in jobs}
        yield from _results(futures)
    except BrokenProcessPool as error:
        raise BackendError(
            "a worker process was ended from outside, most likely because memory ran out; "
            "what is finished is kept: run the same command again with fewer --workers"
        ) from error
    finally:
        _stop(pool, before)


def _results(futures: dict[Future[Result], Job]) -> Iterator[tuple[Job, Result]]:
    for future in as_completed(futures):
        yield futures.pop(future), future.result()


def _stop(pool: Executor, before: set[multiprocessing.process.BaseProcess]) -> None:
    """Let the workers go if they are idle, and end them if they are not."""
    finished = sys.exc_info()[0] is None
    pool.shutdown(wait=finished, cancel_futures=True)
    for worker in set(multiprocessing.active_children()) - before:
        worker.terminate()
    for worker in set(multiprocessing.active_children()) - before:
        worker.join(_LEAVE_S)
        worker.kill()  # one that hangs in foreign code never hears it
        worker.join()


class _Ended(BaseException):
    """This worker was told to end while it was at work."""


_at_work = threading.Event()


def _call(function: Callable[[Job], Result], job: Job) -> Result:
    """Run a job in a worker; one that is told to end takes back what it has half written."""
    _at_work.set()
    try:
        return function(job)
    except _Ended:
        os._exit(1)
    finally:
        _at_work.clear()


def _end(*_: object) -> None:
    # A pool that has lost one worker tells the others to end as `_stop` does: the second word must
    # not cut short what the first has begun to take back.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if _at_work.is_set():
        raise _Ended
    os._exit(1)


def _start_worker() -> None:
    """Leave Ctrl-C to the parent, end when told to, and do not outlive the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _end)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Keep Ctrl-C from this thread and, for good, from the processes that it starts meanwhile."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


@contextmanager
def _main_hidden() -> Iterator[None]:
    """Keep the processes that are started meanwhile from running the user's script once more.

    A spawned process imports the parent's main module, for functions that are defined there; ours
    never are. So a script without `if __name__ == "__main__"`, or one read from a pipe, works too.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    """Set environment variables for the processes that are started in the block."""
    old = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in old.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
