"""The quick pass never calls right what jsonschema calls wrong, and passes what is right."""

import copy

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator
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


ONE_KEYWORD = (
    {"type": "integer"},
    {"type": "number"},
    {"type": ["string", "null"]},
    {"type": ["object", "array", "boolean"]},
    {"minimum": 1},
    {"maximum": 1},
    {"exclusiveMinimum": 1},
    {"exclusiveMaximum": 1},
    {"minLength": 2},
    {"maxLength": 1},
    {"minItems": 2},
    {"maxItems": 1},
    {"uniqueItems": True},
    {"uniqueItems": False},
    {"enum": ["a", "bb"]},
    {"const": "a"},
    {"pattern": "^b"},
    {"items": {"type": "integer"}},
    {"items": {"type": "integer", "minimum": 2}},
    {"items": {"type": "number", "maximum": 1}},
    {"items": {"type": "number", "exclusiveMinimum": 1}},
    {"items": {"type": "string"}},
    {"prefixItems": [{"type": "string"}]},
    {"prefixItems": [{"type": "string"}], "items": {"minimum": 2}},
    {"prefixItems": [{"type": "string"}, {"type": "integer"}], "items": {"minimum": 3}},
    {"required": ["x"]},
    {"properties": {"x": {"type": "integer"}}},
    {"properties": {"x": True}, "additionalProperties": False},
    {"properties": {"x": True}, "additionalProperties": {"type": "string"}},
    {"additionalProperties": {"type": "string"}},
    {"additionalProperties": False},
    {"allOf": [{"minimum": 1}, {"maximum": 1}]},
    {"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 1}]},
    {"$ref": "#/$defs/a~1b", "$defs": {"a/b": {"type": "string"}}},
)
VALUES = (
    *(None, True, False, 0, 1, 2, 0.5, 1.0, 1.5, -3, "", "a", "bb", "abc", [], [1], [1, 1], [1, 2]),
    *(["a"], ["a", 1], ["a", 2, 3], [1, 2, 3], [[1], [1]], [True, 1], {}, {"x": 1}, {"x": "a"}),
    *([0.5], [2, 0.5], [1, 2.0], [2, True], [3, 2]),
    *({"y": "a"}, {"x": 1, "y": 2}, {"x": 1, "y": "a"}),
)
STRICTER = {1.0}  # a float may be an integer in JSON Schema; the quick pass leaves it to the full


@pytest.mark.parametrize("schema", ONE_KEYWORD, ids=str)
def test_each_keyword_means_what_it_means_in_jsonschema(schema):
    passes, full = quick._compile(schema, schema), Draft202012Validator(schema)
    for value in VALUES:
        quickly, fully = passes(value), full.is_valid(value)
        assert not quickly or fully, f"{value!r} passes, and is wrong"
        nested = isinstance(value, list) and not all(type(item) in (str, int) for item in value)
        if fully and not nested and not (isinstance(value, float) and value in STRICTER):
            assert quickly, f"{value!r} is right, and does not pass"


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
