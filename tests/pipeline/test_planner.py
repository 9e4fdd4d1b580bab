"""Which trajectories are planned: balanced, different, and never telling by the crop."""

from collections import Counter

import pytest
from pipeline._toy import ToyWorld, toy_scene

from builder.config import Sampling
from builder.core.action import Move, Turn, amount_of, kind_of
from builder.core.drop import Drop
from builder.core.protocol import SUBSETS
from builder.pipeline.planner import Planned, cut_grids, mirrored, plan_anchor

SVC, LONG = SUBSETS["svc-simulated"], SUBSETS["hy-worldplay-simulated"]


def plans(subset=SVC, scene=None, sampling=None, wanted=12, seed=0):
    scene = scene or toy_scene()
    anchor = scene.world.anchors(subset, 1)[0]
    return list(plan_anchor(scene, subset, anchor, sampling or Sampling(), (wanted, seed)))


def described(found):
    return [(plan.trajectory_id, plan.actions) for plan in found if isinstance(plan, Planned)]


def test_the_same_seed_plans_the_same_and_another_seed_something_else():
    assert described(plans()) == described(plans())
    assert described(plans()) != described(plans(seed=1))


def test_no_two_trajectories_of_an_anchor_are_alike_and_every_id_is_its_own():
    found = described(plans(wanted=60))
    assert len({name for name, _ in found}) == len({actions for _, actions in found}) == len(found)


def test_a_longer_plan_begins_as_the_shorter_one():
    assert described(plans(wanted=20))[:8] == described(plans(wanted=8))


def test_kinds_patterns_and_lengths_take_turns():
    sampling = Sampling(singles=0.5, presets=0.25, long=0.25)
    found = [plan.actions for plan in plans(LONG, sampling=sampling, wanted=24)]
    singles = Counter(kind_of(actions[0]) for actions in found if len(actions) == 1)
    assert set(singles.values()) == {2}
    assert len(singles) == 6
    assert sorted(len(actions) for actions in found if len(actions) > 3) == [4, 4, 5, 5, 6, 6]


def test_long_sequences_are_only_sampled_where_the_subset_has_them():
    sampling = Sampling(singles=0.2, presets=0.2, long=0.6)
    assert max(len(actions) for _, actions in described(plans(SVC, sampling=sampling))) <= 3


def test_a_trajectory_is_named_as_the_paper_names_it_with_its_anchor_in_front():
    names = [name for name, _ in described(plans(wanted=40))]
    assert any(name.startswith("a0_shift_left_") for name in names)
    assert any(name.endswith("_forward_then_turn_left") for name in names)
    assert all(name.startswith("a0_") for name in names)
    assert any(name.startswith("a0_multi_step_00_") for name in names)


def test_what_does_not_fit_is_dropped_with_a_reason():
    class Nowhere(ToyWorld):
        def refusal(self, anchor, trajectory):
            return "leaves-free-space"

    scene = toy_scene()
    nowhere = type(scene)(
        "toy", "simulated", "CC0-1.0", "", "", scene.objects, Nowhere(scene.world.objects)
    )
    found = plans(scene=nowhere, wanted=6)
    assert all(isinstance(drop, Drop) for drop in found)
    assert "no-turn-left-fits" in {drop.reason for drop in found}


class LeftCrop(ToyWorld):
    """A crop at the left edge of a photograph: it sees nothing to the left of itself."""

    def refusal(self, anchor, trajectory):
        kinds = {kind_of(action) for action in trajectory.actions}
        return "beyond-the-photograph" if "turn left" in kinds else None


def test_a_crop_that_can_turn_one_way_only_never_turns():
    toy = toy_scene(scene_type="real")
    scene = type(toy)("toy", "real", "CC0-1.0", "", "", toy.objects, LeftCrop(toy.world.objects))
    found = described(plans(SUBSETS["svc-real"], scene, wanted=30))
    kinds = {kind_of(action) for _, actions in found for action in actions}
    assert "turn right" not in kinds
    assert {"move left", "move right", "move forward", "move backward"} <= kinds


def test_a_mirror_exchanges_left_and_right_only():
    there = (Move("left", 0.3), Move("backward", 0.2), Turn("right", 10.0))
    assert mirrored(there) == (Move("right", 0.3), Move("backward", 0.2), Turn("left", 10.0))
    assert mirrored(mirrored(there)) == there


def test_limits_cut_the_grids_from_above():
    cut = cut_grids(SVC.protocol, Sampling(max_move_m=1.05, max_turn_deg=30.0))
    assert cut.singles["move left"].values()[-1] == 1.0
    assert cut.singles["turn left"].values() == (10.0, 20.0, 30.0)
    assert cut.presets[0].steps[0][1].values() == (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
    found = described(plans(sampling=Sampling(max_move_m=1.05, max_turn_deg=30.0), wanted=30))
    for _, actions in found:
        for action in actions:
            assert amount_of(action) <= (30.0 if isinstance(action, Turn) else 1.05)
    assert cut_grids(SVC.protocol, Sampling()) == SVC.protocol


@pytest.mark.parametrize("name", list(SUBSETS))
def test_every_planned_trajectory_is_allowed_by_the_world(name):
    subset, scene = SUBSETS[name], toy_scene(scene_type=SUBSETS[name].scene_type)
    from builder.core.trajectory import unroll

    for plan in plans(subset, scene, wanted=10):
        if isinstance(plan, Planned):
            assert scene.world.refusal(plan.anchor, unroll(plan.actions, subset.protocol)) is None
