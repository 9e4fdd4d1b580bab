"""Whatever a record or a bundle says, `check --deep` tells what is wrong, or why it cannot tell."""

import copy
import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from spoiling import spoiled
from tiny_data import BUNDLE, SCENE, records, write_tiny

from builder.audit import DEEP_RULES
from builder.audit.deep import Reopened, Sources, recompute
from builder.audit.stretch import LONGEST_LINE_BYTES
from builder.config import Gates

FEW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def tiny(tmp_path):
    def fresh():
        return write_tiny(Path(tempfile.mkdtemp(dir=tmp_path)))

    return fresh


def stored(*asked):
    return Reopened(None, "not asked", Gates())


def told_of(folder):
    sources = Sources([folder / "tasks.jsonl"])
    told = [recompute(job) for job in sources.jobs(stored)]
    return sources.skipped.total(), told


@FEW
@given(spoiled(("record", "tasks/A1", "tasks/D4")))
def test_a_spoiled_record_is_told_of(tiny, value):
    folder = tiny()
    (folder / "tasks.jsonl").write_text(json.dumps(value[1]) + "\n", encoding="utf-8")
    skipped, told = told_of(folder)
    assert skipped + sum(one.records for one in told) == 1
    assert {issue.rule for one in told for issue in one.issues} <= DEEP_RULES.keys()


@FEW
@given(spoiled(("trajectory", "scene", "track")))
def test_a_spoiled_bundle_is_told_of(tiny, value):
    folder = tiny()
    name, plain = value
    file = {
        "trajectory": folder / BUNDLE / "traj.json",
        "scene": folder / "scenes" / SCENE / "scene.json",
        "track": folder / BUNDLE / "detect_result.jsonl",
    }[name]
    rest = file.read_text(encoding="utf-8").splitlines()[1:] if name == "track" else []
    file.write_text("\n".join([json.dumps(plain), *rest]) + "\n", encoding="utf-8")
    skipped, told = told_of(folder)
    assert skipped + sum(one.records for one in told) == len(records())


def test_odd_counts_of_frames_are_told_of(tiny):
    folder = tiny()
    odd = [copy.deepcopy(record) for record in records()]
    for record in odd:
        record["frame_indices"] = [0]
    odd[0]["frame_indices"] = [0, 1, 2]
    text = "".join(json.dumps(record) + "\n" for record in odd)
    (folder / "tasks.jsonl").write_text(text, encoding="utf-8")
    skipped, told = told_of(folder)
    assert skipped + sum(one.records for one in told) == len(odd)


def test_a_file_that_changes_while_it_is_read_is_told_of(tiny):
    folder = tiny()
    jobs = Sources([folder / "tasks.jsonl"]).jobs(stored)
    for text in ("{", "[" * 100_000, ""):
        (folder / "tasks.jsonl").write_text(text * 9, encoding="utf-8")
        told = [recompute(job) for job in jobs]
        reasons = {reason for one in told for reason in one.skipped}
        assert reasons == {"its file was changed while it was read"}
    (folder / "tasks.jsonl").unlink()
    assert sum(recompute(job).skipped.total() for job in jobs) == len(records())


def test_lines_too_long_or_nested_too_deeply_are_passed_over(tiny):
    folder = tiny()
    text = (folder / "tasks.jsonl").read_text(encoding="utf-8")
    long = "x" * (LONGEST_LINE_BYTES * 2 + 5)
    (folder / "tasks.jsonl").write_text(f"{long}\n\n{'[' * 100_000}\n{text}", encoding="utf-8")
    skipped, told = told_of(folder)
    assert (skipped, sum(one.records for one in told)) == (1, len(records()))
    assert not any(one.skipped for one in told)
