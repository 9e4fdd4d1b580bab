"""The example that ends `make build` shows rows of every config, with no code of ours."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_data import lines, records, write_tiny

from builder.publish.pack import pack

SCRIPT = Path(__file__).parents[2] / "examples" / "show_rows.py"
pytestmark = pytest.mark.skipif(
    not SCRIPT.is_file(), reason="needs the checkout: the wheel has no examples"
)


def test_it_shows_records_the_benchmark_and_frames(tmp_path):
    top = write_tiny(tmp_path / "out" / "bundles" / "SVC-SimulatedScene")
    (top / "tasks.jsonl").write_text(lines({**row, "split": "test"} for row in records()))
    folder = pack(tmp_path / "out", {})
    done = subprocess.run(
        [sys.executable, str(SCRIPT), str(folder)],
        env={**os.environ, "HF_HOME": str(tmp_path / "home"), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    heads = {line for line in said if line and not line.startswith(" ")}
    assert heads >= {"svc-simulated: test 4", "frames: test 3", "benchmark: test 1"}
    first = records()[0]
    assert f"  {first['record_id']}  2 images of 48x36" in said
    assert f"    -> {first['messages'][1]['content']}" in said
    assert any(line.endswith("/0  48x36") for line in said), "a frame by its id"
