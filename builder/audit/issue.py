"""One thing that is wrong, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong inside a value, before it is known where the value stands.

    Attributes:
        pointer: Where in the value, as an RFC 6901 JSON pointer; "" is the whole value.
        rule: A rule's id, one of `builder.audit.catalog.RULES`.
        message: What was expected, what came and, where it helps, the way out.
    """

    pointer: str
    rule: str
    message: str

    def __str__(self) -> str:
        """Return `/pointer: rule-id: message`; always one line."""
        return _one_line(
            ": ".join(part for part in (self.pointer, self.rule, self.message) if part)
        )

    def at(self, file: str, line: int | None = None, row: int | None = None) -> "Issue":
        """Return the issue of this finding in a file."""
        return Issue(file, line, self.pointer, self.rule, self.message, row)


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong in a file.

    Attributes:
        file: As it was asked for, "/" between parts.
        line: Counts from 1; None: the file as a whole, or a row.
        pointer: Where in the value, as an RFC 6901 JSON pointer; "" is the whole value.
        rule: A rule's id, one of `builder.audit.catalog.RULES`.
        message: What was expected and what came.
        row: Row of a Parquet file, counts from 0.
    """

    file: str
    line: int | None
    pointer: str
    rule: str
    message: str
    row: int | None = None

    def __str__(self) -> str:
        """Return `FILE:LINE: /pointer: rule-id: message`, or `FILE#ROW: ...`; always one line."""
        place = self.file if self.row is None else f"{self.file}#{self.row}"
        place = place if self.line is None else f"{place}:{self.line}"
        return f"{_one_line(place)}: {Finding(self.pointer, self.rule, self.message)}"


def _one_line(text: str) -> str:
    """Return `text` with what moves a terminal's cursor escaped."""
    if text.isprintable():
        return text
    return "".join(
        mark if mark.isprintable() else mark.encode("unicode_escape").decode() for mark in text
    )
