"""Who may read what: a later world2vlm's data is refused in one line, an earlier one's is read.

`builder_version` is what records, bundles and builds state. A new meaning of the schema (`v2`)
takes a new second number of the version at least, so the first two numbers decide.
"""

import functools
import re

_NUMBER = re.compile(r"[0-9]+")
_MEANING = 2  # so many numbers of a version stand for what data means


@functools.lru_cache(maxsize=64)
def is_later(made_by: str, reader: str) -> bool:
    """Whether data of world2vlm `made_by` may mean what `reader` does not know.

    Example:
        >>> is_later("0.2.0", "0.1.0"), is_later("0.1.9", "0.1.0")
        (True, False)
    """
    return numbers(made_by)[:_MEANING] > numbers(reader)[:_MEANING]


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version, which have an order: (0, 10, 0) comes after (0, 9, 1)."""
    return tuple(int(number) for number in _NUMBER.findall(version)[:3])


def later_text(made_by: str, reader: str) -> str:
    """Return why it is refused, with the way out, to follow "this build" or the like."""
    return (
        f"was made by a later world2vlm ({made_by} > {reader});"
        " upgrade the package: pip install --upgrade world2vlm"
    )
