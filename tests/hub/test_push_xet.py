"""The same through Xet, with the real hf_xet: chunks go into a store that is a folder."""

import pytest
from hub.calls import Client, loads, push_both_ways, wait_until
from hub.server import serving

pytest.importorskip("hf_xet", reason="needs hf_xet")
pytestmark = pytest.mark.slow


@pytest.fixture
def served(tmp_path):
    with serving(tmp_path / "hub", "xet") as (hub, endpoint):
        client = Client(endpoint, tmp_path / "home", hub.token)
        del client.env["HF_HUB_DISABLE_XET"]
        yield hub, client
        client.close()


def test_a_push_through_xet_that_is_killed_goes_on_and_stores_no_chunk_twice(served, folder):
    hub, client = served
    hub.slow_s = 1.0
    killed = client.start("push", str(folder), "--repo", "NS/World2VLM", "--yes")
    wait_until(lambda: len(hub.asked("POST", "/commit/")) >= 2)
    killed.kill()
    killed.wait()
    shards = list(folder.rglob("*.parquet"))
    waiting = [path for path in hub.dataset().tree() if path.endswith(".parquet")]
    assert 0 < len(waiting) < len(shards)
    hub.slow_s = 0
    done = client.push(folder)
    assert done.status == 0, done.printed
    tree = hub.dataset().tree()
    assert all(tree[file.relative_to(folder).as_posix()].xet for file in shards)
    stored = sum(file.stat().st_size for file in hub.cas.rglob("*") if file.is_file())
    assert stored < 1.1 * sum(file.stat().st_size for file in shards)
    assert hub.uploads() == [], "nothing by the older way"


def test_what_went_through_xet_loads_streaming_and_not(served, folder):
    hub, client = served
    push_both_ways(hub, client, folder)
    loads(client)
