"""The hook, run by the real `pre-commit` in a repository of its own; it installs this checkout."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tiny_data import lines, records, write_tiny

ROOT = Path(__file__).parents[2]
_PLACES = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
PRE_COMMIT = os.environ.get("W2V_PRE_COMMIT") or shutil.which("pre-commit", path=_PLACES)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PRE_COMMIT, reason="needs pre-commit: the extra [dev], or W2V_PRE_COMMIT"
    ),
    pytest.mark.skipif(
        not (ROOT / ".pre-commit-hooks.yaml").is_file(), reason="needs the checkout"
    ),
]
CONFIG = "repos:\n- repo: {hooks}\n  rev: {rev}\n  hooks:\n  - id: world2vlm-check\n"


def git(folder, *arguments, check=True):
    who = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    command = ["git", "-C", folder, *who, *arguments]
    return subprocess.run(command, check=check, capture_output=True, text=True)


def test_a_commit_with_a_wrong_record_is_refused_and_a_right_one_is_made(tmp_path, monkeypatch):
    hooks = tmp_path / "world2vlm-source"
    ignored = shutil.ignore_patterns(
        ".git", ".venv*", "dist", "tests", "docs", "bench", "__pycache__", ".*_cache", ".hypothesis"
    )
    shutil.copytree(ROOT, hooks, ignore=ignored)
    git(tmp_path, "init", "-q", "-b", "main", str(hooks))
    git(hooks, "add", "-A", "-f")
    git(hooks, "commit", "-qm", "as it is")
    rev = git(hooks, "rev-parse", "HEAD").stdout.strip()

    top = write_tiny(tmp_path / "data")
    git(tmp_path, "init", "-q", "-b", "main", str(top))
    (top / ".pre-commit-config.yaml").write_text(CONFIG.format(hooks=hooks.as_uri(), rev=rev))
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "cache"))
    subprocess.run([PRE_COMMIT, "install"], cwd=top, check=True, capture_output=True)

    (top / "tasks.jsonl").write_text(lines([{**records()[0], "split": "trian"}, *records()[1:]]))
    git(top, "add", "-A")
    refused = git(top, "commit", "-m", "wrong", check=False)
    assert refused.returncode == 1
    said = refused.stdout + refused.stderr
    assert "tasks.jsonl:1: /split: wrong-value: " in said

    (top / "tasks.jsonl").write_text(lines(records()))
    git(top, "add", "-A")
    made = git(top, "commit", "-m", "right", check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    assert "Passed" in made.stdout + made.stderr
