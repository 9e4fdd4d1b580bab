"""All mistakes, from lines and from Parquet: with [fast] and without, the report is the same."""

import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

import builder
from builder import cli
from builder.publish.columns import arrow_schema

HERE = Path(__file__).parent
FAST = ("jsonschema_rs", "jiter")
PLAIN = f"""
import sys
sys.modules.update(dict.fromkeys({FAST}))
from builder.cli import main
status = main(sys.argv[1:])
assert not any(sys.modules[name] for name in {FAST})
sys.exit(status)
"""


def rows():
    """Return the lines of the corpus that fit into the columns, wrong as they are otherwise."""
    found = []
    for path in sorted(HERE.glob("*/tasks*.jsonl")):
        for raw in path.read_bytes().splitlines():
            try:
                value = json.loads(raw)
                images = [{"bytes": None, "path": name} for name in value["images"]]
                table = pa.Table.from_pylist([{**value, "images": images}], arrow_schema())
            except (ValueError, TypeError, KeyError, RecursionError, pa.ArrowException):
                continue
            found.append(table)
    return pa.concat_tables(found)


def test_both_engines_and_both_readers_say_the_same(tmp_path, monkeypatch, capsys):
    for name in FAST:
        if importlib.util.find_spec(name) is None:
            pytest.skip(f"needs {name}: the extra [fast]")
    for path in [*HERE.glob("*/*.jsonl"), *HERE.glob("*/*.parquet"), *HERE.glob("*/*.json")]:
        (tmp_path / path.parent.name).mkdir(exist_ok=True)
        shutil.copy(path, tmp_path / path.parent.name)
    table = rows()
    assert len(table) > 50
    parquet.write_table(table, tmp_path / "rows.parquet")
    call = ["check", ".", "--format", "json", "--workers", "1"]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(builder.__file__).parents[1]))
    assert cli.main(call) == 1
    fast = capsys.readouterr()
    plain = subprocess.run(
        [sys.executable, "-c", PLAIN, *call], capture_output=True, text=True, check=False
    )
    assert (plain.returncode, plain.stderr) == (1, fast.err)
    assert plain.stdout.splitlines() == fast.out.splitlines()
    issues = json.loads(fast.out)["issues"]
    of_rows = {one["rule"] for one in issues if one["file"].startswith("rows.parquet")}
    of_lines = {one["rule"] for one in issues if one["file"].endswith(".jsonl")}
    assert len(of_rows - {"image-missing"}) > 15
    assert len(of_lines) > 30
