"""The schema of one task's records, made from what the task's own file says of its answers."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol

from builder.schemas.load import URN


class HasAnswerSchema(Protocol):
    """A task, as far as its schema goes."""

    def answer_schema(self) -> dict[str, Any]:
        """Return the JSON Schema of one answer, a string."""


def task_schema(name: str, task: HasAnswerSchema) -> dict[str, Any]:
    """Return the schema of a task's records: that of all records, and the task's answers."""
    answer = {"$ref": "#/$defs/answer"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{URN}tasks:{name}",
        "title": f"Record of task {name}",
        "description": "Written by `make schema` from the task's own file; do not edit it here.",
        "allOf": [{"$ref": f"{URN}record"}],
        "properties": {
            "task_type": {"const": name},
            "messages": {"prefixItems": [True, {"properties": {"content": answer}}]},
            "accepted": {"items": answer},
        },
        "$defs": {"answer": task.answer_schema()},
    }


def write_task_schemas(tasks: Mapping[str, HasAnswerSchema], folder: Path) -> tuple[Path, ...]:
    """Write `<folder>/<name>.json` for every task, and remove those of tasks that are gone.

    Args:
        tasks: By name.
        folder: The checkout's `schema/tasks`.

    Returns:
        What was written, sorted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.glob("*.json"):
        if path.stem not in tasks:
            path.unlink()
    written = []
    for name, task in sorted(tasks.items()):
        path = folder / f"{name}.json"
        text = json.dumps(task_schema(name, task), indent=2, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8", newline="\n")
        written.append(path)
    return tuple(written)
