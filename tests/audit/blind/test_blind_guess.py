"""Planted leaks are found, fair records are not accused, and the control knows nothing."""

import re

import numpy as np
import pytest
from blind_records import EACH, claim, identity, language, many, record, turn

from builder.audit.blind.asked import asked
from builder.audit.blind.folds import Scores, folds_of, interval, numbered, verdict_of
from builder.audit.blind.geometry import names, numbers_of
from builder.audit.blind.question import masked, parts_of
from builder.audit.blind.targets import TARGETS, class_of

pytest.importorskip("sklearn", reason="blind guesses need the extra [audit]")
from builder.audit.blind.measure import Settings, measure
from builder.audit.blind.report import Report

SETTINGS = Settings(explain=False)


def measured(task, make, seed=0):
    target = next(one for one in TARGETS if one.task == task)
    return measure(target, many(make, seed), language(), SETTINGS, "all")


@pytest.fixture(scope="module")
def told():
    return measured("A2", lambda n, rng: turn(n, rng, "Is it plain that it went {way}?"))


def test_a_direction_that_a_wording_prints_is_found(told):
    assert told.verdict == "fail"
    assert told.blind > 0.95
    assert any("left" in carrier or "right" in carrier for carrier in told.carriers)


def test_shuffled_answers_teach_no_more_than_the_prior(told):
    assert abs(told.control - told.prior) < 0.15


def test_fair_directions_are_not_accused():
    for seed in (0, 3):
        found = measured("A2", turn, seed)
        assert found.verdict != "fail"
        assert found.blind < found.prior + 0.1


def test_false_claims_off_the_grid_are_found():
    found = measured("A4", lambda n, rng: claim(n, rng, step_deg=5))
    assert found.verdict == "fail"
    assert found.blind > 0.9
    assert any("mod 10" in carrier or "5" in carrier for carrier in found.carriers)


def test_claims_on_one_grid_are_not_accused():
    assert measured("A4", claim).verdict != "fail"


def test_a_label_that_goes_with_an_answer_is_found():
    found = measured("D4", lambda n, rng: identity(n, rng, honest=0.85))
    assert found.verdict == "fail"
    assert any("lamp" in carrier or "chair" in carrier for carrier in found.carriers)


def test_a_box_that_only_turns_is_guessed_better_than_echoed():
    def carried(number, rng):
        x, way = int(rng.integers(200, 500)), ("left", "right")[rng.integers(2)]
        shift = 250 if way == "left" else -190
        question = f"At [{x}, 400, {x + 200}, 600]; the camera did turn {way} 20 degrees."
        return record("D1", number, question, f"[{x + shift}, 400, {x + shift + 200}, 600]")

    found = measured("D1", carried)
    assert found.verdict == "reported"
    assert found.blind > 0.8 > 2 * found.others["echo of the question's box"]
    assert found.blind > found.prior + 0.3 > found.control


def test_no_place_is_learned_and_tested():
    records = many(turn)
    places = numbered([one.scene_id for one in records])
    folds, told_as = folds_of(records, places, seed=0)
    assert told_as == "5 folds of places"
    for fold in folds:
        assert not set(places[fold.train]) & set(places[fold.test])
    assert sorted(np.concatenate([fold.test for fold in folds])) == list(range(len(records)))


def test_a_test_split_with_enough_records_is_what_is_tested():
    rows = [turn(n, rng) for n, rng in enumerate(np.random.default_rng(0).spawn(10 * EACH))]
    for row in rows:
        row["split"] = "test" if row["scene_id"] < "place-05" else "train"
    records = [asked(row) for row in rows]
    places = numbered([one.scene_id for one in records])
    (fold,), told_as = folds_of(records, places, seed=0, least_test=30)
    assert told_as == "test split"
    assert {records[row].split for row in fold.test} == {"test"}
    assert {records[row].split for row in fold.train} == {"train"}


def test_the_interval_is_wider_when_all_records_of_a_place_are_alike():
    rng = np.random.default_rng(0)
    places = np.repeat(np.arange(20), 30)
    alike, apart = np.repeat(rng.integers(2, size=20), 30), rng.integers(2, size=600)
    half = np.full((600, 1), 0.5)
    low, high = interval(Scores(places, alike.astype(float), half, half[:, 0]), places, 0)
    less_low, less_high = interval(Scores(places, apart.astype(float), half, half[:, 0]), places, 0)
    assert high - low > 3 * (less_high - less_low)


@pytest.mark.parametrize(
    ("found", "places", "verdict"),
    [
        ((-0.02, 0.04), 20, "pass"),
        ((0.06, 0.2), 20, "fail"),
        ((-0.1, 0.1), 20, "too few"),
        ((0.06, 0.2), 3, "too few"),
    ],
)
def test_a_verdict_is_given_only_where_the_interval_allows_one(found, places, verdict):
    assert verdict_of(found, 0.05, places) == verdict


def test_a_letter_means_what_the_question_offers_under_it():
    offers = "One object, seen twice.", "Two objects of one kind."
    meant = []
    for first, second in (offers, offers[::-1]):
        text = f"What is true? A: {first} B: {second} Answer with the letter."
        row = record("D4", 0, text, "A", answer_form="choice")
        meant.append(class_of(asked(row), language()))
    assert meant == ["same", "different"]


def test_an_answer_of_an_unknown_wording_is_read_from_the_facts():
    thing = {"label": "lamp", "track_id": 1, "track_id_after": 2}
    row = record("D4", 0, "?", "Not so.", answer_form="sentence", object=thing)
    assert class_of(asked(row), language()) == "different"


def test_a_question_is_taken_apart():
    text = "The sofa at [1, 2, 30, 40]; then move forward 1.5 meters; turn left 20 degrees. Where?"
    parts = parts_of(text)
    assert parts.boxes == ((1, 2, 30, 40),)
    assert parts.words == "The sofa at BOX; then MOTION. Where?"
    assert masked(text, boxes=False) == "The sofa at [1, 2, 30, 40]; then MOTION. Where?"
    row = dict(zip(names(), numbers_of(parts, 2), strict=True))
    assert row["net yaw deg"] == pytest.approx(-20)
    assert row["amount mod 1 of action 1"] == 0.5
    assert len(row) == len(names())


def test_a_box_in_the_middle_leaves_to_the_right_when_the_camera_turns_left():
    parts = parts_of("At [400, 400, 600, 600]; turn left 30 degrees")
    row = dict(zip(names(), numbers_of(parts, 1), strict=True))
    lefts = [value for name, value in row.items() if re.match(r"x1 at", name)]
    assert min(lefts) > 600


def test_the_best_answer_for_each_number_of_actions_stands_beside_the_prior():
    def sequence(number, rng):
        kinds = ("move left 1 meters", "move right 1 meters")
        first, second = (kinds[rng.integers(2)] for _ in range(2))
        three = number % 2 == 0
        text = "; ".join((first, "turn left 20 degrees", *([second] if three else [])))
        return record("A3", number, f"The camera did {'three' if three else 'two'} things.", text)

    found = measured("A3", sequence)
    assert found.classes == 6
    best = found.others["best answer for each number of actions"]
    assert found.prior < best < 0.6


def test_the_report_names_the_target_above_what_tells_its_answer(told):
    lines = list(Report(288, 24, 0, (told,), (), ()).lines())
    assert "A2 direction: told by" in lines
    assert "it went" in lines[lines.index("A2 direction: told by") + 1]
    assert any("FAIL (<= +0.05)" in line for line in lines)
