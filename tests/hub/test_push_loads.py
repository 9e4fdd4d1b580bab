"""What was pushed loads with `datasets` alone, from `main` and from a pull request."""

from hub.calls import loads, push_both_ways


def test_it_loads_streaming_and_not_from_main_and_a_pull_request(hub, client, folder):
    push_both_ways(hub, client, folder)
    loads(client)
