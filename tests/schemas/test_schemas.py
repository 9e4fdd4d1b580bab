"""The schemas say what the code says, and stay what they are."""

import json
from dataclasses import asdict, fields, is_dataclass
from typing import get_args

import pytest
from jsonschema import Draft202012Validator
from tiny_data import records, scene, track_lines, trajectory

from builder import schemas
from builder.config import BuildConfig
from builder.core.errors import UnknownPlugin
from builder.core.protocol import SUBSETS, SceneType, Teacher
from builder.core.record import ANSWER_FORMS, Record
from builder.core.scene import CameraSource
from builder.core.split import SPLITS
from builder.tasks import all_tasks

every_schema = pytest.mark.parametrize("name", schemas.schema_names())


@every_schema
def test_a_schema_is_a_schema_and_is_called_what_its_file_is_called(name):
    Draft202012Validator.check_schema(schemas.schema(name))
    assert schemas.schema(name)["$id"] == "urn:world2vlm:schema:v1:" + name.replace("/", ":")


@every_schema
def test_a_schema_refers_to_nothing_on_the_network(name):
    text = json.dumps(schemas.schema(name)).replace("https://json-schema.org/draft/2020-12", "")
    assert "http" not in text


def test_the_schema_of_records_has_the_columns_of_records_in_their_order():
    plain = schemas.schema("record")
    columns = [field.name for field in fields(Record)]
    assert [*plain["properties"]] == plain["required"] == columns
    assert columns[1:4] == schemas.schema("core")["required"]


def test_the_schema_of_records_has_the_words_of_the_code():
    properties = schemas.schema("record")["properties"]
    assert properties["teacher"]["enum"] == [*get_args(Teacher)]
    assert properties["scene_type"]["enum"] == [*get_args(SceneType)]
    assert properties["split"]["enum"] == [*SPLITS]
    assert properties["answer_form"]["enum"] == [*ANSWER_FORMS]
    sources = schemas.schema("record")["$defs"]["camera_source"]["enum"]
    assert sources == [*get_args(CameraSource)]


@pytest.mark.parametrize("subset", SUBSETS)
def test_every_subset_may_be_named(subset):
    assert schemas.record_errors({**records()[0], "subset": subset}) == []


def test_the_schemas_of_tasks_are_what_the_tasks_say(tmp_path):
    written = schemas.write_task_schemas(all_tasks(), tmp_path / "tasks")
    stored = sorted((schemas.folder() / "tasks").glob("*.json"))
    assert [path.name for path in stored] == [path.name for path in written]
    for old, new in zip(stored, written, strict=True):
        assert old.read_bytes() == new.read_bytes(), "run `make schema`"


def test_the_schema_of_a_task_that_is_gone_goes_too(tmp_path):
    (tmp_path / "Z9.json").write_text("{}")
    schemas.write_task_schemas({}, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_task_without_a_schema_of_its_own_is_held_to_that_of_records():
    assert schemas.task_validator("A77") is schemas.record_validator()
    assert schemas.task_validator("A1") is not schemas.record_validator()


def test_the_default_settings_are_valid_and_every_setting_has_a_place():
    plain = json.loads(json.dumps(asdict(BuildConfig())))
    assert schemas.errors(plain, "config") == []
    assert _keys(BuildConfig()) == _keys_of_schema(schemas.schema("config"))


def _keys(settings):
    return {
        name: _keys(value) if is_dataclass(value) else None
        for name, value in ((one.name, getattr(settings, one.name)) for one in fields(settings))
    }


def _keys_of_schema(part):
    return {
        name: _keys_of_schema(inner) if "properties" in inner else None
        for name, inner in part["properties"].items()
    }


def test_a_schema_that_there_is_not_is_answered_with_those_there_are():
    with pytest.raises(UnknownPlugin, match="did you mean 'record'"):
        schemas.schema("recrod")


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("record", records()),
        ("core", records()),
        ("trajectory", [trajectory()]),
        ("scene", [scene()]),
        ("track", track_lines()),
    ],
)
def test_what_is_right_has_no_errors(name, values):
    for value in values:
        assert schemas.errors(value, name) == []


@pytest.mark.parametrize("path", ["a.jpg", "scenes/a b/00.jpg", "..a/b..", ".hidden/x", "äöü/…"])
def test_a_path_below_the_folder_is_a_path(path):
    assert schemas.core_errors({**records()[0], "images": [path]}) == []


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/a",
        "../a",
        "a/../b",
        "a/..",
        "./a",
        "a/./b",
        "a//b",
        "a/",
        "C:/a",
        "c:a",
        "a\\b",
        "a\nb",
    ],
)
def test_what_may_lead_elsewhere_is_no_path(path):
    assert schemas.core_errors({**records()[0], "images": [path]})


@pytest.mark.parametrize(
    ("license_name", "right"),
    [
        ("CC0-1.0", True),
        ("LicenseRef-Middlebury-2014 AND LicenseRef-SVC", True),
        ("(MIT OR Apache-2.0) AND CC-BY-4.0", True),
        ("CC BY 4.0", False),
        ("MIT AND", False),
        ("", False),
    ],
)
def test_a_license_is_an_spdx_expression(license_name, right):
    assert (schemas.record_errors({**records()[0], "license": license_name}) == []) is right
