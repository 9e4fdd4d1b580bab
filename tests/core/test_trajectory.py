"""The teachers' schedules: how actions are cut, padded and counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from builder.core.action import Move, Turn, amount_of
from builder.core.pose import start_from_end_of
from builder.core.protocol import HY_WORLDPLAY, SUBSETS, SVC
from builder.core.sampling import action_of
from builder.core.trajectory import cut_into_steps, unroll

PROTOCOLS = pytest.mark.parametrize("protocol", [SVC, HY_WORLDPLAY], ids=["svc", "hy"])
kinds = st.sampled_from(list(SVC.singles))
sequences = st.lists(
    st.builds(
        lambda kind, share: action_of(kind, round(share * (6 if "move" in kind else 100), 3)),
        kinds,
        st.floats(0.001, 1),
    ),
    min_size=1,
    max_size=4,
)


@pytest.mark.parametrize(
    ("action", "frames"),
    [
        (Move("forward", 0.1), 8),
        (Move("left", 1.4), 8),
        (Move("forward", 2.0), 11),
        (Move("backward", 3.5), 19),
        (Move("forward", 6.0), 31),
        (Turn("left", 30.0), 8),
        (Turn("right", 40.0), 9),
        (Turn("left", 100.0), 21),
    ],
    ids=repr,
)
def test_svc_spends_as_many_frames_as_its_step_limits_ask(action, frames):
    assert unroll([action], SVC).video_frames == frames


@pytest.mark.parametrize(
    ("action", "latents", "poses"),
    [
        (Move("forward", 0.2), 3, 4),
        (Move("forward", 0.5), 7, 8),
        (Move("left", 1.0), 13, 16),
        (Turn("left", 10.0), 4, 8),
        (Turn("right", 30.0), 10, 12),
        (Turn("right", 40.0), 14, 16),
    ],
    ids=repr,
)
def test_hy_cuts_latents_and_pads_to_fours(action, latents, poses):
    trajectory = unroll([action], HY_WORLDPLAY)
    assert len(cut_into_steps(action, HY_WORLDPLAY)) == latents
    assert len(trajectory.world_from_camera) == poses
    assert trajectory.video_frames == 4 * poses - 3
    assert trajectory.frame_of(trajectory.keyframes[-1]) == 4 * latents


def test_hy_ends_an_action_with_the_remainder():
    steps = cut_into_steps(Move("forward", 0.5), HY_WORLDPLAY)
    assert [step.distance_m for step in steps] == [0.08] * 6 + [0.02]


def test_a_hold_stays_where_the_last_action_ended():
    trajectory = unroll([Turn("left", 10.0)], HY_WORLDPLAY)
    assert trajectory.steps[5:] == (None, None, None)
    assert_allclose(
        trajectory.world_from_camera[-1].matrix(), trajectory.world_from_camera[4].matrix()
    )


def test_a_small_motion_keeps_its_size():
    end = unroll([Move("forward", 0.1)], SVC).world_from_camera[-1]
    assert end.translation_m.tolist() == [0.0, 0.0, 0.1]


@PROTOCOLS
@given(sequences)
def test_the_last_key_pose_is_the_product_of_the_actions(protocol, actions):
    trajectory = unroll(actions, protocol)
    assert len(trajectory.keyframes) == len(actions) + 1
    assert_allclose(
        trajectory.world_from_camera[trajectory.keyframes[-1]].matrix(),
        start_from_end_of(actions).matrix(),
        atol=1e-9,
    )


@PROTOCOLS
@given(sequences)
def test_steps_are_within_the_limits_and_add_up(protocol, actions):
    for action in actions:
        steps = cut_into_steps(action, protocol)
        limit = protocol.max_step_m if isinstance(action, Move) else protocol.max_step_deg
        assert max(map(amount_of, steps)) <= limit + 1e-9
        assert sum(map(amount_of, steps)) == pytest.approx(amount_of(action))


@PROTOCOLS
@given(sequences)
def test_each_step_leads_from_the_pose_before_to_its_own(protocol, actions):
    trajectory = unroll(actions, protocol)
    poses = trajectory.world_from_camera
    for before, after, step in zip(poses, poses[1:], trajectory.steps[1:], strict=False):
        walked = before @ start_from_end_of([step] if step else [])
        assert_allclose(walked.matrix(), after.matrix(), atol=1e-7)


def test_every_subset_has_a_folder_of_its_own_and_a_known_teacher():
    assert len({subset.folder for subset in SUBSETS.values()}) == len(SUBSETS) == 4
    assert all(name.startswith(subset.teacher) for name, subset in SUBSETS.items())
