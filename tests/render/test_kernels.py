import importlib
import pkgutil
import subprocess
import sys

import pytest

from builder import render
from builder.render import _jit

MODULES = [
    importlib.import_module(f"{render.__name__}.{info.name}")
    for info in pkgutil.iter_modules(render.__path__)
]
KERNELS = [
    (module, thing)
    for module in MODULES
    for thing in vars(module).values()
    if _jit.is_compiled(thing)
]


def test_there_are_kernels_to_check():
    assert len(KERNELS) > 20


@pytest.mark.parametrize(
    ("module", "kernel"), KERNELS, ids=[f"{m.__name__}.{k.__name__}" for m, k in KERNELS]
)
def test_a_kernel_calls_kernels_of_its_own_file_only(module, kernel):
    """numba's disk cache does not see changes of other files: it would go on with old code."""
    used = [getattr(module, name, None) for name in kernel.py_func.__code__.co_names]
    foreign = [one for one in used if _jit.is_compiled(one) and one.__module__ != module.__name__]
    assert not foreign
    assert kernel.__module__ == module.__name__
    assert not kernel.targetoptions.get("fastmath")
    assert not kernel.targetoptions.get("parallel")


@pytest.mark.parametrize("absent", ["numba", "scipy"])
def test_an_absent_package_is_named_with_the_extra_that_brings_it(absent):
    program = (
        f"import sys; sys.modules[{absent!r}] = None; from builder.render import lit; lit.warmup()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert f"{absent} is not installed" in done.stderr
    assert "world2vlm[build]" in done.stderr
