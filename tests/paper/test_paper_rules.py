"""`--rules paper`: the paper's pairs and labels, defects included, and how they are kept apart."""

import json
from collections import Counter

import pytest
from paper_layouts import detections, hy_bundle, svc_bundle

from builder.audit import check
from builder.cli import main
from builder.core.action import Move, Turn
from builder.core.drop import Drop
from builder.core.protocol import SVC
from builder.paper import Label, compare, motion_records, object_records, read_trajectory
from builder.paper.blind import blind_share, looks_true
from builder.paper.steps import claimed, listed, merged, sequence, step_of, told
from builder.publish.show import demo_folder
from builder.tasks import readers

DEMO = demo_folder()
TWO = (Move("forward", 2.0), Turn("left", 30.0))
CHAIR, TV = (10.0, 30.0, 40.0, 60.0), (50.0, 20.0, 80.0, 50.0)


def objects(tmp_path, rows, actions=TWO):
    folder = svc_bundle(tmp_path, actions)
    detections(folder, rows)
    return list(object_records(read_trajectory(folder)))


def labels(records):
    return [(one.task_type, one.answer) for one in records]


def test_each_trajectory_gives_its_first_and_last_frame(tmp_path):
    ones = [
        read_trajectory(svc_bundle(tmp_path, actions))
        for actions in ((Move("left", 0.5),), (Turn("right", 30.0),), TWO)
    ]
    a1, a2, a3, a4 = motion_records(ones, 42)
    assert labels([a1, a2, a3]) == [
        ("A1", "move left 0.5 meters"),
        ("A2", "turn right 30 degrees"),
        ("A3", "move forward 2 meters; turn left 30 degrees"),
    ]
    assert (a1.frames, a2.frames, a3.frames) == ((0, 7), (0, 7), (0, 17))
    assert (a4.task_type, a4.frames, a4.answer) == ("A4", a3.frames, "true")


def test_a_move_of_a_tenth_of_a_metre_is_no_answer_and_an_empty_action(tmp_path):
    folder = svc_bundle(tmp_path, (Move("left", 0.1),))
    detections(folder, [(0, [(3, "chair", CHAIR, 0.9)]), (7, [(3, "chair", CHAIR, 0.9)])])
    one = read_trajectory(folder)
    assert list(motion_records([one], 42)) == []
    assert {record.actions for record in object_records(one)} == {""}
    assert [record.task_type for record in object_records(one)] == ["D1", "D2", "D4"]


def test_a_false_claim_turns_one_action_round_or_adds_five_degrees_or_a_tenth(tmp_path):
    one = read_trajectory(svc_bundle(tmp_path, TWO))
    false = Counter(
        record.claim
        for seed in range(40)
        for record in motion_records([one, one], seed)
        if record.answer == "false"
    )
    assert set(false) == {
        "move backward 2 meters and turn left 30 degrees",
        "move forward 2.1 meters and turn left 30 degrees",
        "move forward 2 meters and turn right 30 degrees",
        "move forward 2 meters and turn left 35 degrees",
    }


def test_claims_alternate_over_the_whole_run(tmp_path):
    one = read_trajectory(svc_bundle(tmp_path, TWO))
    answers = [r.answer for r in motion_records([one] * 7, 1) if r.task_type == "A4"]
    assert answers == ["true", "false"] * 3 + ["true"]


@pytest.mark.parametrize(
    ("there", "gone"),
    [
        ((CHAIR, 0.9), False),
        ((CHAIR, 0.29), True),  # unsure
        (((0.0, 30.0, 40.0, 60.0), 0.9), True),  # at the edge
        (((60.0, 30.0, 95.5, 60.0), 0.9), True),  # at the other edge
        (((10.0, 30.0, 16.0, 40.0), 0.9), True),  # small
        (((2.0, 2.0, 94.0, 94.0), 0.9), True),  # large
    ],
)
def test_what_passes_no_filter_has_disappeared(tmp_path, there, gone):
    box, score = there
    rows = [(0, [(3, "chair", CHAIR, 0.9)]), (17, [(3, "chair", box, score)])]
    (d2,) = (one for one in objects(tmp_path, rows) if one.task_type == "D2")
    assert (d2.thing.box_after is None) is gone
    assert ("disappears" in d2.answer or d2.answer in {"yes", "A"}) is gone
    assert d2.images == (str(d2.images[0]),)


def test_an_equal_id_is_the_same_object_whatever_its_label(tmp_path):
    rows = [(0, [(1, "chair", CHAIR, 0.9)]), (17, [(1, "person", TV, 0.9)])]
    d1 = objects(tmp_path, rows)[0]
    assert (d1.task_type, d1.thing.label) == ("D1", "chair")
    assert d1.answer == "[521, 208, 833, 521]"


def test_without_ids_one_pair_of_boxes_is_the_same_and_different(tmp_path):
    rows = [(0, [(None, "chair", CHAIR, 0.9)]), (17, [(None, "chair", TV, 0.9)])]
    same, different = objects(tmp_path, rows)
    assert same.thing == different.thing
    assert {same.answer, different.answer} <= {
        "yes",
        "no",
        "A",
        "B",
        "They are the same physical object instance.",
        "They are different object instances.",
    }
    assert same.answer != different.answer


def test_an_object_of_one_label_and_another_id_is_another_one(tmp_path):
    rows = [
        (0, [(4, "chair", CHAIR, 0.9)]),
        (17, [(4, "chair", CHAIR, 0.5), (6, "chair", TV, 0.9)]),
    ]
    d4 = [one for one in objects(tmp_path, rows) if one.task_type == "D4"]
    assert [(one.thing.track_id, one.thing.track_id_after) for one in d4] == [(4, 4), (4, 6)]


def test_d3_is_for_two_actions_at_most_and_takes_three_forms(tmp_path):
    rows = [(0, [(3, "chair", CHAIR, 0.9)]), (17, [(3, "chair", CHAIR, 0.9)])]
    (d3,) = (one for one in objects(tmp_path / "a", rows) if one.task_type == "D3")
    assert d3.answer in {
        "move forward 2 meters; turn left 30 degrees",
        "2 steps | move forward 2 meters; turn left 30 degrees",
        "First move forward 2 meters, Then turn left 30 degrees.",
    }
    three = (Move("left", 0.4), *TWO)
    rows = [(0, rows[0][1]), (24, rows[1][1])]
    assert "D3" not in {one.task_type for one in objects(tmp_path / "b", rows, three)}


def test_a_cache_of_the_first_frame_alone_asks_what_became_of_it_there(tmp_path):
    found = objects(tmp_path, [(0, [(3, "chair", CHAIR, 0.9)])])
    assert [one.task_type for one in found] == ["D2", "D4"]
    assert {one.actions for one in found} == {""}


def test_hy_bundles_give_nothing(tmp_path):
    drop = read_trajectory(hy_bundle(tmp_path, TWO))
    assert isinstance(drop, Drop)
    assert drop.reason == "hy-layout"


def test_the_arithmetic_of_actions_is_the_papers():
    assert merged(["FWD_0.014286"] * 7) == ()
    assert listed(merged(["FWD_0.5", "FWD_0.015"])) == "move forward 0.5 meters"
    assert listed(merged(["TL_4.285714"] * 7)) == "turn left 30 degrees"
    assert listed(merged(["FWD_0.25", "BACK_0.75", "TR_5"])) == (
        "move backward 0.5 meters; turn right 5 degrees"
    )
    three = sequence(["LEFT_0.5", "FWD_1", "TR_20.0001"])
    assert claimed(three) == "move left 0.5 meters, move forward 1 meters and turn right 20 degrees"
    assert told(three[:2]) == "First move left 0.5 meters, Then move forward 1 meters."
    assert step_of("TR_20").signed < 0 < step_of("TL_20").signed


def test_labels_are_compared_question_by_question(tmp_path):
    a3, a4 = motion_records([read_trajectory(svc_bundle(tmp_path, TWO))], 42)
    key = (a3.scene_id, a3.trajectory_id)
    same = Label((*key, "A3", (0, 17), None, None), frozenset({a3.answer}))
    other = Label(
        (*key, "A4", (0, 17), None, None), frozenset({"true"}), claim="turn left 30 degrees"
    )
    more = Label((*key, "A1", (0, 7), None, None), frozenset({"move forward 2 meters"}))
    found = compare([a3, a4], [same, other, more], lambda record: "never asked")
    assert found.counts == {
        ("A3", "same", ""): 1,
        ("A4", "other claim", ""): 1,
        ("A1", "only ours", ""): 1,
    }
    wrong = Label(same.key, frozenset({"turn left 20 degrees"}))
    found = compare([a3, a4], [wrong], lambda record: "never asked")
    assert found.counts[("A3", "different", "")] == 1
    assert found.counts[("A4", "only paper", "never asked")] == 1


def test_text_alone_tells_a_false_claim_of_the_papers():
    preset = "move forward 2 meters and turn left 30 degrees"
    assert looks_true(preset, SVC)
    assert not looks_true("move forward 2 meters and turn left 35 degrees", SVC)
    assert not looks_true("move forward 2 meters and turn right 30 degrees", SVC)
    assert blind_share([(preset, True, SVC), (preset, False, SVC)]) == 0.5


def test_the_command_writes_them_apart_with_pictures_that_check_accepts(tmp_path, capsys):
    out = tmp_path / "out"
    source = DEMO / "SVC-SimulatedScene-demo"
    assert main(["build", "--bundles", str(source), "--rules", "paper", "--out", str(out)]) == 0
    file = out / "SVC-SimulatedScene" / "tasks_paper.jsonl"
    made = [json.loads(line) for line in file.read_text().splitlines()]
    assert f"{len(made)} records by the paper's rules" in capsys.readouterr().out
    assert list(check([file], readers())) == []
    assert not (out / "World2VLM").exists()
    assert len({one["id"] for one in made}) == len(made)
    assert not {"record_id", "template_id", "builder_version", "trajectory_id"} & made[0].keys()
    assert "do not train or test" in (out / "README.md").read_text()
    for one in made:  # the paper's question names the direction; ours does not
        if one["task_type"] in {"A1", "A2"}:
            assert one["messages"][1]["content"] not in one["messages"][0]["content"]
