"""Settings from TOML, options and `--set`, each value checked against its type."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from builder.config.build import BuildConfig
from builder.core.errors import ConfigError, nearest

_WORDS = {
    bool: "true or false",
    int: "an integer",
    float: "a number",
    str: "a text",
    dict: "a table",
    list: "an array",
}


def read_config(
    file: Path | None = None,
    overrides: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
) -> BuildConfig:
    """Return the settings of a TOML file, then of options, then of `key=value` overrides.

    Args:
        file: A TOML file, or None.
        overrides: What `--set` gave, such as "sampling.anchors_per_scene=2" or "photos=~/mine";
            the value is TOML, and a bare word is a text.
        options: Top-level settings by name; those that are None are as if not given.

    Raises:
        ConfigError: If a key is unknown, or a value of the wrong type or out of its range.
    """
    config: Any = BuildConfig()
    if file is not None:
        config = _merge(config, _read_toml(file), str(file))
    given = {key: value for key, value in (options or {}).items() if value is not None}
    config = _merge(config, given, "options")
    for override in overrides:
        config = _merge(config, _parse_override(override), f"--set {override}")
    return cast(BuildConfig, config)


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: is not TOML: {error}") from error


def _parse_override(override: str) -> dict[str, Any]:
    key, equals, text = override.partition("=")
    if not (key.strip() and equals):
        raise ConfigError(f"--set {override}: expected key=value, such as images.quality=90")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text.strip()
    for part in reversed(key.strip().split(".")):
        value = {part: value}
    return cast(dict[str, Any], value)


def _merge(old: Any, given: Mapping[str, Any], where: str, prefix: str = "") -> Any:  # noqa: ANN401
    """Return the dataclass `old` with the values of `given`, each of them checked."""
    types = get_type_hints(type(old))
    values = {entry.name: getattr(old, entry.name) for entry in fields(old)}
    for key, value in given.items():
        if key not in types:
            raise ConfigError(f"{where}: no setting {prefix + key!r}: {nearest(key, types)}")
        values[key] = _typed(value, types[key], values[key], (where, prefix + key))
    try:
        return type(old)(**values)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from None


def _typed(value: Any, wanted: Any, old: Any, place: tuple[str, str]) -> Any:  # noqa: ANN401
    where, key = place
    if is_dataclass(wanted):
        return _merge(old, _of_type(value, dict, place), where, f"{key}.")
    if isinstance(wanted, UnionType):
        wanted = next(part for part in get_args(wanted) if part is not NoneType)
        return _typed(value, wanted, old, place)
    if get_origin(wanted) is Literal:
        if value not in get_args(wanted):
            expected = ", ".join(get_args(wanted))
            raise ConfigError(f"{where}: {key}: expected one of {expected}, got {value!r}")
        return value
    if get_origin(wanted) is tuple:
        items = _of_type(value, list, place)
        return tuple(_of_type(item, get_args(wanted)[0], place) for item in items)
    if get_origin(wanted) is Mapping:
        table = _of_type(value, dict, place)
        return {**old, **{name: _of_type(item, float, place) for name, item in table.items()}}
    return _of_type(value, wanted, place)


def _of_type(value: Any, wanted: type, place: tuple[str, str]) -> Any:  # noqa: ANN401
    if wanted is float and type(value) is int:
        return float(value)
    if wanted is list and isinstance(value, tuple):
        return list(value)
    if type(value) is not wanted:
        kind = _WORDS.get(type(value), type(value).__name__)
        raise ConfigError(
            f"{place[0]}: {place[1]}: expected {_WORDS[wanted]}, got {value!r} ({kind})"
        )
    return value
