"""What makes a question hard: each fact by itself, and where the facts come from."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.config import Gates
from builder.core.action import Move, Turn
from builder.core.covisibility import Covisibility
from builder.core.difficulty import GRADES, DifficultyFacts, difficulty, load
from builder.core.record import Record
from builder.core.track import Track
from builder.tasks import Draft, task_named
from builder.tasks._difficulty import difficulty_facts
from examples import ROLLOUTS, rollout, sighting, track

EASY = DifficultyFacts(72.0, 576, overlap=1.0, steps=1)
shares = st.floats(0, 1)
any_facts = st.builds(
    DifficultyFacts,
    st.floats(0, 5000) | st.just(float("inf")),
    st.sampled_from((480, 576)),
    shares,
    st.integers(1, 6),
    st.floats(0.01, 1),
    st.integers(0, 9),
    st.booleans(),
)


def records(name, given_):
    found = task_named(name).records(given_, 7, Gates())
    return [item for item in found if isinstance(item, Record)]


def facts(name, given_):
    task = task_named(name)
    drafts = [draft for _, draft in task.drafts(given_, 7, Gates()) if isinstance(draft, Draft)]
    return [difficulty_facts(given_, one, asks_motion=task.asks_motion) for one in drafts]


@given(any_facts)
def test_a_grade_is_one_of_five(one):
    assert difficulty(one) in GRADES


@given(any_facts, shares, shares, st.integers(0, 5), st.integers(0, 5))
def test_less_overlap_more_steps_less_to_see_and_more_alike_never_make_it_easier(
    one, less, hidden, steps, alike
):
    harder = replace(
        one,
        overlap=one.overlap * less,
        visible_share=one.visible_share * max(hidden, 0.01),
        steps=one.steps + steps,
        distractors=one.distractors + alike,
    )
    assert difficulty(harder) >= difficulty(one)


@pytest.mark.parametrize(
    ("changed", "more"),
    [
        ({}, 0.0),
        ({"overlap": 0.25}, 0.75),
        ({"steps": 3}, 1.0),
        ({"steps": 6}, 2.0),
        ({"visible_share": 0.6}, 0.8),
        ({"distractors": 1}, 1 / 3),
        ({"distractors": 7}, 1.0),
        ({"displacement_px": 9.0}, 1.0),
        ({"displacement_px": 18.0}, 2 / 3),
        ({"displacement_px": 144.0}, 1 / 3),
        ({"displacement_px": float("inf")}, 1.0),
        ({"displacement_px": 9.0, "asks_motion": False}, 0.0),
        ({"displacement_px": 288.0, "asks_motion": False}, 2 / 3),
        ({"displacement_px": 60.0, "short_side_px": 480}, 0.0),
    ],
)
def test_each_fact_adds_its_share(changed, more):
    assert load(replace(EASY, **changed)) == pytest.approx(more)


def test_grades_go_from_an_easy_view_to_a_hard_one():
    assert difficulty(EASY) == 1
    hard = DifficultyFacts(400.0, 576, overlap=0.2, steps=3, visible_share=0.6, distractors=2)
    assert difficulty(hard) == 5


def test_every_record_is_graded_where_its_views_can_be_compared():
    for given_ in ROLLOUTS.values():
        for name in ("A1", "A3", "A4", "D1", "D2", "D4"):
            assert all(record.difficulty in GRADES for record in records(name, given_))
    blind = replace(rollout(Turn("left", 30.0)), covisibility={})
    assert {record.difficulty for record in records("D2", blind)} == {None}


def test_views_are_compared_as_they_are_shown_one_after_the_other():
    """A long way is as hard as its hardest step, not as its ends, which nobody compares."""
    given_ = ROLLOUTS["long-way"]
    steps = {(0, 5): Covisibility(900.0, 0.0, 0.0), (2, 3): Covisibility(12.0, 0.3, 0.2)}
    found = replace(given_, covisibility={**given_.covisibility, **steps})
    (whole,) = (one for one in facts("A3", found) if one.steps == 5)
    assert (whole.displacement_px, whole.overlap) == (12.0, 0.2)


def test_the_view_that_d2_hides_counts_as_a_neighbor():
    seen = {0: sighting(100), 1: sighting(300, share=0.5)}
    views = {(0, 1): Covisibility(200.0, 0.4, 0.7)}
    cup = rollout(Move("left", 0.5), tracks=(Track(5, "cup", seen),), covisibility=views)
    assert facts("D2", cup) == [DifficultyFacts(200.0, 576, 0.4, 1, 0.5, 0, asks_motion=False)]


def test_what_is_gone_is_as_hard_as_it_was_to_see_before():
    gone = rollout(Move("left", 0.5), tracks=(track(5, "cup", 100, share=0.8),))
    assert facts("D2", gone)[0].visible_share == pytest.approx(0.8)


def test_others_of_the_label_count_where_they_are_shown():
    chairs = [track(1, "chair", 100, 300), track(2, "chair", 300, None, y=400.0)]
    later, lamp = track(3, "chair", None, 20), track(4, "lamp", 50, 60)
    given_ = rollout(Move("left", 0.5), tracks=(*chairs, later, lamp))
    by_label = {record.object.label: one for record, one in pairs("D1", given_)}
    assert by_label["chair"].distractors == 2
    alone = {record.object.track_id: one for record, one in pairs("D2", given_)}
    assert alone[1].distractors == 1


def pairs(name, given_):
    return zip(records(name, given_), facts(name, given_), strict=True)
