"""What lies elsewhere is brought here and checked under its own address."""

import json
import sys

import fsspec
import pytest
from hub.calls import Client
from hub.server import serving
from PIL import Image
from tiny_data import BUNDLE, SCENE, lines, records, write_tiny

from builder import cli
from builder.audit.counted import Counted
from builder.audit.issue import Issue
from builder.audit.remote import Mirror
from builder.audit.remote_pr import comment, pull_request
from builder.core.errors import MissingExtra, StoreError


@pytest.fixture
def there(tmp_path):
    """Return the name of a folder in memory with a right data set, but for record 2."""
    top = write_tiny(tmp_path / "tiny")
    wrong = [records()[0], {**records()[1], "difficulty": 9}, *records()[2:]]
    (top / "tasks.jsonl").write_text(lines(wrong))
    files = fsspec.filesystem("memory")
    files.put(str(top), "/data", recursive=True)
    yield "memory://data"
    files.rm("/data", recursive=True)


def told(capsys, *arguments):
    status = cli.main(["check", *arguments])
    return status, capsys.readouterr()


@pytest.mark.parametrize("inner", ["", "/tasks.jsonl", "/*.jsonl", "/**/tasks.jsonl"])
def test_a_folder_a_file_and_a_glob_elsewhere_are_checked_and_named_as_there(there, inner, capsys):
    status, said = told(capsys, f"{there}{inner}")
    issues = said.out.splitlines()
    assert status == 1
    assert f"{there}/tasks.jsonl:2: /difficulty: out-of-range: expected a number <= 5, got 9" in (
        issues
    )
    assert len(issues) == 1, "pictures that are named come along"


def test_a_file_of_records_comes_with_the_pictures_it_names(there, capsys):
    fsspec.filesystem("memory").rm(f"/data/{BUNDLE}/samples-rgb/001.jpg")
    _, said = told(capsys, f"{there}/tasks.jsonl")
    assert "image-missing" in said.out


@pytest.mark.parametrize("named", ["manifest.jsonl", "*.jsonl"])
def test_a_manifest_comes_with_the_photographs_it_names(tmp_path, capsys, named):
    photo = {"scene_id": "a", "image": "a.png", "license": "CC0-1.0", "source": "made up"}
    files = fsspec.filesystem("memory")
    files.pipe("/photos/manifest.jsonl", (json.dumps(photo) + "\n").encode())
    Image.new("RGB", (8, 8)).save(tmp_path / "a.png")
    files.put(str(tmp_path / "a.png"), "/photos/a.png")
    status, said = told(capsys, f"memory://photos/{named}")
    files.rm("/photos", recursive=True)
    assert (status, said.out) == (0, "")


@pytest.mark.parametrize("inner", [BUNDLE, f"{BUNDLE}/traj.json", f"scenes/{SCENE}/scene.json"])
def test_a_bundle_and_a_scene_elsewhere_keep_their_names_and_come_whole(there, inner, capsys):
    status, said = told(capsys, f"{there}/{inner}")
    assert (status, said.out) == (0, "")


def test_an_address_on_this_machine_is_named_as_it_was_given(tmp_path, capsys):
    top = write_tiny(tmp_path / "tiny")
    (top / "tasks.jsonl").write_text(lines([{**records()[0], "difficulty": 9}]))
    status, said = told(capsys, top.as_uri())
    assert status == 1
    assert said.out.startswith(f"{top.as_uri()}/tasks.jsonl:1: /difficulty: out-of-range")


def test_an_issue_that_names_two_places_names_both_as_there(there, capsys):
    files = fsspec.filesystem("memory")
    files.pipe("/data/tasks_more.jsonl", lines(records()[2:3]).encode())
    _, said = told(capsys, there)
    assert f"is used already at {there}/tasks.jsonl:3" in said.out
    assert said.out.count(f"{there}/tasks_more.jsonl:1: ") == 1


@pytest.mark.parametrize("address", ["memory://nowhere", "nosuch://x/y", "memory://no*where"])
def test_an_address_of_nothing_has_the_status_two(address, capsys):
    status, said = told(capsys, address)
    assert status == 2
    assert said.err.startswith(f"world2vlm: {address}")


def test_what_reads_an_address_is_named_if_it_is_missing(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(MissingExtra, match=r"world2vlm\[s3\]"):
        Mirror(tmp_path).fetch("s3://bucket/data")


def test_a_listed_name_that_climbs_out_is_not_written(tmp_path, monkeypatch):
    files = fsspec.filesystem("memory")
    files.pipe("/up/a.jsonl", b"{}\n")
    monkeypatch.setattr(type(files), "find", lambda *_, **__: ["/up/../../evil.jsonl"])
    with pytest.raises(StoreError, match=r"leaves the folder with \.\."):
        Mirror(tmp_path / "here").fetch("memory://up")
    assert list(tmp_path.rglob("evil*")) == []


@pytest.mark.parametrize("named", ["NS/d", "NS/d#0", "d#1", "NS/d#x", "https://hub/NS/d#1"])
def test_what_is_no_pull_request_is_refused(named):
    with pytest.raises(StoreError, match="NS/NAME#3"):
        pull_request(named)


def test_a_comment_is_not_broken_by_what_it_quotes():
    issue = Issue("a.jsonl", 1, "", "not-json", "``` \n# a heading")
    text = comment([issue], Counted(), 90)
    assert text.count("```") == 2
    assert "90 issues" in text
    assert "and 89 more" in text


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("hub"), "regular") as (state, endpoint):
        client = Client(endpoint, tmp_path_factory.mktemp("home"), state.token)
        client.env["HF_TOKEN"] = state.token
        yield state, client
        client.close()


OPEN = """
from huggingface_hub import HfApi
api = HfApi()
api.create_repo("NS/World2VLM", repo_type="dataset", exist_ok=True)
where = {{"repo_id": "NS/World2VLM", "repo_type": "dataset"}}
result = api.create_pull_request(title="more", **where).num
api.upload_folder(folder_path={folder!r}, revision=f"refs/pr/{{result}}", **where)
"""


def test_a_pull_request_on_the_hub_is_checked_and_told_what_is_wrong(hub, tmp_path):
    state, client = hub
    top = write_tiny(tmp_path / "tiny")
    (top / "tasks.jsonl").write_text(lines([{**records()[0], "difficulty": 9}, *records()[1:]]))
    number = client.load(OPEN.format(folder=str(top)))
    named = f"NS/World2VLM#{number}"

    done = client.call("check", "--hub-pr", named, "--comment")
    assert done.status == 1, done.printed
    place = f"hf://datasets/NS/World2VLM@refs/pr/{number}/tasks.jsonl:1"
    assert f"{place}: /difficulty: out-of-range" in done.printed
    (said,) = _comments(state, number)
    assert "1 issues" in said
    assert f"{place}: /difficulty: out-of-range" in said

    nobody = client.call("check", "--hub-pr", "NS/World2VLM#99")
    assert nobody.status == 2, nobody.printed

    (top / "tasks.jsonl").write_text(lines(records()))
    number = client.load(OPEN.format(folder=str(top)))
    done = client.call("check", "--hub-pr", f"NS/World2VLM#{number}", "--comment")
    assert done.status == 0, done.printed
    assert "checked 2 files, 4 records" in done.printed
    assert "all is well" in _comments(state, number)[-1]


def _comments(state, number):
    (repo,) = (repo for repo in state.repos.values() if repo.name == "NS/World2VLM")
    return repo.talks[number - 1].comments
