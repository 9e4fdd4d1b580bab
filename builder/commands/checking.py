"""The check as commands run it: by all cores, its parts counted on a terminal."""

import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder.audit import Counted, Issue
    from builder.audit.changed import Changed


def checked(
    paths: Sequence[Path],
    counted: "Counted",
    *,
    workers: int | None = None,
    images: bool = True,
    changed: "Changed | None" = None,
    most: int | None = None,
) -> "Iterator[Issue]":
    """Yield what is wrong in files and folders.

    Args:
        paths: As `builder.audit.check` takes them.
        counted: Is told how much was looked at.
        workers: Processes; None: as many as there are cores.
        images: False: pictures must be there, and are not opened.
        changed: Only what changed in git is reported on; None: everything is.
        most: Stop after so many issues.

    Raises:
        StoreError: If a path is not there or holds nothing that can be checked.
    """
    from functools import partial

    from builder.audit.run import Way, check
    from builder.engines import local
    from builder.pipeline.cores import cores
    from builder.tasks import readers

    workers = workers or cores()
    spread = partial(local.run, workers=workers) if workers > 1 else None
    way = Way(images, changed, spread, readers, tick)
    return check(paths, readers(), max_issues=most, counted=counted, way=way)


def tick(done: int, of: int, unit: str = "parts") -> None:
    """Say on a terminal how far the work is."""
    if sys.stderr.isatty():
        with contextlib.suppress(OSError):
            end = "\n" if done == of else ""
            print(f"\r{done} of {of} {unit}", end=end, file=sys.stderr, flush=True)
