"""Shares of splits, lengths, buckets, answers and forms."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from builder.pipeline.quotas import Leaf, quotas, usable

leaves = st.builds(
    Leaf.of,
    st.sampled_from(["train", "validation", "test"]),
    st.sampled_from(
        ["yes", "no", "yes|a", "no|a", "turn left", "turn right", "turn left; move right", "box"]
    ),
    st.sampled_from(["open", "choice"]),
)
supplies = st.dictionaries(leaves, st.integers(1, 40), min_size=1)


def shared(total, *classes, form="open"):
    return {leaf.answer: n for leaf, n in quotas(total, supply_of(*classes, form=form)).items()}


def supply_of(*classes, form="open"):
    return {Leaf.of("train", balance, form): count for balance, count in classes}


@given(supplies, st.integers(0, 400))
def test_quotas_never_exceed_the_supply_and_give_all_that_may_be_used(supply, total):
    found = quotas(total, supply)
    assert found.keys() == supply.keys()
    assert all(0 <= found[leaf] <= supply[leaf] for leaf in supply)
    assert sum(found.values()) == min(total, usable(supply))


@given(supplies, st.integers(0, 400))
def test_the_order_of_the_leaves_changes_nothing(supply, total):
    backward = dict(reversed(supply.items()))
    assert quotas(total, backward) == quotas(total, supply)


@given(supplies, st.integers(0, 400))
def test_opposite_verdicts_are_equal_in_each_split_and_bucket(supply, total):
    found = Counter()
    for leaf, count in quotas(total, supply).items():
        found[leaf.split, leaf.bucket, leaf.answer] += count
    for split, bucket, answer in list(found):
        if answer == "yes":
            yes, no = (found[split, bucket, word] for word in ("yes", "no"))
            assert abs(yes - no) <= 1


def test_a_class_is_an_answer_and_after_a_bar_its_bucket():
    assert Leaf.of("test", "yes|far", "choice") == ("test", 1, "", "far", "yes", "choice")
    assert Leaf.of("test", "yes|far|very", "choice")[2:4] == ("far", "very")
    assert Leaf.of("train", "move left; turn right", "open").steps == 2


def test_a_bucket_with_one_answer_alone_gives_nothing():
    supply = supply_of(("gone|far", 9), ("gone|near", 4), ("visible|near", 7), form="yes-no")
    found = Counter()
    for leaf, count in quotas(100, supply).items():
        found[leaf.bucket] += count
    assert found == {"near": 8, "far": 0}


def test_one_pattern_of_three_steps_is_no_likelier_than_one_of_four_of_two():
    two = [(f"move left; turn {n}", 50) for n in range(4)]
    assert set(shared(50, *two, ("a; b; c", 50)).values()) == {10}


def test_long_sequences_that_are_all_different_leave_their_share_to_the_short_ones():
    long = [(f"a; b; c; {n}", 1) for n in range(60)]
    found = shared(48, *long, *((kind, 50) for kind in ("p", "q", "r", "s", "t", "u")))
    assert sum(count for answer, count in found.items() if ";" in answer) == 24


def test_what_is_left_after_rounding_does_not_always_go_to_the_first_by_name():
    supply = supply_of(("turn left", 9), ("turn right", 9))
    firsts = set()
    for task in ("A1", "A2", "A3", "A4", "D1", "D2", "D3", "D4"):
        found = quotas(1, supply, "svc-real", task)
        firsts.add(max(found, key=found.get).answer)
    assert firsts == {"turn left", "turn right"}


def test_where_the_length_is_told_a_lone_pattern_of_it_stays_rare():
    two, three = [(f"move left; turn {n}", 50) for n in range(4)], ("a; b; c", 50)
    supply = supply_of(*two, three)
    found = {leaf.answer: n for leaf, n in quotas(100, supply, told=True).items()}
    assert found.pop("a; b; c") == 4
    assert set(found.values()) == {24}
    assert usable(supply, told=True) == 200 + 8


def test_answers_are_equal_over_many_small_buckets_of_many_families():
    classes = [
        (f"{say}|{kind}|{n}", 2) for say in ("true", "false") for kind in "abc" for n in "xyz"
    ]
    supply = supply_of(*classes)
    for total in range(2, 36, 2):
        found = Counter()
        for leaf, count in quotas(total, supply).items():
            found[leaf.answer, leaf.family] += count
        assert all(found["true", kind] == found["false", kind] for kind in "abc")
