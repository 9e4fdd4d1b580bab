"""The yes/no pass over valid data by the extra [fast]: `jsonschema-rs`, compiled once a schema.

It is trusted where it says yes. Where it says no, or cannot read a value (bytes out of Parquet,
half of a surrogate pair), `jsonschema` judges and words the errors. So both give the same issues as
long as nothing passes here that fails there; `tests/schemas/test_engines_agree.py` holds that.
"""

import functools
import importlib.util
from collections.abc import Callable
from typing import Any

from builder.schemas import load

Verdict = Callable[[Any], bool]


@functools.cache
def installed() -> bool:
    """Whether `jsonschema-rs` is there; it is not imported by asking."""
    return importlib.util.find_spec("jsonschema_rs") is not None


@functools.cache
def verdict(name: str) -> Verdict:
    """Return what says whether a value is right by the schema called `name`; needs `installed`."""
    import jsonschema_rs

    registry = jsonschema_rs.Registry(list(load.by_id().items()))
    is_valid = jsonschema_rs.Draft202012Validator(load.schema(name), registry=registry).is_valid

    def passes(value: Any) -> bool:  # noqa: ANN401 - JSON
        try:
            return bool(is_valid(value))
        except ValueError:  # no JSON value, such as bytes
            return False

    return passes
