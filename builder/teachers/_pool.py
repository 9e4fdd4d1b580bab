"""Workers side by side, one a seat: whoever is free takes the next trajectory."""

import queue
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from builder.core.errors import BackendError, RolloutFailed
from builder.teachers._answers import Expected, read_frames
from builder.teachers._process import Recipe, Worker, WorkerLost, WorkerUnfit

Frames = NDArray[np.uint8]
_GIVE_UP_AFTER = 8  # trajectories, if none at all was painted until then


@dataclass(eq=False)
class Task:
    """One trajectory to paint.

    Attributes:
        anchor: (H, W, 3) uint8, the picture to start from.
        request: What the worker is told beside the files.
        expected: What must come back.
        result: Receives the frames, or the error.
        errors: What went wrong so far.
    """

    anchor: Frames
    request: Mapping[str, Any]
    expected: Expected
    result: "Future[Frames]" = field(default_factory=Future)
    errors: list[str] = field(default_factory=list)


class Pool:
    """Seats with a worker each; a worker that is lost is replaced, a task that fails goes round."""

    def __init__(self, recipe: Recipe, seats: Sequence[str], attempts: int) -> None:
        """Start a thread a seat; each starts its worker at its first task.

        Args:
            recipe: How a worker is started.
            seats: What each worker sees, as CUDA_VISIBLE_DEVICES.
            attempts: How often a task is tried.
        """
        self._recipe, self._attempts = recipe, attempts
        self._tasks: queue.Queue[Task | None] = queue.Queue()
        self._scratch = tempfile.TemporaryDirectory(prefix="world2vlm-")
        self._lock = threading.Lock()
        self._broken: BackendError | None = None
        self._workers: dict[int, Worker] = {}
        self._counted = {"painted": 0, "failed": 0, "task": 0}
        self._threads = [
            threading.Thread(target=self._sit, args=(index, gpus), daemon=True)
            for index, gpus in enumerate(seats)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def seats(self) -> int:
        """How many work side by side."""
        return len(self._threads)

    def submit(self, task: Task) -> Callable[[], Frames]:
        """Queue a task, and return the call that waits for its frames.

        The call raises RolloutFailed if this task failed too often, and BackendError if there is
        no worker that could do any.
        """
        with self._lock:
            if self._broken is not None:
                task.result.set_exception(self._broken)
            else:
                self._tasks.put(task)
        return task.result.result

    def close(self) -> None:
        """End all workers, busy or not; what was not painted yet never will be."""
        self._break(BackendError("the backend was closed"))
        with self._lock:
            workers = list(self._workers.values())
        for worker in workers:
            worker.stop()
        for thread in self._threads:
            thread.join()
        self._scratch.cleanup()

    def _sit(self, index: int, gpus: str) -> None:
        """Do tasks until there are no more; a worker is started when one is needed."""
        while (task := self._tasks.get()) is not None:
            try:
                worker = self._workers.get(index) or self._start(index, gpus)
                self._try(worker, task)
            except WorkerUnfit as error:
                self._break(BackendError(str(error)), task)
            except WorkerLost as error:
                self._dismiss(index)
                self._failed(task, f"the worker was lost: {error}")
        self._dismiss(index)

    def _start(self, index: int, gpus: str) -> Worker:
        """Return a worker that is ready, at the last attempt if need be."""
        log = Path(self._scratch.name) / f"worker-{index}.log"
        for attempt in range(1, self._attempts + 1):
            worker = Worker(self._recipe, gpus, log)
            with self._lock:
                self._workers[index] = worker
                closed = self._broken is not None
            if closed:
                raise WorkerLost("the backend was closed")
            try:
                worker.load()
                break
            except WorkerLost as error:
                self._dismiss(index)
                if attempt == self._attempts or self._broken is not None:
                    raise WorkerUnfit(f"no worker comes up: {error}") from None
        return worker

    def _dismiss(self, index: int) -> None:
        with self._lock:
            worker = self._workers.pop(index, None)
        if worker is not None:
            worker.stop()

    def _try(self, worker: Worker, task: Task) -> None:
        with self._lock:
            self._counted["task"] += 1
            number = self._counted["task"]
        anchor = Path(self._scratch.name) / f"{number}.png"
        frames = anchor.with_suffix(".npy")
        try:
            Image.fromarray(task.anchor).save(anchor, compress_level=1)
            files = {"task": number, "anchor": str(anchor), "frames": str(frames)}
            error = worker.ask({**files, **task.request})
            painted = None if error else read_frames(frames, task.expected, task.anchor)
        except WorkerLost:
            raise
        except BackendError as wrong:
            error, painted = str(wrong), None
        finally:
            for file in (anchor, frames):
                file.unlink(missing_ok=True)
        if painted is None:
            self._failed(task, str(error))
        else:
            with self._lock:
                self._counted["painted"] += 1
            _settle(task, painted)

    def _failed(self, task: Task, error: str) -> None:
        task.errors.append(error)
        with self._lock:
            broken = self._broken
            if broken is None and len(task.errors) < self._attempts:
                self._tasks.put(task)
                return
        if broken is not None:
            _settle(task, broken)
            return
        tries = "; ".join(f"try {number}: {each}" for number, each in enumerate(task.errors, 1))
        with self._lock:
            self._counted["failed"] += 1
            hopeless = not self._counted["painted"] and self._counted["failed"] >= _GIVE_UP_AFTER
        _settle(task, RolloutFailed(tries))
        if hopeless:
            self._break(
                BackendError(f"the first {_GIVE_UP_AFTER} trajectories failed; the last: {error}")
            )

    def _break(self, error: BackendError, task: Task | None = None) -> None:
        """Fail this task, all that wait and all that will come, and let the seats leave."""
        with self._lock:
            self._broken = self._broken or error
            waiting = [] if task is None else [task]
            with suppress(queue.Empty):
                while True:
                    if (one := self._tasks.get_nowait()) is not None:
                        waiting.append(one)
            for _ in self._threads:
                self._tasks.put(None)
        for one in waiting:
            _settle(one, self._broken)


def _settle(task: Task, outcome: Frames | BackendError | None) -> None:
    if isinstance(outcome, BackendError):
        task.result.set_exception(outcome)
    elif outcome is not None:
        task.result.set_result(outcome)
