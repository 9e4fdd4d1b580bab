"""What counts as right, held against every sequence that there is, by the poses they end at.

Nothing of `builder.tasks` is used to find them: positions and yaws are added up action by action
over the whole grid, and compared as DESIGN says: 1 mm and 0.01 degrees.
"""

import functools
import itertools

import numpy as np
import pytest

from builder.core.action import Move, Turn, kind_of
from builder.core.pose import start_from_end_of
from builder.core.protocol import HY_WORLDPLAY, SVC
from builder.core.sampling import action_of
from builder.language.grammar import say
from builder.tasks._ambiguity import accepted, grids_of
from builder.tasks._pairs import same_pose

SUBSET = {"svc": "svc-simulated", "hy-worldplay": "hy-worldplay-simulated"}
PROTOCOL = {"svc": SVC, "hy-worldplay": HY_WORLDPLAY}
ALL = 10**6
AHEAD = {"forward": (0, 1), "backward": (0, -1), "left": (-1, 0), "right": (1, 0)}
either_teacher = pytest.mark.parametrize("teacher", SUBSET)


@functools.cache
def actions_of(teacher):
    """Every action a teacher may take: from a grid's first step to the largest amount anywhere."""
    most = {kind: grid.high for kind, grid in PROTOCOL[teacher].singles.items()}
    for preset in PROTOCOL[teacher].presets:
        for kind, grid in preset.steps:
            most[kind] = max(most[kind], grid.high)
    steps = {kind: 10 if kind.startswith("turn") else 0.1 for kind in most}
    return [
        action_of(kind, round(count * steps[kind], 6))
        for kind in most
        for count in range(1, round(most[kind] / steps[kind]) + 1)
    ]


def after(x_m, z_m, yaw_deg, action):
    """Where the camera stands after one more action: arrays (or numbers) in, arrays out."""
    if isinstance(action, Turn):
        return (
            x_m,
            z_m,
            yaw_deg + (action.angle_deg if action.direction == "right" else -action.angle_deg),
        )
    right, ahead = AHEAD[action.direction]
    yaw = np.radians(yaw_deg)
    moved_x = (np.cos(yaw) * right + np.sin(yaw) * ahead) * action.distance_m
    moved_z = (-np.sin(yaw) * right + np.cos(yaw) * ahead) * action.distance_m
    return x_m + moved_x, z_m + moved_z, yaw_deg


def end_of(steps):
    end = (0.0, 0.0, 0.0)
    for action in steps:
        end = after(*end, action)
    return end


def near(ends, end):
    x_m, z_m, yaw_deg = ends
    turned = np.abs((yaw_deg - end[2] + 180) % 360 - 180)
    return (np.hypot(x_m - end[0], z_m - end[1]) <= 0.001) & (turned <= 0.01)


@functools.cache
def sequences(teacher, length):
    """(rows of action numbers, x, z, yaw) of all sequences without neighbors on one axis."""
    actions = actions_of(teacher)
    if length == 0:
        return np.zeros((1, 0), np.int32), np.zeros(1), np.zeros(1), np.zeros(1)
    rows, x_m, z_m, yaw_deg = sequences(teacher, length - 1)
    axes = np.array([ord(action.axis[0]) for action in actions])
    parts = []
    for number, action in enumerate(actions):
        free = axes[rows[:, -1]] != axes[number] if length > 1 else np.ones(1, bool)
        end = np.broadcast_arrays(*after(x_m[free], z_m[free], yaw_deg[free], action))
        parts.append((np.c_[rows[free], np.full(free.sum(), number)], *end))
    return tuple(np.concatenate(part) for part in zip(*parts, strict=True))


def by_comparing_all_poses(teacher, steps):
    """Every sequence of the same length whose end is the end of `steps`."""
    actions, end = actions_of(teacher), end_of(steps)
    rows, *ends = sequences(teacher, min(len(steps), 2))
    if len(steps) < 3:
        return {say([actions[i] for i in row]) for row in rows[near(ends, end)]}
    found = set()
    for last in actions:  # three actions of SVC are millions: one last a time
        hits = np.flatnonzero(near(after(*ends, last), end))
        for row in rows[hits]:
            if actions[row[-1]].axis != last.axis:
                found.add(say([*(actions[i] for i in row), last]))
    return found


def accepted_texts(teacher, steps):
    return {say(one) for one in accepted(tuple(steps), grids_of(SUBSET[teacher]), ALL)}


def sampled(teacher, length, count, seed=3):
    rng, actions = np.random.default_rng(seed), actions_of(teacher)
    while count:
        kinds = sorted({kind_of(action) for action in actions})
        steps = []
        for kind in rng.choice(kinds, length):
            steps.append(rng.choice([one for one in actions if kind_of(one) == kind]))
        if all(one.axis != two.axis for one, two in itertools.pairwise(steps)):
            yield tuple(steps)
            count -= 1


def test_the_poses_added_up_here_are_those_of_the_core():
    for steps in sampled("svc", 3, 50):
        pose, (x_m, z_m, yaw_deg) = start_from_end_of(steps), end_of(steps)
        assert pose.translation_m == pytest.approx([x_m, 0, z_m])
        assert np.cos(np.radians(pose.yaw_deg - yaw_deg)) == pytest.approx(1)


@either_teacher
def test_no_two_single_actions_end_alike_so_neighboring_views_determine_each_step(teacher):
    """Hence A1, A2, and A3 where every view is shown, have one right answer each.

    A sequence is right for views shown after each action just when each of its actions leads from
    one view to the next, whatever the length: so what holds for one action holds for 4 to 6.
    """
    for action in actions_of(teacher):
        assert by_comparing_all_poses(teacher, [action]) == {say([action])}
        assert accepted((action,), grids_of(SUBSET[teacher]), ALL) == ((action,),)


@either_teacher
def test_one_action_is_never_explained_by_two_so_d3_need_not_tell_how_many_there_were(teacher):
    _, *ends = sequences(teacher, 2)
    for action in actions_of(teacher):
        assert not near(ends, end_of([action])).any()


def test_long_sequences_shown_view_by_view_have_no_other_that_passes_through_the_same_views():
    actions = list(actions_of("hy-worldplay"))
    for length in (4, 5, 6):
        for steps in sampled("hy-worldplay", length, 6):
            fits = 1
            for at in range(length):
                before, then = start_from_end_of(steps[:at]), start_from_end_of(steps[: at + 1])
                fits *= sum(
                    same_pose(before @ start_from_end_of([other]), then) for other in actions
                )
            assert fits == 1


@either_teacher
def test_two_actions_accept_what_ends_at_the_same_pose_and_nothing_else(teacher):
    for steps in sampled(teacher, 2, 40):
        assert accepted_texts(teacher, steps) == by_comparing_all_poses(teacher, steps)


@pytest.mark.parametrize(("teacher", "count"), [("svc", 2), ("hy-worldplay", 60)])
def test_three_actions_accept_what_ends_at_the_same_pose_and_nothing_else(teacher, count):
    for steps in sampled(teacher, 3, count):
        assert accepted_texts(teacher, steps) == by_comparing_all_poses(teacher, steps)


RIGHT_ANGLES = (
    (Move("forward", 1.0), Turn("right", 90.0)),
    (Turn("left", 100.0), Move("forward", 1.0), Turn("left", 90.0)),
    (Move("left", 0.3), Move("forward", 0.5), Turn("right", 20.0)),
    (Turn("left", 60.0), Move("forward", 1.0), Turn("right", 60.0)),
)


@pytest.mark.parametrize("steps", RIGHT_ANGLES, ids=map(say, RIGHT_ANGLES))
def test_turns_that_make_one_axis_the_other_accept_it_too(steps):
    assert accepted_texts("svc", steps) == by_comparing_all_poses("svc", steps)


@pytest.mark.slow
@either_teacher
def test_all_sequences_of_two_actions(teacher):
    actions = actions_of(teacher)
    for row in sequences(teacher, 2)[0]:
        steps = [actions[i] for i in row]
        assert accepted_texts(teacher, steps) == by_comparing_all_poses(teacher, steps)


@pytest.mark.slow
def test_all_sequences_of_three_actions_of_the_smaller_grid():
    """Grouped by a tree over end poses: which are within a millimetre and 0.01 degrees."""
    from scipy.spatial import cKDTree

    actions = actions_of("hy-worldplay")
    rows, x_m, z_m, yaw_deg = sequences("hy-worldplay", 3)
    texts = [say([actions[i] for i in row]) for row in rows]
    yaw = np.radians(yaw_deg)
    # 0.01 degrees on a circle of 5.73 m is a millimetre; the neighbors found are compared exactly.
    radius_m = 0.001 / np.radians(0.01)
    tree = cKDTree(np.c_[x_m, z_m, radius_m * np.cos(yaw), radius_m * np.sin(yaw)])
    for at, close in enumerate(tree.query_ball_point(tree.data, 0.0021)):
        ids = np.array(close)
        same = ids[near((x_m[ids], z_m[ids], yaw_deg[ids]), (x_m[at], z_m[at], yaw_deg[at]))]
        steps = [actions[i] for i in rows[at]]
        assert accepted_texts("hy-worldplay", steps) == {texts[i] for i in same}
