"""Rows of words and numbers as columns of plain text."""

from collections.abc import Iterable, Sequence


def aligned(rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """Return rows as columns; the first `texts` columns are set left, the numbers right.

    Example:
        >>> print(aligned([["task", "records"], ["A1", "42"]]))
        task  records
        A1         42
    """
    rows = list(rows)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.ljust(width) if column < texts else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join(lines)
