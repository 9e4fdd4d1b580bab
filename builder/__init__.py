"""World2VLM builder: from scenes and camera actions to checked question-answer records."""

from importlib import import_module
from typing import Any

__version__ = "0.1.0"


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a function or a module
    """Return `score`, `rewards` or `stream`, loaded when they are asked for."""
    if name == "score":
        return import_module("builder.audit.score").score
    if name == "rewards":
        return import_module("builder.audit.score.rewards")
    if name == "stream":
        return import_module("builder.publish.stream").stream
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
