"""The command line on data that is wrong: one line, the right exit status, nothing left behind."""

import importlib.util

import numpy as np
import pytest
from PIL import Image

from builder.cli import main

needs_build = pytest.mark.skipif(
    importlib.util.find_spec("numba") is None, reason="photographs are opened with numba"
)

LEFT = ("--actions", "turn left 5 degrees", "--out", "out")


@pytest.fixture
def once(capsys):
    """Run a command that must fail; its exit status and its one line."""

    def run(*arguments):
        status = main([str(argument) for argument in arguments])
        error = capsys.readouterr().err
        assert error.count("\n") == 1
        return status, error

    return run


@needs_build
def test_a_photograph_that_is_wrong_exits_1_and_makes_nothing(tmp_path, once):
    (tmp_path / "cut.png").write_bytes(b"\x89PNG\r\n")
    out = tmp_path / "out"
    actions = ("--actions", "turn left 5 degrees", "--out", out)
    status, error = once("rollout", "--photo", tmp_path / "cut.png", *actions)
    assert (status, "cut.png: not an image" in error, out.exists()) == (1, True, False)


@needs_build
def test_a_folder_without_photographs_claims_no_folder_for_a_build(tmp_path, once):
    (tmp_path / "photos").mkdir()
    out = tmp_path / "out"
    status, error = once("build", "svc-real", "--photos", tmp_path / "photos", "--out", out)
    assert (status, "no photograph there" in error, out.exists()) == (1, True, False)


@needs_build
@pytest.mark.parametrize(
    "arguments",
    [
        ["rollout", *LEFT, "--photo", "nowhere"],
        ["rollout", *LEFT, "--photo", "wall.png", "--depth", "nowhere"],
        ["build", "svc-real", "--photos", "nowhere", "--out", "out"],
        ["build", "--bundles", "nowhere", "--out", "out"],
        ["build", "--config", "nowhere", "--out", "out"],
        ["plan", "svc-real", "--backend", "svc", "--photos", "nowhere"],
        ["depth", "nowhere", "--model", "some"],
        ["judge", "nowhere"],
        ["audit", "nowhere"],
        ["score", "nowhere"],
        ["push", "nowhere", "--repo", "a/b"],
        ["upgrade", "nowhere"],
        ["show", "nowhere"],
        ["stats", "nowhere"],
        ["check", "nowhere"],
    ],
    ids=" ".join,
)
def test_a_named_file_that_is_not_there_is_a_wrong_call(tmp_path, capsys, monkeypatch, arguments):
    monkeypatch.chdir(tmp_path)
    Image.fromarray(np.zeros((64, 64, 3), np.uint8)).save("wall.png")
    assert main(arguments) == 2
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("world2vlm: ")
    assert "Errno" not in said
    assert "nowhere" in said
    assert [path.name for path in tmp_path.iterdir()] == ["wall.png"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--number", "-1"], "numbers count from 0, got -1"),
        (["--task", "D11"], "did you mean 'D1'?"),
        (["--record", "nowhere"], "no record nowhere"),
    ],
)
def test_show_says_what_it_cannot_find(arguments, message, once):
    status, error = once("show", *arguments)
    assert (status, message in error) == (2, True)


def test_show_sends_a_broken_line_to_check(tmp_path, once):
    (tmp_path / "tasks.jsonl").write_bytes(b"\xff{")
    status, error = once("show", tmp_path)
    assert (status, "tasks.jsonl:1: cannot be shown" in error) == (1, True)
    assert "world2vlm check" in error


def test_a_picture_is_a_png_whatever_its_file_is_called(tmp_path):
    assert main(["show", "--task", "D1", "--out", str(tmp_path / "d1")]) == 0
    with Image.open(tmp_path / "d1") as picture:
        assert picture.format == "PNG"


@pytest.mark.parametrize("option", ["--json", "--plot"])
def test_an_audit_does_not_begin_what_it_cannot_write(tmp_path, once, option):
    status, error = once("audit", tmp_path, option, tmp_path / "nowhere" / "found")
    assert (status, "there is no such folder to write into" in error) == (2, True)
