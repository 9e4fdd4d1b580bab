"""What cannot be published is refused in one line with the way out, before anything is sent."""

import hashlib
import json

import pytest
from hub.stored import Fault

SCRIPT = "world2vlm.py"
MINE = "hf_secret_of_mine"


def refused(hub, done, status, *texts):
    assert done.status == status, done.printed
    assert "Traceback" not in done.printed
    for text in texts:
        assert text in done.printed
    assert hub.uploads() == []
    assert not hub.asked("POST", "/commit/")
    assert hub.token not in done.printed


def test_no_token(hub, client, folder):
    done = client.push(folder, HF_TOKEN=None)
    refused(hub, done, 2, "no token", "HF_TOKEN", "hf auth login")
    assert hub.log == [], "nothing was asked of the hub"


def test_a_wrong_token_is_never_printed(hub, client, folder):
    hub.faults.append(Fault("GET", "whoami", 401, message="bad token {token}"))
    done = client.push(folder, HF_TOKEN=MINE)
    refused(hub, done, 2, "does not take this token", "hf auth login")
    assert MINE not in done.printed


@pytest.mark.parametrize("status", [401, 403, 400, 500])
def test_a_hub_that_repeats_the_token_does_not_get_it_printed(hub, client, folder, status):
    message = "as you said: {token}"
    hub.faults.append(Fault("POST", "repos/create", status, times=1, message=message))
    done = client.push(folder)
    assert hub.token not in done.printed
    assert done.status == (0 if status == 500 else 2)
    assert status == 500 or "as you said: (token)" in done.printed


def test_a_namespace_of_others(hub, client, folder):
    done = client.call("push", str(folder), "--repo", "others/World2VLM", "--yes")
    refused(hub, done, 2, "'others'", "tester, NS", "--create-pr")


def test_no_right_to_write(hub, client, folder):
    hub.make("dataset", "NS/World2VLM")
    hub.faults.append(Fault("POST", "/preupload/", 403, message="Forbidden"))
    refused(hub, client.push(folder), 2, "no right to write to NS/World2VLM")


def test_no_room_left(hub, client, folder):
    message = "Private repository storage limit reached"
    hub.faults.append(Fault("POST", "/objects/batch", 403, message=message))
    refused(hub, client.push(folder), 2, "no room is left for NS", message)


@pytest.mark.parametrize("kind", ["model", "space"])
def test_a_repository_of_another_type(hub, client, folder, kind):
    hub.make(kind, "NS/World2VLM")
    refused(hub, client.push(folder), 2, f"is a {kind} repository", "--repo")


def test_a_repository_of_the_scripts_name(hub, client, folder):
    done = client.call("push", str(folder), "--repo", "NS/world2vlm", "--yes")
    refused(hub, done, 2, "`datasets` 4 and later", "NS/World2VLM")


@pytest.mark.parametrize("name", ["World2VLM", "NS/World2VLM/more", "/World2VLM"])
def test_a_repository_of_no_name(hub, client, folder, name):
    done = client.call("push", str(folder), "--repo", name, "--yes")
    refused(hub, done, 2, "expected NAMESPACE/NAME")


def test_the_script_in_the_build(hub, client, folder):
    (folder / SCRIPT).write_text("")
    refused(hub, client.push(folder), 2, f"holds {SCRIPT}", "no longer supported", "remove")


def test_the_script_in_the_repository(hub, client, folder):
    hub.make("dataset", "NS/World2VLM")
    hub.add("dataset", "NS/World2VLM", SCRIPT, b"import datasets\n")
    done = client.push(folder)
    refused(hub, done, 2, f"NS/World2VLM holds {SCRIPT}", "no longer supported")


def test_a_public_repository_is_not_taken_for_private(hub, client, folder):
    hub.make("dataset", "NS/World2VLM")
    refused(hub, client.push(folder, "--private"), 2, "exists and is public")


def test_a_private_repository_is_made_private(hub, client, folder):
    assert client.push(folder, "--private").status == 0
    assert hub.dataset().private


def _edit(folder, old, new):
    card = folder / "README.md"
    text = card.read_text()
    assert old in text
    card.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("configs:", "configs: [", "the card's YAML is broken"),
        ("configs:", "settings:", "no list `configs`"),
        ("data/svc-real/", "data/svc-reel/", "which matches no file"),
        ("license: ", "no_license: ", "no `license`"),
        ("license: other", "license: my-own", "the Hub refuses the card"),
    ],
    ids=lambda value: value.strip(": "),
)
def test_a_card_broken_by_hand(hub, client, folder, old, new, text):
    if "license: other" not in (folder / "README.md").read_text():
        _edit(folder, "license: cc0-1.0", "license: other")
    _edit(folder, old, new)
    refused(hub, client.push(folder), 1, text, "README.md")


def test_a_wrong_record(hub, client, folder):
    from pyarrow import parquet

    file = max(folder.rglob("*.parquet"))
    table = parquet.read_table(file)
    at = table.column_names.index("license")
    without = table.set_column(at, "license", [[""] * len(table)])
    parquet.write_table(without, file)
    _list_anew(folder, file)
    refused(hub, client.push(folder), 1, file.name, "license", "nothing was sent")


def test_a_shard_that_the_manifest_denies(hub, client, folder):
    file = max(folder.rglob("*.parquet"))
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    refused(hub, client.push(folder), 1, file.name, "manifest.json", "pack again")


def test_a_shard_forgotten_or_left_over(hub, client, folder):
    file = max(folder.rglob("*.parquet"))
    moved = file.rename(folder / "data" / "left-over.parquet")
    refused(hub, client.push(folder), 1, "left-over.parquet", "does not list it")
    moved.unlink()
    refused(hub, client.push(folder), 1, file.name, "not there")


def test_a_folder_of_something_else(hub, client, tmp_path):
    refused(hub, client.push(tmp_path), 2, "expected a build's output")


def test_calls_that_contradict_themselves(hub, client, folder):
    done = client.push(folder, "--create-pr", "--revision", "refs/pr/3")
    refused(hub, done, 2, "refs/pr/N alone")
    refused(hub, client.push(folder, "--create-pr", "--tag"), 2, "merge it first")
    hub.make("dataset", "NS/World2VLM")
    done = client.push(folder, "--revision", "refs/pr/3")
    refused(hub, done, 2, "no such revision")


def _list_anew(folder, file):
    from builder.publish.push_release import read_release

    manifest = folder / "manifest.json"
    value = json.loads(manifest.read_text())
    path = file.relative_to(folder).as_posix()
    value["files"] = [entry for entry in value["files"] if entry["path"] != path]
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    value["files"].append({"path": path, "bytes": file.stat().st_size, "sha256": sha256})
    manifest.write_text(json.dumps(value))
    read_release(folder)


def test_a_release_of_a_later_version(hub, client, folder):
    stats = json.loads((folder / "stats.json").read_text())
    (folder / "stats.json").write_text(json.dumps({**stats, "builder_version": {"0.2.0": 24}}))
    refused(hub, client.push(folder), 1, "made by a later world2vlm (0.2.0 > 0.1.0)", "upgrade")
    assert hub.log == [], "nothing was asked of the hub"


def test_parquet_of_another_schema(hub, client, folder):
    import pyarrow as pa
    from pyarrow import parquet

    file = max(folder.rglob("*.parquet"))
    parquet.write_table(pa.table({"id": [1, 2], "text": ["a", "b"]}), file)
    _list_anew(folder, file)
    said = f"{file}: /task_type: missing-field: column 'task_type' is missing; the rows are not"
    refused(hub, client.push(folder), 1, said, f"{folder}: 3 issues; nothing was sent")


def test_an_empty_split(hub, client, folder):
    from pyarrow import parquet

    file = max(folder.rglob("*.parquet"))
    parquet.write_table(parquet.read_table(file).slice(0, 0), file)
    _list_anew(folder, file)
    said = f"{file}: empty-file: holds no record"
    refused(hub, client.push(folder), 1, said, f"{folder}: 1 issues; nothing was sent")


def test_no_room_left_midway_is_said_at_once_and_not_waited_for(hub, client, folder):
    hub.faults.append(Fault("PUT", "/_lfs/", 507, times=99, message="Insufficient Storage"))
    done = client.push(folder)
    refused(hub, done, 2, "no room is left for NS", "Insufficient Storage", "goes on from here")
    assert "again in" not in done.printed
