"""A push sends what differs, turns all readers at once, and goes on where it was stopped."""

import json

import pytest
from hub.calls import paths, shards, wait_until
from hub.stored import Fault

from builder.publish.push_plan import WAITING


def test_a_push_makes_the_repository_and_a_second_one_sends_nothing(hub, client, folder):
    done = client.push(folder)
    assert done.status == 0, done.printed
    repo = hub.dataset()
    assert set(repo.tree()) == paths(folder)
    assert sorted(hub.uploads()) == sorted(set(hub.uploads())), "no byte twice"
    assert repo.tags == {"v0.1.0": repo.refs["main"]}
    assert not repo.private
    hub.log.clear()
    again = client.push(folder, "--tag")
    assert again.status == 0
    assert "nothing to send" in again.printed
    assert not [seen for seen in hub.log if seen.method == "PUT" or "/commit/" in seen.path]


def test_each_commit_that_a_reader_may_open_is_one_whole_release(hub, client, folder):
    assert client.push(folder).status == 0
    first = shards(folder)
    _rename_last_shard(folder)
    assert client.push(folder).status == 0
    visible = [
        {path for path in commit.tree if not path.startswith(WAITING)}
        for commit in hub.dataset().history()
    ]
    assert set(map(frozenset, visible)) == {
        frozenset(),
        frozenset(visible[-1] - shards(folder) | first),
        frozenset(visible[-1]),
    }
    assert {path for path in visible[-1] if path.endswith(".parquet")} == shards(folder) != first


def test_a_shard_that_only_got_another_name_is_not_sent_again(hub, client, folder):
    assert client.push(folder).status == 0
    hub.log.clear()
    _rename_last_shard(folder)
    done = client.push(folder)
    assert done.status == 0, done.printed
    assert "1 shards are in the repository already" in done.printed
    assert hub.uploads() == []


def test_a_dry_run_says_what_it_would_do_and_changes_nothing(hub, client, folder):
    done = client.push(folder, "--dry-run", "--tag")
    assert done.status == 0
    assert f"{len(paths(folder))} new, 0 changed, 0 removed, 0 unchanged" in done.printed
    assert hub.repos == {}
    assert {seen.path for seen in hub.log if seen.method != "GET"} == {"/api/validate-yaml"}


def test_what_has_no_terminal_needs_yes(hub, client, folder):
    done = client.call("push", str(folder), "--repo", "NS/World2VLM")
    assert done.status == 2
    assert "add --yes" in done.printed
    assert hub.repos == {}


def test_a_push_that_is_killed_goes_on_and_sends_nothing_twice(hub, client, folder):
    hub.slow_s = 0.3
    killed = client.start("push", str(folder), "--repo", "NS/World2VLM", "--yes")
    wait_until(lambda: len(hub.uploads()) >= 3)
    killed.kill()
    killed.wait()
    taken = len(hub.uploads())
    assert 3 <= taken < len(shards(folder)), "killed midway"
    assert not any("README" in path for path in hub.dataset().tree()), "nobody sees half of it"
    hub.slow_s = 0
    done = client.push(folder)
    assert done.status == 0, done.printed
    assert set(hub.dataset().tree()) == paths(folder)
    assert len(hub.uploads()) == len(shards(folder)) == len(set(hub.uploads()))


def test_a_pull_request_goes_on_is_not_opened_again_and_can_be_merged(hub, client, folder):
    hub.make("dataset", "NS/World2VLM")
    hub.faults.append(Fault("POST", r"/commit/refs%2Fpr%2F1", 403, skip=1))
    assert client.push(folder, "--create-pr").status == 2
    assert [talk.status for talk in hub.dataset().talks] == ["draft"], "not to be merged yet"
    sent = hub.uploads()
    hub.faults.clear()
    done = client.push(folder, "--create-pr")
    assert done.status == 0, done.printed
    assert [talk.status for talk in hub.dataset().talks] == ["open"]
    assert set(hub.dataset().tree("refs/pr/1")) == paths(folder)
    assert hub.dataset().tree() == {}
    assert sent
    assert len(hub.uploads()) == len(set(hub.uploads())) == len(shards(folder))
    hub.dataset().merge(1)
    after = client.push(folder, "--tag")
    assert "nothing to send" in after.printed
    assert hub.dataset().tags == {"v0.1.0": hub.dataset().refs["main"]}


def test_a_tag_is_never_moved(hub, client, folder):
    assert client.push(folder, "--tag").status == 0
    _rename_last_shard(folder)
    commits = len(hub.dataset().commits)
    done = client.push(folder, "--tag")
    assert done.status == 2
    assert "v0.1.0 with other content" in done.printed
    assert len(hub.dataset().commits) == commits
    unasked = client.push(folder)
    assert unasked.status == 0
    assert "no tag: NS/World2VLM has v0.1.0" in unasked.printed
    assert set(hub.dataset().tags) == {"v0.1.0"}
    assert client.push(folder, "--tag", "v0.1.1").status == 0
    assert set(hub.dataset().tags) == {"v0.1.0", "v0.1.1"}


@pytest.mark.parametrize("status", [429, 503, 0])
def test_a_hub_that_is_busy_or_gone_for_a_moment_is_asked_again(hub, client, folder, status):
    hub.faults.append(Fault("POST", "/commit/", status))
    hub.faults.append(Fault("PUT", "/_lfs/", status))
    done = client.push(folder)
    assert done.status == 0, done.printed
    assert set(hub.dataset().tree()) == paths(folder)


def test_a_last_commit_whose_answer_was_lost_is_not_made_twice(hub, client, folder):
    client.push(folder)
    (folder / "README.md").write_text((folder / "README.md").read_text() + "\nBy hand.\n")
    hub.faults.append(Fault("POST", "/commit/", 0, late=True))
    commits = len(hub.dataset().commits)
    done = client.push(folder)
    assert done.status == 0, done.printed
    assert len(hub.dataset().commits) == commits + 1


def test_what_another_committed_meanwhile_is_not_overwritten(hub, client, folder):
    hub.make("dataset", "NS/World2VLM")
    hub.slow_s = 0.3
    running = client.start("push", str(folder), "--repo", "NS/World2VLM", "--yes")
    wait_until(hub.uploads)
    hub.add("dataset", "NS/World2VLM", "README.md", b"by someone")
    hub.slow_s = 0
    printed = json.loads(running.stdout.readline())["printed"]
    running.kill()
    running.wait()
    assert "was changed by another while this ran" in printed
    readme = hub.dataset().tree()["README.md"]
    assert (hub.blobs / readme.oid).read_bytes() == b"by someone"
    sent = len(hub.uploads())
    assert client.push(folder).status == 0
    assert len(hub.uploads()) == sent, "planned anew, and the shards were there"


def test_what_is_not_ours_stays(hub, client, folder):
    hub.make("dataset", "NS/World2VLM")
    hub.add("dataset", "NS/World2VLM", "NOTES.md", b"by someone")
    hub.add("dataset", "NS/World2VLM", "data/svc-real/train-of-before.parquet", b"PAR1")
    hub.faults.append(Fault("POST", "/commit/", 412))
    done = client.push(folder)
    assert done.status == 2
    assert "was changed meanwhile" in done.printed
    assert client.push(folder).status == 0
    assert set(hub.dataset().tree()) == paths(folder) | {"NOTES.md"}


def _rename_last_shard(folder):
    """Make the folder a release with the same bytes under one other name."""
    old = max(shards(folder))
    new = old.replace("train-", "train-again-")
    (folder / old).rename(folder / new)
    manifest = json.loads((folder / "manifest.json").read_text())
    for entry in manifest["files"]:
        entry["path"] = new if entry["path"] == old else entry["path"]
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
