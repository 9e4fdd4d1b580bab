#!/usr/bin/env bash
# Run some tests with an environment's installed wheel, in a copy outside the checkout.
# usage: scripts/outside.sh VENV TESTS...
set -euo pipefail
venv=$(cd "$1" && pwd); shift
place=$(mktemp -d); trap 'rm -rf "$place"' EXIT
mkdir "$place/tests"
for tests in "$@"; do cp -r "$tests" "$place/tests/"; done
printf '[pytest]\naddopts = -q --import-mode=importlib\nmarkers =\n    slow: minutes\n' > "$place/pytest.ini"
cd "$place"
"$venv/bin/python" -m pytest tests
