"""What stands in the hook, the action and the workflows is what pre-commit and GitHub run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from tiny_data import lines, records, write_tiny

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(
    not (ROOT / "action.yml").is_file(), reason="needs the checkout: the wheel has no action.yml"
)
SCRIPT = ROOT / "scripts" / "action_check.sh"


def read(name):
    return yaml.safe_load((ROOT / name).read_text())


def test_the_hook_takes_what_the_check_knows_and_nothing_else():
    (hook,) = read(".pre-commit-hooks.yaml")
    pattern = re.compile(hook["files"])
    for name in ("tasks.jsonl", "a/tasks_demo.jsonl", "x/scene.json", "y/traj.json", "t-0.parquet"):
        assert pattern.search(name)
    for name in ("package.json", "notes.jsonl", "mytasks.jsonl", "a.parquet.md", "tasks.json"):
        assert not pattern.search(name)
    assert hook["entry"] == "world2vlm check"


def test_every_step_of_the_action_says_its_shell_and_reads_inputs_from_the_environment():
    action = read("action.yml")
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        assert ("uses" in step) is not ("run" in step)
        if "run" in step:
            assert step["shell"] == "bash"
            assert "${{" not in step["run"]  # an input must not become code
    used = set(re.findall(r"inputs\.([a-z-]+)", (ROOT / "action.yml").read_text()))
    assert used == action["inputs"].keys()


@pytest.mark.parametrize("name", ["check", "test"])
def test_a_workflow_may_read_only_and_ends_at_some_time(name):
    flow = read(f".github/workflows/{name}.yml")
    assert flow["permissions"] == {"contents": "read"}
    assert all(job["timeout-minutes"] for job in flow["jobs"].values())
    assert "pull_request" in flow[True]  # YAML 1.1 reads the key `on` as true


@pytest.fixture
def workspace(tmp_path):
    """A repository whose base is right, and whose HEAD has a mistake in line 2."""
    if not shutil.which("git") or not shutil.which("bash"):
        pytest.skip("needs git and bash")
    top = write_tiny(tmp_path / "work")
    git(top, "init", "-q", "-b", "main")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "base")
    wrong = [records()[0], {**records()[1], "difficulty": 9}, *records()[2:]]
    (top / "tasks.jsonl").write_text(lines(wrong))
    git(top, "commit", "-qam", "change")
    return top


def git(folder, *arguments):
    who = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    command = ["git", "-C", folder, *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def act(workspace, **settings):
    """Run the action's check step as GitHub would."""
    runner = workspace.parent
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    fake = {
        "PATH": path,
        "HOME": str(runner),
        "PYTHONPATH": str(ROOT),
        "GITHUB_WORKSPACE": str(workspace),
        "GITHUB_STEP_SUMMARY": str(runner / "summary.md"),
        "W2V_THUMBNAILS": str(runner / "failing-records.jpg"),
        **settings,
    }
    command = ["bash", str(SCRIPT)]
    return subprocess.run(
        command, cwd=workspace, env=fake, capture_output=True, text=True, check=False
    )


def test_the_step_marks_the_changed_line_and_writes_the_summary(workspace):
    base = git(workspace, "rev-parse", "HEAD~1")
    done = act(workspace, W2V_CHANGED_SINCE=base, W2V_PATHS=".\n\n")
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=tasks.jsonl,line=2,title=out-of-range::/difficulty")
    assert done.stdout.count("\n") == 1
    assert "| tasks.jsonl:2 | `out-of-range` |" in (workspace.parent / "summary.md").read_text()
    assert (workspace.parent / "failing-records.jpg").stat().st_size > 1000


def test_a_checkout_of_depth_one_fetches_the_base_and_marks_the_same(workspace, tmp_path):
    base = git(workspace, "rev-parse", "HEAD~1")
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", workspace.as_uri(), str(shallow))
    git(workspace, "config", "uploadpack.allowAnySHA1InWant", "true")
    done = act(shallow, W2V_CHANGED_SINCE=base)
    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith("::error file=tasks.jsonl,line=2,")


def test_the_step_is_green_where_all_is_well(workspace):
    git(workspace, "checkout", "-q", "HEAD~1")
    done = act(workspace, W2V_CHANGED_SINCE="all")
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert "all is well" in (workspace.parent / "summary.md").read_text()
    assert not (workspace.parent / "failing-records.jpg").exists()
