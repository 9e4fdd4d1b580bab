"""How far an iteration is: a bar on a terminal, plain lines now and then elsewhere."""

import importlib.util
import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
_LINE_EVERY_S = 15.0


def counted(items: Iterable[Item], total: int, unit: str) -> Iterator[Item]:
    """Yield the items, telling on stderr how many of `total` have come.

    Args:
        items: What is waited for.
        total: How many there will be.
        unit: What is counted, such as "pictures".
    """
    if sys.stderr.isatty() and importlib.util.find_spec("tqdm"):
        import tqdm

        yield from tqdm.tqdm(items, total=total, unit=f" {unit}", file=sys.stderr)
        return
    told_s = time.monotonic()
    for done, item in enumerate(items, start=1):
        yield item
        if time.monotonic() - told_s >= _LINE_EVERY_S:
            told_s = time.monotonic()
            print(f"{done} of {total} {unit}", file=sys.stderr, flush=True)  # noqa: T201 - progress
