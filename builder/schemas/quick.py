"""A yes/no pass over valid data, many times faster than full validation.

`compiled` turns a schema into nested closures. They are sound, not complete: True means valid;
False means "ask jsonschema", which also words the errors. So a keyword that is read too strictly
here costs time, never a wrong answer, and one that is unknown here is refused at compile time.
"""

import functools
import math
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from builder.schemas import load

Predicate = Callable[[Any], bool]

_ANNOTATIONS = {"$schema", "$id", "$defs", "$comment", "title", "description", "examples"}
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
    "object": (dict,),
    "array": (list,),
}
_LIMITS: Mapping[str, Callable[[Any, Any], bool]] = {
    "minimum": lambda value, limit: value >= limit,
    "maximum": lambda value, limit: value <= limit,
    "exclusiveMinimum": lambda value, limit: value > limit,
    "exclusiveMaximum": lambda value, limit: value < limit,
}
_LENGTHS: Mapping[str, tuple[type[str] | type[list[Any]], Callable[[int, int], bool]]] = {
    "minLength": (str, lambda length, limit: length >= limit),
    "maxLength": (str, lambda length, limit: length <= limit),
    "minItems": (list, lambda length, limit: length >= limit),
    "maxItems": (list, lambda length, limit: length <= limit),
}


class NotCompiled(ValueError):  # noqa: N818 - it states a fact about the schema
    """A schema uses a keyword that the quick pass does not know."""


@functools.cache
def compiled(name: str) -> Predicate:
    """Return the yes/no pass of one schema.

    Raises:
        NotCompiled: If it, or a schema it refers to, uses a keyword that is unknown here.
    """
    document = load.schema(name)
    return _compile(document, document)


def _compile(part: Any, document: Mapping[str, Any]) -> Predicate:  # noqa: ANN401 - JSON
    if isinstance(part, bool):
        return lambda _: part
    checks = [
        _KEYWORDS[keyword](part, document)
        for keyword in _known(part)
        if keyword not in _ANNOTATIONS
    ]
    if "properties" not in part and "additionalProperties" in part:
        checks.append(_properties({**part, "properties": {}}, document))
    return checks[0] if len(checks) == 1 else _all(checks)


def _known(part: Mapping[str, Any]) -> list[str]:
    for keyword in part:
        if keyword not in _KEYWORDS and keyword not in _ANNOTATIONS:
            raise NotCompiled(f"keyword {keyword!r} is unknown to the quick pass")
    return list(part)


def _all(checks: Sequence[Predicate]) -> Predicate:
    if len(checks) == 2:
        first, second = checks
        return lambda value: first(value) and second(value)

    def every(value: Any) -> bool:  # noqa: ANN401
        for check in checks:  # noqa: SIM110 - `all` over a generator is half as fast
            if not check(value):
                return False
        return True

    return every


def _ref(part: Mapping[str, Any], document: Mapping[str, Any]) -> Predicate:
    return _compile(*_resolved(part["$ref"], document))


def _resolved(reference: str, document: Mapping[str, Any]) -> tuple[Any, Mapping[str, Any]]:
    """Return what a reference leads to, and the document that it stands in."""
    base, _, fragment = reference.partition("#")
    whole = load.by_id()[base] if base else document
    target: Any = whole
    for token in fragment.split("/")[1:]:
        target = target[token.replace("~1", "/").replace("~0", "~")]
    return target, whole


def _type(part: Mapping[str, Any], _: Mapping[str, Any]) -> Predicate:
    names = part["type"] if isinstance(part["type"], list) else [part["type"]]
    types = frozenset(kind for name in names for kind in _TYPES[name])
    if len(types) == 1:
        (only,) = types
        return lambda value: type(value) is only
    return lambda value: type(value) in types


def _enum(part: Mapping[str, Any], _: Mapping[str, Any]) -> Predicate:
    values = part["enum"] if "enum" in part else [part["const"]]
    if not all(isinstance(value, str) for value in values):
        raise NotCompiled("enum and const of other things than strings")
    known = frozenset(values)
    return lambda value: type(value) is str and value in known


def _pattern(part: Mapping[str, Any], _: Mapping[str, Any]) -> Predicate:
    search = re.compile(part["pattern"]).search
    return lambda value: type(value) is not str or search(value) is not None


def _limit(keyword: str) -> Callable[[Mapping[str, Any], Mapping[str, Any]], Predicate]:
    holds = _LIMITS[keyword]

    def build(part: Mapping[str, Any], _: Mapping[str, Any]) -> Predicate:
        limit = part[keyword]
        return lambda value: type(value) not in (int, float) or holds(value, limit)

    return build


def _length(keyword: str) -> Callable[[Mapping[str, Any], Mapping[str, Any]], Predicate]:
    kind, holds = _LENGTHS[keyword]

    def build(part: Mapping[str, Any], _: Mapping[str, Any]) -> Predicate:
        limit = part[keyword]
        return lambda value: type(value) is not kind or holds(len(value), limit)

    return build


def _unique(part: Mapping[str, Any], _: Mapping[str, Any]) -> Predicate:
    if not part["uniqueItems"]:
        return lambda _: True
    return lambda value: type(value) is not list or _all_different(value)


def _all_different(values: list[Any]) -> bool:
    if not all(type(value) in (str, int) for value in values):
        return False
    return len(set(values)) == len(values)


def _items(part: Mapping[str, Any], document: Mapping[str, Any]) -> Predicate:
    if "prefixItems" not in part and (numbers := _numbers(part["items"], document)):
        return numbers
    check = _compile(part["items"], document)
    start = len(part.get("prefixItems", ()))

    def build(value: Any) -> bool:  # noqa: ANN401
        if type(value) is list:
            for item in value[start:] if start else value:
                if not check(item):
                    return False
        return True

    return build


def _numbers(item: Any, document: Mapping[str, Any]) -> Predicate | None:  # noqa: ANN401
    """Return a check of a whole list of bounded numbers at once; None for other items."""
    while isinstance(item, dict) and item.keys() - _ANNOTATIONS == {"$ref"}:
        item, document = _resolved(item["$ref"], document)
    if not isinstance(item, dict) or item.get("type") not in {"integer", "number"}:
        return None
    if item.keys() - _ANNOTATIONS - {"type", "minimum", "maximum"}:
        return None
    types = frozenset(_TYPES[item["type"]])
    low, high = item.get("minimum", -math.inf), item.get("maximum", math.inf)

    def build(value: Any) -> bool:  # noqa: ANN401
        if type(value) is not list or not value:
            return True
        return types.issuperset(map(type, value)) and min(value) >= low and max(value) <= high

    return build


def _prefix_items(part: Mapping[str, Any], document: Mapping[str, Any]) -> Predicate:
    checks = [_compile(item, document) for item in part["prefixItems"]]
    return lambda value: (
        type(value) is not list
        or all(check(item) for check, item in zip(checks, value, strict=False))
    )


def _required(part: Mapping[str, Any], _: Mapping[str, Any]) -> Predicate:
    names = frozenset(part["required"])
    return lambda value: type(value) is not dict or names <= value.keys()


def _properties(part: Mapping[str, Any], document: Mapping[str, Any]) -> Predicate:
    checks = {name: _compile(body, document) for name, body in part["properties"].items()}
    other = _compile(part.get("additionalProperties", True), document)

    def build(value: Any) -> bool:  # noqa: ANN401
        if type(value) is dict:
            for name, item in value.items():
                if not checks.get(name, other)(item):
                    return False
        return True

    return build


def _all_of(part: Mapping[str, Any], document: Mapping[str, Any]) -> Predicate:
    return _all([_compile(branch, document) for branch in part["allOf"]])


def _any_of(part: Mapping[str, Any], document: Mapping[str, Any]) -> Predicate:
    checks = [_compile(branch, document) for branch in part["anyOf"]]
    return lambda value: any(check(value) for check in checks)


_KEYWORDS: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Predicate]] = {
    "$ref": _ref,
    "type": _type,
    "enum": _enum,
    "const": _enum,
    "pattern": _pattern,
    **{keyword: _limit(keyword) for keyword in _LIMITS},
    **{keyword: _length(keyword) for keyword in _LENGTHS},
    "uniqueItems": _unique,
    "items": _items,
    "prefixItems": _prefix_items,
    "required": _required,
    "properties": _properties,
    "additionalProperties": lambda _part, _document: lambda _: True,  # read by _properties
    "allOf": _all_of,
    "anyOf": _any_of,
}
