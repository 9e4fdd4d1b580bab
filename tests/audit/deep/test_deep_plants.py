"""Faults planted into the demo, one each: `check --deep` must name every one of them.

The copies are of the demo's garage: it opens in seconds, and is painted again in this process.
"""

import json
import re
import shutil
from pathlib import Path

import pytest

from builder.audit import DEEP_RULES, check
from builder.audit.deep import Sources, recompute
from builder.language.answers import say_box
from builder.language.grammar import hear, say
from builder.publish.show import demo_folder
from builder.tasks import readers

pytest.importorskip("numba", reason="views are painted again with numba")
FOLDER = "SVC-RealScene-demo"


@pytest.fixture
def root(tmp_path):
    shutil.copytree(demo_folder() / FOLDER, tmp_path / FOLDER)
    return tmp_path / FOLDER


def records(root, task, wanted=lambda record: True):
    lines = (root / "tasks_demo.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    return [record for record in found if record["task_type"] == task and wanted(record)]


def one(root, task, wanted=lambda record: True):
    return records(root, task, wanted)[0]


def told_of(root, *only):
    """Recompute, after writing the records there, if there are any."""
    from builder.pipeline.again import again

    if only:
        text = "".join(json.dumps(record) + "\n" for record in only)
        (root / "tasks_demo.jsonl").write_text(text, encoding="utf-8")
    sources = Sources([root])
    done = [recompute(job) for job in sources.jobs(again)]
    assert not sources.skipped
    told = done[0]
    for more in done[1:]:
        told.add(more)
    return told


def rules(root, *only):
    told = told_of(root, *only)
    found = {issue.rule for issue in told.issues}
    assert found <= DEEP_RULES.keys()
    assert not told.skipped
    assert told.pixels == len(only)
    return found


def answer(record, *texts):
    record["accepted"] = list(texts)
    record["messages"][1]["content"] = texts[0]


def ask(record, old, new):
    turn = record["messages"][0]
    assert old in turn["content"]
    turn["content"] = turn["content"].replace(old, new)


def mirrored(text):
    swap = {"turn left": "turn right", "turn right": "turn left"}
    return re.sub("turn (?:left|right)", lambda found: swap[found[0]], text)


def bundle_of(root, record):
    return root / Path(record["images"][0]).parent.parent


def edit(file, change):
    plain = json.loads(file.read_text(encoding="utf-8"))
    change(plain)
    file.write_text(json.dumps(plain) + "\n", encoding="utf-8")


def edit_lines(file, change):
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    for line in lines:
        change(line)
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def shifted(box, by=50):
    x1, _, x2, _ = box
    move = by if x2 + by <= 1000 else -by if x1 >= by else 0
    if not move:
        return [x1, box[1], x2 - by, box[3]]
    return [x1 + move, box[1], x2 + move, box[3]]


def test_nothing_is_said_of_a_record_of_each_task(root):
    tasks = ("A1", "A2", "A3", "A4", "D1", "D2", "D3", "D4")
    assert rules(root, *(one(root, task) for task in tasks)) == set()


def test_turns_mirrored_in_the_text_are_found(root):
    record = one(root, "A2")
    record["actions"] = mirrored(record["actions"])
    answer(record, mirrored(record["accepted"][0]))
    assert rules(root, record) >= {"actions-untrue", "answer-untrue", "answer-missing"}


def test_turns_mirrored_everywhere_are_found_in_the_picture(root):
    record = one(root, "A2", lambda each: "shift" not in each["trajectory_id"])
    record["actions"] = mirrored(record["actions"])
    answer(record, mirrored(record["accepted"][0]))

    def mirror(plain):
        swap = {"turn_left": "turn_right", "turn_right": "turn_left"}
        for act in (*plain["traj_params"]["actions"], plain["traj_params"]):
            for key in {"act", "action"} & act.keys():
                act[key] = swap.get(act[key], act[key])
        for name in ("actions_step", "actions_prefix"):
            text = json.dumps(plain[name])
            text = re.sub('"T([LR])_', lambda at: '"TR_' if at[1] == "L" else '"TL_', text)
            plain[name] = json.loads(text)
        for frame in plain["transforms"]["frames"]:
            for row, column in ((0, 2), (2, 0), (0, 3)):
                frame["c2w"][row][column] *= -1

    folder = bundle_of(root, record)
    edit(folder / "traj.json", mirror)
    found = rules(root, record)
    shallow = {issue.rule for issue in check([folder, root / "tasks_demo.jsonl"], readers())}
    assert not shallow, "the plant must agree with itself"
    assert "picture-untrue" in found


def test_a_box_shifted_by_a_twentieth_is_found(root):
    record = one(root, "D1")
    box = shifted(record["object"]["box_after"])
    record["object"]["box_after"] = box
    answer(record, say_box(tuple(box)))
    assert rules(root, record) == {"object-untrue", "answer-untrue"}


def test_boxes_shifted_in_tracks_and_records_alike_are_found(root):
    record = one(root, "D1")
    track, frame = record["object"]["track_id"], record["frame_indices"][-1]
    box = shifted(record["object"]["box_after"])

    def shift(line):
        for thing in line["detections"]:
            if thing["track_id"] == track and line["frame_idx"] == frame:
                thing["bbox_norm"] = box
                thing["bbox"] = [edge * 0.576 for edge in box]

    edit_lines(bundle_of(root, record) / "detect_result.jsonl", shift)
    record["object"]["box_after"] = box
    answer(record, say_box(tuple(box)))
    assert rules(root, record) == {"object-untrue", "answer-untrue", "tracks-untrue"}


def test_ids_swapped_in_a_record_are_found(root):
    record = one(
        root, "D4", lambda each: each["object"]["track_id_after"] != each["object"]["track_id"]
    )
    thing = record["object"]
    thing["track_id"], thing["track_id_after"] = thing["track_id_after"], thing["track_id"]
    assert "object-untrue" in rules(root, record)


def test_ids_swapped_in_tracks_and_records_alike_are_found(root):
    record = one(root, "D1")
    folder, mine = bundle_of(root, record), record["object"]["track_id"]
    first = json.loads((folder / "detect_result.jsonl").read_text().splitlines()[0])
    other = next(each for each in first["detections"] if each["track_id"] != mine)["track_id"]
    swap = {mine: other, other: mine}

    def exchange(line):
        for thing in line["detections"]:
            thing["track_id"] = swap.get(thing["track_id"], thing["track_id"])

    edit_lines(folder / "detect_result.jsonl", exchange)
    record["object"]["track_id"] = record["object"]["track_id_after"] = other
    assert rules(root, record) >= {"object-untrue", "tracks-untrue"}


def test_two_pictures_swapped_on_the_disk_are_found(root):
    record = one(root, "A1")
    first, last = (root / name for name in record["images"])
    first_bytes, last_bytes = first.read_bytes(), last.read_bytes()
    first.write_bytes(last_bytes)
    last.write_bytes(first_bytes)
    told = told_of(root, record)
    places = {issue.pointer for issue in told.issues if issue.rule == "picture-untrue"}
    assert places == {"/images/0", "/images/1"}


def test_two_pictures_swapped_in_a_record_are_found(root):
    record = one(root, "A1")
    record["images"].reverse()
    assert rules(root, record) == {"picture-untrue"}


def test_a_place_moved_to_another_split_is_found(root):
    record = one(root, "A1")
    record["split"] = "test"
    (root / "tasks_demo.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert {issue.rule for issue in check([root], readers())} == {"split-mismatch"}


def test_a_wrong_sequence_among_the_accepted_is_found(root):
    record = one(root, "A3", lambda each: len(each["images"]) == 2 and len(each["accepted"]) == 1)
    first, *rest = hear(record["accepted"][0])
    record["accepted"].append(say((*rest, first)))
    assert "answer-untrue" in rules(root, record)


def test_a_right_sequence_missing_from_the_accepted_is_found(root):
    record = one(root, "A3", lambda each: len(each["accepted"]) > 1)
    record["accepted"].pop()
    assert rules(root, record) == {"answer-missing"}


def test_a_right_sequence_missing_from_d3_is_found_in_its_form(root):
    record = one(root, "D3", lambda each: len(each["accepted"]) > 1)
    record["accepted"].pop()
    assert rules(root, record) == {"answer-missing"}


def test_the_truth_in_the_second_place_is_found(root):
    record = one(root, "A3", lambda each: len(each["accepted"]) > 1)
    answer(record, *reversed(record["accepted"]))
    assert rules(root, record) == {"answer-untrue"}


@pytest.mark.parametrize("form", ["yes-no", "choice", "sentence"])
@pytest.mark.parametrize("task", ["D2", "D4"])
def test_a_verdict_turned_round_is_found(root, task, form):
    found = set()
    for record in records(root, task, lambda each: each["answer_form"] == form):
        turned = {"yes": "no", "no": "yes", "A": "B", "B": "A"}
        old = record["accepted"][0]
        if form == "sentence":
            options = re.findall(r'"([^"]+)"', record["messages"][0]["content"])
            turned = {old: next(option for option in options if option != old)}
        answer(record, turned[old])
        found |= rules(root, record)
    assert found == {"answer-untrue"}


def test_a_false_claim_that_is_true_is_found(root):
    record = one(root, "A4", lambda each: each["accepted"] == ["false"])
    ask(record, record["claim"], record["actions"])
    record["claim"] = record["actions"]
    assert rules(root, record) == {"answer-untrue"}


def test_a_true_claim_that_is_false_is_found(root):
    record = one(root, "A4", lambda each: each["accepted"] == ["false"])
    answer(record, "true")
    assert rules(root, record) == {"answer-untrue"}


def test_a_false_claim_that_nobody_could_see_is_found(root):
    record = one(root, "A4", lambda each: each["accepted"] == ["false"])
    claim = re.sub(
        r"([\d.]+)(?= (?:meters|degrees)$)",
        lambda at: f"{float(at[0]) + 0.004:g}",
        record["actions"],
    )
    ask(record, record["claim"], claim)
    record["claim"] = claim
    assert rules(root, record) == {"claim-unclear"}


def test_a_question_that_says_another_motion_is_found(root):
    record = one(root, "D1")
    ask(record, record["actions"], "move forward 0.7 meters")
    assert rules(root, record) == {"question-untrue"}


def test_a_question_that_holds_its_answer_is_found(root):
    record = one(root, "A1")
    record["messages"][0]["content"] += f" Is it {record['accepted'][0]}?"
    assert rules(root, record) == {"question-untrue"}


def test_another_field_of_view_is_found(root):
    record = one(root, "A1")
    record["camera"] = {"hfov_deg": 54.0, "source": "assumed"}
    assert rules(root, record) == {"camera-untrue"}


def test_another_label_is_found(root):
    record = one(root, "D1")
    ask(record, record["object"]["label"], "grand piano")
    record["object"]["label"] = "grand piano"
    assert rules(root, record) == {"object-untrue"}


def test_a_grade_that_the_formula_does_not_give_is_found(root):
    right = []
    for grade in range(1, 6):
        record = one(root, "A2")
        record["difficulty"] = grade
        found = rules(root, record)
        assert found <= {"difficulty-untrue"}
        right.append(not found)
    assert sum(right) == 1


def test_numbers_of_a_bundle_that_its_views_deny_are_found(root):
    record = one(root, "A1")

    def loosen(plain):
        for pair in plain["pairs"]:
            pair["overlap_before"] /= 2

    edit(bundle_of(root, record) / "traj.json", loosen)
    assert rules(root, record) == {"pairs-untrue"}


def test_a_question_that_its_pictures_do_not_decide_is_found(root):
    from dataclasses import replace

    from builder.pipeline.again import again

    def stricter(*asked):
        opened = again(*asked)
        return replace(opened, gates=replace(opened.gates, min_overlap=0.999))

    record = one(root, "A2")
    (root / "tasks_demo.jsonl").write_text(json.dumps(record) + "\n", encoding="utf-8")
    (job,) = Sources([root]).jobs(stricter)
    found = {issue.rule for issue in recompute(job).issues}
    assert found == {"unanswerable"}


def test_every_deep_rule_has_a_plant_that_breaks_it():
    here = Path(__file__).read_text(encoding="utf-8")
    assert not [rule for rule in DEEP_RULES if f'"{rule}"' not in here]


def test_without_the_painter_stored_facts_are_used_and_the_reason_is_told(root):
    record = one(root, "D1")
    record["object"]["box_after"] = shifted(record["object"]["box_after"])
    answer(record, say_box(tuple(record["object"]["box_after"])))

    def painted_by(plain):
        plain["provenance"]["backend"] = "svc"

    edit(bundle_of(root, record) / "traj.json", painted_by)
    told = told_of(root, record)
    assert (told.pixels, told.views) == (0, 0)
    assert dict(told.stored) == {"the backend 'svc' cannot be asked again": 1}
    assert {issue.rule for issue in told.issues} == {"object-untrue", "answer-untrue"}
    assert "from stored facts: 1, the backend 'svc'" in "\n".join(told.lines(1.0))


def test_the_command_prints_what_it_found_and_from_what(root, capsys):
    from builder.cli import main

    record = one(root, "A1")
    record["camera"]["hfov_deg"] = 54.0
    file = root / "tasks_demo.jsonl"
    file.write_text(json.dumps(record) + "\n", encoding="utf-8")
    assert main(["check", "--deep", "--workers", "1", str(file)]) == 1
    told = capsys.readouterr()
    assert told.out.startswith(f"{file.as_posix()}:1: /camera/hfov_deg: camera-untrue: got 54.0")
    assert "1 from pixels (2 views painted again), 0 from stored facts, 0 not at all" in told.err


def test_without_the_extra_that_paints_stored_facts_are_used(root, monkeypatch):
    from builder.core.errors import MissingExtra
    from builder.pipeline import again

    def missing(reference):
        raise MissingExtra("numba", "build")

    monkeypatch.setattr(again, "_opened", missing)
    told = told_of(root, one(root, "A1"))
    assert told.pixels == 0
    assert "world2vlm[build]" in str(told.stored)


def test_a_record_without_its_bundle_is_told_of_and_not_passed_over(root):
    record = one(root, "A1")
    shutil.rmtree(bundle_of(root, record))
    told = told_of(root, record)
    assert dict(told.skipped) == {"the bundle beside is not there": 1}
