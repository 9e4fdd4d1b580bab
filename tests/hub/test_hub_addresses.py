"""`world2vlm check` reads a release where it lies: on `main` and in a pull request of the Hub."""

import pytest
from hub.stored import Entry, Fault, git_blob
from pyarrow import parquet
from tiny_data import lines, records, write_tiny

# The client keeps what it has listed of a repository, so each test speaks of its own.
MAIN = "hf://datasets/NS/Checked"


def test_a_release_is_checked_on_main_and_in_a_pull_request(hub, client, packed, tmp_path):
    top = write_tiny(tmp_path / "tiny")
    repo = hub.make("dataset", "NS/Checked")
    for folder, inside in ((packed, ""), (top, "bundles/")):
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            name = f"{inside}{file.relative_to(folder).as_posix()}"
            hub.add("dataset", "NS/Checked", name, file.read_bytes())
    done = client.call("check", MAIN)
    assert done.status == 0, done.printed
    shards = [path for path in repo.tree() if path.endswith(".parquet")]
    assert f"checked {len(shards) + 2} files" in done.printed, "with tasks.jsonl and the tracks"

    repo.open_talk("more", hub.user)
    frames, shard = min(shards), max(shards)
    assert "/frames/" in frames
    wrong = tmp_path / "wrong.parquet"
    rows = parquet.read_table(packed / shard)
    at = rows.column_names.index("license")
    parquet.write_table(rows.set_column(at, "license", [[""] * len(rows)]), wrong)
    bad_lines = lines([records()[0], {**records()[1], "difficulty": 9}, *records()[2:]])
    spoiled = {shard: wrong.read_bytes(), "bundles/tasks.jsonl": bad_lines.encode()}
    for data in spoiled.values():
        hub.keep(git_blob(data), data)
    entries = {path: Entry(git_blob(data), len(data)) for path, data in spoiled.items()}
    repo.commit("refs/pr/1", {**repo.tree("refs/pr/1"), **entries}, "more")
    for revision in ("refs/pr/1", "refs%2Fpr%2F1"):
        for named in (shard, "data/*/*.parquet", "bundles/tasks.jsonl", "bundles/*.jsonl"):
            done = client.call("check", f"{MAIN}@{revision}/{named}")
            assert done.status == 1, done.printed
            if named.startswith("data"):
                assert f"{MAIN}@{revision}/{shard}#0: /license: license: " in done.printed
            else:
                said = f"{MAIN}@{revision}/bundles/tasks.jsonl:2: /difficulty: out-of-range: "
                assert done.printed.startswith(said)
                assert "checked 1 file, 4 records, 3 images, 0 bundles, 1 issues" in done.printed
    for named in (shard, frames, "data/frames", "data/frames/*"):
        done = client.call("check", f"{MAIN}/{named}")
        assert done.status == 0, f"main is as it was: {done.printed}"


@pytest.mark.parametrize(
    ("name", "status", "text"),
    [
        ("Broken", 500, "cannot be read: made to fail"),
        ("Cut", 0, "cannot be read: "),
        ("Wrong", 401, "cannot be read: made to fail"),
        ("Nowhere", 404, "there is no such file or folder, or it is hidden from this token"),
    ],
)
def test_a_hub_that_refuses_is_told_in_one_line(hub, client, name, status, text):
    if status != 404:
        hub.faults.append(Fault("GET", f"/api/datasets/NS/{name}", status, times=99))
    done = client.call("check", f"hf://datasets/NS/{name}")
    assert done.printed.startswith(f"world2vlm: hf://datasets/NS/{name}: {text}")
    assert (done.status, done.printed.count("\n")) == (2, 1)


def test_an_address_of_no_repository_is_told_in_one_line(client):
    done = client.call("check", "hf://datasets/NS")
    assert done.status == 2
    assert done.printed.startswith("world2vlm: hf://datasets/NS: cannot be read: Invalid HF URI")
