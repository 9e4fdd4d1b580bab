"""Plug-ins by folder: a module of the folder is a plug-in, and there is no list to keep."""

import functools
import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from builder.core.errors import UnknownPlugin, nearest


@functools.cache
def discover(package: str) -> Mapping[str, Any]:
    """Return the plug-ins of a package, by name, sorted.

    A plug-in is a module of `package` whose name has no leading underscore. It binds `PLUGIN` to an
    object with a `name`.

    Raises:
        ImportError: If a module binds no `PLUGIN`, or two carry one name.
    """
    found: dict[str, Any] = {}
    for info in pkgutil.iter_modules(importlib.import_module(package).__path__):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package}.{info.name}")
        if not hasattr(module, "PLUGIN"):
            raise ImportError(f"{module.__name__} binds no PLUGIN; see {package}.__doc__")
        if (name := module.PLUGIN.name) in found:
            raise ImportError(f"{module.__name__}: the name {name!r} is taken in {package}")
        found[name] = module.PLUGIN
    return MappingProxyType(dict(sorted(found.items())))


def get(package: str, name: str) -> Any:  # noqa: ANN401 - each package narrows the type
    """Return one plug-in.

    Raises:
        UnknownPlugin: With the nearest name, and all the names there are.
    """
    plugins = discover(package)
    if name in plugins:
        return plugins[name]
    kind = package.rpartition(".")[2]
    raise UnknownPlugin(f"no {name!r} in {kind}: {nearest(name, plugins)}")
