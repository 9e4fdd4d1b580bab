"""The quick pass never calls right what jsonschema calls wrong, and passes what is right."""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_data import records, scene, track_lines, trajectory

from builder import schemas
from builder.schemas import quick

RIGHT = {
    "record": records()[2],
    "core": records()[0],
    "tasks/A1": records()[0],
    "tasks/D4": records()[3],
    "trajectory": trajectory(),
    "scene": scene(),
    "track": track_lines()[0],
}
ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 1001),
    st.floats(allow_nan=True),
    st.sampled_from(["", "A1", "../a", "train", "<image>", "yes", "move forward 1 meters", "a\n"]),
    st.lists(st.integers(0, 3), max_size=5),
    st.dictionaries(st.sampled_from(["role", "content", "x"]), st.just("user"), max_size=2),
)


def places(value, path=()):
    """Yield the path of every part of a JSON value."""
    yield path
    if isinstance(value, dict | list):
        inner = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in inner:
            yield from places(part, (*path, key))


@st.composite
def spoiled(draw):
    name = draw(st.sampled_from(sorted(RIGHT)))
    value = copy.deepcopy(RIGHT[name])
    for _ in range(draw(st.integers(1, 2))):
        path = draw(st.sampled_from(sorted(places(value), key=repr)))
        value = _changed(value, path, draw(st.sampled_from(["put", "drop", "add"])), draw(ODD))
    return name, value


def _changed(value, path, how, odd):
    if not path:
        return {**value, "extra": odd} if isinstance(value, dict) and how == "add" else value
    part = value
    for key in path[:-1]:
        part = part[key]
    if how == "drop":
        del part[path[-1]]
    elif how == "add" and isinstance(part, list):
        part.append(odd)
    elif how == "add":
        part["extra"] = odd
    else:
        part[path[-1]] = odd
    return value


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
