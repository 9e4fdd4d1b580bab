"""The benchmark is balanced as far as the test split reaches, and the same every time."""

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.errors import StoreError
from builder.publish.benchmark import PER_TASK, Entry, chosen, entry_of, stretches

DIRECTIONS = ("move forward", "move backward", "move left", "move right")


def motion(number, answer, difficulty=0):
    name = f"svc-real/p/t/A1/{number}"
    return Entry(name, "svc-real", "A1", "open", answer, "", difficulty, False, number)


def verdict(number, form, answer, option=""):
    name = f"svc-real/p/t/D4/{number}"
    return Entry(name, "svc-real", "D4", form, answer, option, 0, True, number)


def test_directions_are_even_and_one_that_runs_out_is_passed_over():
    supply = {"move forward": 60, "move backward": 40, "move left": 5, "move right": 20}
    entries = [motion(f"{kind}{i}", kind) for kind, count in supply.items() for i in range(count)]
    taken = Counter(entry.answer for entry in chosen(entries))
    assert taken == {"move left": 5, "move forward": 14, "move backward": 15, "move right": 14}
    assert taken.total() == PER_TASK


def test_difficulties_are_even_within_a_direction():
    entries = [motion(i, "move left", 1 + (i >= 50) + (i >= 90)) for i in range(120)]
    assert Counter(entry.difficulty for entry in chosen(entries)) == {1: 16, 2: 16, 3: 16}


@given(st.lists(st.sampled_from(DIRECTIONS), max_size=150))
def test_no_class_goes_short_while_another_gets_two_more(kinds):
    entries = [motion(i, kind) for i, kind in enumerate(kinds)]
    supply, taken = Counter(kinds), Counter(entry.answer for entry in chosen(entries))
    assert taken.total() == min(PER_TASK, len(kinds))
    most = max(taken.values(), default=0)
    assert all(taken[kind] in (supply[kind], most, most - 1) for kind in supply)


@given(
    st.lists(
        st.sampled_from(
            [("yes-no", "same", ""), ("yes-no", "another", ""), ("sentence", "same", "")]
            + [("choice", answer, letter) for answer in ("same", "another") for letter in "AB"]
        ),
        max_size=200,
    )
)
def test_neither_verdict_nor_letter_is_commoner_by_more_than_the_last_row(rows):
    taken = chosen([verdict(i, *row) for i, row in enumerate(rows)])
    for form in ("yes-no", "choice"):
        answers = Counter(entry.answer for entry in taken if entry.form == form)
        assert abs(answers["same"] - answers["another"]) <= 1
        letters = Counter(entry.option for entry in taken if entry.form == form)
        assert form == "yes-no" or abs(letters["A"] - letters["B"]) <= 2
    assert not [entry for entry in taken if entry.form == "sentence"], "only one side of it exists"


def test_the_order_of_the_records_is_of_no_matter():
    entries = [motion(i, DIRECTIONS[i % 4], i % 3) for i in range(200)]
    names = [entry.record_id for entry in chosen(entries)]
    assert names == [entry.record_id for entry in chosen(entries[::-1])]
    assert len(set(names)) == len(names)


THING = {"track_id": 1, "track_id_after": 1, "box_after": [600, 100, 900, 300]}


@pytest.mark.parametrize(
    ("form", "answer", "thing", "expected"),
    [
        ("open", "move left 1 meters", None, ("move left", False)),
        ("sentence", "Move left 1 meters.", THING, ("move left", False)),
        ("box", "[600, 100, 900, 300]", THING, ("right high", False)),
        ("true-false", "false", None, ("false", True)),
        ("yes-no", "no", THING, ("there", True)),
        ("choice", "B", {**THING, "box_after": None}, ("gone", True)),
        ("sentence", "They differ.", {**THING, "track_id_after": 2}, ("another", True)),
    ],
)
def test_the_class_of_an_answer_does_not_depend_on_its_form(form, answer, thing, expected):
    record = {
        "record_id": "r",
        "subset": "svc-real",
        "task_type": "X",
        "answer_form": form,
        "messages": [{"content": "?"}, {"content": answer}],
        "actions": "move left 1 meters",
        "object": thing,
        "difficulty": None,
    }
    entry = entry_of(record, 0)
    assert (entry.answer, entry.verdict) == expected
    assert entry.option == ("B" if form == "choice" else "")


def test_without_a_test_split_it_is_said_why_there_is_no_benchmark(tmp_path):
    file = tmp_path / "tasks.jsonl"
    file.write_text(json.dumps({"split": "train"}) + "\n")
    with pytest.raises(StoreError, match=r"no benchmark: .* split 'test', and no record here"):
        stretches([file])
