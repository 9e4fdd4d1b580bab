"""The first file a worker runs: `PYTHON start.py NAME`, where NAME is a module beside it.

The folder is loaded as a package of its own, not as a part of `builder`, and is taken off the
path: nothing of ours can shadow a module of the interpreter that this is run by.
"""

import importlib
import importlib.util
import sys
from pathlib import Path

ALIAS = "w2v_workers"


def load_package() -> None:
    """Make the modules beside this one importable as `w2v_workers.NAME`."""
    folder = Path(__file__).resolve().parent
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() != folder]
    spec = importlib.util.spec_from_file_location(
        ALIAS, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{folder} is no package")
    package = importlib.util.module_from_spec(spec)
    sys.modules[ALIAS] = package
    spec.loader.exec_module(package)


if __name__ == "__main__":
    load_package()
    importlib.import_module(f"{ALIAS}.{sys.argv[1]}").main()
