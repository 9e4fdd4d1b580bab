import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.action import amount_of, kind_of
from builder.core.protocol import HY_WORLDPLAY, SVC, Grid
from builder.core.sampling import Used, draw_long, draw_preset, draw_single
from builder.core.seeding import rng_for

PROTOCOLS = pytest.mark.parametrize("protocol", [SVC, HY_WORLDPLAY], ids=["svc", "hy"])


def anything(actions):
    return True


def nothing(actions):
    return False


@given(st.sampled_from([SVC, HY_WORLDPLAY]), st.sampled_from(list(SVC.singles)), st.integers())
def test_a_single_lies_on_its_grid(protocol, kind, seed):
    (action,) = draw_single(kind, protocol, rng_for(seed, "test"), anything)
    assert kind_of(action) == kind
    assert amount_of(action) in protocol.singles[kind].values()


def test_singles_are_drawn_from_what_fits_alone():
    drawn = {
        draw_single("move left", SVC, rng_for(seed), lambda actions: amount_of(actions[0]) <= 0.3)
        for seed in range(60)
    }
    assert {amount_of(actions[0]) for actions in drawn} == {0.1, 0.2, 0.3}


@PROTOCOLS
def test_where_nothing_fits_nothing_is_drawn(protocol):
    rng = rng_for(1)
    assert draw_single("move left", protocol, rng, nothing) is None
    assert draw_preset(protocol.presets[0], protocol, rng, nothing) is None
    assert draw_long(5, protocol, rng, nothing) is None


@PROTOCOLS
def test_presets_keep_their_pattern_and_ranges(protocol):
    for preset in protocol.presets:
        for seed in range(20):
            actions = draw_preset(preset, protocol, rng_for(seed), anything)
            assert [kind_of(action) for action in actions] == [kind for kind, _ in preset.steps]
            for action, (_, grid) in zip(actions, preset.steps, strict=True):
                assert amount_of(action) in grid.values()


def test_a_preset_shrinks_to_fit_a_narrow_place():
    def narrow(actions):
        return all(
            amount_of(action) <= (0.2 if "move" in kind_of(action) else 20) for action in actions
        )

    preset = SVC.presets[2]
    found = [draw_preset(preset, SVC, rng_for(seed), narrow) for seed in range(30)]
    assert sum(actions is not None for actions in found) >= 20


@PROTOCOLS
def test_long_sequences_never_use_one_axis_twice_running(protocol):
    for seed in range(30):
        actions = draw_long(5, protocol, rng_for(seed), anything)
        assert len(actions) == 5
        assert all(a.axis != b.axis for a, b in zip(actions, actions[1:], strict=False))


def test_a_grid_holds_both_its_ends():
    assert Grid(10, 40, 10).values() == (10, 20, 30, 40)
    assert len(Grid(0.1, 6.0, 0.1).values()) == 60


@given(st.integers(1, 60), st.integers(1, 40), st.integers(0, 9))
def test_the_least_used_of_the_amounts_that_fit_is_taken(most, draws, seed):
    """So that, whatever fits, no amount is used a second time before every other once."""
    used = Used()
    for draw in range(draws):
        actions = draw_single(
            "move left",
            SVC,
            rng_for(seed, draw),
            lambda actions: amount_of(actions[0]) <= most / 10 + 1e-9,
            used.elsewhere(),
        )
        used.add(actions)
    counts = [used.counts["move left", value] for value in Grid(0.1, 6.0, 0.1).values()]
    assert sum(counts) == draws
    assert sum(counts[most:]) == 0
    assert max(counts[:most]) - min(counts[:most]) <= 1


def test_few_amounts_lie_far_apart():
    used = Used()
    for draw in range(4):
        used.add(draw_single("move left", SVC, rng_for(draw), anything, used))
    amounts = sorted(amount for _, amount in used.counts)
    assert min(b - a for a, b in zip(amounts, amounts[1:], strict=False)) >= 0.5


@PROTOCOLS
def test_what_was_taken_is_not_drawn_again(protocol):
    used = Used()
    for draw in range(8):
        for preset in protocol.presets:
            actions = draw_preset(preset, protocol, rng_for(draw, preset.name), anything, used)
            assert actions not in used.taken
            used.add(actions)
    kind = "turn left"
    count = len(protocol.singles[kind].values())
    found = [draw_single(kind, protocol, rng_for(n), anything, used) for n in range(count)]
    assert None not in found
    for actions in found:
        used.taken.add(actions)
    left = set(protocol.singles[kind].values()) - {amount_of(actions[0]) for actions in found}
    for _ in left:
        used.taken.add(draw_single(kind, protocol, rng_for(1), anything, used))
    assert draw_single(kind, protocol, rng_for(1), anything, used) is None


def test_a_preset_finds_the_only_amounts_that_fit():
    def narrow(actions):
        amounts = [amount_of(action) for action in actions]
        return all(a == b for a, b in zip(amounts, (0.2, 0.7, 10.0), strict=False))

    actions = draw_preset(SVC.presets[2], SVC, rng_for(3), narrow)
    assert [amount_of(action) for action in actions] == [0.2, 0.7, 10.0]


def test_a_pattern_that_goes_forward_twice_does_not_go_equally_far_both_times():
    preset = next(one for one in HY_WORLDPLAY.presets if len(one.steps) == 3)
    drawn = [draw_preset(preset, HY_WORLDPLAY, rng_for(seed), anything) for seed in range(20)]
    assert all(amount_of(first) != amount_of(last) for first, _, last in drawn)


def test_where_all_are_used_alike_no_amount_comes_first_more_often():
    """An amount at the end of a grid has fewer neighbors, which must not make it look less used."""
    used, grid = Used(), Grid(10, 40, 10)
    used.counts.update({("turn left", value): 3 for value in grid.values()})
    firsts = [used.in_turn("turn left", grid, rng_for(seed))[0] for seed in range(200)]
    assert {firsts.count(value) > 25 for value in grid.values()} == {True}
