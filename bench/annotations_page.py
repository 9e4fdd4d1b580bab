"""Spoil six records of the demo, check them as the action does, and show what comes out.

    python -m bench.annotations_page docs/annotations.png

The upper part is the summary that the action writes for the job's page, with the pictures of the
failing records; the lower part is what the step prints, which GitHub turns into annotations at
those lines. How a site frames either is not shown. Needs what bench/page_picture.py needs.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.page_picture import page, shoot
from builder.publish.show import demo_folder

SUBSET = "SVC-SimulatedScene-demo"
KEPT = 24


def spoil(records):
    """Make one mistake of a kind that people make in each of six records."""
    by_task = {record["task_type"]: record for record in records}
    by_task["A1"]["messages"][1]["content"] = "forward, half a meter"
    by_task["A2"]["split"] = "dev"
    by_task["A3"]["license"] = "free to use"
    by_task["D1"]["messages"][1]["content"] = "[780, 410, 120, 340]"
    by_task["D2"]["images"][0] = by_task["D2"]["images"][0].replace("samples-rgb", "samples")
    by_task["D4"]["record_id"] = by_task["D3"]["record_id"]


def checked(root):
    """Return (what the step prints, the summary) of a check of the spoiled demo."""
    tree = root / "you" / "data" / "blob" / "0f3c"  # as addresses of pictures are made up
    shutil.copytree(demo_folder() / SUBSET, tree / SUBSET)
    file = tree / SUBSET / "tasks_demo.jsonl"
    records = [json.loads(line) for line in file.read_text().splitlines()][:KEPT]
    spoil(records)
    file.write_text("".join(json.dumps(record) + "\n" for record in records))
    told = {"SERVER_URL": root.as_uri(), "REPOSITORY": "you/data", "SHA": "0f3c"}
    env = os.environ | {f"GITHUB_{name}": text for name, text in told.items()}
    env["PYTHONPATH"] = os.getcwd()
    command = [sys.executable, "-m", "builder", "check", "--format", "github"]
    command += ["--summary", str(root / "summary.md"), f"{SUBSET}/tasks_demo.jsonl"]
    done = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout, root / "summary.md"


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        printed, summary = checked(Path(folder))
        lines = "\n".join(printed.splitlines())
        text = f"{summary.read_text()}\n### What the step prints\n\n```\n{lines}\n```\n"
        summary.write_text(text)
        shoot(page(summary), Path(sys.argv[1]))
