"""Where units of work run: what they are is the pipeline's affair.

An engine is a module here with a function `run(function, jobs, workers)` that yields each job with
its result as it is finished. Which one ran changes no byte of a dataset.
"""

from collections.abc import Callable, Generator, Sequence
from importlib import import_module
from typing import Any

from builder.core.errors import UnknownPlugin, nearest

ENGINES = ("local", "ray")
Run = Callable[[Callable[[Any], Any], Sequence[Any], int], Generator[tuple[Any, Any], None, None]]

# One thread a worker: the workers share the cores already, and threads would fight over them.
ONE_THREAD = {
    "NUMBA_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


def engine_named(name: str) -> Run:
    """Return the function that runs units on the engine called `name`.

    Raises:
        UnknownPlugin: If there is none.
    """
    if name not in ENGINES:
        raise UnknownPlugin(f"no engine {name!r}: {nearest(name, ENGINES)}")
    run: Run = import_module(f"builder.engines.{name}").run
    return run
