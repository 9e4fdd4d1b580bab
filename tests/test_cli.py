"""The command line as a user meets it: what is printed where, and the exit status."""

import subprocess
import sys

import pytest

from builder.cli import main


def test_subsets_lists_the_four(capsys):
    assert main(["subsets"]) == 0
    out = capsys.readouterr().out
    assert "hy-worldplay-simulated" in out
    assert "90 degrees at 1024x768" in out


def test_tasks_lists_every_wording(capsys):
    assert main(["tasks"]) == 0
    out = capsys.readouterr().out
    assert all(f"{name}  " in out for name in ("A1", "A4", "D1", "D4"))


def test_an_unknown_task_offers_the_nearest(capsys):
    assert main(["tasks", "A11"]) == 2
    assert "did you mean 'A1'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["tasks", "a1"], "'A1'"),
        (["check", "--format", "githb"], "'github'"),
        (["rollout", "--room", "7", "--actions", "x", "--out", "x", "--frames", "al"], "'all'"),
    ],
)
def test_an_unknown_value_offers_the_nearest_whatever_its_case(arguments, near, capsys):
    try:
        status = main(arguments)
    except SystemExit as error:  # argparse's way
        status = error.code
    assert status == 2
    assert f"did you mean {near}?" in capsys.readouterr().err


def test_an_unknown_subset_offers_the_nearest_and_makes_nothing(tmp_path, capsys):
    assert main(["build", "svc-reel", "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert "did you mean 'svc-real'?" in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [[], ["build"], ["rollout", "--out", "x"], ["paint"], ["check"]],
    ids=" ".join,
)
def test_a_call_that_cannot_be_meant_exits_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_actions_that_do_not_parse_are_shown_with_the_grammar(tmp_path, capsys):
    arguments = ["rollout", "--room", "1", "--out", str(tmp_path / "walk"), "--actions"]
    assert main([*arguments, "turn left 10 degrees; jump 3 meters"]) == 2
    error = capsys.readouterr().err
    assert "jump 3 meters" in error
    assert "move forward|backward|left|right NUMBER" in error


@pytest.mark.parametrize(
    "command", ["subsets", "tasks", "check", "show", "build", "rollout", "warmup"]
)
def test_every_command_has_an_example_in_its_help(command, capsys):
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    assert f"example: world2vlm {command}" in " ".join(capsys.readouterr().out.split())


def test_a_missing_file_exits_2_with_one_line(tmp_path, capsys):
    assert main(["check", str(tmp_path / "no.jsonl")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_reader_that_had_enough_is_no_error():
    program = f"{sys.executable} -m builder tasks | head -1"
    done = subprocess.run(["bash", "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("A1")
    assert done.stderr == ""
