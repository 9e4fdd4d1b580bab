"""The one door to numba: compiled functions that keep their types, or a clear message.

No fastmath: sums are taken in the order they are written, so truth is the same bit for bit. No
threads either: the build runs one process a core; `nogil` lets a caller use Python threads.

numba's disk cache notices a change in a kernel's own file only. So a kernel calls kernels of its
own file and no others; `tests/render/test_kernels.py` holds us to it.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike, NDArray

from builder.core.errors import MissingExtra

try:
    import numba
except ImportError as error:  # pragma: no cover - tested in a process without numba
    raise MissingExtra("numba", "build") from error

Function = TypeVar("Function", bound=Callable[..., Any])
Scalar = TypeVar("Scalar", bound=np.generic)


def jit(function: Function) -> Function:
    """Compile `function` at its first call and keep the machine code on disk."""
    return cast(Function, numba.njit(cache=True, nogil=True, error_model="numpy")(function))


def inline(function: Function) -> Function:
    """Compile `function` into each kernel that calls it: for the few lines of an inmost loop."""
    return cast(Function, numba.njit(inline="always", error_model="numpy")(function))


def plain(array: ArrayLike, dtype: type[Scalar]) -> NDArray[Scalar]:
    """Return an array as kernels are compiled for it: C order, writable, of this type.

    numba compiles a kernel anew for every other layout, and for read-only arrays.
    """
    return np.require(array, dtype, ["C", "W"])


def is_compiled(thing: object) -> bool:
    """Whether `thing` is a function that `jit` made."""
    return isinstance(thing, numba.core.registry.CPUDispatcher)
