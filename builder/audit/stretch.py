"""Stretches of whole lines, cut from a file in blocks: no line, however long, is held whole."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

LONGEST_LINE_BYTES = 1 << 20
MOST_SKIPPED_BYTES = 64 << 20  # of a line; one that goes on is no line, and the file is given up


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some whole lines of a file; the one before it, if there is one, is not blank.

    Attributes:
        start: Byte of the file at which they start.
        end: Byte at which they end; None: the end of the file.
        first: Number of the first line.
    """

    start: int = 0
    end: int | None = None
    first: int = 1


WHOLE = Stretch()


def stretches(path: Path, size_bytes: int) -> Iterator[Stretch]:
    """Yield a file in stretches of about a size, read in blocks and not by lines.

    Raises:
        OSError: If the file cannot be read.
    """
    start, first, at, number, line_end = 0, 1, 0, 1, 0
    with path.open("rb") as file:
        while block := file.read(LONGEST_LINE_BYTES):
            cut = _cut(block) if at + len(block) - start >= size_bytes else 0
            if cut:
                number += block.count(b"\n", 0, cut)
                yield Stretch(start, at + cut, first)
                start, first = at + cut, number
            number += block.count(b"\n", cut)
            line_end = at + block.rfind(b"\n") + 1 if b"\n" in block else line_end
            at += len(block)
            if at - line_end > MOST_SKIPPED_BYTES:
                break  # the reader gives the file up there
    if at > start or not at:
        yield Stretch(start, None, first)


def _cut(block: bytes) -> int:
    """Return where the last line that ends in a block, and is not blank there, ends; 0: nowhere."""
    end = block.rfind(b"\n")
    while end > 0:
        before = block.rfind(b"\n", 0, end)
        if block[before + 1 : end].strip():
            return end + 1
        end = before
    return 0


def skip_line(file: BinaryIO, raw: bytes) -> tuple[int, bool]:
    """Read on to the end of a line; return how many bytes, and whether there was an end."""
    skipped = 0
    while raw and not raw.endswith(b"\n"):
        if skipped > MOST_SKIPPED_BYTES:
            return skipped, False
        raw = file.readline(LONGEST_LINE_BYTES)
        skipped += len(raw)
    return skipped, True


def raw_lines(path: Path) -> Iterator[tuple[int, int, bytes]]:
    """Yield number, byte and text of each line that is neither blank nor too long; unparsed.

    Raises:
        OSError: If the file cannot be read.
    """
    with path.open("rb") as file:
        at = number = 0
        while raw := file.readline(LONGEST_LINE_BYTES + 1):
            number += 1
            if len(raw) > LONGEST_LINE_BYTES:
                skipped, ends = skip_line(file, raw)
                at += skipped
                if not ends:
                    return
            elif not raw.isspace():
                yield number, at, raw
            at += len(raw)
