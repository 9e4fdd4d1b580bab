import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.core.action import amount_of, kind_of
from builder.core.protocol import HY_WORLDPLAY, SVC, Grid
from builder.core.sampling import draw_long, draw_preset, draw_single
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
