import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.action import Move, Turn
from builder.core.pose import start_from_end_of
from builder.core.protocol import SUBSETS
from builder.core.sampling import action_of
from builder.core.trajectory import cut_into_steps
from builder.language.canonical import canonical
from builder.language.grammar import say

tenths = st.integers(1, 40).map(lambda tenth: tenth / 10)
moves = st.builds(Move, st.sampled_from(["forward", "backward", "left", "right"]), tenths)
turns = st.builds(Turn, st.sampled_from(["left", "right"]), tenths.map(lambda tenth: tenth * 20))


@pytest.mark.parametrize("subset", SUBSETS)
def test_every_amount_of_every_grid_survives_being_cut_into_steps(subset):
    protocol = SUBSETS[subset].protocol
    for kind, grid in protocol.singles.items():
        for amount in grid.values():
            action = action_of(kind, amount)
            assert say(canonical(cut_into_steps(action, protocol))) == say([action])


def test_a_tenth_of_a_meter_over_eight_frames_keeps_its_label():
    steps = [Move("forward", 0.1 / 7)] * 7
    assert say(canonical(steps)) == "move forward 0.1 meters"


def test_what_cancels_lets_its_neighbors_meet():
    there_and_back = [Move("forward", 1), Turn("left", 10), Turn("right", 10), Move("backward", 3)]
    assert canonical(there_and_back) == (Move("backward", 2.0),)


def test_a_motion_that_comes_to_nothing_is_no_action():
    assert canonical([Move("left", 0.3), Move("right", 0.3)]) == ()


@given(st.lists(moves | turns, max_size=8))
def test_the_camera_ends_at_the_same_pose_and_no_two_neighbors_share_an_axis(steps):
    whole = canonical(steps)
    assert all(one.axis != other.axis for one, other in zip(whole, whole[1:], strict=False))
    gap = start_from_end_of(steps).matrix() - start_from_end_of(whole).matrix()
    assert abs(gap).max() < 1e-6
