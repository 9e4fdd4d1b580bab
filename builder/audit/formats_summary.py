"""A page about failing records: a table in Markdown, and their pictures on one sheet.

GitHub shows no picture out of a `data:` URL in a job summary. So the table shows pictures of the
commit by their address there, and the sheet is a file, to be kept as an artifact.
"""

import io
import itertools
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from PIL import Image, ImageDraw

from builder.audit.counted import Counted
from builder.audit.formats import relative
from builder.audit.issue import Issue
from builder.audit.jsontext import read_lines
from builder.audit.pictures import FORMATS, MOST_PIXELS

MOST_ROWS = 50
MOST_RECORDS = 12
MOST_BYTES = 900_000  # GitHub takes 1 MiB a step
THUMB_PX = 128
_ESCAPES = str.maketrans({"|": "\\|", "<": "&lt;", ">": "&gt;", "`": "'", "\n": " ", "\r": " "})


@dataclass(frozen=True, slots=True)
class Failing:
    """A record that has an issue, with its pictures.

    Attributes:
        place: Such as "tasks.jsonl:7".
        rule: The first rule that it breaks.
        paths: Its pictures as files, where they are files.
        thumbs: Its pictures, small; those that cannot be opened are missing.
    """

    place: str
    rule: str
    paths: tuple[Path, ...]
    thumbs: tuple[Image.Image, ...]


def markdown(issues: Sequence[Issue], counted: Counted, failing: Sequence[Failing]) -> str:
    """Return the summary of a check.

    Args:
        issues: What was found.
        counted: What was looked at.
        failing: Records to show, from `failing_records`.
    """
    if not issues:
        return f"### World2VLM check: all is well\n\n{counted}\n"
    by_rule = Counter(issue.rule for issue in issues)
    lines = [f"### World2VLM check: {len(issues):,} issues", "", f"{counted}", ""]
    lines += ["| rule | issues |", "|---|---:|"]
    lines += [f"| `{rule}` | {count:,} |" for rule, count in by_rule.most_common()]
    shown = {one.place: " ".join(_thumbnails(one.paths)) for one in failing}
    lines += ["", "| where | rule | what | pictures |", "|---|---|---|---|"]
    for issue in issues[:MOST_ROWS]:
        what = f"{issue.pointer}: {issue.message}" if issue.pointer else issue.message
        place = _place(issue)
        pictures = shown.pop(place, "")
        lines.append(f"| {_cell(place)} | `{issue.rule}` | {_cell(what)} | {pictures} |")
    if len(issues) > MOST_ROWS:
        lines += ["", f"and {len(issues) - MOST_ROWS:,} more; they are in the log"]
    return "\n".join(lines).encode()[:MOST_BYTES].decode(errors="ignore") + "\n"


def failing_records(issues: Sequence[Issue]) -> list[Failing]:
    """Return the first records that have an issue, with their pictures."""
    first: dict[tuple[str, int | None, int | None], Issue] = {}
    for issue in issues:
        if issue.line is not None or issue.row is not None:
            first.setdefault((issue.file, issue.line, issue.row), issue)
    chosen = itertools.islice(first.values(), MOST_RECORDS)
    return [_failing(issue) for issue in chosen if "://" not in issue.file]


def sheet(failing: Sequence[Failing]) -> Image.Image:
    """Return the pictures of failing records on one sheet, a record a row, named above it."""
    most = max([len(one.thumbs) for one in failing] or [1])
    width_px = max(640, most * (THUMB_PX + 8) + 8)
    page = Image.new("RGB", (width_px, len(failing) * (THUMB_PX + 30) + 8), "white")
    draw = ImageDraw.Draw(page)
    for row, one in enumerate(failing):
        top_px = row * (THUMB_PX + 30) + 4
        named = f"{one.place}  {one.rule}"
        draw.text((8, top_px), named.encode("ascii", "replace").decode(), fill="black")
        for column, thumb in enumerate(one.thumbs):
            page.paste(thumb, (8 + column * (THUMB_PX + 8), top_px + 16))
    return page


def _failing(issue: Issue) -> Failing:
    file = Path(issue.file)
    paths: tuple[Path, ...] = ()
    if issue.row is None:
        paths = tuple(_images_of_line(file, issue.line))
        thumbs = [_thumb(path) for path in paths]
    else:
        thumbs = [_thumb(io.BytesIO(data)) for data in _images_of_row(file, issue.row)]
    kept = tuple(thumb for thumb in thumbs if thumb is not None)
    return Failing(_place(issue), issue.rule, paths, kept)


def _images_of_line(file: Path, number: int | None) -> Iterator[Path]:
    line = next((one for one in read_lines(file) if one.number == number), None)
    value: Any = line.value if line else None
    images = value.get("images") if isinstance(value, dict) else None
    root = os.path.realpath(file.parent)
    for name in images if isinstance(images, list) else ():
        path = os.path.realpath(file.parent / str(name).replace("\0", ""))
        if path.startswith(root + os.sep) and os.path.isfile(path):
            yield Path(path)


def _images_of_row(file: Path, row: int) -> Iterator[bytes]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(file) as rows:
            before = 0
            for group in range(rows.num_row_groups):
                count = rows.metadata.row_group(group).num_rows
                if row < before + count:
                    held = rows.read_row_group(group, ["images"]).column("images")[row - before]
                    yield from (one["bytes"] for one in held.as_py() or () if one["bytes"])
                    return
                before += count
    except (pa.ArrowException, KeyError, TypeError):  # the issue says so already
        return


def _thumb(source: Path | io.BytesIO) -> Image.Image | None:
    try:
        with Image.open(source, formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                return None
            image.draft("RGB", (THUMB_PX * 2, THUMB_PX * 2))
            small = image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # the issue says so
        return None
    small.thumbnail((THUMB_PX, THUMB_PX))
    return small


def _thumbnails(paths: Sequence[Path]) -> Iterator[str]:
    server, repository, commit = (
        os.environ.get(f"GITHUB_{name}") for name in ("SERVER_URL", "REPOSITORY", "SHA")
    )
    for path in paths:
        seen = relative(str(path))
        if server and repository and commit and not seen.startswith("/"):
            address = f"{server}/{repository}/blob/{commit}/{quote(seen)}?raw=true"
            yield f'<img width="96" alt="{quote(path.name)}" src="{address}">'


def _place(issue: Issue) -> str:
    file = relative(issue.file)
    if issue.row is not None:
        return f"{file}#{issue.row}"
    return file if issue.line is None else f"{file}:{issue.line}"


def _cell(text: str) -> str:
    return text.translate(_ESCAPES)[:400]
