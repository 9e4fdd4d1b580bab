"""Answer `load_dataset("world2vlm", ...)` in a process that has not imported `world2vlm`.

Python runs `install()` when it starts: `world2vlm.pth` asks for it, and from Python 3.15 on
`world2vlm.start` (PEP 829). It puts one finder in front of `sys.meta_path`, which waits for the
module `datasets.load` and wraps one function of it. Nothing else is imported, read or changed.
`WORLD2VLM_NO_HOOK=1` turns it off; then `import world2vlm` does the same by hand.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # `typing` would cost more than all the rest of this file
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType
    from typing import Any

_AWAITED = "datasets.load"


class _Finder:
    """Finds nothing itself: it asks the finders behind it for `datasets.load`."""

    def find_spec(
        self,
        name: "str",
        path: "Sequence[str] | None" = None,
        target: "ModuleType | None" = None,
    ) -> "ModuleSpec | None":
        """Return the spec of `datasets.load`, made to call `_wrap` once it has run; else None."""
        if name != _AWAITED:
            return None
        for finder in list(sys.meta_path):
            find_spec = getattr(finder, "find_spec", None)
            if finder is self or find_spec is None:
                continue
            if (spec := find_spec(name, path, target)) is not None:
                return _wrapping(spec)
        return None


def _wrapping(spec: "ModuleSpec") -> "ModuleSpec":
    loader = spec.loader
    execute = getattr(loader, "exec_module", None)
    if execute is None or isinstance(loader, type) or not hasattr(loader, "__dict__"):
        return spec  # an exotic loader: leave it alone, `import world2vlm` still works

    def exec_module(module: "ModuleType") -> None:
        execute(module)
        if module.__name__ == _AWAITED:  # a frozen program's loader serves other modules too
            _wrap(module)

    loader.exec_module = exec_module  # type: ignore[union-attr, method-assign]
    return spec


def _wrap(load: "ModuleType") -> None:
    """Let `load.dataset_module_factory` answer for exactly one name."""
    original = getattr(load, "dataset_module_factory", None)
    if original is None or hasattr(original, "__world2vlm__"):
        return

    def dataset_module_factory(path: "str", *args: "Any", **kwargs: "Any") -> "Any":  # noqa: ANN401
        if path != "world2vlm":
            return original(path, *args, **kwargs)
        import world2vlm  # only now: it imports `datasets`

        return world2vlm.module(**kwargs)

    dataset_module_factory.__doc__ = original.__doc__
    dataset_module_factory.__wrapped__ = original  # type: ignore[attr-defined]
    dataset_module_factory.__world2vlm__ = True  # type: ignore[attr-defined]
    load.dataset_module_factory = dataset_module_factory  # type: ignore[attr-defined]


def install() -> None:
    """Wait for `datasets.load`; do nothing if switched off, already waiting or already wrapped."""
    if os.environ.get("WORLD2VLM_NO_HOOK", "") not in ("", "0"):
        return
    if (loaded := sys.modules.get(_AWAITED)) is not None:
        _wrap(loaded)
    elif not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
