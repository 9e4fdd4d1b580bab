"""A hub, a packed build of some shards, and the real client in processes of its own."""

import shutil

import pytest
from hub.calls import CODE, Client
from hub.server import serving

from builder.core.protocol import SUBSETS
from builder.publish import layout
from builder.publish.pack import pack

DEMO = CODE / "_demo" if (CODE / "_demo").is_dir() else CODE.parent / "data-demo"
RECORDS = 12  # of each subset; their trajectories fill some shards
SHARD_BYTES = 1_000_000


@pytest.fixture(scope="session")
def packed(tmp_path_factory):
    """Return the packed folder of a small build, right in everything; read-only."""
    out = tmp_path_factory.mktemp("build")
    for name in ("svc-real", "hy-worldplay-simulated"):
        folder = SUBSETS[name].folder
        shutil.copytree(DEMO / f"{folder}-demo", out / "bundles" / folder)
        lines = (out / "bundles" / folder / "tasks_demo.jsonl").read_text().splitlines(True)
        (out / "bundles" / folder / "tasks.jsonl").write_text("".join(lines[:RECORDS]))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "GROUP_BYTES", SHARD_BYTES)
        patch.setattr(layout, "SHARD_BYTES", SHARD_BYTES)
        return pack(out, {"seed": 1})


@pytest.fixture
def folder(packed, tmp_path):
    """Return a copy of it that a test may spoil."""
    return shutil.copytree(packed, tmp_path / "World2VLM")


@pytest.fixture(scope="module")
def _served(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("hub")) as (hub, endpoint):
        client = Client(endpoint, tmp_path_factory.mktemp("home"), hub.token)
        yield hub, client
        client.close()


@pytest.fixture
def hub(_served):
    """Return what the hub holds: nothing yet."""
    _served[0].forget()
    return _served[0]


@pytest.fixture
def client(_served):
    return _served[1]
