"""With the core dependencies alone one can check and show; what needs more says which extra."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

import builder

DEMO = Path(builder.__file__).parent / "_demo"
bare = pytest.mark.skipif(
    importlib.util.find_spec("numba") is not None, reason="numba is installed here"
)
wheel = pytest.mark.skipif(not DEMO.is_dir(), reason="not installed from a wheel")


def world2vlm(*arguments, cwd):
    return subprocess.run(
        [sys.executable, "-m", "builder", *arguments],
        capture_output=True,
        text=True,
        cwd=cwd,
        check=False,
    )


@wheel
def test_the_demo_in_the_wheel_is_without_fault(tmp_path):
    done = world2vlm("check", str(DEMO), cwd=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 issues" in done.stderr


@wheel
def test_a_record_of_the_demo_is_shown(tmp_path):
    done = world2vlm("show", "--task", "D1", "--out", "d1.png", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "d1.png").read_bytes().startswith(b"\x89PNG")


@bare
@pytest.mark.parametrize(
    "arguments",
    [
        ("build", "--out", "made"),
        ("rollout", "--room", "1", "--actions", "turn left 10 degrees", "--out", "made"),
        ("warmup",),
    ],
    ids=lambda arguments: arguments[0],
)
def test_what_needs_the_renderer_names_its_extra_and_makes_nothing(tmp_path, arguments):
    done = world2vlm(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert "pip install 'world2vlm[build]'" in done.stderr
    assert not list(tmp_path.iterdir())
