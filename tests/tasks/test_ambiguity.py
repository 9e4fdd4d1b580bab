import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.action import Move, Turn
from builder.core.pose import start_from_end_of
from builder.core.protocol import degrees, meters
from builder.core.sampling import action_of
from builder.language.grammar import say
from builder.tasks._ambiguity import accepted, grids_of
from builder.tasks._pairs import same_pose

ALL = 10**6
SMALL = (
    ("move forward", meters(0.1, 0.4)),
    ("move backward", meters(0.1, 0.2)),
    ("move left", meters(0.1, 0.3)),
    ("move right", meters(0.1, 0.3)),
    ("turn left", degrees(30, 90)),
    ("turn right", degrees(10, 30)),
)
ACTIONS = [action_of(kind, amount) for kind, grid in SMALL for amount in grid.values()]
FREE = [
    [
        steps
        for steps in itertools.product(ACTIONS, repeat=length)
        if all(one.axis != other.axis for one, other in itertools.pairwise(steps))
    ]
    for length in (1, 2, 3)
]


def by_brute_force(actions):
    end = start_from_end_of(actions)
    return {
        say(steps) for steps in FREE[len(actions) - 1] if same_pose(start_from_end_of(steps), end)
    }


@pytest.mark.parametrize("length", [1, 2])
def test_short_sequences_are_those_that_brute_force_finds(length):
    for steps in FREE[length - 1][:: 1 if length == 1 else 23]:
        assert set(map(say, accepted(steps, SMALL, ALL))) == by_brute_force(steps)


THREE = (
    (Move("left", 0.1), Move("forward", 0.3), Turn("right", 20.0)),
    (Move("left", 0.1), Move("forward", 0.2), Move("right", 0.3)),
    (Turn("left", 90.0), Move("forward", 0.2), Turn("right", 30.0)),
)


@pytest.mark.parametrize("steps", THREE, ids=map(say, THREE))
def test_sequences_of_three_are_those_that_brute_force_finds(steps):
    assert set(map(say, accepted(steps, SMALL, ALL))) == by_brute_force(steps)


@given(st.integers(1, 3).flatmap(lambda length: st.sampled_from(FREE[length - 1])))
def test_all_that_is_accepted_ends_where_the_truth_ends_and_the_truth_comes_first(steps):
    found = accepted(steps, SMALL, ALL)
    assert found[0] == steps
    assert len(set(map(say, found))) == len(found)
    end = start_from_end_of(steps)
    for other in found:
        assert len(other) == len(steps)
        assert same_pose(start_from_end_of(other), end)
        assert all(one.axis != two.axis for one, two in itertools.pairwise(other))


def test_two_moves_can_be_done_in_either_order():
    steps = (Move("left", 0.3), Move("forward", 0.5))
    both = ["move left 0.3 meters; move forward 0.5 meters"]
    both.append("move forward 0.5 meters; move left 0.3 meters")
    assert list(map(say, accepted(steps, grids_of("svc-real"), 6))) == both


def test_after_a_right_angle_forward_has_become_left():
    steps = (Move("forward", 1.0), Turn("right", 90.0))
    texts = list(map(say, accepted(steps, grids_of("svc-real"), 6)))
    assert texts[1:] == ["turn right 90 degrees; move left 1 meters"]


def test_turns_that_add_up_to_more_than_half_a_circle_meet_those_the_other_way_round():
    steps = (Turn("left", 100.0), Move("forward", 1.0), Turn("left", 90.0))
    texts = list(map(say, accepted(steps, grids_of("svc-real"), 6)))
    assert "turn right 80 degrees; move backward 1 meters; turn right 90 degrees" in texts


def test_there_and_across_and_there_again_is_too_ambiguous_to_ask():
    steps = (Move("left", 0.3), Move("forward", 0.5), Move("left", 0.2))
    assert len(accepted(steps, grids_of("hy-worldplay-simulated"), 6)) > 6


def test_a_truth_off_the_grid_is_still_the_first_answer():
    steps = (Move("forward", 0.193), Turn("left", 7.5))
    assert accepted(steps, grids_of("svc-real"), 6) == (steps,)


@pytest.mark.parametrize(
    ("subset", "kind", "low", "high"),
    [
        ("svc-real", "move left", 0.1, 6.0),
        ("svc-simulated", "turn right", 10, 100),
        ("hy-worldplay-real", "move forward", 0.1, 1.0),
        ("hy-worldplay-simulated", "move right", 0.1, 0.8),
        ("hy-worldplay-simulated", "turn left", 10, 40),
    ],
)
def test_a_kind_ranges_from_the_first_step_to_its_largest_amount(subset, kind, low, high):
    grid = dict(grids_of(subset))[kind]
    assert (grid.low, grid.high) == (low, high)
