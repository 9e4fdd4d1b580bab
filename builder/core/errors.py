"""Every exception the package raises on purpose.

World2VLMError
├── GeometryError        a shape, unit or frame is wrong               (also a ValueError)
├── GrammarError         text is not in the answer language            (also a ValueError)
├── TemplateError        slots and values do not match                 (also a ValueError)
├── ConfigError          a setting is unknown or out of its range      (also a ValueError)
├── SceneError           a photograph, depth or annotation is unusable (also a ValueError)
├── PlanError            a backend cannot do what is asked             (also a ValueError)
├── BackendError         a backend failed while it painted             (also a RuntimeError)
│   └── RolloutFailed    it failed at one trajectory, again and again; others may do
├── StoreError           a bundle or an output folder is not as it must be (also an OSError)
├── HubError             the Hub refused, or did not answer             (also an OSError)
├── RecordInvalid        a record breaks the schema or the rules       (also a ValueError)
├── UnknownPlugin        no such task, backend, tracker or source      (also a LookupError)
└── MissingExtra         an optional dependency is not installed       (also an ImportError)
"""

import difflib
from collections.abc import Iterable


class World2VLMError(Exception):
    """Base class: `except World2VLMError` catches all that this package raises on purpose."""


class GeometryError(World2VLMError, ValueError):
    """A shape, a unit or a frame is wrong."""


class GrammarError(World2VLMError, ValueError):
    """Text is not in the answer language of `builder.language.grammar`."""


class TemplateError(World2VLMError, ValueError):
    """The slots of a template and the values offered to it do not match."""


class ConfigError(World2VLMError, ValueError):
    """A setting is unknown, of the wrong type or out of its range."""


class SceneError(World2VLMError, ValueError):
    """A photograph, its depth or its annotation cannot be used."""


class PlanError(World2VLMError, ValueError):
    """A backend cannot do what is asked of it; said before anything is painted."""


class BackendError(World2VLMError, RuntimeError):
    """A backend failed while it painted."""


class RolloutFailed(BackendError):  # noqa: N818 - it states a fact about one trajectory
    """One trajectory failed as often as was allowed; the backend itself still works."""


class StoreError(World2VLMError, OSError):
    """A bundle or an output folder is not as it must be."""


class HubError(World2VLMError, OSError):
    """The Hugging Face Hub refused what was asked of it, or did not answer."""


class RecordInvalid(World2VLMError, ValueError):  # noqa: N818 - it states a fact about the data
    """A record breaks the schema or a rule that the schema cannot express."""


class UnknownPlugin(World2VLMError, LookupError):  # noqa: N818
    """There is no task, backend, tracker or scene source of that name."""


class MissingExtra(World2VLMError, ImportError):  # noqa: N818
    """An optional dependency is not installed."""

    def __init__(self, module: str, extra: str) -> None:
        """Name the missing module and the extra that brings it."""
        self._named = (module, extra)
        super().__init__(
            f"{module} is not installed; it comes with an extra: pip install 'world2vlm[{extra}]'"
        )

    def __reduce__(self) -> tuple[type["MissingExtra"], tuple[str, str]]:
        """Travel from a worker process to its parent."""
        return MissingExtra, self._named


def nearest(name: str, names: Iterable[str]) -> str:
    """Return the end of an error message: the nearest of `names`, then all of them.

    Example:
        >>> nearest("svc-reel", ["svc-real", "all"])
        "did you mean 'svc-real'? there are svc-real, all"
    """
    known = list(names)
    lower = {each.lower(): each for each in known}  # "a1" is as near to "A1" as can be
    near = [lower[each] for each in difflib.get_close_matches(name.lower(), lower, n=1)]
    hint = f"did you mean {near[0]!r}? " if near else ""
    return f"{hint}there are {', '.join(known)}"
