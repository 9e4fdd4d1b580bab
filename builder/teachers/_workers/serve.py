"""The worker's side of the protocol: one JSON line in, one JSON line out, frames as files.

    in   {"load": {...}}                            once, first
    out  {"ready": {...}} or {"unfit": "why"}
    in   {"task": 7, "anchor": "a.png", "frames": "f.npy", "asked": {...}, "keep": [0, 8],
          "seed": 3, "prompt": "..."}
    out  {"task": 7, "ok": true, "seconds": 2.5} or
         {"task": 7, "ok": false, "error": "why", "leaves": false}

The end of the input ends the worker. What the model prints goes to the error stream.
"""

import json
import os
import sys
import time
import traceback
from collections.abc import Iterator
from typing import Any, Protocol, TextIO

import numpy as np

from .crew import Alone, Crew

# All that upstream code raises; what is worse (an interrupt, a lack of threads) ends the worker.
FAILURES = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    ImportError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
    EOFError,
)


class Unfit(Exception):  # noqa: N818 - it states a fact about this machine
    """This machine or its files cannot run the model; the message says what to do."""


class Painter(Protocol):
    """A world model."""

    def load(self, settings: dict[str, Any]) -> dict[str, Any]:
        """Load the weights, and return facts about them.

        Raises:
            Unfit: If that cannot work here.
        """

    def paint(self, task: dict[str, Any]) -> "np.ndarray[Any, Any]":
        """Return (N, H, W, 3) uint8, one a frame of `task["keep"]`."""


def serve(painter: Painter, crew: "Crew | None" = None) -> None:
    """Answer lines until there are no more."""
    crew = crew or Alone()
    with _private_output() as answers:
        lines = _lines(crew)
        settings = next(lines, None)
        if settings is None or not _load(painter, settings["load"], crew, answers):
            return
        for task in lines:
            if not _one(painter, task, crew, answers):
                return


def _lines(crew: Crew) -> Iterator[dict[str, Any]]:
    while True:
        line = sys.stdin.readline() if crew.leads else ""
        line = crew.share(line)
        if not line:
            return
        yield json.loads(line)


def _load(painter: Painter, settings: dict[str, Any], crew: Crew, answers: TextIO) -> bool:
    facts: dict[str, Any] = {}
    error: str | None = None
    try:
        facts = painter.load(settings)
    except Unfit as why:
        error = str(why)
    except FAILURES as why:
        traceback.print_exc()
        error = f"while loading: {type(why).__name__}: {why}"
    error = crew.agree(error)
    _say(answers, crew, {"unfit": error} if error else {"ready": facts})
    return error is None


def _one(painter: Painter, task: dict[str, Any], crew: Crew, answers: TextIO) -> bool:
    """Paint one trajectory; return whether the worker can go on."""
    started_s, error, frames = time.monotonic(), None, None
    try:
        frames = painter.paint(task)
    except FAILURES as why:
        traceback.print_exc()
        error = f"{type(why).__name__}: {why}"
    error = crew.agree(error)
    if error is None and frames is not None and crew.leads:
        np.save(task["frames"], frames, allow_pickle=False)
    leaves = error is not None and "CUDA error" in error  # such a process never recovers
    answer: dict[str, Any] = {"task": task["task"], "ok": error is None}
    if error is None:
        answer["seconds"] = round(time.monotonic() - started_s, 3)
    else:
        answer.update(error=error[:4000], leaves=leaves)
        _free_memory()
    _say(answers, crew, answer)
    return not leaves


def _free_memory() -> None:
    torch = sys.modules.get("torch")
    if torch is not None and torch.cuda.is_available():
        torch.cuda.empty_cache()


def _say(answers: TextIO, crew: Crew, answer: dict[str, Any]) -> None:
    if crew.leads:
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def _private_output() -> TextIO:
    """Keep the output for answers alone: what is printed goes to the error stream from now on."""
    sys.stdout.flush()
    private = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return private
