"""What is wrong with a value by its schema, in one short line an error."""

import difflib
import functools
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from jsonschema import ValidationError

from builder.schemas import load, quick

_MOST_CHARACTERS = 60


@dataclass(frozen=True, slots=True)
class SchemaIssue:
    """One place where a value breaks its schema.

    Attributes:
        pointer: Where, as an RFC 6901 JSON pointer; "" is the whole value.
        keyword: The keyword of JSON Schema that is broken, such as "required".
        message: What was expected and what came.
    """

    pointer: str
    keyword: str
    message: str

    def __str__(self) -> str:
        return f"{self.pointer}: {self.message}" if self.pointer else self.message


def record_errors(record: Any) -> list[SchemaIssue]:  # noqa: ANN401 - JSON
    """Return what is wrong with one of our records by the schema of its task; empty: nothing.

    Args:
        record: A parsed JSON value, of any type.
    """
    task_type = record.get("task_type") if isinstance(record, dict) else None
    return errors(record, load.name_for_task(task_type) if isinstance(task_type, str) else "record")


def core_errors(record: Any) -> list[SchemaIssue]:  # noqa: ANN401 - JSON
    """Return what is wrong with a foreign record, which is held to the three core fields alone."""
    return errors(record, "core")


def errors(value: Any, name: str) -> list[SchemaIssue]:  # noqa: ANN401 - JSON
    """Return what is wrong with `value` by the schema called `name`; empty: nothing."""
    return [] if _passes(name)(value) else _slow_errors(value, name)


@functools.cache
def _passes(name: str) -> quick.Predicate:
    try:
        return quick.compiled(name)
    except quick.NotCompiled:  # a task's fragment may use a keyword that the quick pass lacks
        return lambda _: False


def _slow_errors(value: Any, name: str) -> list[SchemaIssue]:  # noqa: ANN401 - JSON
    found = {
        issue: None
        for error in load.validator(name).iter_errors(value)
        for issue in _issues_of(error)
    }
    return sorted(found, key=lambda issue: issue.pointer)


def pointer_to(*parts: str | int) -> str:
    """Return the RFC 6901 pointer along keys and positions.

    Example:
        >>> pointer_to("messages", 1, "a/b")
        '/messages/1/a~1b'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def short(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return a value as JSON on one line, cut to a readable length."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):  # bytes or a date out of Parquet
        text = repr(value)
    return text if len(text) <= _MOST_CHARACTERS else f"{text[: _MOST_CHARACTERS - 3]}..."


def _issues_of(error: ValidationError) -> Iterator[SchemaIssue]:
    keyword = str(error.validator)
    wanted: Any = error.validator_value
    value: Any = error.instance
    path = tuple(error.absolute_path)
    match keyword:
        case "required":
            for name in wanted:
                if name not in value and error.message.startswith(repr(name)):
                    yield SchemaIssue(pointer_to(*path), keyword, f"field {name!r} is missing")
        case "additionalProperties":
            schema: Any = error.schema
            names = schema.get("properties", {})
            for name in sorted(value.keys() - names.keys()):
                text = f"unknown field {short(name)}{_nearest_of(name, names)}"
                yield SchemaIssue(pointer_to(*path, name), keyword, text)
        case _:
            yield SchemaIssue(pointer_to(*path), keyword, _message(keyword, wanted, value))


def _nearest_of(name: str, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=1)
    return f": did you mean {near[0]!r}?" if near else ""


def _message(keyword: str, wanted: Any, value: Any) -> str:  # noqa: ANN401, PLR0911 - one a keyword
    match keyword:
        case "type":
            names = wanted if isinstance(wanted, list) else [wanted]
            return f"expected {' or '.join(names)}, got {short(value)}"
        case "enum":
            return f"expected one of {', '.join(map(str, wanted))}, got {short(value)}"
        case "const":
            return f"expected {short(wanted)}, got {short(value)}"
        case "pattern":
            return f"{short(value)} does not match {wanted}"
        case "minItems" | "maxItems" | "minLength" | "maxLength":
            unit = "items" if keyword.endswith("Items") else "characters"
            bound = "at least" if keyword.startswith("min") else "at most"
            return f"expected {bound} {wanted} {unit}, got {len(value)}"
        case "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum":
            return f"expected a number {_SIGNS[keyword]} {wanted}, got {short(value)}"
        case "uniqueItems":
            return f"the items must differ from each other, got {short(value)}"
        case _:
            return f"{short(value)} breaks {keyword!r} of the schema"


_SIGNS = {
    "minimum": ">=",
    "maximum": "<=",
    "exclusiveMinimum": ">",
    "exclusiveMaximum": "<",
}
