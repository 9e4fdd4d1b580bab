"""croissant.json describes every config and file, and `mlcroissant` reads all rows by it."""

import io
import json

import pyarrow as pa
import pytest
from PIL import Image
from publish.releases import packed_demo
from pyarrow import parquet

from builder.core.protocol import SUBSETS
from builder.core.split import SPLITS
from builder.publish.columns import IMAGE, arrow_schema
from builder.publish.croissant import croissant
from builder.publish.meanings import MEANINGS

STATS = {"records": 3, "configs": {"svc-real": {}}, "builder_version": {"0.1.0": 3}}
STATS["license"] = {"CC0-1.0": 2, "CC0-1.0 AND LicenseRef-X": 1}
UNSPLIT = pa.schema({"key": pa.string(), "image": IMAGE, "width_px": pa.int64()})


def entry(config, split):
    path = f"data/{config}/{split}-00000-of-00001.parquet"
    return {"path": path, "bytes": 7, "sha256": "ab" * 32, "config": config, "split": split}


@pytest.fixture(scope="module")
def said():
    schemas = dict.fromkeys(("svc-real", "svc-simulated", "benchmark"), arrow_schema())
    schemas |= {"frames": arrow_schema("frames"), "unsplit": UNSPLIT}
    return croissant(STATS, [entry(config, "train") for config in schemas], schemas)


def flat(fields):
    for field in fields:
        yield field
        yield from flat(field.get("subField", []))


def test_every_config_every_file_and_every_column_is_there(said):
    sets = {one["@id"]: one for one in said["recordSet"]}
    configs = ["svc-real", "svc-simulated", "benchmark", "frames", "unsplit"]
    assert list(sets) == ["splits", *configs, "all"]
    fields = {field["@id"]: field for field in flat(sets["benchmark"]["field"])}
    assert set(fields) == {f"benchmark/{path.replace('.', '/')}" for path in MEANINGS}
    assert all(field["description"] for field in fields.values())
    assert fields["benchmark/images"]["arrayShape"] == "-1"
    assert fields["benchmark/images"]["source"]["transform"] == {"jsonPath": "bytes"}
    assert fields["benchmark/object/box_after"]["source"]["transform"] == {"jsonPath": "box_after"}
    files = {one["@id"]: one for one in said["distribution"]}
    assert files["all-files"]["includes"] == [f"data/{n}/*.parquet" for n in list(SUBSETS)[:2]]
    shard = files["data/frames/train-00000-of-00001.parquet"]
    assert (shard["contentUrl"], shard["sha256"]) == (shard["@id"], "ab" * 32)
    assert said["license"] == [
        "https://spdx.org/licenses/CC0-1.0.html",
        "CC0-1.0 AND LicenseRef-X",
    ]
    assert "date" not in json.dumps(said).lower().replace("update", "")


def test_the_columns_of_pictures_are_explained_and_the_camera_is_a_matrix(said):
    frames = next(one for one in said["recordSet"] if one["@id"] == "frames")
    fields = {field["name"]: field for field in frames["field"]}
    assert list(fields) == arrow_schema("frames").names
    assert all(field["description"] for field in fields.values())
    shape = {"isArray": True, "arrayShape": "4,4", "dataType": "cr:Float64"}
    assert shape.items() <= fields["c2w"].items()
    assert shape.items() <= fields["scene_from_anchor"].items()


def test_rows_that_do_not_name_their_split_have_it_of_their_file(said):
    unsplit = next(one for one in said["recordSet"] if one["@id"] == "unsplit")
    fields = {field["name"]: field for field in unsplit["field"]}
    assert fields["image"]["dataType"] == "sc:ImageObject"
    assert "isArray" not in fields["image"]
    assert fields["width_px"]["dataType"] == "cr:Int64"
    assert fields["split"]["source"]["extract"] == {"fileProperty": "filename"}


def plain(value):
    """Return what `mlcroissant` gives as what Parquet holds."""
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, dict):
        held = {name.rpartition("/")[2]: plain(part) for name, part in value.items()}
        return held if any(part is not None for part in held.values()) else None
    if isinstance(value, list):
        return [plain(part) for part in value]
    if hasattr(value, "tobytes") and hasattr(value, "mode"):  # a picture
        return value.size, value.convert("RGB").tobytes()
    return value.item() if hasattr(value, "item") else value


def held(value):
    """Return what Parquet holds, pictures as their pixels."""
    if isinstance(value, dict) and "bytes" in value:
        with Image.open(io.BytesIO(value["bytes"])) as picture:
            return picture.size, picture.convert("RGB").tobytes()
    if isinstance(value, list) and value and isinstance(value[0], dict) and "bytes" in value[0]:
        return [held(one) for one in value]
    return value


def rows_of(folder, config):
    """Return the rows of a config's files, by the first column."""
    folders = list(SUBSETS) if config == "all" else [config]
    files = [file for name in folders for file in (folder / "data" / name).glob("*.parquet")]
    rows = [row for file in files for row in parquet.read_table(file).to_pylist()]
    return {next(iter(row.values())): row for row in rows}, len(rows)


@pytest.mark.slow
def test_mlcroissant_finds_it_valid_and_gives_the_rows_of_parquet(tmp_path, monkeypatch):
    mlcroissant = pytest.importorskip(
        "mlcroissant", reason="the reader of Croissant is no dependency of ours"
    )
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")  # nothing may be fetched
    folder = packed_demo(tmp_path)
    dataset = mlcroissant.Dataset(folder / "croissant.json")
    assert not dataset.metadata.ctx.issues.errors
    compared: dict[str, int] = {}
    sets = [one.id for one in dataset.metadata.record_sets if one.id != "splits"]
    assert {"all", "benchmark", *SUBSETS} <= set(sets)
    for config in sets:
        wanted, count = rows_of(folder, config)
        assert len(wanted) == count
        for row in dataset.records(config):
            got = {name.partition("/")[2]: plain(value) for name, value in row.items()}
            expected = wanted.pop(next(iter(got.values())))
            assert {name: got[name] for name in expected} == {
                name: held(value) for name, value in expected.items()
            }
            assert got["split"] in SPLITS
        assert not wanted, config
        compared[config] = count
    assert compared.pop("benchmark") >= 32
    assert compared.pop("all") == sum(compared[name] for name in SUBSETS) == 4 * 48
