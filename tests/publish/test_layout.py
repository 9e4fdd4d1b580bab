"""Where row groups and files end: by size, and by names as far as that goes."""

from pathlib import Path

import pytest

from builder.publish import layout
from builder.publish.layout import Row, shards_of, stored_bytes, unfolded_bytes

FRAME_BYTES = 80_000


def rows(places, trajectories=16, records=8):
    """Each trajectory has 4 pictures; each of its records shows two of them."""
    return [
        Row(place, f"t{trajectory:02d}", 0, (frame(trajectory, a), frame(trajectory, a + 1)))
        for place in places
        for trajectory in range(trajectories)
        for a in (record % 3 for record in range(records))
    ]


def frame(trajectory, number):
    return f"t{trajectory:02d}/{number}.jpg", FRAME_BYTES


def packed(names):
    return shards_of("svc-real", Path("tasks.jsonl"), {"train": rows(names)})


PLACES = [f"room-7-{number:04d}" for number in range(400)]


@pytest.fixture(scope="module")
def shards():
    return packed(PLACES)


def test_files_are_of_the_stated_size_at_most_and_not_far_below_it(shards):
    stored = [sum(map(stored_bytes, shard.groups)) for shard in shards]
    assert max(stored) <= layout.SHARD_BYTES
    assert min(stored[:-1]) >= layout.SHARD_BYTES / 4 - 1
    assert sum(stored) / len(stored) >= layout.SHARD_BYTES * 0.4


def test_row_groups_unfold_to_no_more_than_the_limit_and_to_a_quarter_at_least(shards):
    groups = [group for shard in shards for group in shard.groups]
    unfolded = [*map(unfolded_bytes, groups)]
    assert max(unfolded) <= layout.GROUP_BYTES
    assert min(unfolded[:-1]) >= layout.GROUP_BYTES / 4 - 1


def test_most_row_groups_and_many_files_of_a_grown_build_are_those_of_before(shards):
    before = packed([place for number, place in enumerate(PLACES) if number % 20])
    old_groups = {group for shard in before for group in shard.groups}
    groups = [group for shard in shards for group in shard.groups]
    assert sum(group in old_groups for group in groups) > 0.7 * len(groups)
    old_files = {shard.groups for shard in before}
    assert sum(shard.groups in old_files for shard in shards) > 0
