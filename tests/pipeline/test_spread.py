"""The most even of the candidates that would do."""

from collections import Counter
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from builder.pipeline.spread import cell_of, spread, traits_of


@dataclass(frozen=True)
class Toy:
    balance: str
    traits: tuple
    rank: int


toys = st.lists(
    st.tuples(st.sampled_from("yn"), st.sampled_from("abc"), st.integers(0, 3)), max_size=40
).map(
    lambda rows: [
        Toy(answer, ((f"label:{label}",), (f"cell:{cell}",)), rank)
        for rank, (answer, label, cell) in enumerate(rows)
    ]
)


def grouped(found):
    groups = {"y": [], "n": []}
    for one in found:
        groups[one.balance].append(one)
    return groups


@settings(deadline=None)
@given(toys, st.integers(0, 20), st.randoms(use_true_random=False))
def test_each_group_gives_its_quota_in_whatever_order_it_comes(found, quota, rng):
    shares = {"y": quota, "n": quota // 2}
    chosen = spread(grouped(found), shares)
    for name, group in grouped(found).items():
        assert sum(one.balance == name for one in chosen) == min(shares[name], len(group))
    assert len(set(chosen)) == len(chosen)
    shuffled = found[:]
    rng.shuffle(shuffled)
    assert set(spread(grouped(shuffled), shares)) == set(chosen)


@given(st.lists(st.sampled_from("abc"), min_size=1, max_size=60), st.integers(1, 30))
def test_of_one_trait_the_rarest_are_taken_whole_before_the_others_differ(labels, quota):
    found = [Toy("y", ((f"label:{label}",),), rank) for rank, label in enumerate(labels)]
    chosen = Counter(one.traits[0][0] for one in spread({"y": found}, {"y": quota}))
    supply = Counter(one.traits[0][0] for one in found)
    free = [chosen[name] for name in supply if chosen[name] < supply[name]]
    assert max(free, default=0) - min(free, default=0) <= 1
    assert all(chosen[name] <= min(free) + 1 for name in supply if free)


def test_what_is_even_in_all_is_even_beside_each_answer_too():
    found = [
        Toy(answer, ((f"label:{label}",),), rank)
        for rank, (answer, label) in enumerate(
            [("y", "a")] * 30 + [("y", "b")] * 10 + [("n", "a")] * 10 + [("n", "b")] * 30
        )
    ]
    chosen = spread(grouped(found), {"y": 16, "n": 16})
    assert set(Counter((one.balance, one.traits) for one in chosen).values()) == {8}


def test_without_traits_the_hash_order_decides():
    found = [Toy("y", (), rank) for rank in (5, 3, 9, 1)]
    assert [one.rank for one in spread({"y": found}, {"y": 2})] == [1, 3]


def test_a_cell_is_a_ninth_of_the_frame_row_by_row():
    assert cell_of((0, 0, 10, 10)) == 0
    assert cell_of((700, 0, 900, 100)) == 2
    assert cell_of((0, 990, 1000, 1000)) == 7
    assert cell_of((1000, 1000, 1000, 1000)) == 8


def record(**more):
    plain = {
        "scene_id": "room",
        "trajectory_id": "a2_turn_left_00",
        "template_id": "A4.true-false-1",
        "answer_form": "true-false",
        "messages": [{"content": ""}, {"content": "true"}],
        "actions": "turn left 20 degrees",
        "claim": None,
        "images": ["0", "1"],
        "object": None,
    }
    return {**plain, **more}


def test_the_amounts_are_those_of_the_claim_where_one_is_made():
    assert ("turn left:20",) in traits_of(record())
    claimed = traits_of(record(claim="move left 0.4 meters; turn right 30 degrees"))
    assert ("move left:0.4", "turn right:30") in claimed
    assert ("kinds:move left; turn right",) in claimed
    assert not any("20" in name for family in claimed for name in family)


def test_a_view_that_is_not_shown_has_no_place_for_its_box():
    thing = {"label": "chair", "box_before": [0, 0, 9, 9], "box_after": [900, 900, 999, 999]}
    shown = traits_of(record(object=thing))
    assert {("label:chair",), ("before:0",), ("after:8",)} <= set(shown)
    assert ("after:8",) not in traits_of(record(object=thing, images=["0"]))


def test_letters_of_choices_are_traits_and_sentences_are_not():
    choice = record(answer_form="choice", messages=[{}, {"content": "B"}])
    assert ("letter:B",) in traits_of(choice)
    sentence = record(answer_form="sentence", messages=[{}, {"content": "It is gone."}])
    assert not any(name.startswith("letter") for family in traits_of(sentence) for name in family)
