"""One record in words, and which one is meant."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.core.errors import RecordInvalid, StoreError
from builder.core.record import IMAGE_MARK
from builder.publish.rows import Row, rows

_PACKAGE = Path(__file__).resolve().parent.parent


def demo_folder() -> Path:
    """Return the demo that ships with the package: in the wheel, or in the checkout."""
    packaged = _PACKAGE / "_demo"
    return packaged if packaged.is_dir() else _PACKAGE.parent / "data-demo"


def chosen_row(path: Path | None, record_id: str | None, task: str | None, number: int) -> Row:
    """Return one record with its images.

    Args:
        path: Where records lie; None: the demo.
        record_id: Its id, or how it begins; None: any.
        task: Its task type; None: any.
        number: Which of those that fit, from 0.

    Raises:
        StoreError: If there are not that many.
        RecordInvalid: If it, one before it, or one of its images cannot be read.
    """
    where = path or demo_folder()
    if number < 0:
        raise StoreError(f"numbers count from 0, got {number}")
    fitting = (
        row
        for row in rows(where)
        if (record_id is None or str(row[0].get("record_id", "")).startswith(record_id))
        and (task is None or row[0].get("task_type") == task)
    )
    found = next(itertools.islice(fitting, number, None), None)
    if found is None:
        wanted = f"record {record_id or 'of any id'}, task {task or 'of any type'}"
        raise StoreError(f"{where}: no {wanted}, number {number}; numbers count from 0")
    try:
        for image in found[1]:
            image.load()
    except OSError as error:
        named = found[0].get("record_id")
        raise RecordInvalid(f"{where}: an image of {named} cannot be decoded ({error})") from error
    return found


def in_words(record: Mapping[str, Any]) -> str:
    """Return the question and answer as lines of text."""
    question = record["messages"][0]["content"].replace(IMAGE_MARK, "")
    lines = [
        f"{record.get('record_id', record['task_type'])}",
        f"images:   {', '.join(record['images'])}",
        f"question: {question}",
        f"answer:   {record['messages'][1]['content']}",
    ]
    lines += [f"or:       {answer}" for answer in record.get("accepted", [])[1:]]
    if record.get("actions"):
        lines.append(f"motion:   {record['actions']}")
    return "\n".join(lines)
