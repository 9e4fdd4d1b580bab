"""One folder a mistake: its files are laid over a folder that is right, `removed.txt` names what is
then taken away, and `expected.txt` is all that the check says. `W2V_REWRITE=1` writes it anew."""

import os
import shutil
from pathlib import Path

import pytest
from tiny_data import write_tiny

from builder.audit import RULES, check
from builder.tasks import readers

HERE = Path(__file__).parent
MISTAKES = sorted(path for path in HERE.iterdir() if (path / "expected.txt").is_file())
ABOUT = ("expected.txt", "removed.txt")


@pytest.fixture(scope="module")
def right(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("right"))


@pytest.mark.parametrize("folder", MISTAKES, ids=lambda folder: folder.name)
def test_the_mistake_is_found_and_named(folder, right, tmp_path, monkeypatch):
    wrong = tmp_path / "wrong"
    shutil.copytree(right, wrong)
    ignore = shutil.ignore_patterns(*ABOUT)
    shutil.copytree(folder, wrong, symlinks=True, dirs_exist_ok=True, ignore=ignore)
    if (folder / "removed.txt").is_file():
        for name in (folder / "removed.txt").read_text().splitlines():
            (wrong / name).unlink()
    monkeypatch.chdir(wrong)
    found = list(check(["."], readers()))
    text = "".join(f"{issue}\n" for issue in found)
    if os.environ.get("W2V_REWRITE"):
        (folder / "expected.txt").write_text(text, encoding="utf-8")
    assert text == (folder / "expected.txt").read_text(encoding="utf-8")
    assert text, "the mistake goes unnoticed"
    assert {issue.rule for issue in found} <= RULES.keys()


def test_nothing_is_said_of_what_is_right(right):
    assert list(check([right], readers())) == []


def test_every_rule_has_a_mistake_that_breaks_it():
    said = "\n".join((folder / "expected.txt").read_text(encoding="utf-8") for folder in MISTAKES)
    unsaid = [rule for rule in RULES if f" {rule}: " not in said]
    # A file of 1 MiB, which tests/audit/test_check.py makes, and what names the version that runs,
    # which tests/pipeline/test_upgrade.py looks at.
    assert unsaid == ["line-too-long", "later-version"]
