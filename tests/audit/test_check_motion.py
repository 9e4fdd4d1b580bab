"""Two motions are compared in plain numbers; the poses say the same."""

from hypothesis import given
from hypothesis import strategies as st

from builder.audit.motion import _end_of, difference, difference_of
from builder.core.action import Move, Turn
from builder.core.pose import start_from_end_of

AMOUNTS = st.integers(1, 60).map(lambda tenths: tenths / 10)
ACTIONS = st.one_of(
    st.builds(Move, st.sampled_from(["forward", "backward", "left", "right"]), AMOUNTS),
    st.builds(Turn, st.sampled_from(["left", "right"]), AMOUNTS.map(lambda amount: amount * 20)),
)
SEQUENCES = st.lists(ACTIONS, min_size=1, max_size=6).map(tuple)


@given(SEQUENCES, SEQUENCES)
def test_the_same_is_said_of_two_motions_as_of_their_poses(said, done):
    by_pose = difference(start_from_end_of(said), start_from_end_of(done))
    assert bool(difference_of(said, done)) is bool(by_pose)


@given(SEQUENCES)
def test_the_end_is_where_the_pose_is(actions):
    x_m, z_m, _ = _end_of(actions)
    pose = start_from_end_of(actions)
    assert max(abs(pose.translation_m - [x_m, 0, z_m])) < 1e-9


def test_a_left_turn_then_forward_leads_left_and_the_other_order_does_not():
    turned = (Turn("left", 90.0), Move("forward", 2.0))
    x_m, z_m, yaw_deg = _end_of(turned)
    assert (round(x_m, 9), round(z_m, 9), yaw_deg) == (-2.0, 0.0, -90.0)
    assert difference_of(turned, turned[::-1]) == "2.828 m and 0.00 degrees apart"
