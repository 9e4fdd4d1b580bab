"""Frames apart from records: each once, by an id that records lead to, and checked as such."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet
from tiny_data import records, write_tiny

import builder
from builder.audit import check
from builder.core.errors import StoreError
from builder.publish import columns
from builder.publish.pack import pack
from builder.schemas import schema
from builder.tasks import readers

FILE = "data/frames/train-00000-of-00001.parquet"


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    write_tiny(out / "bundles/SVC-SimulatedScene")
    return pack(out, {})


@pytest.fixture
def release(packed, tmp_path):
    return Path(shutil.copytree(packed, tmp_path / "World2VLM"))


def rules(folder):
    return [(issue.pointer, issue.rule) for issue in check([folder], readers())]


def rewrite(release, change):
    """Change the frames as a table of Arrow."""
    table = change(parquet.read_table(release / FILE))
    parquet.write_table(table, release / FILE)


def test_a_frame_says_where_it_is_from_and_how_its_camera_stood(packed):
    rows = parquet.read_table(packed / FILE).to_pylist()
    folder = packed.parent / "bundles/SVC-SimulatedScene"
    shown = sorted({name for record in records() for name in record["images"]})
    assert [row["image"]["bytes"] for row in rows] == [(folder / n).read_bytes() for n in shown]
    scene, trajectory = (records()[0][name] for name in ("scene_id", "trajectory_id"))
    assert [row["frame_id"] for row in rows] == [
        f"svc-simulated/{scene}/{trajectory}/{index}" for index in range(3)
    ]
    traj = json.loads((folder / Path(shown[0]).parents[1] / "traj.json").read_text())
    for row, stored in zip(rows, traj["transforms"]["frames"], strict=True):
        for name in ("fx", "fy", "cx", "cy", "width", "height", "c2w"):
            assert row[name] == stored[name]
    place = json.loads((folder / f"scenes/{scene}/scene.json").read_text())
    assert rows[0]["scene_from_anchor"] == place["anchors"][0]["scene_from_anchor"]


def test_the_columns_of_frames_are_those_of_their_schema():
    assert [*schema("frame")["properties"]] == schema("frame")["required"]
    due = [name for name in columns.arrow_schema("frames").names if name != "image"]
    assert due == schema("frame")["required"]


def test_frames_may_be_left_out(packed, tmp_path):
    shutil.copytree(packed.parent / "bundles", tmp_path / "bundles")
    folder = pack(tmp_path, {}, frames=False)
    assert not (folder / "data/frames").exists()
    assert "frames" not in json.loads((folder / "stats.json").read_text())
    assert "config_name: frames" not in (folder / "README.md").read_text()
    assert rules(folder) == []


def test_right_frames_pass_the_check(packed):
    assert rules(packed) == []


def test_a_picture_that_is_not_among_the_frames_is_missed(release):
    rewrite(release, lambda table: table.slice(1))
    assert set(rules(release)) == {("/images", "image-missing")}
    shutil.rmtree(release / "data/frames")
    assert rules(release) == [], "a release without frames"


def test_a_frame_that_stands_twice_is_named(release):
    rewrite(release, lambda table: pa.concat_tables([table, table.slice(0, 1)]))
    assert rules(release) == [("/frame_id", "duplicate-id")]


@pytest.mark.parametrize(
    ("name", "value", "found"),
    [
        ("width", 47, [("/image", "image-size")]),
        ("split", "trian", [("/split", "wrong-value")]),
        ("frame_index", 9, [("/frame_id", "id-mismatch")]),
        ("fx", -1.0, [("/fx", "out-of-range")]),
    ],
)
def test_what_a_frame_says_wrongly_is_found(release, name, value, found):
    def change(table):
        values = table[name].to_pylist()
        values[1] = value
        index = table.schema.get_field_index(name)
        return table.set_column(
            index, table.schema.field(name), pa.array(values, table.schema.field(name).type)
        )

    rewrite(release, change)
    assert [one for one in rules(release) if one[0] != "/images"] == found


def test_a_frame_that_is_another_picture_or_none_is_found(release):
    def change(table):
        images = table["image"].to_pylist()
        images[0], images[1] = images[1], {**images[0], "bytes": images[0]["bytes"][:-300]}
        images[2] = {**images[2], "bytes": None}
        return table.set_column(1, table.schema.field(1), pa.array(images, columns.IMAGE))

    rewrite(release, change)
    found = set(rules(release))
    assert {("/image", "image-unreadable"), ("/image", "image-missing")} <= found
    assert ("/images", "frame-mismatch") in found


def test_a_column_of_frames_that_is_missing_is_named(release):
    rewrite(release, lambda table: table.drop_columns(["c2w"]))
    assert ("/c2w", "missing-field") in rules(release)


def test_a_stream_that_is_left_after_one_row_lets_the_process_end(packed):
    code = f"""
import builder
rows = builder.stream({str(packed)!r}, "svc-simulated", "train")
row = next(rows)
print(row["record_id"], row["images"][0].size)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env={"PYTHONPATH": str(Path(builder.__file__).parents[1])},
    )
    assert done.stdout.split()[0] == records()[0]["record_id"]


def test_a_stream_has_the_rows_of_a_config_and_says_which_are_not_there(packed):
    assert len(list(builder.stream(packed, "all"))) == len(records())
    assert len(list(builder.stream(packed.parent, "svc-simulated"))) == len(records())
    frames = list(builder.stream(packed, "frames", "train"))
    assert [frame["image"].size for frame in frames] == [(48, 36)] * 3
    with pytest.raises(StoreError, match=r"no data/svc-real/test-\*\.parquet"):
        builder.stream(packed, "svc-real", "test")
