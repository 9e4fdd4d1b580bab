"""What people write into a card by hand, between two marks, and how it outlives the next card.

A card is made anew by every build. Only what stands between these two is theirs:

    <!-- world2vlm:keep NAME -->
    <!-- /world2vlm:keep -->
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from builder.core.errors import RecordInvalid
from builder.store.files import told

_MARK = re.compile(
    r"<!--[ \t]*(?:world2vlm:keep[ \t]+(?P<name>[a-z0-9][a-z0-9-]{0,63})|/world2vlm:keep)[ \t]*-->"
)
_TRACE = re.compile(r"world2vlm[ \t]*:[ \t]*keep", re.IGNORECASE)
_HEADING = re.compile(r"^## .*$", re.MULTILINE)
_WAY_OUT = "mend the marks there; nothing was written over"


@dataclass(frozen=True, slots=True)
class Section:
    """What stands between one pair of marks.

    Attributes:
        name: Of the pair.
        heading: The last `## ...` above it; "": none.
        body: The text, as it is.
        start: Where the body begins in the card.
        end: Where it ends.
    """

    name: str
    heading: str
    body: str
    start: int
    end: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody has written anything."""
        return not self.body.strip()


def pair(name: str, body: str = "\n") -> str:
    """Return a pair of marks with a text between them."""
    return f"<!-- world2vlm:keep {name} -->{body}<!-- /world2vlm:keep -->"


def sections(card: str, where: str) -> dict[str, Section]:
    """Return what stands between the marks of a card, by name.

    Args:
        card: README.md.
        where: What to call it in an error.

    Raises:
        RecordInvalid: If a mark is damaged, open, within another, or its name comes twice; with
            the line.
    """
    found: dict[str, Section] = {}
    opened: re.Match[str] | None = None
    for mark in _marks(card, where):
        name = mark["name"]
        at = f"{where}:{_line(card, mark.start())}"
        if opened is not None and name:
            line = _line(card, opened.start())
            raise RecordInvalid(
                f"{at}: keep mark {name!r} stands within {opened['name']!r}, open since line"
                f" {line}; {_WAY_OUT}"
            )
        if opened is None and not name:
            raise RecordInvalid(f"{at}: a keep mark is closed that was not opened; {_WAY_OUT}")
        if name in found:
            raise RecordInvalid(f"{at}: keep mark {name!r} comes a second time; {_WAY_OUT}")
        if opened is not None:
            section = _section(card, opened, mark.start())
            found[section.name] = section
        opened = mark if name else None
    if opened is not None:
        at = f"{where}:{_line(card, opened.start())}"
        raise RecordInvalid(f"{at}: keep mark {opened['name']!r} is not closed; {_WAY_OUT}")
    return found


def read_sections(card: Path) -> dict[str, Section]:
    """Return what stands between the marks of a card on disk; none where there is no card.

    Raises:
        RecordInvalid: As `sections`, or if the card is not UTF-8.
        StoreError: If the disk refuses.
    """
    with told(card, "read"):
        if not card.is_file():
            return {}
        data = card.read_bytes()
    return sections(text_of(data, str(card)), str(card))


def text_of(data: bytes, where: str) -> str:
    """Return the text of a card, its lines ended by a newline alone.

    Raises:
        RecordInvalid: If it is not UTF-8.
    """
    try:
        return data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise RecordInvalid(f"{where}:{line}: is not UTF-8: {error.reason}; mend it") from error


def with_sections(card: str, kept: Mapping[str, Section]) -> str:
    """Return a card with what was written by hand, in place of what stands between its own marks.

    A pair that the card does not have is put where it was: at the end under the same heading, or
    at the end of the card if that heading is gone.

    Args:
        card: README.md, its marks whole.
        kept: From `sections`; empty ones are passed over.
    """
    for section in kept.values():
        if section.is_empty:
            continue
        own = sections(card, "the card").get(section.name)
        if own is not None:
            card = card[: own.start] + section.body + card[own.end :]
        else:
            at = _end_under(card, section.heading)
            rest = f"\n{card[at:]}" if card[at:] else ""
            card = f"{card[:at].rstrip()}\n\n{pair(section.name, section.body)}\n{rest}"
    return card


def _marks(card: str, where: str) -> Iterator[re.Match[str]]:
    """Yield the marks; every trace of one must be a whole one."""
    whole = {}
    for mark in _MARK.finditer(card):
        whole[card.index("world2vlm:keep", mark.start())] = mark
    for trace in _TRACE.finditer(card):
        if trace.start() not in whole:
            raise RecordInvalid(
                f"{where}:{_line(card, trace.start())}: a keep mark is damaged; expected"
                f" `{pair('NAME', '` ... `')}`, NAME of a-z, 0-9 and -; {_WAY_OUT}"
            )
    yield from whole.values()


def _section(card: str, opened: re.Match[str], end: int) -> Section:
    headings = _HEADING.findall(card[: opened.start()])
    heading = headings[-1] if headings else ""
    return Section(opened["name"], heading, card[opened.end() : end], opened.end(), end)


def _end_under(card: str, heading: str) -> int:
    starts = [(match[0], match.start()) for match in _HEADING.finditer(card)]
    ends = [start for _, start in starts] + [len(card)]
    held = ["", *(text for text, _ in starts)]
    return ends[held.index(heading)] if heading in held else len(card)


def _line(card: str, at: int) -> int:
    return card.count("\n", 0, at) + 1
