#!/usr/bin/env bash
# Run tests with an environment's installed wheel: of the checkout, only a copy of tests/ is at hand.
# usage: scripts/outside.sh VENV PYTEST-ARGUMENT...
set -euo pipefail
venv=$(cd "$1" && pwd); shift
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT
cp -r tests "$place/"
find "$place" -name __pycache__ -prune -exec rm -rf {} +
"$venv/bin/python" - pyproject.toml > "$place/pytest.ini" <<'PYTHON'
"""The checkout's settings of pytest, but the checkout itself is not importable."""
import sys
import tomllib

with open(sys.argv[1], "rb") as file:
    settings = tomllib.load(file)["tool"]["pytest"]["ini_options"]
settings["pythonpath"].remove(".")
print("[pytest]")
for name, value in settings.items():
    print(f"{name} =", value if isinstance(value, str) else "".join(f"\n    {v}" for v in value))
PYTHON
unset PYTHONPATH
cd "$place"
"$venv/bin/python" -c 'import builder, sys; assert builder.__file__.startswith(sys.prefix), builder.__file__'
"$venv/bin/python" -m pytest "$@"
