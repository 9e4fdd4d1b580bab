"""What the text of D2 and D4 gives away, and that it names the bucket in which answers are even."""

import pytest

from builder.config import Gates
from builder.core.action import Turn
from builder.core.record import Record
from builder.tasks import task_named
from builder.tasks._cues import (
    MIDDLE,
    bucket_of,
    buckets_of,
    likeness_features,
    staying_features,
)
from builder.tasks._reader import Tree, log_odds, reader_of
from examples import ROLLOUTS, rollout, track


def staying(box, actions, subset="svc-simulated"):
    record = {"task_type": "D2", "subset": subset, "camera": {"hfov_deg": 73.7}}
    record |= {"actions": actions, "object": {"box_before": box}}
    return bucket_of(record, staying_features)


def likeness(one, other):
    thing = {"box_before": one, "box_after": other}
    record = {"task_type": "D4", "subset": "svc-simulated", "object": thing}
    return bucket_of(record, likeness_features)


@pytest.mark.parametrize(
    ("box", "actions", "gone"),
    [
        ((50, 400, 150, 500), "turn right 40 degrees", True),
        ((850, 400, 950, 500), "turn left 40 degrees", True),
        ((50, 400, 150, 500), "turn left 40 degrees", False),
        ((850, 400, 950, 500), "turn right 40 degrees", False),
        ((450, 400, 550, 500), "move forward 0.2 meters", False),
        ((450, 400, 550, 500), "turn left 90 degrees", True),
    ],
)
def test_a_turn_tells_of_a_box_at_either_side_that_it_goes_or_stays(box, actions, gone):
    assert (staying(box, actions) > MIDDLE) == gone
    assert staying(box, actions) != MIDDLE


def test_boxes_of_unlike_shape_look_like_two_things_and_a_small_shift_like_one():
    seen = (400, 400, 500, 600)
    assert likeness(seen, (440, 402, 540, 602)) > MIDDLE
    assert likeness(seen, (100, 600, 500, 700)) < MIDDLE


def test_the_answer_is_not_looked_at():
    for name, features in (("D2", staying_features), ("D4", likeness_features)):
        for record in records(name, ROLLOUTS["three-steps"]):
            plain = record.to_json()
            told = bucket_of(plain, features)
            plain["messages"] = plain["accepted"] = None
            plain["object"]["visible_after"] = 0.123
            plain["object"]["track_id_after"] = 99
            if name == "D2":
                plain["object"]["box_after"] = (1, 2, 3, 4)
            assert bucket_of(plain, features) == told


def test_the_class_to_balance_names_the_answer_and_the_bucket():
    for name, answers in (("D2", {"gone", "visible"}), ("D4", {"same", "different"})):
        task, features = task_named(name), {"D2": staying_features, "D4": likeness_features}[name]
        met = set()
        for given in ROLLOUTS.values():
            for record in records(name, given):
                plain = record.to_json()
                bucket = bucket_of(plain, features)
                decided = name == "D2" and bucket in {0, 2 * MIDDLE}
                answer = task.answer_of(plain)
                label, finer = plain["object"]["label"], buckets_of(plain, features)[1]
                within = f"{bucket}|{label}|{finer}" if name == "D4" else bucket
                assert task.balance_of(plain) == (answer if decided else f"{answer}|{within}")
                met.add(answer)
        assert met == answers


def test_of_many_objects_d2_asks_first_about_those_whose_text_tells_least():
    tracks = [track(i, f"thing {i}", x, x, size=60.0) for i, x in enumerate(range(0, 500, 25), 1)]
    given = rollout(Turn("left", 30.0), tracks=tuple(tracks))
    asked = [abs(bucket_of(r.to_json(), staying_features) - MIDDLE) for r in records("D2", given)]
    every = []
    for one in given.tracks:
        alone = rollout(Turn("left", 30.0), tracks=(one,))
        every += [bucket_of(r.to_json(), staying_features) - MIDDLE for r in records("D2", alone)]
    assert sorted(asked) == sorted(map(abs, every))[: len(asked)]
    assert len(asked) == task_named("D2").most


def test_a_reader_goes_left_up_to_the_bound_of_a_node():
    tree = Tree((2, 0, 1, 0, 0, 1, 1), (5.0, 1.0, 1.0, 0.0, 2.0, 0.0, 2.0), tuple(range(1, 9)))
    for row, leaf in (
        ((0, 0, 5), 1),  # at a bound: left
        ((0.5, 0, 5), 2),
        ((2, 0, 5), 3),
        ((3, 0, 5), 4),
        ((0, 0, 6), 5),
        ((0, 1, 6), 6),
        ((9, 2, 6), 7),
        ((9, 3, 6), 8),
    ):
        assert log_odds([tree], row) == leaf
        assert log_odds([tree, tree], row) == 2 * leaf


@pytest.mark.parametrize(
    ("task", "features"), [("D2", staying_features), ("D4", likeness_features)]
)
def test_a_reader_has_full_trees_and_looks_at_nothing_that_a_question_has_not(task, features):
    trees = reader_of(task)
    assert all(len(tree.features) == len(tree.bounds) == 7 for tree in trees)
    assert all(len(tree.leaves) == 8 for tree in trees)
    row = features(records(task, ROLLOUTS["three-steps"])[0].to_json())
    assert max(max(tree.features) for tree in trees) < len(row)


def records(name, given):
    found = task_named(name).records(given, 7, Gates())
    return [item for item in found if isinstance(item, Record)]
