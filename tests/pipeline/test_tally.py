"""Counts: they add up, survive a file, and are shown whole."""

import json

from hypothesis import given
from hypothesis import strategies as st

from builder.pipeline.progress import Progress, tick
from builder.pipeline.tally import Tally

words = st.sampled_from(["svc-real", "svc-simulated", "A1", "ambiguous"])
counts = st.integers(1, 9)
tallies = st.builds(
    Tally,
    st.dictionaries(st.tuples(words, words), counts).map(lambda plain: Tally(plain).records),
    st.dictionaries(st.tuples(words, words, words), counts),
    st.dictionaries(words, counts),
)


@given(tallies)
def test_a_tally_survives_a_file(tally):
    back = Tally.from_json(json.loads(json.dumps(tally.to_json())))
    assert back.to_json() == tally.to_json()


def test_tallies_add_up_and_show_records_then_drops():
    one, other = Tally(), Tally()
    one.records["svc-real", "A1"] = 2
    other.records["svc-real", "A1"] = 3
    other.records["svc-real", "D4"] = 1
    other.drops["svc-real", "A1", "ambiguous"] = 4
    one.add(other)
    assert one.table().splitlines() == [
        "records   A1  D4  all",
        "svc-real   5   1    6",
        "all        5   1    6",
        "",
        "not made  reason     count",
        "A1        ambiguous      4",
    ]


def test_progress_counts_what_any_process_ticks_and_tells_rate_and_time_left(tmp_path, capsys):
    with Progress(tmp_path / "progress", 4, "trajectories"):
        tick(tmp_path / "progress")
        tick(tmp_path / "progress", 2)
    last = capsys.readouterr().err.splitlines()[-1]
    assert last.startswith("3 of 4 trajectories, ")
    assert last.endswith(" s left")
