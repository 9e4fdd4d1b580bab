"""The command: what it reads, what it prints, when it fails."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from blind_records import jpeg, texture, turn
from pyarrow import parquet

from builder.audit.blind import MADE_UP
from builder.audit.blind.asked import batches, bytes_of, files_of, read
from builder.cli import main
from builder.core.errors import RecordInvalid, StoreError
from builder.pipeline.places import PLACE_ID, place_jobs

IMAGE = pa.struct({"bytes": pa.binary(), "path": pa.string()})


def written(folder: Path, rows) -> Path:
    for index, row in enumerate(rows):
        for name in row["images"]:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(jpeg(texture(index * 2 + int(name[-5]))))
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "tasks.jsonl").write_text(text, encoding="utf-8")
    return folder


def few(count=30):
    return [turn(n, rng) for n, rng in enumerate(np.random.default_rng(0).spawn(count))]


def test_a_record_that_lacks_a_column_is_refused_by_name(tmp_path):
    (tmp_path / "tasks.jsonl").write_text(json.dumps({"task_type": "A1"}) + "\n")
    with pytest.raises(RecordInvalid, match=r"lacks record_id.*world2vlm check"):
        list(read(files_of([tmp_path])))


def test_a_folder_without_records_is_refused(tmp_path):
    with pytest.raises(StoreError, match="no records there"):
        files_of([tmp_path])


def test_a_missing_picture_is_named(tmp_path):
    written(tmp_path, few(3))
    (tmp_path / "place-00" / "1-0.jpg").unlink()
    records = list(read(files_of([tmp_path])))
    with pytest.raises(RecordInvalid, match=r"1-0\.jpg"):
        [pair for batch in batches(records) for pair in bytes_of(batch)]


def test_parquet_holds_the_same_records_and_pictures(tmp_path):
    rows = few(6)
    written(tmp_path, rows)
    table = tmp_path / "packed" / "data" / "svc-simulated" / "train-00000-of-00001.parquet"
    table.parent.mkdir(parents=True)
    packed = [
        row | {"images": [{"bytes": (tmp_path / n).read_bytes(), "path": n} for n in row["images"]]}
        for row in rows
    ]
    kinds = pa.list_(IMAGE)
    columns = {name: [row[name] for row in packed] for name in packed[0]}
    arrays = {n: pa.array(v, kinds if n == "images" else None) for n, v in columns.items()}
    parquet.write_table(pa.table(arrays), table, row_group_size=4)
    loose = list(read([tmp_path / "tasks.jsonl"]))
    tight = list(read(files_of([tmp_path / "packed"])))
    assert [one.question for one in tight] == [one.question for one in loose]
    pictures = [
        {key.rsplit("/", 2)[-1]: data for batch in batches(each) for key, data in bytes_of(batch)}
        for each in (loose, tight)
    ]
    assert len(pictures[0]) == 12
    assert pictures[0] == pictures[1]


def test_a_build_s_folder_is_read_once_though_it_holds_the_records_twice(tmp_path):
    bundles = tmp_path / "bundles" / "SVC-SimulatedScene"
    bundles.mkdir(parents=True)
    packed = tmp_path / "World2VLM" / "data" / "svc-simulated"
    packed.mkdir(parents=True)
    (bundles / "tasks.jsonl").touch()
    (packed / "train-00000-of-00001.parquet").touch()
    assert files_of([tmp_path]) == [bundles / "tasks.jsonl"]


def test_the_command_fails_on_a_place_in_two_splits_and_says_which(tmp_path, capsys):
    pytest.importorskip("sklearn", reason="the audit needs the extra [audit]")
    rows = few()
    rows[0]["split"] = "test"
    written(tmp_path, rows)
    report = tmp_path / "audit.json"
    assert main(["audit", str(tmp_path), "--workers", "1", "--json", str(report)]) == 1
    told = capsys.readouterr()
    assert "places in two splits: 1, and must be 0" in told.err
    assert "place-00: test, train" in told.out
    found = json.loads(report.read_text())
    assert {one["name"]: one["count"] for one in found["counted"]}["exact duplicates"] == 0


def test_the_command_passes_fair_records_and_draws_them(tmp_path, capsys):
    pytest.importorskip("sklearn", reason="the audit needs the extra [audit]")
    pytest.importorskip("matplotlib", reason="the plot needs the extra [audit]")
    rows = few(40)
    rows[-1]["scene_id"] = f"{MADE_UP}7-0000"
    written(tmp_path, rows)
    plot = tmp_path / "audit.png"
    assert main(["audit", str(tmp_path), "--workers", "1", "--plot", str(plot)]) == 0
    told = capsys.readouterr().out
    assert "1 of them test photographs of made-up rooms" in told
    assert "A2 direction" in told
    assert plot.stat().st_size > 10_000


def test_test_photographs_say_what_they_are_and_are_rooms_of_their_own():
    jobs = place_jobs(Path("x"), 3, seed=7)
    assert all(job.scene_id.startswith(MADE_UP) for job in jobs)
    assert f"{PLACE_ID}-" == MADE_UP
    assert len({job.room.scene_id for job in jobs}) == 3
    assert not any(job.room.scene_id.startswith("room-7-") for job in jobs)
    assert jobs == place_jobs(Path("x"), 3, seed=7)
    assert jobs != place_jobs(Path("x"), 3, seed=8)
