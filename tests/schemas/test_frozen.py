"""What `v1` means is frozen: data that was right by it stays right, and means what it meant.

`python tests/schemas/test_frozen.py` writes the golden file anew, after an allowed addition.
"""

import copy
import json
from pathlib import Path

import pytest

from builder import schemas

GOLDEN = Path(__file__).parents[1] / "golden" / "schema_v1.json"
_SAID = ("title", "description", "$comment", "examples")  # words for readers, free to be bettered
_GROWS = ("properties", "$defs")  # may get more entries: a field that may be left out
WAY_OUT = (
    "is another than the frozen v1 says. What changes its meaning, or goes, or is newly required"
    " makes a v2: leave v1 as it is, write a step in builder/pipeline/upgrade/steps/, note it under"
    " Data in CHANGELOG.md. A field that may be left out, or a task's new file, may be added to v1:"
    " then run `python tests/schemas/test_frozen.py` and commit the golden file"
)


def meaning(part):
    """Return a schema without its words for readers; names of fields are no such words."""
    if isinstance(part, list):
        return [meaning(one) for one in part]
    if not isinstance(part, dict):
        return part
    return {
        key: {name: meaning(one) for name, one in value.items()}
        if key in _GROWS
        else meaning(value)
        for key, value in part.items()
        if key not in _SAID
    }


def differences(frozen, now, at=""):
    """Return the places at which `now` means something else; `_GROWS` may have grown."""
    if not (isinstance(frozen, dict) and isinstance(now, dict)):
        return [] if frozen == now else [at]
    grows = at.rpartition("/")[2] in _GROWS
    extra = [] if grows else [f"{at}/{key}" for key in now if key not in frozen]
    gone = [f"{at}/{key}" for key in frozen if key not in now]
    both = [key for key in frozen if key in now]
    return extra + gone + [d for k in both for d in differences(frozen[k], now[k], f"{at}/{k}")]


def present():
    return {name: meaning(schemas.schema(name)) for name in schemas.schema_names()}


@pytest.mark.parametrize("name", sorted(json.loads(GOLDEN.read_text()) if GOLDEN.exists() else []))
def test_v1_means_what_it_meant(name):
    frozen, now = json.loads(GOLDEN.read_text()), present()
    assert name in now, f"schema/{name} {WAY_OUT}"
    places = differences(frozen[name], now[name])
    assert not places, f"schema/{name}: {', '.join(places)} {WAY_OUT}"


def test_what_is_new_in_v1_is_a_task_or_is_in_the_golden_file():
    new = present().keys() - json.loads(GOLDEN.read_text()).keys()
    assert all(name.startswith("tasks/") for name in new), f"{sorted(new)} {WAY_OUT}"


def test_the_freeze_lets_a_field_be_added_and_nothing_be_changed():
    frozen = meaning(schemas.schema("record"))
    may = copy.deepcopy(frozen)
    may["properties"]["sharpness"] = {"type": "number"}
    assert differences(frozen, may) == []
    for change in (
        lambda one: one["required"].append("sharpness"),
        lambda one: one["properties"].pop("claim"),
        lambda one: one["properties"]["difficulty"].update(maximum=6),
        lambda one: one["properties"]["split"]["enum"].append("dev"),
        lambda one: one.update(additionalProperties=True),
        lambda one: one["$defs"]["share"].update(multipleOf=0.5),
    ):
        wrong = copy.deepcopy(frozen)
        change(wrong)
        assert differences(frozen, wrong), change


if __name__ == "__main__":
    GOLDEN.write_text(json.dumps(present(), indent=1, sort_keys=True) + "\n")
