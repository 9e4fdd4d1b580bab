"""One worker process: started, asked, timed, and ended with all that it started."""

import json
import os
import queue
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from builder.core.errors import BackendError

_TAIL_BYTES = 1500
_KEPT_FROM_US = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


class WorkerUnfit(BackendError):  # noqa: N818 - what the worker says of itself
    """The worker says that this machine or its files will not do; to ask again is no use."""


class WorkerLost(BackendError):  # noqa: N818
    """The worker died, fell silent or answered nonsense; a new one may do."""


@dataclass(frozen=True)
class Recipe:
    """How a worker is started.

    Attributes:
        command: Its interpreter and script; for several ranks torchrun before the script.
        settings: What it loads.
        start_limit_s: Longest time until it is ready.
        task_limit_s: Longest time for a task.
    """

    command: tuple[str, ...]
    settings: Mapping[str, Any]
    start_limit_s: float
    task_limit_s: float


class Worker:
    """A running worker. It ends with `stop`, and by itself when this process is gone."""

    def __init__(self, recipe: Recipe, gpus: str, log: Path) -> None:
        """Start it.

        Args:
            recipe: How it is started.
            gpus: What it sees, as CUDA_VISIBLE_DEVICES.
            log: File that its error stream is added to.

        Raises:
            WorkerUnfit: If its interpreter cannot be run.
        """
        self._recipe, self._log = recipe, log
        self._answers: queue.Queue[str | None] = queue.Queue()
        # The parent's own packages must not be found by the other interpreter.
        environment = {key: text for key, text in os.environ.items() if key not in _KEPT_FROM_US}
        environment["CUDA_VISIBLE_DEVICES"] = gpus
        with log.open("ab") as errors:
            try:
                self._process = subprocess.Popen(
                    recipe.command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                    text=True,
                    encoding="utf-8",
                    env=environment,
                    start_new_session=True,  # so that `stop` ends its children too
                )
            except OSError as error:
                raise WorkerUnfit(f"{recipe.command[0]}: cannot be run ({error})") from error
        threading.Thread(target=self._listen, args=(self._process.stdout,), daemon=True).start()

    def load(self) -> None:
        """Have it load its weights, and wait for that.

        Raises:
            WorkerUnfit: If it says that it cannot work here.
            WorkerLost: If it does not come up.
        """
        answer = self._exchange({"load": dict(self._recipe.settings)}, self._recipe.start_limit_s)
        if "unfit" in answer:
            raise WorkerUnfit(str(answer["unfit"]))
        if "ready" not in answer:
            raise WorkerLost(f"its first answer was {str(answer)[:200]}{self._tail()}")

    def ask(self, task: Mapping[str, Any]) -> str | None:
        """Have a task done; return None, or what went wrong with it.

        Raises:
            WorkerLost: If the worker is of no further use.
        """
        answer = self._exchange(task, self._recipe.task_limit_s)
        if answer.get("task") != task["task"] or not isinstance(answer.get("ok"), bool):
            raise WorkerLost(f"it answered {str(answer)[:200]} to task {task['task']}")
        if answer["ok"]:
            return None
        error = str(answer.get("error"))
        if answer.get("leaves"):
            raise WorkerLost(error)
        return error

    def stop(self) -> None:
        """End the worker, and whatever it started; from any thread, as often as one likes."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        with suppress(OSError, ValueError):
            if self._process.stdin is not None:
                self._process.stdin.close()

    def _exchange(self, line: Mapping[str, Any], limit_s: float) -> dict[str, Any]:
        pipe = self._process.stdin
        assert pipe is not None  # noqa: S101 - it was asked for
        try:
            pipe.write(json.dumps(line) + "\n")
            pipe.flush()
        except (OSError, ValueError):  # the pipe is broken, or closed by `stop`
            raise WorkerLost(self._death()) from None
        try:
            text = self._answers.get(timeout=limit_s)
        except queue.Empty:
            raise WorkerLost(f"it gave no answer within {limit_s:g} s{self._tail()}") from None
        if text is None:
            raise WorkerLost(self._death())
        try:
            answer = json.loads(text)
        except json.JSONDecodeError:
            answer = None
        if not isinstance(answer, dict):
            raise WorkerLost(f"it answered no JSON object but {text[:200]!r}")
        return answer

    def _listen(self, pipe: IO[str]) -> None:
        with suppress(OSError, ValueError, UnicodeDecodeError):
            for line in pipe:
                self._answers.put(line)
        self._answers.put(None)

    def _death(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=5)
        status = self._process.returncode
        if status is not None and status < 0:
            name = signal.Signals(-status).name
            hint = "; most likely memory ran out" if name == "SIGKILL" else ""
            return f"it was ended by {name}{hint}{self._tail()}"
        return f"it ended with status {status}{self._tail()}"

    def _tail(self) -> str:
        """Return the end of its error stream."""
        time.sleep(0.01)
        with suppress(OSError), self._log.open("rb") as errors:
            errors.seek(0, os.SEEK_END)
            errors.seek(max(0, errors.tell() - _TAIL_BYTES))
            text = errors.read().decode("utf-8", "replace").strip()
            return f"; its last words:\n{text}" if text else ""
        return ""


def torchrun(python: str, script: Sequence[str], ranks: int) -> tuple[str, ...]:
    """Return the command of a worker: its script, with torchrun around it for several ranks."""
    if ranks == 1:
        return (python, *script)
    run = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", str(ranks))
    return (python, *run, *script)
