"""What a build chose in pairs is learned from in pairs: half a pair would teach the opposite."""

from dataclasses import replace

import numpy as np
import pytest
from blind_records import EACH, PLACES, language, record
from hypothesis import given
from hypothesis import strategies as st

from builder.audit.blind.asked import asked
from builder.audit.blind.folds import still_paired
from builder.audit.blind.targets import TARGETS, paired_in
from builder.commands import audit as command
from builder.core.errors import RecordInvalid

(A4,) = (target for target in TARGETS if target.task == "A4")
ROWS = st.lists(st.tuples(st.integers(0, 1), st.integers(0, 3), st.booleans()), min_size=1)


def excess_of(rows):
    """Return (true - false) of each group."""
    found: dict[int, int] = {}
    for answer, group in rows:
        found[group] = found.get(group, 0) + (1 if answer else -1)
    return found


@given(ROWS, st.integers(0, 3))
def test_a_group_that_was_even_stays_even_and_an_uneven_one_as_uneven(rows, seed):
    answers, groups, taken = (np.array(column) for column in zip(*rows, strict=True))
    kept = np.flatnonzero(~taken)
    left = still_paired(kept, np.flatnonzero(taken), answers, groups, seed)
    assert set(left) <= set(kept)
    whole = excess_of(zip(answers, groups, strict=True))
    stays = excess_of(zip(answers[left], groups[left], strict=True))
    for group in set(groups[left].tolist()):
        mine = groups[left] == group
        short = len(set(answers[left][mine])) == 1  # one answer is used up: no partner can leave
        assert stays[group] == whole[group] or (short and abs(stays[group]) <= abs(whole[group]))


def paired_claims(told=0.0):
    """Each claim stands twice as true and twice as false; `told` of them as its size says."""
    rng = np.random.default_rng(0)
    turns = [(size, true) for size in range(1, 37) for true in (True, True, False, False)]
    rows = []
    for number, index in enumerate(rng.permutation(len(turns)).tolist()):
        size, true = turns[index]
        is_so = size > 18 if rng.random() < told else true
        text = f"turn left {5 * size} degrees; move left 0.5 meters"
        answer = "true" if is_so else "false"
        rows.append(record("A4", number, f"Is it so: {text}?", answer, claim=text))
    return [asked(row) for row in rows]


def measured(records, buckets):
    pytest.importorskip("sklearn", reason="blind guesses need the extra [audit]")
    from builder.audit.blind.measure import Settings, measure

    spoken = replace(language(), buckets=buckets)
    return measure(A4, records, spoken, Settings(explain=False), "all")


def test_pairs_that_folds_part_are_not_guessed_by_their_partners():
    records = paired_claims()
    assert len(records) == PLACES * EACH
    parted = measured(records, {})
    assert parted.blind < parted.prior - 0.2, "turned round, this guess would be right"
    paired = measured(records, command.language().buckets)
    assert abs(paired.blind - paired.prior) < 0.12


def test_a_claim_that_tells_is_found_all_the_same():
    found = measured(paired_claims(told=0.8), command.language().buckets)
    assert found.verdict == "fail"


def test_pairs_are_of_one_subset_and_split_and_claim():
    one = asked(record("A4", 0, "?", "true", claim="move left 1 meters"))
    buckets = command.language()
    assert paired_in(one, buckets) == "svc-simulated|train|move left|move left 1 meters"
    assert paired_in(replace(one, task="A2"), buckets) == ""


def test_a_record_that_lacks_its_claim_is_named():
    one = asked(record("A4", 7, "?", "true", claim=None))
    with pytest.raises(RecordInvalid, match=r"A4/7: cannot tell what it was balanced with"):
        paired_in(one, command.language())
