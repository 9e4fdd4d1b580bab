from collections import Counter

from builder.core.split import SPLITS, split_of


def test_places_fall_90_5_5():
    counted = Counter(split_of(f"place-{index}") for index in range(20_000))
    assert [round(counted[split] / 200) for split in SPLITS] == [90, 5, 5]


def test_a_place_keeps_its_split_for_ever():
    assert split_of("garage") == "train"
    places = [split_of(f"room-7-{index:04d}") for index in (3, 17, 41)]
    assert places == ["train", "validation", "test"]
