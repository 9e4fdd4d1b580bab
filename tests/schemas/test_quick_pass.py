"""The quick pass never calls right what jsonschema calls wrong, and passes what is right."""

import copy

import pytest
from hypothesis import given, settings
from spoiling import RIGHT, spoiled

from builder import schemas
from builder.schemas import quick


@given(spoiled())
@settings(max_examples=300)
def test_what_passes_quickly_is_valid(case):
    name, value = case
    if quick.compiled(name)(value):
        assert schemas.validator(name).is_valid(value)


@given(spoiled())
@settings(max_examples=100)
def test_what_is_invalid_has_an_error_with_a_place_and_a_short_message(case):
    name, value = case
    found = schemas.errors(value, name)
    assert bool(found) is not schemas.validator(name).is_valid(value)
    for issue in found:
        assert issue.pointer == "" or issue.pointer.startswith("/")
        assert 0 < len(issue.message) < 600


@pytest.mark.parametrize("name", sorted(RIGHT))
def test_what_is_right_passes_quickly(name):
    assert quick.compiled(name)(RIGHT[name])


@pytest.mark.parametrize("name", schemas.schema_names())
def test_every_schema_has_a_quick_pass(name):
    quick.compiled(name)


def test_a_keyword_that_the_quick_pass_does_not_know_is_refused():
    with pytest.raises(quick.NotCompiled, match="dependentRequired"):
        quick._compile({"dependentRequired": {}}, {})


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
