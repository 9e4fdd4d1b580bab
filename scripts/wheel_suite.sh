#!/usr/bin/env bash
# Run the whole suite but what takes minutes from the newest wheel, in an environment of its own.
# usage: scripts/wheel_suite.sh [WHEEL]
set -euo pipefail
wheel=${1:-$(ls -t dist/*.whl | head -1)}
venv=.venv-suite
[ -x $venv/bin/pip ] || "${PYTHON:-python3}" -m venv $venv
$venv/bin/pip install -q "${wheel}[build]" pytest pytest-xdist hypothesis scikit-image
$venv/bin/pip install -q --force-reinstall --no-deps "$wheel"
scripts/outside.sh $venv -m "not slow" -n 2 --dist loadfile --durations 10 -rs
