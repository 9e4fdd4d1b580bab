"""Units of work on a Ray cluster, or on the cores of this machine through Ray."""

from collections.abc import Callable, Generator, Sequence
from typing import Any, TypeVar

from builder.core.errors import BackendError, MissingExtra
from builder.engines import ONE_THREAD

Job = TypeVar("Job")
Result = TypeVar("Result")

_ATTEMPTS = 3  # a unit is redone where its machine was lost: what it had finished is on disk


def run(
    function: Callable[[Job], Result], jobs: Sequence[Job], workers: int
) -> Generator[tuple[Job, Result], None, None]:
    """Yield each job with its result as it is finished; the order is that of finishing.

    With `RAY_ADDRESS` set the units go to that cluster, whose machines must see the same output
    folder and have the same package installed; else Ray is started here and stopped at the end.

    Args:
        function: A function of a module, so that a worker can find it.
        jobs: What it is called with, the longest first.
        workers: How many units are under way at a time.

    Raises:
        MissingExtra: If Ray is not installed.
        BackendError: If a unit's process was lost each time it was tried.
    """
    ray = _ray()
    started_here = not ray.is_initialized()
    if started_here:
        _start(ray, workers)
    remote = ray.remote(num_cpus=1, max_retries=_ATTEMPTS - 1)(function)
    try:
        yield from _results(ray, remote, jobs, workers)
    finally:
        if started_here:
            ray.shutdown()


def _ray() -> Any:  # noqa: ANN401 - a module that may be absent
    try:
        import ray
    except ModuleNotFoundError as error:
        raise MissingExtra(str(error.name), "ray") from error
    return ray


def _start(ray: Any, workers: int) -> None:  # noqa: ANN401 - a module that may be absent
    import os

    local = {} if os.environ.get("RAY_ADDRESS") else {"num_cpus": workers}
    ray.init(
        **local,
        include_dashboard=False,
        log_to_driver=False,
        logging_level="ERROR",
        runtime_env={"env_vars": ONE_THREAD},
    )


def _results(
    ray: Any,  # noqa: ANN401 - a module that may be absent
    remote: Any,  # noqa: ANN401 - what `ray.remote` makes of a function
    jobs: Sequence[Job],
    workers: int,
) -> Generator[tuple[Job, Any], None, None]:
    waiting = list(reversed(jobs))
    running: dict[Any, Job] = {}
    while waiting or running:
        while waiting and len(running) < workers:
            job = waiting.pop()
            running[remote.remote(job)] = job
        done, _ = ray.wait(list(running))
        yield running.pop(done[0]), _result(ray, done[0])


def _result(ray: Any, reference: Any) -> Any:  # noqa: ANN401 - as above
    try:
        return ray.get(reference)
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None  # ours, as it was raised; Ray would mix two classes
    except (ray.exceptions.WorkerCrashedError, ray.exceptions.OutOfMemoryError) as error:
        raise BackendError(
            f"a unit of work lost its process {_ATTEMPTS} times, most likely because memory ran "
            f"out; what is finished is kept: run the same command again with fewer --workers"
        ) from error
