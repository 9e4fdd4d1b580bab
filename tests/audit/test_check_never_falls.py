"""Whatever stands in a file, the check ends and says so in issues."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spoiling import spoiled
from tiny_data import BUNDLE, SCENE, write_tiny

from builder import schemas
from builder.audit import RULES, check, record_findings
from builder.tasks import readers

WHERE = {
    "record": "tasks.jsonl",
    "trajectory": f"{BUNDLE}/traj.json",
    "scene": f"scenes/{SCENE}/scene.json",
    "track": f"{BUNDLE}/detect_result.jsonl",
}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return write_tiny(tmp_path_factory.mktemp("tiny"))


@given(spoiled(names=("record", "core", "tasks/A1", "tasks/D4")))
@settings(max_examples=200)
def test_a_spoiled_record_has_findings_of_known_rules(case):
    _, value = case
    found = record_findings(value, readers())
    assert {finding.rule for finding in found} <= RULES.keys()
    if schemas.record_errors(value) and "record_id" in value:
        assert found


@given(spoiled(names=tuple(WHERE)))
@settings(max_examples=150)
def test_a_spoiled_file_in_a_folder_is_checked_to_the_end(tiny, case):
    name, value = case
    path = tiny / WHERE[name]
    right = path.read_bytes()
    path.write_text(json.dumps(value) + "\n")
    try:
        found = list(check([tiny], readers()))
        assert {issue.rule for issue in found} <= RULES.keys()
        assert all(str(issue).isprintable() for issue in found)
    finally:
        path.write_bytes(right)


@given(st.binary(max_size=200))
@settings(max_examples=100)
def test_any_bytes_at_all_may_be_a_file(tmp_path_factory, content):
    folder = tmp_path_factory.mktemp("any")
    names = ("tasks.jsonl", "a.parquet", "scene.json", "manifest.jsonl", "traj_a/traj.json")
    (folder / "traj_a").mkdir()
    for name in names:
        (folder / name).write_bytes(content)
    found = list(check([folder], readers()))
    assert {issue.rule for issue in found} <= RULES.keys()
    assert any(issue.file.endswith("a.parquet") for issue in found)
