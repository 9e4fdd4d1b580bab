"""The choice: even, balanced, complete where it can be, and the same in whatever order."""

import json
from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.core.seeding import rank_of
from builder.pipeline.select import Entry, choose, index, lines_of, surplus
from builder.pipeline.shares import water_fill
from builder.tasks import all_tasks

names = st.sampled_from("abcdef")
rooms = st.dictionaries(names, st.integers(0, 50), min_size=1)


@given(st.integers(0, 300), rooms, st.data())
def test_water_filling_gives_all_there_is_to_give_and_never_more_than_fits(total, room, data):
    weights = {name: data.draw(st.floats(0.1, 5.0)) for name in room}
    shares = water_fill(total, room, weights)
    assert all(0 <= shares[name] <= room[name] for name in room)
    assert sum(shares.values()) == min(total, sum(room.values()))


@given(st.integers(0, 300), rooms)
def test_equal_weights_differ_by_one_at_most_unless_something_is_short(total, room):
    shares = water_fill(total, room, dict.fromkeys(room, 1.0))
    free = [shares[name] for name in room if shares[name] < room[name]]
    assert max(free, default=0) - min(free, default=0) <= 1
    assert all(shares[name] <= min(free) + 1 for name in room if free)


def test_a_weight_of_two_gets_twice_as_much_and_a_weight_of_zero_nothing():
    room = dict.fromkeys("abc", 100)
    assert water_fill(30, room, {"a": 2.0, "b": 1.0, "c": 0.0}) == {"a": 20, "b": 10, "c": 0}


def entry(subset, task, balance, form, number):
    rank = rank_of(0, subset, task, number)
    return Entry(subset, task, balance, form, rank, 0, number)


def supply(**counts):
    """Return entries: supply(A1={"move left": 5}) for the subset "s", one form."""
    found, number = [], 0
    for task, classes in counts.items():
        for balance, count in classes.items():
            for _ in range(count):
                found.append(entry("s", task, balance, "open", number))
                number += 1
    return found


def counted(chosen):
    return Counter((one.task, one.balance) for one in chosen)


ONE = {"A1": 1.0, "A4": 1.0, "D1": 1.0}


def test_tasks_share_evenly_and_the_others_take_what_one_lacks():
    entries = supply(A1={"x": 100}, A4={"true": 2, "false": 2}, D1={"x": 100})
    chosen = counted(choose(entries, 30, ["s"], ONE))
    assert chosen == {
        ("A1", "x"): 13,
        ("D1", "x"): 13,
        ("A4", "true"): 2,
        ("A4", "false"): 2,
    }


def test_opposite_answers_stay_equal_even_where_one_is_rare():
    entries = supply(A4={"true": 100, "false": 10})
    chosen = counted(choose(entries, 60, ["s"], ONE))
    assert chosen == {("A4", "true"): 11, ("A4", "false"): 10}
    assert counted(choose(supply(A4={"true": 100}), 60, ["s"], ONE)) == {("A4", "true"): 1}


def test_opposite_directions_may_differ_by_half():
    entries = supply(A1={"move left": 100, "move right": 10})
    chosen = counted(choose(entries, 60, ["s"], ONE))
    assert chosen == {("A1", "move left"): 17, ("A1", "move right"): 10}


def test_classes_of_a_task_get_even_shares():
    entries = supply(A1={"move left": 60, "move right": 60, "move forward": 60, "move backward": 9})
    chosen = counted(choose(entries, 40, ["s"], ONE))
    assert chosen["A1", "move backward"] == 9
    assert {chosen["A1", kind] for kind in ("move left", "move right")} <= {10, 11}


def test_answer_forms_get_even_shares_within_a_class():
    entries = [
        entry("s", "D2", balance, form, hash_ * 10 + position)
        for hash_ in range(20)
        for position, (balance, form) in enumerate(
            [("yes", "choice"), ("yes", "yes-no"), ("no", "choice"), ("no", "sentence")]
        )
    ]
    chosen = choose(entries, 20, ["s"], {"D2": 1.0})
    assert set(Counter((one.balance, one.form) for one in chosen).values()) == {5}


def test_subsets_share_evenly_and_one_without_supply_leaves_its_share_to_the_others():
    entries = [entry(name, "A1", "x", "open", n) for name in ("a", "b") for n in range(50)]
    entries += [entry("c", "A1", "x", "open", n) for n in range(4)]
    chosen = Counter(one.subset for one in choose(entries, 64, ["a", "b", "c"], ONE))
    assert chosen == {"a": 30, "b": 30, "c": 4}


answers = st.sampled_from(["yes", "no", "yes|near", "no|near", "yes|far", "no|far"])
splits = st.sampled_from(["train", "validation", "test"])


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.tuples(splits, answers), st.integers(0, 30)),
    st.integers(0, 200),
    st.randoms(use_true_random=False),
)
def test_in_no_split_and_bucket_are_there_more_of_one_verdict_than_of_its_opposite(
    counts, total, rng
):
    entries = []
    for (split, answer), count in counts.items():
        for _ in range(count):
            one = entry("s", "D2", answer, rng.choice(["choice", "sentence"]), len(entries))
            entries.append(replace(one, split=split))
    chosen = choose(entries, total, ["s"], {"D2": 1.0})
    found = Counter((one.split, one.balance) for one in chosen)
    for split, answer in counts:
        verdict, bar, bucket = answer.partition("|")
        other = "no" if verdict == "yes" else "yes"
        assert found[split, answer] <= found[split, f"{other}{bar}{bucket}"] + 1
        if not counts.get((split, f"{other}{bar}{bucket}")):
            assert found[split, answer] <= (not bucket)


def test_splits_share_ninety_five_and_five():
    entries = [
        replace(entry("s", "A1", "x", "open", 1000 * place + number), split=split)
        for place, split in enumerate(("train", "validation", "test"))
        for number in range(200)
    ]
    chosen = Counter(one.split for one in choose(entries, 200, ["s"], ONE))
    assert chosen == {"train": 180, "validation": 10, "test": 10}


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 80), st.randoms(use_true_random=False))
def test_the_order_of_the_candidates_changes_nothing(total, rng):
    entries = supply(A1={"p": 20, "q": 7}, A4={"true": 9, "false": 5}, D1={"r": 30})
    usable = 20 + 7 + (6 + 5) + 30
    chosen = choose(entries, total, ["s"], ONE)
    shuffled = entries[:]
    rng.shuffle(shuffled)
    assert choose(shuffled, total, ["s"], ONE) == chosen
    assert len(chosen) == min(total, usable)
    assert len(set(chosen)) == len(chosen)
    assert sum(surplus(entries, chosen).values()) == len(entries) - len(chosen)


def test_more_candidates_elsewhere_leave_the_hash_order_alone():
    few = supply(A1={"x": 30})
    more = few + [entry("s", "A1", "x", "open", number) for number in range(100, 130)]
    chosen_few = set(choose(few, 10, ["s"], ONE))
    chosen_more = set(choose(more, 10, ["s"], ONE))
    assert chosen_more & set(few) <= chosen_few


def test_lines_are_found_again_by_their_place_in_the_files(tmp_path):
    files = []
    for number in range(2):
        rows = [
            {
                "record_id": f"svc-real/é{number}/t/A1/{n}",
                "subset": "svc-real",
                "task_type": "A1",
                "answer_form": "open",
                "actions": "move left 0.1 meters",
                "claim": None,
                "object": None,
                "split": "test",
                "scene_id": f"é{number}",
                "trajectory_id": f"a1_shift_left_{n}",
                "template_id": "A1.open-1",
                "n": n,
            }
            for n in range(5)
        ]
        file = tmp_path / f"{number}.jsonl"
        file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
        files.append(file)
    entries = list(index(files, all_tasks(), seed=0))
    assert {one.balance for one in entries} == {"move left"}
    assert {one.split for one in entries} == {"test"}
    assert ("move left:0.1",) in entries[0].traits
    assert ("anchor:é0/a1",) in entries[0].traits
    chosen = [one for one in entries if one.file == 1][::2]
    lines = [json.loads(line) for _, line in lines_of(chosen, files)]
    assert [line["n"] for line in lines] == [0, 2, 4]
    assert {line["record_id"].split("/")[1] for line in lines} == {"é1"}


def test_buckets_that_leave_too_few_are_joined_to_their_family():
    def claims(count):
        classes = {f"{say}|left|{n}{say}": 1 for n in range(count) for say in ("true", "false")}
        return supply(A4=classes | {"true|left|both": count, "false|left|both": count})

    scarce, enough = (counted(choose(claims(n), 12, ["s"], {"A4": 1.0})) for n in (4, 20))
    assert scarce == {("A4", "true|left"): 6, ("A4", "false|left"): 6}
    assert enough == {("A4", "true|left|both"): 6, ("A4", "false|left|both"): 6}
