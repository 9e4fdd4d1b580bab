"""What is published loads with no code of ours, stores each picture once, and says what it is."""

import hashlib
import json
import shutil
from dataclasses import asdict
from pathlib import Path
from typing import Any

import datasets
import pytest
from huggingface_hub import DatasetCard
from pyarrow import parquet

import builder
import world2vlm
from builder.audit import check
from builder.audit.score import score
from builder.audit.score.rows import records_in
from builder.config import Gates
from builder.core.errors import RecordInvalid, StoreError
from builder.core.protocol import SUBSETS
from builder.core.record import Record
from builder.publish import columns, layout
from builder.publish.kept import pair, sections
from builder.publish.pack import pack
from builder.tasks import readers

FACTS = {"seed": 7, "tally": {"records": []}}


@pytest.fixture(scope="module")
def packed(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("packed")
    shutil.copytree(build / "bundles", out / "bundles")
    _write_places(out, {"svc-real": "LicenseRef-Middlebury-2014"})
    return pack(out, FACTS)


def test_the_folder_loads_with_no_code_of_ours(fresh: Any, packed: Path) -> None:
    code = f"""
import sys
from datasets import get_dataset_config_names, load_dataset
folder = {str(packed)!r}
rows = load_dataset(folder, "svc-real")
every = load_dataset(folder, "all", split="train+test")
default = load_dataset(folder, split="test")
stream = load_dataset(folder, "hy-worldplay-simulated", split="validation", streaming=True)
streamed = [[row["record_id"], row["images"][0].size] for row in stream]
row = rows["train"][0]
sizes = {{name: len(part) for name, part in rows.items()}}
result = [sizes, rows["train"].column_names, len(every), default[0]["subset"],
          streamed, row["messages"], row["images"][1].size, row["object"],
          get_dataset_config_names(folder), "world2vlm" in sys.modules]
"""
    sizes, names, every, default, streamed, messages, size, thing, configs, ours = fresh(code)
    assert sizes == {"train": 24, "validation": 24, "test": 24}
    assert names == list(Record.__dataclass_fields__)
    assert every == 96
    assert default == "svc-real"
    assert len(streamed) == 24
    assert all(of == [64, 48] for _, of in streamed)
    assert [turn["role"] for turn in messages] == ["user", "assistant"]
    assert size == [64, 48]
    assert thing is None
    assert configs == ["svc-real", "hy-worldplay-simulated", "all", "benchmark", "frames"]
    assert not ours


def test_a_packed_row_equals_the_loaded_record(build: Path, packed: Path) -> None:
    lines = (build / "bundles/SVC-RealScene/tasks.jsonl").read_text().splitlines()
    records = {record["record_id"]: record for record in map(json.loads, lines)}
    rows = parquet.read_table(packed / "data/svc-real/train-00000-of-00001.parquet").to_pylist()
    for row in rows:
        record = records[row["record_id"]]
        for image, path in zip(row.pop("images"), record["images"], strict=True):
            assert image["bytes"] == (build / "bundles/SVC-RealScene" / path).read_bytes()
            assert "/" not in image["path"]
        assert row == {key: value for key, value in record.items() if key != "images"}
    assert len(rows) == 24


def test_the_loader_the_parquet_and_the_card_have_the_same_columns() -> None:
    ours = world2vlm.features()
    schema = columns.arrow_schema()
    assert datasets.Features.from_arrow_schema(schema) == ours
    assert [str(field.type) for field in ours.arrow_schema] == [str(kind) for kind in schema.types]
    assert datasets.Features._from_yaml_list(columns.card_features()) == ours
    assert list(ours) == list(Record.__dataclass_fields__) == list(world2vlm.COLUMNS)
    assert {name: subset.folder for name, subset in SUBSETS.items()} == world2vlm.SUBSETS
    assert builder.__version__ == world2vlm.VERSION


def test_the_metadata_speaks_the_words_that_all_versions_know() -> None:
    metadata = columns.arrow_schema().metadata[b"huggingface"]
    assert b'"Sequence"' in metadata
    assert b'"List"' not in metadata


def test_a_picture_is_stored_once_a_row_group(packed: Path) -> None:
    file = parquet.ParquetFile(packed / "data/svc-real/train-00000-of-00001.parquet")
    group = file.metadata.row_group(0)
    leaf = [group.column(i) for i in range(group.num_columns)]
    (images,) = [
        column for column in leaf if column.path_in_schema == columns.IMAGE_BYTES["records"]
    ]
    shown = [
        image["bytes"]
        for images in file.read_row_group(0, columns=["images"], use_threads=False)["images"]
        for image in images.as_py()
    ]
    unique = sum(map(len, set(shown)))
    assert images.compression == "UNCOMPRESSED"
    assert "RLE_DICTIONARY" in images.encodings
    assert images.total_compressed_size <= 1.05 * unique
    assert sum(map(len, shown)) > 3 * unique


def test_the_same_bundles_give_the_same_bytes(packed: Path, tmp_path: Path) -> None:
    shutil.copytree(packed.parent / "bundles", tmp_path / "elsewhere" / "bundles")
    again = pack(tmp_path / "elsewhere", FACTS)
    assert _digests(again) == _digests(packed)
    assert pack(tmp_path / "elsewhere", FACTS) == again
    assert _digests(again) == _digests(packed)
    assert sorted(p.name for p in again.parent.iterdir()) == ["World2VLM", "bundles"]


def test_the_manifest_names_every_file_with_its_digest(packed: Path) -> None:
    manifest = json.loads((packed / "manifest.json").read_text())
    listed = {entry["path"]: entry["sha256"] for entry in manifest["files"]}
    assert {**listed, "manifest.json": ""}.keys() == _digests(packed).keys()
    assert all(_digests(packed)[path] == digest for path, digest in listed.items())
    rows = [(entry.get("config"), entry.get("rows", 0)) for entry in manifest["files"]]
    assert sum(count for config, count in rows if config != "frames") == 144 + 30  # the benchmark's
    assert sum(count for config, count in rows if config == "frames") == 36
    assert "world2vlm.py" not in listed


def test_a_pack_that_fails_leaves_what_was_there(packed: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(packed.parent, out)
    before = _digests(out / "World2VLM")
    next((out / "bundles/SVC-RealScene").rglob("001.jpg")).unlink()
    with pytest.raises(RecordInvalid, match=r"shows .*001\.jpg, which does not exist"):
        pack(out, FACTS)
    assert _digests(out / "World2VLM") == before
    assert sorted(p.name for p in out.iterdir()) == ["World2VLM", "bundles"]


def test_what_was_written_into_the_card_by_hand_outlives_the_next_pack(
    packed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    shutil.copytree(packed.parent, out)
    card = out / "World2VLM" / "README.md"
    fresh = card.read_text()
    assert {"about", "notes"} <= sections(fresh, "").keys()
    card.write_text(fresh.replace(pair("about"), pair("about", "\nMine, by hand.\n")))
    written = card.read_text()
    pack(out, FACTS)
    assert card.read_text() == written != fresh
    pack(out, FACTS)
    assert card.read_text() == written
    line = written[: written.index("Mine")].count("\n")
    card.write_text(written.replace("<!-- /world2vlm:keep -->", "", 1))
    before = _digests(out)
    with pytest.raises(RecordInvalid, match=rf"README\.md:\d+: keep mark .*since line {line}"):
        pack(out, FACTS)
    assert _digests(out) == before, "nothing is written over"


def test_the_card_says_thresholds_and_drops_where_the_build_tells_them(
    packed: Path, tmp_path: Path
) -> None:
    shutil.copytree(packed.parent / "bundles", tmp_path / "bundles")
    drops = {
        "svc-real": {"D1": {"small-box": 1234}, "trajectory": {"no-forward-fits": 5}},
        "svc-simulated": {"D1": {"small-box": 1}, "A1": {"unheard-of": 7}},
    }
    settings = {"gates": asdict(Gates())}
    facts = {**FACTS, "settings": settings, "drops": drops, "versions": {"numpy": "9.9"}}
    page = (pack(tmp_path, facts) / "README.md").read_text()
    assert "| `small-box`: the object is too small |  | 1,235 |" in page
    assert "| `unheard-of` | 7 |  |" in page
    assert "Trajectories that were not made: 5 whose motion does not fit into the place." in page
    assert "What was not made: 1,247 candidates" in page
    assert ", numpy 9.9." in page
    for name in settings["gates"]:
        assert f"(`{name}`)" in page, name


def test_the_croissant_file_lists_every_shard_and_every_config(packed: Path) -> None:
    said = json.loads((packed / "croissant.json").read_text())
    manifest = json.loads((packed / "manifest.json").read_text())["files"]
    shards = {entry["path"]: entry["sha256"] for entry in manifest if "config" in entry}
    listed = {one["@id"]: one.get("sha256") for one in said["distribution"]}
    assert {name: digest for name, digest in listed.items() if digest} == shards
    configs = DatasetCard.load(packed / "README.md").data.to_dict()["configs"]
    names = {one["@id"] for one in said["recordSet"]} - {"splits"}
    assert names == {config["config_name"] for config in configs}


def test_nothing_to_pack_is_said(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no records to pack"):
        pack(tmp_path, {})


def test_row_groups_and_files_are_cut_between_trajectories(
    build: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(build / "bundles", tmp_path / "bundles")
    source = tmp_path / "bundles/SVC-RealScene/tasks.jsonl"
    lines = source.read_text().splitlines(keepends=True)
    source.write_text("".join(lines[::3] + lines[1::3] + lines[2::3]))  # in no order at all
    one_trajectory = 15 * 2_700  # 15 pictures shown by the 8 records of one trajectory, bytes
    monkeypatch.setattr(layout, "GROUP_BYTES", int(1.5 * one_trajectory))
    monkeypatch.setattr(layout, "SHARD_BYTES", 8_000)
    folder = pack(tmp_path, {})
    files = sorted((folder / "data/svc-real").glob("train-*"))
    groups = [
        file.read_row_group(index, columns=["trajectory_id"])["trajectory_id"].to_pylist()
        for file in map(parquet.ParquetFile, files)
        for index in range(file.num_row_groups)
    ]
    assert [file.name for file in files][:1] == [f"train-00000-of-{len(files):05d}.parquet"]
    assert len(files) > 1
    assert groups == [["t0"] * 8, ["t1"] * 8, ["t2"] * 8]


def test_the_card_is_read_by_the_hub_and_says_what_it_is(packed: Path) -> None:
    card = DatasetCard.load(packed / "README.md")
    data = card.data.to_dict()
    assert data["license"] == "cc0-1.0"
    assert data["size_categories"] == ["n<1K"]
    assert [config["config_name"] for config in data["configs"] if config.get("default")] == [
        "svc-real"
    ]
    assert data["dataset_info"][0]["splits"][0]["num_examples"] == 24
    assert "embedded backend" in card.text
    assert "**not** outputs of Stable Virtual Camera or of HY-WorldPlay" in card.text
    assert "Seed: `7`" in card.text
    assert "tally" not in card.text
    assert "streaming=True" in card.text
    assert "2604.26934" in card.text
    assert "`LicenseRef-Middlebury-2014`" in card.text


def test_mixed_licenses_are_called_other_and_listed(build: Path, tmp_path: Path) -> None:
    shutil.copytree(build / "bundles", tmp_path / "bundles")
    source = tmp_path / "bundles/SVC-RealScene/tasks.jsonl"
    source.write_text(source.read_text().replace("CC0-1.0", "LicenseRef-Middlebury-2014"))
    folder = pack(tmp_path, {})
    data = DatasetCard.load(folder / "README.md").data.to_dict()
    assert (data["license"], data["license_link"]) == ("other", "LICENSE.md")
    page = (folder / "LICENSE.md").read_text()
    assert "| `CC0-1.0` | 72 |" in page
    assert "| `LicenseRef-Middlebury-2014` | 72 |" in page


def _write_places(out: Path, licenses: dict[str, str]) -> None:
    for name, subset in SUBSETS.items():
        for place in (out / "bundles" / subset.folder / "scenes").glob("*"):
            scene = {"scene_id": place.name, "source": "made up", "license": "CC0-1.0"}
            scene["license"] = licenses.get(name, scene["license"])
            (place / "scene.json").write_text(json.dumps(scene))


def _digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_benchmark_holds_balanced_copies_of_test_rows_by_every_door(
    fresh: Any, build: Path, packed: Path
) -> None:
    code = f"""
from datasets import load_dataset
rows = load_dataset({str(packed)!r}, "benchmark")
every = load_dataset({str(packed)!r}, "all", split="test")
built = load_dataset("world2vlm", "benchmark", data_dir={str(build)!r})
try:
    load_dataset("world2vlm", "benchmark")
except Exception as error:
    why = str(error)
result = [{{name: part.remove_columns("images").to_list() for name, part in all_.items()}}
          for all_ in (rows, built, {{"test": every}})] + [why]
"""
    benchmark, built, every, why = fresh(code)
    assert why.startswith("no benchmark: it is chosen from the split 'test'"), "of the demo"
    assert benchmark.keys() == built.keys() == {"test"}
    ids = [row["record_id"] for row in benchmark["test"]]
    by_id = {row["record_id"]: row for row in every["test"]}
    assert len(every["test"]) == 48, "the copies are not counted again"
    assert benchmark["test"] == [by_id[name] for name in ids]
    assert sorted(ids) == sorted(row["record_id"] for row in built["test"])
    # This build's verdicts all have the one answer, so none of them is fit for a benchmark.
    assert {row["task_type"] for row in benchmark["test"]} == {"A1", "A2", "A3", "D1", "D3"}


def test_a_check_takes_the_benchmarks_copies_for_copies(packed: Path) -> None:
    found = [issue.rule for issue in check([packed], readers())]
    assert "duplicate-id" not in found


def test_the_scorer_reads_what_was_packed_and_the_benchmark_on_request(packed: Path) -> None:
    assert len(list(records_in(packed))) == 144
    assert len(list(records_in(packed, "svc-real", "test"))) == 24
    benchmark = list(records_in(packed, "benchmark"))
    assert len(benchmark) == 30
    assert {record["split"] for record in benchmark} == {"test"}
    assert all(score(record, record["accepted"][0])["overall"] == 1.0 for record in benchmark)


def test_frames_are_looked_up_by_records_that_are_read_without_pictures(
    fresh: Any, packed: Path
) -> None:
    code = f"""
import io
import pyarrow.dataset
from datasets import load_dataset
from PIL import Image
folder = {str(packed)!r}
needed = ["record_id", "messages", "subset", "scene_id", "trajectory_id", "frame_indices"]
rows = load_dataset(folder, "svc-real", split="train", columns=needed)
frames = load_dataset(folder, "frames", split="train")
place = {{name: index for index, name in enumerate(frames["frame_id"])}}

def frame_ids(row):
    shown = row["messages"][0]["content"].count("<image>")
    where = f"{{row['subset']}}/{{row['scene_id']}}/{{row['trajectory_id']}}"
    return [f"{{where}}/{{index}}" for index in row["frame_indices"][:shown]]

one = frame_ids(rows[1])
sizes = [frames[place[name]]["image"].size for name in one]
table = pyarrow.dataset.dataset(folder + "/data/frames").to_table(
    columns=["frame_id", "image"],
    filter=pyarrow.dataset.field("frame_id").isin(one), use_threads=False)
alone = {{row["frame_id"]: Image.open(io.BytesIO(row["image"]["bytes"])).size
          for row in table.to_pylist()}}
stream = load_dataset(folder, "frames", split="test", streaming=True)
streamed = [row["frame_id"] for row in stream]
every = load_dataset(folder, "frames")
result = [rows.column_names, len(frames), all(name in place for row in rows
          for name in frame_ids(row)), sizes, one, alone, streamed,
          {{name: len(part) for name, part in every.items()}}]
"""
    names, count, all_there, sizes, one, alone, streamed, splits = fresh(code)
    assert "images" not in names
    assert (count, all_there) == (12, True)
    assert sizes == [[64, 48]] * 2
    assert alone == {name: [64, 48] for name in one}
    assert len(set(streamed)) == 12
    assert splits == {"train": 12, "validation": 12, "test": 12}
