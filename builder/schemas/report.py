"""What is wrong with a value by its schema, in one short line an error."""

import difflib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsonschema import ValidationError

from builder import __version__
from builder.core.version import is_later, later_text
from builder.schemas import fast, load

LATER = "later"  # no keyword of JSON Schema: a later version made the value


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
    """Return what is wrong with `value` by the schema called `name`; empty: nothing.

    Of what a later version made that is said alone: its fields may mean what is not known here.
    """
    if name != "core" and (later := _later(value)):
        return [later]
    return [] if fast.installed() and fast.verdict(name)(value) else _slow_errors(value, name)


def _later(value: Any) -> SchemaIssue | None:  # noqa: ANN401 - JSON
    if not isinstance(value, dict):
        return None
    pointer, holder = "", value
    if isinstance(value.get("provenance"), dict):
        pointer, holder = "/provenance", value["provenance"]
    made_by = holder.get("builder_version")
    if not isinstance(made_by, str) or not is_later(made_by, __version__):
        return None
    text = f"this build {later_text(made_by, __version__)}"
    return SchemaIssue(f"{pointer}/builder_version", LATER, text)


def _slow_errors(value: Any, name: str) -> list[SchemaIssue]:  # noqa: ANN401 - JSON
    found = {
        issue: None
        for error in load.validator(name).iter_errors(value)
        for issue in _issues_of(error)
    }
    return sorted(found, key=lambda issue: (issue.pointer, issue.keyword))


def pointer_to(*parts: str | int) -> str:
    """Return the RFC 6901 pointer along keys and positions.

    Example:
        >>> pointer_to("messages", 1, "a/b")
        '/messages/1/a~1b'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def short(value: Any, most_characters: int = 60) -> str:  # noqa: ANN401 - JSON
    """Return a value as JSON on one line, cut to a readable length."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):  # bytes or a date out of Parquet
        text = repr(value)
    return text if len(text) <= most_characters else f"{text[: most_characters - 3]}..."


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


def _message(keyword: str, wanted: Any, value: Any) -> str:  # noqa: ANN401 - JSON
    if keyword in _SIGNS:
        return f"expected a number {_SIGNS[keyword]} {wanted}, got {short(value)}"
    if keyword in _BOUNDS:
        unit = "items" if keyword.endswith("Items") else "characters"
        return f"expected {_BOUNDS[keyword]} {wanted} {unit}, got {len(value)}"
    if keyword in _SENTENCES:
        return _SENTENCES[keyword](wanted, value)
    return f"{short(value)} breaks {keyword!r} of the schema"


def _type(wanted: Any, value: Any) -> str:  # noqa: ANN401
    names = wanted if isinstance(wanted, list) else [wanted]
    return f"expected {' or '.join(names)}, got {short(value)}"


def _pattern(wanted: Any, value: Any) -> str:  # noqa: ANN401
    cut = wanted if len(wanted) <= 160 else f"{wanted[:157]}..."
    return f"{short(value)} does not match {cut}"


def _repeated(_: Any, value: Any) -> str:  # noqa: ANN401
    again = next(item for index, item in enumerate(value) if item in value[:index])
    return f"the items must differ from each other; {short(again, 160)} comes again"


def _none_of(wanted: Any, value: Any) -> str:  # noqa: ANN401
    names = (str(branch.get("title", "?")) for branch in wanted)
    return f"{short(value)} is in none of the forms {', '.join(names)}"


_SIGNS = {"minimum": ">=", "maximum": "<=", "exclusiveMinimum": ">", "exclusiveMaximum": "<"}
_BOUNDS = {
    "minItems": "at least",
    "minLength": "at least",
    "maxItems": "at most",
    "maxLength": "at most",
}
_SENTENCES: Mapping[str, Callable[[Any, Any], str]] = {
    "type": _type,
    "enum": lambda wanted, value: f"expected one of {', '.join(wanted)}, got {short(value)}",
    "const": lambda wanted, value: f"expected {short(wanted)}, got {short(value)}",
    "pattern": _pattern,
    "uniqueItems": _repeated,
    "anyOf": _none_of,
}
