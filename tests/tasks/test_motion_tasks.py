"""A1 to A4 by worked examples: what is asked, what is not, and why."""

from dataclasses import replace

import numpy as np
import pytest

from builder.config import Gates
from builder.core.action import Move, Turn
from builder.core.covisibility import Covisibility
from builder.core.drop import Drop
from builder.core.errors import GeometryError
from builder.core.pose import Pose, start_from_end_of
from builder.core.record import Record
from builder.core.view import ViewQuality
from builder.language.grammar import hear
from builder.tasks import task_named
from builder.tasks._pairs import same_pose
from examples import ROLLOUTS, rollout

PRESET = (Move("left", 0.3), Move("forward", 0.5), Turn("right", 20.0))


def ask(name, given, seed=7, gates=None):
    return list(task_named(name).records(given, seed, gates or Gates()))


def answers(name, given, seed=7):
    return [item.answer for item in ask(name, given, seed) if isinstance(item, Record)]


def reasons(name, given, seed=7):
    return {item.reason for item in ask(name, given, seed) if isinstance(item, Drop)}


def test_each_single_step_of_a_preset_is_asked_about_in_its_own_axes():
    given = ROLLOUTS["three-steps"]
    assert answers("A1", given) == ["move left 0.3 meters", "move forward 0.5 meters"]
    assert answers("A2", given) == ["turn right 20 degrees"]


def test_a_pair_that_does_not_begin_at_the_start_is_asked_about_too():
    _, second = ask("A1", ROLLOUTS["three-steps"])
    assert second.frame_indices == (1, 2)
    assert second.record_id.endswith("/A1/3")


def test_a_left_turn_is_called_left_and_the_scene_moves_right():
    given = rollout(Turn("left", 30.0))
    ahead = given.motion_between(0, 1).inverse().apply([0.0, 0.0, 5.0])
    assert ahead[0] > 0
    assert answers("A2", given) == ["turn left 30 degrees"]


def test_a_teacher_that_turns_the_other_way_is_found_before_it_becomes_a_label():
    mirrored = (Pose.identity(), Pose.from_yaw(+30.0))
    given = replace(rollout(Turn("left", 30.0)), world_from_camera=mirrored)
    with pytest.raises(GeometryError, match=r"yaw \+30\.000 instead of -30\.000 degrees"):
        ask("A2", given)


def test_two_moves_on_one_axis_are_one_move():
    assert answers("A1", rollout(Move("left", 0.2), Move("left", 0.3)))[1] == "move left 0.5 meters"


def test_there_and_back_is_no_question():
    given = rollout(Move("left", 0.2), Move("right", 0.2))
    assert answers("A1", given) == ["move left 0.2 meters", "move right 0.2 meters"]


def test_the_smallest_move_is_asked_about():
    assert answers("A1", ROLLOUTS["small-move"]) == ["move left 0.1 meters"]


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (Covisibility(3.99, 0.5, 0.5), "imperceptible"),
        (Covisibility(40.0, 0.14, 0.9), "little-overlap"),
        (Covisibility(40.0, 0.9, 0.14), "little-overlap"),
        (Covisibility(4.0, 0.15, 0.15), None),
    ],
)
def test_a_motion_must_be_seen_to_be_asked_about(found, reason):
    given = rollout(Move("left", 0.1), covisibility={(0, 1): found})
    assert reasons("A1", given) == ({reason} if reason else set())


def test_the_least_displacement_scales_with_the_short_side_of_the_frame():
    found = {(0, 1): Covisibility(3.5, 0.5, 0.5)}
    hy = rollout(Move("left", 0.2), subset="hy-worldplay-real", covisibility=found)
    svc = rollout(Move("left", 0.2), covisibility=found)
    assert reasons("A1", hy) == set()  # 4 px of 576 are 3.33 px of 480
    assert reasons("A1", svc) == {"imperceptible"}


@pytest.mark.parametrize("frame", [0, 1])
@pytest.mark.parametrize(
    ("quality", "reason"),
    [
        (ViewQuality(seen=0.79), "too-little-seen"),
        (ViewQuality(holes=0.13), "holes"),
        (ViewQuality(border=0.06), "unseen-border"),
        (ViewQuality(enlargement=3.1), "enlarged"),
        (ViewQuality(0.80, 0.12, 0.05, 3.0), None),
    ],
)
def test_a_shown_view_must_have_been_seen(frame, quality, reason):
    given = rollout(Move("left", 0.1), subset="svc-real", quality={frame: quality})
    assert reasons("A1", given) == ({reason} if reason else set())


def test_without_depth_no_pair_is_shown():
    given = replace(ROLLOUTS["one-move"], covisibility={})
    assert reasons("A1", given) == {"depth-unknown"}


def short_pairs(given, seed):
    a3 = {item.frame_indices for item in ask("A3", given, seed) if isinstance(item, Record)}
    a4 = {item.frame_indices for item in ask("A4", given, seed) if isinstance(item, Record)}
    return a3, a4


def test_a3_and_a4_share_the_pairs_and_none_gets_both():
    met = [short_pairs(ROLLOUTS["three-steps"], seed) for seed in range(30)]
    assert all(not a3 & a4 for a3, a4 in met)
    assert all(a3 | a4 == {(0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)} for a3, a4 in met)
    assert {pair for a3, _ in met for pair in a3} == {(0, 2), (0, 3), (1, 3)}
    assert {(0, 1), (0, 2), (0, 3)} <= {pair for _, a4 in met for pair in a4}


def test_a3_accepts_every_order_that_ends_at_the_same_view():
    found = [item for seed in range(9) for item in ask("A3", rollout(*PRESET[:2]), seed)]
    assert found
    for record in found:
        assert record.accepted == (
            "move left 0.3 meters; move forward 0.5 meters",
            "move forward 0.5 meters; move left 0.3 meters",
        )
        assert "2 " in record.messages[0].content


def test_a3_does_not_ask_what_too_many_sequences_answer():
    steps = (Move("left", 0.3), Move("forward", 0.5), Move("left", 0.2))
    met = {reason for seed in range(9) for reason in reasons("A3", rollout(*steps), seed)}
    assert met == {"ambiguous"}


def test_a_long_way_shows_every_view_and_is_determined_step_by_step():
    longest = [
        item
        for item in ask("A3", ROLLOUTS["long-way"])
        if isinstance(item, Record) and len(item.images) > 2
    ]
    assert [record.frame_indices for record in longest] == [
        (0, 1, 2, 3, 4),
        (0, 1, 2, 3, 4, 5),
        (1, 2, 3, 4, 5),
    ]
    for record in longest:
        assert len(record.accepted) == 1
        assert len(hear(record.answer)) == len(record.images) - 1
        assert "order" in record.messages[0].content or "follow" in record.messages[0].content


def test_one_step_of_a_long_way_that_cannot_be_seen_spoils_it():
    given = ROLLOUTS["long-way"]
    covisibility = dict(given.covisibility) | {(2, 3): Covisibility(1.0, 0.9, 0.9)}
    spoiled = [
        item
        for item in ask("A3", replace(given, covisibility=covisibility))
        if isinstance(item, Record) and len(item.images) > 2
    ]
    assert spoiled == []


def test_little_overlap_from_end_to_end_does_not_spoil_a_long_way():
    given = ROLLOUTS["long-way"]
    covisibility = dict(given.covisibility) | {(0, 5): Covisibility(300.0, 0.0, 0.0)}
    found = ask("A3", replace(given, covisibility=covisibility))
    assert any(isinstance(item, Record) and len(item.images) == 6 for item in found)


def test_steps_on_one_axis_are_no_steps_of_a_long_way():
    steps = (Move("left", 0.2), Move("left", 0.2), Turn("left", 10.0), Move("forward", 0.2))
    steps = (*steps, Turn("right", 30.0))
    assert "repeated-axis" in reasons("A3", rollout(*steps, subset="hy-worldplay-simulated"))


def claims(given, seeds=range(40)):
    for seed in seeds:
        for item in ask("A4", given, seed):
            if isinstance(item, Record):
                yield given, item


def all_claims():
    for name in ("one-move", "small-move", "one-turn", "two-steps", "three-steps", "long-way"):
        yield from claims(ROLLOUTS[name], range(12))


def test_a_claim_is_true_just_when_it_ends_at_the_second_view():
    verdicts = set()
    for given, record in all_claims():
        first, last = record.frame_indices
        end = start_from_end_of(hear(record.claim))
        assert (record.answer == "true") == same_pose(end, given.motion_between(first, last))
        assert record.claim in record.messages[0].content
        verdicts.add(record.answer)
    assert verdicts == {"true", "false"}


def test_single_actions_are_claimed_too_and_either_answer_occurs_for_the_smallest():
    found = {record.answer for _, record in claims(ROLLOUTS["small-move"])}
    assert found == {"true", "false"}


def test_a_pair_that_allows_no_false_claim_is_not_asked_as_a_true_one():
    blind = replace(ROLLOUTS["one-move"], depth_grids_m=(np.full((24, 24), 1e6, np.float32),) * 2)
    met = {reason for seed in range(4) for reason in reasons("A4", blind, seed)}
    assert met == {"no-false-claim"}
    assert not list(claims(blind, range(4)))


def test_a_motion_off_the_grid_is_not_claimed():
    assert reasons("A4", rollout(Move("right", 0.193))) == {"off-grid"}


def test_without_depth_nothing_is_claimed():
    assert reasons("A4", replace(ROLLOUTS["one-move"], depth_grids_m=())) == {"depth-unknown"}
