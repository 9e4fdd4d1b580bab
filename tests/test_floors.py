"""The light floors stay light: what loads, checks and shows needs no heavy package."""

import subprocess
import sys

import pytest

HEAVY = {"torch", "ray", "transformers", "huggingface_hub", "numba", "scipy", "embreex"}
EVERYTHING = (
    "import importlib, pkgutil, sys, builder\n"
    "for module in pkgutil.walk_packages(builder.__path__, 'builder.'):\n"
    "    if not module.name.endswith('__main__') and module.name not in SKIPPED:\n"
    "        importlib.import_module(module.name)\n"
    "print(*sys.modules)"
)
COMMAND_LINE = "import sys, builder.cli\nbuilder.cli.parser()\nprint(*sys.modules)"


def modules_after(program):
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


def test_the_command_line_alone_loads_no_package_but_ours():
    assert not modules_after(COMMAND_LINE) & (HEAVY | {"numpy", "PIL", "datasets", "pyarrow"})


@pytest.mark.parametrize(
    "package", ["audit", "tasks", "publish", "language", "schemas", "teachers"]
)
def test_checking_asking_and_showing_load_nothing_heavy(package):
    program = (
        "import importlib, pkgutil, sys\n"
        f"found = importlib.import_module('builder.{package}')\n"
        "path = getattr(found, '__path__', [])\n"
        "for module in pkgutil.walk_packages(path, found.__name__ + '.'):\n"
        "    importlib.import_module(module.name)\n"
        "print(*sys.modules)"
    )
    assert not modules_after(program) & (HEAVY | {"datasets"})


def test_importing_everything_loads_no_gpu_stack():
    pytest.importorskip("numba", reason="everything includes the renderer")
    assert not modules_after(f"SKIPPED = set()\n{EVERYTHING}") & {"torch", "ray", "transformers"}
