"""How far the work is: a bar on a terminal, plain lines now and then elsewhere."""

import importlib.util
import sys
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from builder.store.files import told

_LINE_EVERY_S = 15.0
_SLOW_S = 2.0  # from here on a rate would round to nothing: a world model takes a minute each
_MINUTE_S, _HOUR_S = 60, 3600


def tick(file: Path, count: int = 1) -> None:
    """Note from any process that `count` rollouts are done: one byte each, appended whole."""
    with told(file), file.open("ab", buffering=0) as stream:
        stream.write(b"." * count)


class Progress:
    """Watches a file that grows by one byte a rollout. Use it in a `with`.

    Args:
        file: Emptied at the start.
        total: How large it will become at most.
        unit: What is counted.
    """

    def __init__(self, file: Path, total: int, unit: str) -> None:
        self._file, self._total, self._unit = file, total, unit
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._begun_s = time.monotonic()
        self._bar: Any = None

    def __enter__(self) -> Self:
        """Start watching."""
        with told(self._file):
            self._file.write_bytes(b"")
        if sys.stderr.isatty() and importlib.util.find_spec("tqdm"):
            import tqdm

            self._bar = tqdm.tqdm(total=self._total, unit=f" {self._unit}", file=sys.stderr)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop watching and say where it ended."""
        self._ended.set()
        self._thread.join()
        self._show()
        if self._bar is not None:
            self._bar.close()

    def line(self, done: int, elapsed_s: float) -> str:
        """Return one line: how many are done, the rate, the time left.

        Example:
            >>> Progress(Path("p"), 30, "trajectories").line(10, 5.0)
            '10 of 30 trajectories, 2.0 a second, 10 s left'
            >>> Progress(Path("p"), 300, "trajectories").line(10, 420.0)
            '10 of 300 trajectories, 42 s each, 3 h 23 min left'
        """
        if not 0 < done < self._total:  # the rate of a build that had been made before says nothing
            return f"{done} of {self._total} {self._unit}"
        each_s = max(elapsed_s, 1e-6) / done
        pace = f"{1 / each_s:.1f} a second" if each_s < _SLOW_S else f"{each_s:.0f} s each"
        left = _span(each_s * (self._total - done))
        return f"{done} of {self._total} {self._unit}, {pace}, {left} left"

    def _watch(self) -> None:
        every_s = 0.5 if self._bar is not None else _LINE_EVERY_S
        while not self._ended.wait(every_s):
            self._show()

    def _show(self) -> None:
        done = self._file.stat().st_size
        if self._bar is not None:
            self._bar.n = done
            self._bar.refresh()
        else:
            elapsed_s = time.monotonic() - self._begun_s
            print(self.line(done, elapsed_s), file=sys.stderr, flush=True)  # noqa: T201 - progress


def _span(seconds: float) -> str:
    """Return a duration in the units that one thinks of it in."""
    if seconds < 5 * _MINUTE_S:
        return f"{seconds:.0f} s"
    if seconds < _HOUR_S:
        return f"{seconds / _MINUTE_S:.0f} min"
    hours, rest_s = divmod(seconds, _HOUR_S)
    return f"{hours:.0f} h {rest_s / _MINUTE_S:.0f} min"
