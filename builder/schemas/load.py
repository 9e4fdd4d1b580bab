"""Schemas as they lie on disk, and their validators: read once, joined by `$id`, never fetched."""

import functools
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from builder.core.errors import UnknownPlugin, nearest

URN = "urn:world2vlm:schema:v1:"


@functools.cache
def folder() -> Path:
    """Return the folder of the schemas: the wheel's own, else the checkout's."""
    package = Path(__file__).parents[1]
    carried = package / "_schema"
    return carried if carried.is_dir() else package.parent / "schema"


@functools.cache
def schema_names() -> tuple[str, ...]:
    """Return the names there are: "core", "record", ... and "tasks/A1", ..., sorted."""
    found = [path.relative_to(folder()).as_posix() for path in folder().rglob("*.json")]
    return tuple(sorted(name.removesuffix(".json").removesuffix(".schema") for name in found))


@functools.cache
def schema(name: str) -> dict[str, Any]:
    """Return one schema as it is written; callers do not change it.

    Args:
        name: Such as "record" or "tasks/A1".

    Raises:
        UnknownPlugin: If there is none of that name.
    """
    if name not in schema_names():
        raise UnknownPlugin(f"no schema {name!r}: {nearest(name, schema_names())}")
    end = ".json" if name.startswith("tasks/") else ".schema.json"
    text = (folder() / f"{name}{end}").read_text(encoding="utf-8")
    parsed: dict[str, Any] = json.loads(text)
    return parsed


@functools.cache
def by_id() -> dict[str, dict[str, Any]]:
    """Return every schema by its `$id`."""
    return {schema(name)["$id"]: schema(name) for name in schema_names()}


@functools.cache
def validator(name: str) -> Draft202012Validator:
    """Return the compiled validator of one schema; references stay among our own schemas."""
    resources = [(key, Resource.from_contents(body)) for key, body in by_id().items()]
    registry: Registry[Any] = Registry().with_resources(resources)
    return Draft202012Validator(schema(name), registry=registry)


def record_validator() -> Draft202012Validator:
    """Return the validator of records, whatever their task."""
    return validator("record")


def task_validator(task_type: str) -> Draft202012Validator:
    """Return the validator of one task's records; that of all records if it has no own schema."""
    return validator(name_for_task(task_type))


@functools.cache
def name_for_task(task_type: str) -> str:
    """Return the name of the schema that holds for records of a task."""
    name = f"tasks/{task_type}"
    return name if name in schema_names() else "record"
