"""JSON of unknown make, walked with its pointer at hand, so that what is wrong names its place."""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MOST_BYTES = 32_000_000


class Refusal(Exception):  # noqa: N818 - it never leaves this package: it becomes a Drop
    """Why a bundle, or a part of it, is not used.

    Attributes:
        reason: As `Drop.reason`.
    """

    def __init__(self, reason: str, where: str, message: str) -> None:
        """Keep the reason apart; the text is `FILE: /pointer: message`."""
        super().__init__(f"{where}: {message}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value and where it stands.

    Attributes:
        value: Of any type.
        file: The file it was read from.
        pointer: JSON pointer; "" is the whole document.
    """

    value: Any
    file: Path
    pointer: str = ""

    @classmethod
    def read(cls, file: Path) -> "Node":
        """Read a file.

        Raises:
            Refusal: If it cannot be read, is far too large, or is no JSON.
        """
        try:
            if file.stat().st_size > _MOST_BYTES:
                raise Refusal("unreadable", str(file), f"more than {_MOST_BYTES:,} bytes")
            return cls(_parsed(file.read_bytes()), file)
        except OSError as error:
            raise Refusal("unreadable", str(file), f"cannot be read: {error.strerror}") from error
        except (ValueError, RecursionError) as error:
            raise Refusal("unreadable", str(file), f"is not JSON: {error}") from error

    @property
    def where(self) -> str:
        """`FILE: /pointer`."""
        return f"{self.file}: {self.pointer or '/'}"

    def wrong(self, message: str, reason: str = "malformed") -> Refusal:
        """Return the refusal of this value."""
        return Refusal(reason, self.where, message)

    def __getitem__(self, key: str | int) -> "Node":
        """Go down by a key or an index.

        Raises:
            Refusal: If it is not there.
        """
        found = self.get(key)
        if found is None:
            raise self.wrong(f"expected {key!r} in it, got {self.short()}")
        return found

    def get(self, key: str | int) -> "Node | None":
        """Go down by a key or an index; None: it is not there."""
        if isinstance(key, str):
            inside = isinstance(self.value, dict) and key in self.value
        else:
            inside = isinstance(self.value, list) and 0 <= key < len(self.value)
        step = str(key).replace("~", "~0").replace("/", "~1")
        return Node(self.value[key], self.file, f"{self.pointer}/{step}") if inside else None

    def each(self) -> Iterator["Node"]:
        """Yield the items of a list.

        Raises:
            Refusal: If it is none.
        """
        if not isinstance(self.value, list):
            raise self.wrong(f"expected a list, got {self.short()}")
        for index in range(len(self.value)):
            yield self[index]

    def text(self) -> str:
        """Return a text that is not empty.

        Raises:
            Refusal: If it is none.
        """
        if not isinstance(self.value, str) or not self.value:
            raise self.wrong(f"expected a text, got {self.short()}")
        return self.value

    def number(self) -> float:
        """Return a finite number.

        Raises:
            Refusal: If it is none.
        """
        is_number = isinstance(self.value, int | float) and not isinstance(self.value, bool)
        if not is_number or not math.isfinite(self.value):
            raise self.wrong(f"expected a finite number, got {self.short()}")
        return float(self.value)

    def integer(self) -> int:
        """Return an integer.

        Raises:
            Refusal: If it is none.
        """
        if not isinstance(self.value, int) or isinstance(self.value, bool):
            raise self.wrong(f"expected an integer, got {self.short()}")
        return self.value

    def matrix(self, rows: int, columns: int) -> list[list[float]]:
        """Return a matrix of numbers.

        Raises:
            Refusal: If it has another shape.
        """
        found = [[item.number() for item in row.each()] for row in self.each()]
        if len(found) != rows or any(len(row) != columns for row in found):
            raise self.wrong(f"expected {rows}x{columns} numbers, got {self.short()}")
        return found

    def short(self) -> str:
        """Return the value as JSON, cut off."""
        text = json.dumps(self.value)
        return text if len(text) <= 60 else f"{text[:57]}..."


def lines_of(file: Path) -> list[Node]:
    """Return the values of a JSON Lines file, none if there is no such file; pointers are `#LINE`.

    Raises:
        Refusal: If a line is no JSON, or the file cannot be read.
    """
    if not file.is_file():
        return []
    nodes = []
    try:
        for number, line in enumerate(file.read_bytes().splitlines(), start=1):
            if line.strip():
                nodes.append(Node(_parsed(line), file, f"#{number}"))
    except OSError as error:
        raise Refusal("unreadable", str(file), f"cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise Refusal("unreadable", f"{file}:{number}", f"is not JSON: {error}") from error
    return nodes


def _parsed(data: bytes) -> Any:  # noqa: ANN401 - JSON
    return json.loads(data.decode("utf-8"))
