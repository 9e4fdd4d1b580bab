"""With [fast] and without, the same is said: the fast engine passes nothing that is wrong."""

import copy
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from spoiling import RIGHT, spoiled

from builder import schemas
from builder.schemas import fast

MISTAKES = Path(__file__).parents[1] / "mistakes"
needs_fast = pytest.mark.skipif(
    not fast.installed(), reason="needs jsonschema-rs: the extra [fast]"
)


@given(spoiled())
@settings(max_examples=100)
def test_what_is_invalid_has_an_error_with_a_place_and_a_short_message(case):
    name, value = case
    found = schemas.errors(value, name)
    assert bool(found) is not schemas.validator(name).is_valid(value)
    for issue in found:
        assert issue.pointer == "" or issue.pointer.startswith("/")
        assert 0 < len(issue.message) < 600


@needs_fast
@given(spoiled())
@settings(max_examples=400)
def test_what_the_fast_engine_passes_is_right_by_jsonschema(case):
    name, value = case
    if fast.verdict(name)(value):
        assert schemas.validator(name).is_valid(value)


@needs_fast
@given(st.text(max_size=6), st.sampled_from(["\n", "\r", "\u2028", "\x85", "\u0660", "\U0001f600"]))
@settings(max_examples=200)
def test_no_text_passes_the_fast_engine_alone_in_any_field(text, odd):
    record = copy.deepcopy(RIGHT["record"])
    for field in sorted(key for key, value in record.items() if isinstance(value, str)):
        for spoilt in (text, record[field] + odd, odd + record[field], record[field] + text):
            value = {**record, field: spoilt}
            if fast.verdict("record")(value):
                assert schemas.validator("record").is_valid(value), (field, spoilt)


@needs_fast
@pytest.mark.parametrize("name", sorted(RIGHT))
def test_what_is_right_passes_fast_and_not_only_after_a_second_look(name):
    assert fast.verdict(name)(RIGHT[name])


@needs_fast
@pytest.mark.parametrize("odd", [b"bytes", "\ud800", {1: 2}, float("nan"), float("-inf")], ids=repr)
def test_what_json_cannot_hold_is_left_to_jsonschema(odd):
    for name in ("record", "core", "scene"):
        assert not fast.verdict(name)(odd)
    assert not fast.verdict("record")({**RIGHT["record"], "difficulty": odd})


@needs_fast
def test_every_line_of_the_mistakes_has_the_same_errors_with_the_extra_and_without(monkeypatch):
    values = []
    for path in sorted(MISTAKES.glob("*/*.jsonl")):
        for raw in path.read_bytes().splitlines():
            try:
                values.append(json.loads(raw))
            except (ValueError, RecursionError):
                continue
    assert len(values) > 50
    fast_errors = [schemas.record_errors(value) for value in values]
    monkeypatch.setattr(fast, "installed", lambda: False)
    assert [schemas.record_errors(value) for value in values] == fast_errors
    assert sum(map(bool, fast_errors)) > 10


def test_every_schema_is_one_that_both_engines_can_read():
    for name in schemas.schema_names():
        Draft202012Validator.check_schema(schemas.schema(name))
        if fast.installed():
            fast.verdict(name)


def test_errors_point_by_rfc_6901():
    wrong = copy.deepcopy(RIGHT["record"])
    wrong["object"]["a/b~c"] = 1
    wrong["messages"][1]["content"] = ""
    wrong.pop("license")
    assert [(one.pointer, one.keyword) for one in schemas.record_errors(wrong)] == [
        ("", "required"),
        ("/messages/1/content", "anyOf"),
        ("/messages/1/content", "minLength"),
        ("/object/a~1b~0c", "additionalProperties"),
    ]


@pytest.mark.parametrize(
    "value", [None, 3, "text", [], {}, {"task_type": 4}, {"task_type": ["A1"]}]
)
def test_anything_at_all_may_be_asked_about(value):
    assert schemas.record_errors(value)
    assert schemas.core_errors(value)
