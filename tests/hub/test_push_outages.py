"""A Hub that is full, busy or gone at some point of a push: one line, and a way to go on."""

import pytest
from hub.calls import paths, shards
from hub.stored import Fault

FULL = "no room is left for NS; free some, or ask the Hub for more, then"
BUSY = "it is busy or cannot be reached; wait, then"


@pytest.mark.parametrize(
    ("status", "message", "why"),
    [
        (403, "Storage quota exceeded", FULL),
        (413, "Payload Too Large", FULL),
        (429, "Too Many Requests", BUSY),
        (0, "", BUSY),
    ],
)
def test_a_push_that_is_stopped_midway_says_why_and_goes_on(
    hub, client, folder, status, message, why
):
    fault = Fault("PUT", "/_lfs/", status, times=999, skip=2, message=message)
    hub.faults.append(fault)
    done = client.push(folder, HURRY="1")
    assert done.status == 2
    said = done.printed.splitlines()[-1]
    head = (
        f"world2vlm: the Hub refused to take the shards: {why} the same command goes on from here"
    )
    assert said.startswith(f"{head} (it said: ")
    assert message in said
    assert "Traceback" not in done.printed
    assert len(hub.uploads()) == 2
    assert not any("README" in path for path in hub.dataset().tree()), "nobody sees half of it"
    hub.faults.clear()
    again = client.push(folder)
    assert again.status == 0, again.printed
    assert set(hub.dataset().tree()) == paths(folder)
    assert len(hub.uploads()) == len(shards(folder)) == len(set(hub.uploads()))


def test_a_hub_that_cannot_be_reached_at_all_is_told_in_one_line(hub, client, folder):
    hub.faults.append(Fault("GET", "/api/whoami", 0, times=999))
    done = client.push(folder, HURRY="1")
    assert done.status == 2
    said = done.printed.splitlines()[-1]
    assert said.startswith(f"world2vlm: the Hub refused to log in: {BUSY}")
    assert "Traceback" not in done.printed


def test_the_hub_is_waited_for_as_long_as_it_asks(hub, client, folder):
    fault = Fault("POST", "/repos/create", 429, headers={"Retry-After": "17"})
    hub.faults.append(fault)
    done = client.push(folder, HURRY="1")
    assert done.status == 0
    assert "the Hub is busy or gone (make the repository); again in 17 s" in done.printed


def test_mixed_licenses_are_told_before_anything_is_sent(hub, client, folder):
    done = client.push(folder, "--dry-run")
    assert done.status == 0
    lines = done.printed.splitlines()
    assert lines[0].startswith("checked ")
    expected = "licenses are mixed: CC0-1.0 (12 records), LicenseRef-Middlebury-2014 (12 records)"
    assert expected in lines
    assert "This dataset mixes licenses" in (folder / "README.md").read_text()
