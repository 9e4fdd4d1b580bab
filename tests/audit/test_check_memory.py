"""A check holds what it needs of a bundle for the records of that bundle, and not for all time."""

import pytest
from tiny_data import records, write_tiny

from builder.audit import beside
from builder.audit.beside import Beside
from builder.audit.counted import Counted
from builder.audit.pictures import Pictures


@pytest.mark.parametrize("most", [1, 2])
def test_bundles_of_long_ago_are_forgotten_and_read_again_where_needed(tmp_path, monkeypatch, most):
    monkeypatch.setattr(beside, "_MOST_BUNDLES", most)
    held = Beside(Pictures(Counted()))
    right, wrong = records()[0], {**records()[0], "actions": "move forward 0.6 meters"}
    for number in range(4):
        top = write_tiny(tmp_path / str(number))
        assert list(held.findings(right, top, only_images=False)) == []
        (finding,) = held.findings(wrong, top, only_images=False)
        assert finding.rule == "motion-mismatch"
        assert len(held._facts) <= most
    assert list(held.findings(right, tmp_path / "0", only_images=False)) == []
