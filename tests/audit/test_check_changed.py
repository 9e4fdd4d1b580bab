"""`--changed-since`: only what changed in git is reported on, and all of it."""

import json
import shutil
import subprocess

import pytest
from tiny_data import BUNDLE, lines, records, write_tiny

from builder.audit.changed import changed_since
from builder.audit.run import Way, check
from builder.core.errors import StoreError
from builder.tasks import readers

pytestmark = pytest.mark.skipif(not shutil.which("git"), reason="needs git")


def git(folder, *arguments):
    who = ("-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", folder, *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def repo(tmp_path):
    top = write_tiny(tmp_path / "repo")
    wrong = {**records()[0], "split": "trian"}  # an old mistake, which nobody touches
    (top / "tasks.jsonl").write_text(lines([wrong, *records()[1:]]))
    git(top, "init", "-q", "-b", "main")
    git(top, "add", "-A")
    git(top, "commit", "-qm", "all")
    return top


def issues(repo, revision="HEAD", *paths):
    paths = [*paths] or [repo]
    way = Way(changed=changed_since(revision, paths))
    return [(one.rule, one.line) for one in check(paths, readers(), way=way)]


def rewrite(repo, change):
    old = [json.loads(line) for line in (repo / "tasks.jsonl").read_text().splitlines()]
    (repo / "tasks.jsonl").write_text(lines(change(old)))


def test_nothing_changed_and_nothing_is_said(repo):
    assert issues(repo) == []


def test_only_the_changed_line_is_reported_on(repo):
    rewrite(repo, lambda old: [*old[:2], {**old[2], "difficulty": 9}, old[3]])
    assert issues(repo) == [("out-of-range", 3)]


def test_a_line_put_in_before_others_does_not_make_those_changed(repo):
    new = {**records()[2], "record_id": records()[2]["record_id"][:-1] + "7", "difficulty": 9}
    rewrite(repo, lambda old: [new, *old])
    assert issues(repo) == [("out-of-range", 1)]


def test_a_new_id_that_an_old_line_has_is_reported_at_the_new_line_wherever_it_stands(repo):
    rewrite(repo, lambda old: [*old, old[2]])
    assert issues(repo) == [("duplicate-id", 5)]
    rewrite(repo, lambda old: [old[0], {**old[2], "answer_form": old[2]["answer_form"]}, *old[1:4]])
    found = issues(repo)
    assert ("duplicate-id", 2) in found
    assert not {line for _, line in found} & {1, 4}


def test_a_file_that_git_does_not_know_is_looked_at_whole(repo):
    shutil.copy(repo / "tasks.jsonl", repo / "tasks_more.jsonl")
    found = issues(repo)
    assert ("wrong-value", 1) in found
    assert [rule for rule, _ in found].count("duplicate-id") == 4


def test_a_record_whose_picture_was_taken_away_counts_as_changed(repo):
    (repo / BUNDLE / "samples-rgb/001.jpg").unlink()
    rules = issues(repo)
    assert rules.count(("image-missing", None)) == 1  # the bundle lists it
    assert {line for rule, line in rules if rule == "image-missing"} > {None}


def test_what_the_other_branch_gained_since_does_not_count(repo):
    git(repo, "checkout", "-qb", "mine")
    rewrite(repo, lambda old: [*old[:3], {**old[3], "difficulty": 9}])
    git(repo, "commit", "-qam", "mine")
    git(repo, "checkout", "-q", "main")
    rewrite(repo, lambda old: [{**old[0], "difficulty": 8}, *old[1:]])
    git(repo, "commit", "-qam", "theirs")
    git(repo, "checkout", "-q", "mine")
    assert issues(repo, "main") == [("out-of-range", 4)]


def test_names_with_spaces_and_signs_are_found(repo):
    odd = repo / "a b'ü*.jsonl"
    odd.write_text(lines(records()[:1]))
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "odd")
    odd.write_text(lines([{**records()[0], "difficulty": 9}]))
    assert ("out-of-range", 1) in issues(repo, "HEAD", odd)


def test_a_file_that_git_stores_in_another_form_is_looked_at_whole(repo):
    (repo / ".gitattributes").write_text("*.jsonl filter=big\n")
    git(repo, "add", "-A")
    git(repo, "commit", "-qm", "attributes")
    rewrite(repo, lambda old: [*old[:3], {**old[3], "difficulty": 9}])
    assert [line for _, line in issues(repo)] == [1, 4]


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", ""])
def test_a_revision_that_is_none_is_refused(repo, revision):
    with pytest.raises(StoreError, match="no revision"):
        changed_since(revision, [repo])
    assert not (repo / "x").exists()


def test_outside_of_a_repository_it_is_refused(tmp_path):
    with pytest.raises(StoreError, match="no git repository"):
        changed_since("HEAD", [tmp_path])
