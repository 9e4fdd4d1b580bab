"""Statistics against figures counted by hand, and what they must say of what is uneven."""

import json
import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_data import write_tiny

from builder.cli import main
from builder.core.errors import RecordInvalid, StoreError
from builder.publish.stats import CELLS, Evenness, Statistics, answer_of, cell_of
from builder.publish.stats_read import read_drops, read_statistics
from builder.publish.stats_table import card_section, tables

THING = {
    "label": "chair",
    "track_id": 1,
    "track_id_after": 1,
    "box_before": [0, 0, 100, 100],
    "box_after": [900, 900, 1000, 1000],
}


def record(task, actions, split="train", form="open", answer="", subset="svc-real", **more):
    plain = {
        "subset": subset,
        "split": split,
        "task_type": task,
        "actions": actions,
        "answer_form": form,
        "messages": [{"content": "?"}, {"content": answer or actions}],
        "difficulty": None,
        "object": None,
    }
    return {**plain, **more}


FIVE = [
    record("A1", "move left 0.5 meters", difficulty=2),
    record("A1", "move left 0.7 meters", difficulty=5),
    record("A1", "move forward 0.5 meters", difficulty=2),
    record("A1", "move right 0.5 meters", split="test", difficulty=1),
    record(
        "D2", "turn left 20 degrees; move left 0.1 meters", form="choice", answer="B", object=THING
    ),
]


def counts(found, split, task, aspect):
    return {
        value: count
        for value, count in found.evenness("svc-real", [split], task, aspect).counts.items()
        if count
    }


def test_counts_are_those_counted_by_hand():
    found = Statistics(FIVE)
    assert found.records() == 5
    assert found.records(("svc-real", "train", "A1")) == 3
    assert counts(found, "train", "A1", "answer") == {"move left": 2, "move forward": 1}
    assert counts(found, "train", "A1", "move_m") == {"0.5": 2, "0.7": 1}
    assert counts(found, "train", "A1", "difficulty") == {"2": 2, "5": 1}
    assert counts(found, "test", "A1", "answer") == {"move right": 1}
    assert counts(found, "train", "D2", "answer") == {"visible": 1}
    assert counts(found, "train", "D2", "choice") == {"B": 1}
    assert counts(found, "train", "D2", "turn_deg") == {"20": 1}
    assert counts(found, "train", "D2", "steps") == {"2": 1}
    assert counts(found, "train", "D2", "box_before") == {"top left": 1}
    assert counts(found, "train", "D2", "box_after") == {"bottom right": 1}


def test_what_could_be_and_is_not_is_counted_as_none():
    found = Statistics(FIVE)
    moves = found.evenness("svc-real", ["train"], "A1", "answer")
    assert moves.missing == ("move backward", "move right")
    assert found.evenness("svc-real", ["train"], "D2", "choice").counts == {"A": 0, "B": 1}
    assert set(found.evenness("svc-real", ["train"], "D2", "box_before").counts) == set(CELLS)
    # an amount is missed in a split if another split of the subset has it
    assert found.evenness("svc-real", ["test"], "A1", "move_m").missing == ("0.7",)


def test_evenness_is_what_the_formulas_say():
    """30 to 10: chi-square (10^2 + 10^2) / 20 = 10 with one degree of freedom."""
    one = Evenness({"yes": 30, "no": 10})
    assert one.max_to_min == 3.0
    assert one.top == ("yes", 0.75)
    assert one.chi2_per_dof == pytest.approx(10.0)
    assert one.unevenness == pytest.approx(0.5)
    assert one.is_uneven
    assert not Evenness({"yes": 3, "no": 1}).is_uneven  # too few to tell


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 50), min_size=2))
def test_unevenness_is_zero_if_even_and_one_if_all_are_one_value(counted):
    one = Evenness(counted)
    assert 0 <= one.unevenness <= 1 + 1e-9
    if one.total:
        assert (one.unevenness < 1e-9) == (len(set(counted.values())) == 1)
        assert (one.unevenness > 1 - 1e-9) == (max(counted.values()) == one.total)
    assert math.isfinite(one.max_to_min) == (0 not in counted.values())


def test_turns_that_never_go_left_are_named():
    found = Statistics(record("A2", f"turn right {10 * n} degrees") for n in range(1, 11))
    (line,) = found.uneven()
    assert "A2 answer: turn right 100% of 10, even would be 50%" in line
    assert "none: turn left" in line
    assert line in tables(found)
    assert line in card_section(found, [])


def test_a_split_that_is_uneven_by_itself_is_named():
    """Over all splits as many are true as false."""
    rows = [
        ("train", "true", 60),
        ("train", "false", 50),
        ("test", "true", 0),
        ("test", "false", 10),
    ]
    found = Statistics(
        record("A4", "turn left 10 degrees", split, "true-false", answer)
        for split, answer, count in rows
        for _ in range(count)
    )
    assert any(line.startswith("svc-real test A4 answer") for line in found.uneven())
    assert not any("train" in line for line in found.uneven())


def test_what_is_even_is_not_named():
    found = Statistics(
        record("A2", f"turn {way} 20 degrees") for way in ("left", "right") for _ in range(50)
    )
    assert found.uneven() == []
    assert "nothing is uneven" in tables(found)


def test_answers_do_not_depend_on_the_form():
    gone = {**THING, "box_after": None}
    other = {**THING, "track_id_after": 2}
    for form, answer in (("yes-no", "yes"), ("choice", "A"), ("sentence", "It is gone.")):
        assert (
            answer_of(record("D2", "turn left 10 degrees", "train", form, answer, object=gone))
            == "gone"
        )
        assert (
            answer_of(record("D4", "turn left 10 degrees", "train", form, answer, object=other))
            == "different"
        )


def test_a_cell_is_named_by_where_it_is():
    assert cell_of([0, 400, 100, 500]) == "left"
    assert cell_of([450, 450, 550, 550]) == "center"
    assert len(set(CELLS)) == 9


@given(st.permutations(FIVE))
def test_the_order_of_the_records_changes_nothing(records):
    assert Statistics(records).to_json() == Statistics(FIVE).to_json()


@pytest.fixture
def tiny(tmp_path):
    return write_tiny(tmp_path)


def test_the_command_counts_a_folder_and_prints_json(tiny, capsys):
    assert main(["stats", str(tiny), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["records"] == 4
    (by_split,) = told["subsets"].values()
    assert {task: facts["records"] for task, facts in by_split["train"].items()} == {
        "A1": 1,
        "A4": 1,
        "D2": 1,
        "D4": 1,
    }
    assert told["drops"] == {}
    assert main(["stats", str(tiny)]) == 0
    assert "svc-simulated" in capsys.readouterr().out


def test_what_a_build_did_not_make_is_told(tiny, capsys):
    (tiny / ".build").mkdir()
    drops = [["svc-real", "A1", "little-overlap", 3], ["svc-simulated", "A1", "little-overlap", 4]]
    (tiny / ".build" / "tally.json").write_text(json.dumps({"drops": drops}))
    assert read_drops(tiny)["svc-real"] == {"A1": {"little-overlap": 3}}
    assert main(["stats", str(tiny)]) == 0
    row = next(line for line in capsys.readouterr().out.splitlines() if "little-overlap" in line)
    assert row.split() == ["A1", "little-overlap", "7"]
    (tiny / ".build" / "tally.json").write_text("{}")
    with pytest.raises(StoreError, match="no tally"):
        read_drops(tiny)


def test_a_line_that_is_no_record_is_named_with_its_file(tmp_path):
    (tmp_path / "tasks.jsonl").write_text('{"subset": "svc-real"}\n')
    with pytest.raises(RecordInvalid, match=r"tasks\.jsonl.*cannot be counted.*world2vlm check"):
        read_statistics(tmp_path)
    with pytest.raises(StoreError, match="no records"):
        read_statistics(tmp_path / "nowhere")


def test_records_of_parquet_give_the_same_statistics(tiny):
    pytest.importorskip("pyarrow")
    import pyarrow as pa
    from pyarrow import parquet

    (file,) = tiny.rglob("tasks*.jsonl")
    rows = [json.loads(line) for line in file.read_text().splitlines()]
    there = tiny / "packed" / "data" / "svc-simulated"
    copies = tiny / "packed" / "data" / "benchmark"
    for folder in (there, copies):
        folder.mkdir(parents=True)
        parquet.write_table(pa.Table.from_pylist(rows), folder / "train-00000-of-00001.parquet")
    assert read_statistics(tiny / "packed").to_json() == read_statistics(file).to_json()


def test_the_demo_has_every_task_in_every_subset():
    from builder.publish.show import demo_folder

    found = read_statistics(demo_folder())
    tasks = Counter(task for _, _, task in found.keys())  # noqa: SIM118 - not a mapping
    assert set(tasks.values()) == {4}
    assert len(tasks) == 8
