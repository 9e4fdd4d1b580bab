"""`world2vlm score`: what it prints, what it reports, and its exit status."""

import json
from collections import Counter

import pytest
from score_examples import ROWS, row

from builder.audit.score.baselines import Baselines
from builder.audit.score.groups import groups_of
from builder.audit.score.predictions import read_predictions
from builder.audit.score.rows import records_in
from builder.audit.score.truth import truth_of
from builder.cli import main
from builder.core.errors import StoreError

DIRECTIONS = ("forward", "backward", "left", "right")


def write(file, lines):
    text = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    file.write_text("".join(f"{line}\n" for line in text))
    return file


@pytest.fixture
def data(tmp_path):
    """Sixty records of three tasks in six places."""
    rows = []
    for i in range(60):
        name = ("A1", "A4", "D1")[i % 3]
        answer = f"move {DIRECTIONS[i // 3 % 4]} {1 + i // 12} meters"
        base = row("A1", "open", "?", answer, actions=answer) if name == "A1" else ROWS[name]
        more = {"record_id": f"r{i}", "scene_id": f"p{i % 6}", "difficulty": 1 + i % 2}
        rows.append({**base, **more})
    return write(tmp_path / "tasks.jsonl", rows), rows


def said_of(rows, answer=lambda row: row["accepted"][0]):
    return [{"record_id": row["record_id"], "prediction": answer(row)} for row in rows]


def test_right_answers_score_one_in_every_group(data, tmp_path, capsys):
    records, rows = data
    said = write(tmp_path / "said.jsonl", said_of(rows))
    out = tmp_path / "table.json"
    assert main(["score", str(said), "--data", str(records), "--json", str(out)]) == 0
    table = json.loads(out.read_text())
    assert all(line["score"] == line["exact"] == 1.0 for line in table["table"])
    assert all(line["interval"] in (None, [1.0, 1.0]) for line in table["table"])
    groups = {(line["grouping"], line["group"]): line["records"] for line in table["table"]}
    assert groups["task", "A1"] == 20
    assert groups["all", "all"] == 60
    assert groups["difficulty", "1"] == 30
    assert {group for by, group in groups if by == "direction"} == {
        f"move {way}" for way in DIRECTIONS
    }
    assert ("distance", "0.5-1 m") in groups
    assert "mean of tasks" in capsys.readouterr().out


def test_what_nobody_answered_counts_as_nothing(data, tmp_path, capsys):
    records, rows = data
    said = write(tmp_path / "said.jsonl", said_of(rows[:45]))
    assert main(["score", str(said), "--data", str(records), "--by", "task"]) == 1
    printed = capsys.readouterr()
    assert "15 records without a prediction; they count as 0" in printed.err
    line = next(line for line in printed.out.splitlines() if line.startswith("all"))
    assert line.split()[3] == "0.750"
    assert "direction" not in printed.out


def test_what_is_wrong_with_predictions_is_told_with_file_and_line(data, tmp_path, capsys):
    records, rows = data
    lines = [
        *said_of(rows),
        {"record_id": "r0", "prediction": "another"},
        {"record_id": "nobody", "prediction": "x"},
        "{",
        {"prediction": "x"},
        {"record_id": "r1"},
        {"record_id": "r2", "prediction": 7},
    ]
    said = write(tmp_path / "said.jsonl", lines)
    assert main(["score", str(said), "--data", str(records)]) == 1
    printed = capsys.readouterr()
    for told in (
        f"{said}:61: r0 was answered before",
        "nobody: is not among the records",
        f"{said}:63: ",
        f"{said}:64: no record_id",
        f"{said}:65: no prediction",
        f"{said}:66: expected text or messages, got 7",
        "4 lines that are no prediction",
    ):
        assert told in printed.err
    assert "all" in printed.out
    assert " 1.000" in printed.out, "the first answer counts"


@pytest.mark.parametrize(
    "line",
    [
        {"record_id": "r", "prediction": "yes"},
        {"id": "r", "response": "yes"},
        {"question_id": "r", "generated_text": "yes"},
        {"record_id": "r", "output": ["yes"]},
        {"record_id": "r", "completion": [{"role": "assistant", "content": "yes"}]},
        {"record_id": "r", "prediction": {"content": [{"type": "text", "text": "yes"}]}},
    ],
)
def test_common_shapes_of_a_prediction_are_read(line, tmp_path):
    found = read_predictions(write(tmp_path / "said.jsonl", [line, ""]))
    assert (found.texts, found.bad) == ({"r": "yes"}, [])


def test_the_baselines_are_what_they_say(data):
    _, rows = data
    baselines = Baselines(rows)
    verdicts = Counter()
    for record in rows:
        truth = truth_of(record)
        random, constant = baselines.random(record, truth), baselines.constant(record)
        if record["task_type"] == "A4":
            verdicts[random] += 1
            assert constant == "true", "all are true"
        elif record["task_type"] == "A1":
            assert random in {other["accepted"][0] for other in rows}
            assert constant.startswith("move ")
    assert verdicts.keys() == {"true", "false"}
    again = Baselines(rows[::-1])
    assert [baselines.constant(one) for one in rows] == [again.constant(one) for one in rows]


def test_the_interval_holds_the_mean_and_shrinks_with_agreement(data, tmp_path):
    records, rows = data
    mixed = said_of(rows, lambda row: row["accepted"][0] if int(row["record_id"][1:]) % 4 else "")
    by_place = said_of(rows, lambda row: row["accepted"][0] if row["scene_id"] < "p3" else "")
    widths = []
    for said in (mixed, by_place):
        file = write(tmp_path / "said.jsonl", said)
        main(["score", str(file), "--data", str(records), "--json", str(tmp_path / "out.json")])
        line = json.loads((tmp_path / "out.json").read_text())["table"][0]
        low, high = line["interval"]
        assert low <= line["score"] <= high
        widths.append(high - low)
    assert widths[0] < 0.5 < widths[1], "answers of one place are no independent trials"


@pytest.mark.parametrize(
    ("answer", "groups"),
    [
        ("move left 0.5 meters", {"direction": "move left", "distance": "0-0.5 m"}),
        ("move left 0.6 meters", {"direction": "move left", "distance": "0.5-1 m"}),
        ("move left 6 meters", {"direction": "move left", "distance": "over 4 m"}),
    ],
)
def test_a_distance_falls_in_the_bin_that_it_closes(answer, groups):
    found = groups_of(row("A1", "open", "?", answer, actions=answer))
    assert found == {"task": "A1", "form": "open", "subset": "svc-real"} | groups


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--by", "taks"], "did you mean 'task'?"),
        (["--config", "benchmark"], "no data/benchmark/test-*.parquet; it is chosen from the test"),
        (["--split", "validation"], "no record fits: nothing to score"),
    ],
)
def test_a_call_that_fits_nothing_says_why(arguments, told, data, tmp_path, capsys):
    said = write(tmp_path / "said.jsonl", said_of(data[1]))
    assert main(["score", str(said), "--data", str(tmp_path / "."), *arguments]) in (1, 2)
    assert told in capsys.readouterr().err


def test_a_record_twice_in_the_data_is_refused(data, tmp_path, capsys):
    records, rows = data
    write(records, [*rows, rows[0]])
    said = write(tmp_path / "said.jsonl", said_of(rows))
    assert main(["score", str(said), "--data", str(records)]) == 1
    assert "r0 stands in the data twice" in capsys.readouterr().err


def test_no_records_is_said(tmp_path):
    with pytest.raises(StoreError, match="no records; expected"):
        records_in(tmp_path)
