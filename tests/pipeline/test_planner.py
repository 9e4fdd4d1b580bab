"""Which trajectories are planned: balanced, different, and never telling by the crop."""

from collections import Counter

import pytest
from pipeline._toy import ToyWorld, toy_scene

from builder.config import Sampling
from builder.core.action import Move, Turn, amount_of, kind_of
from builder.core.drop import Drop
from builder.core.protocol import SUBSETS
from builder.core.sampling import Used
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
    found = [actions for _, actions in described(plans(LONG, sampling=sampling, wanted=32))]
    singles = Counter(kind_of(actions[0]) for actions in found if len(actions) == 1)
    assert len(singles) == 6
    assert singles.total() == 16
    lengths = Counter(len(actions) for actions in found if len(actions) > 3)
    assert max(lengths.values()) - min(lengths.values()) <= 1
    assert sorted(lengths) == [4, 5, 6]


@pytest.mark.parametrize("name", list(SUBSETS))
def test_single_actions_make_up_for_what_patterns_lack(name):
    """SVC's patterns never go backward or right, and turn right twice as often as left."""
    subset = SUBSETS[name]
    scene = toy_scene(scene_type=subset.scene_type)
    found = [plan.actions for plan in plans(subset, scene, wanted=32) if isinstance(plan, Planned)]
    alone, in_patterns = Counter(), Counter()
    for actions in found:
        (alone if len(actions) == 1 else in_patterns).update(kind_of(one) for one in actions)
    assert len(alone) == 6
    for verb in ("move", "turn"):
        kinds = [kind for kind in alone if kind.startswith(verb)]
        rare = min(kinds, key=in_patterns.__getitem__)
        common = max(kinds, key=in_patterns.__getitem__)
        if in_patterns[common] > in_patterns[rare] + 4:
            assert alone[rare] >= alone[common]
        whole = [alone[kind] + in_patterns[kind] for kind in (rare, common)]
        assert whole[1] - whole[0] <= max(2, in_patterns[common] - in_patterns[rare])


def test_the_anchors_of_a_place_share_what_was_used_but_not_what_was_taken():
    scene, used = toy_scene(), Used()
    sampling = Sampling(presets=0.0, long=0.0)
    for anchor in scene.world.anchors(SVC, 3):
        list(plan_anchor(scene, SVC, anchor, sampling, (24, 0), used))
    angles = [
        used.counts["turn left", angle] for angle in SVC.protocol.singles["turn left"].values()
    ]
    assert sum(angles) >= 12
    assert max(angles) - min(angles) <= 1
    assert not used.taken


def test_in_a_photograph_what_fits_a_preset_is_found_however_narrow_it_is():
    """Only a move of 0.8 m makes a turn possible; of 10 x 5 amounts one fits."""

    class Narrow(ToyWorld):
        def refusal(self, anchor, trajectory):
            amounts = [amount_of(action) for action in trajectory.actions]
            turned = sum(isinstance(action, Turn) for action in trajectory.actions)
            return None if not turned or amounts in ([0.8, 10.0],) else "too-little-seen"

    toy = toy_scene(scene_type="real")
    scene = type(toy)("toy", "real", "CC0-1.0", "", "", toy.objects, Narrow(toy.world.objects))
    sampling = Sampling(singles=0.1, presets=0.9)
    found = [actions for _, actions in described(plans(SUBSETS["svc-real"], scene, sampling, 12))]
    assert (Move("forward", 0.8), Turn("left", 10.0)) in found


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
