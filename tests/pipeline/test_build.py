"""A whole build over a toy world: the same bytes however it runs, and nothing half-written."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from pipeline._build import CONFIG, digests, toy_build

from builder.config import Sampling
from builder.core.errors import ConfigError, PlanError, RecordInvalid, StoreError, UnknownPlugin
from builder.core.protocol import SUBSETS
from builder.pipeline import rollouts
from builder.store import files as store_files

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A finished build by two workers, and what was said."""
    out, said = tmp_path_factory.mktemp("built") / "out", []
    tally = toy_build(out, said=said)
    return out, said, tally


def records_of(out):
    return [
        json.loads(line)
        for file in sorted(out.glob("bundles/*/tasks.jsonl"))
        for line in file.read_text().splitlines()
    ]


def test_the_estimate_is_said_first_and_the_tally_last(built):
    _, said, tally = built
    assert said[0].startswith("planned: 32 records from up to 30 trajectories in 3 places; about")
    assert said[1:-1] == ["warm up", "pack"]
    assert said[-1] == tally.table()
    assert "svc-real" in said[-1]


def test_the_records_asked_for_are_there_and_every_task_is_among_them(built):
    out, _, tally = built
    records = records_of(out)
    assert len(records) == sum(tally.records.values()) == 32
    assert len({record["record_id"] for record in records}) == 32
    assert {record["task_type"] for record in records} == {
        f"{letter}{number}" for letter in "AD" for number in range(1, 5)
    }
    for record in records:
        folder = out / "bundles" / SUBSETS[record["subset"]].folder
        assert all((folder / image).is_file() for image in record["images"])


def test_every_candidate_is_a_record_or_a_counted_drop(built):
    out, _, tally = built
    candidates = sum(
        len(file.read_text().splitlines()) for file in (out / ".build").rglob("*.jsonl")
    )
    in_units = [
        json.loads(file.read_text())["drops"] for file in (out / ".build").rglob("*.tally.json")
    ]
    dropped_in_units = sum(count for drops in in_units for *_, count in drops)
    assert candidates + dropped_in_units == 32 + sum(tally.drops.values())


def test_trajectories_of_one_anchor_share_their_first_picture_byte_for_byte(built):
    out, _, _ = built
    for folder in out.glob("bundles/*/scenes/*/traj_a1_*"):
        first = folder / "samples-rgb" / "000.jpg"
        assert first.read_bytes() == (folder.parent / "input" / "001.jpg").read_bytes()


def test_one_worker_makes_the_same_bytes_as_two(built, tmp_path):
    toy_build(tmp_path / "out", replace(CONFIG, workers=1))
    assert digests(tmp_path / "out") == digests(built[0])


def test_a_build_that_is_killed_goes_on_and_makes_the_same_bytes(built, tmp_path):
    out = tmp_path / "out"
    environment = {**os.environ, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'tests'}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline._kill_me", str(out)],
        env=environment,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    while len(list(out.glob("bundles/*/scenes/*/traj_*"))) < 5:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.01)
    process.kill()
    process.wait()
    _wait_until_quiet(out)
    finished = out.glob("bundles/*/scenes/*/traj_*/traj.json")
    kept = {file: file.stat().st_mtime_ns for file in finished}
    assert kept
    assert not list(out.glob("bundles/*/tasks.jsonl"))
    toy_build(out)
    assert digests(out) == digests(built[0])
    assert all(file.stat().st_mtime_ns == made for file, made in kept.items())


def _wait_until_quiet(out):
    """Wait for the orphaned workers to notice that their parent is gone."""
    before = None
    while (now := sorted(map(str, out.rglob("*")))) != before:
        before = now
        time.sleep(0.5)


def test_a_bundle_that_was_lost_is_made_again_alike(built, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(built[0], out)
    for folder in sorted(out.glob("bundles/SVC*/scenes/*/traj_*"))[::3]:
        shutil.rmtree(folder)
    shutil.rmtree(out / ".build" / "candidates" / "svc-real")
    toy_build(out)
    assert digests(out) == digests(built[0])


def test_a_finished_build_makes_nothing_again(built, tmp_path, monkeypatch):
    out, said = tmp_path / "out", []
    shutil.copytree(built[0], out)
    monkeypatch.setattr(rollouts, "make_rollout", None)
    toy_build(out, replace(CONFIG, workers=1), said)
    assert "warm up" not in said
    assert digests(out) == digests(built[0])


def test_another_seed_makes_another_dataset(built, tmp_path):
    out = tmp_path / "out"
    toy_build(out, replace(CONFIG, seed=6, records=16, subsets=("svc-real",), workers=1))
    assert not {record["record_id"] for record in records_of(out)} & {
        json.dumps(record) for record in records_of(built[0])
    }


def test_other_settings_in_the_same_folder_are_refused_with_the_difference(built):
    before = digests(built[0])
    other = replace(CONFIG, seed=6, sampling=Sampling(2, 5, long=0.2))
    with pytest.raises(StoreError) as caught:
        toy_build(built[0], other)
    assert "sampling.long: was 0.1, now 0.2; seed: was 5, now 6" in str(caught.value)
    assert digests(built[0]) == before


def test_a_folder_that_holds_something_else_is_refused(tmp_path):
    (tmp_path / "thesis.tex").write_text("precious")
    with pytest.raises(StoreError, match="is not empty and no build was begun there"):
        toy_build(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.tex"]


def test_two_builds_at_once_in_one_folder_are_refused(built):
    with pytest.raises(StoreError, match="another build is at work there"):
        toy_build(built[0], warm_up=lambda: None, say=lambda _: toy_build(built[0]))


def test_an_unknown_task_backend_or_tracker_is_named_before_anything_is_made(tmp_path):
    for change, error, message in (
        ({"weights": {"A9": 1.0}}, ConfigError, "weights: no task 'A9': there are A1, A2"),
        ({"backend": "embeded"}, UnknownPlugin, "no backend 'embeded': did you mean 'embedded'"),
        ({"tracker": "thruth"}, UnknownPlugin, "no tracker 'thruth': did you mean 'truth'"),
    ):
        with pytest.raises(error, match=message):
            toy_build(tmp_path / "out", replace(CONFIG, **change))
    assert not (tmp_path / "out").exists()


def test_a_backend_that_does_not_follow_the_teacher_is_refused(tmp_path, monkeypatch):
    from builder.teachers.embedded import Embedded

    monkeypatch.setattr(Embedded, "teachers", ("hy-worldplay",))
    with pytest.raises(PlanError, match="'svc-real' belongs to svc"):
        toy_build(tmp_path / "out")


def test_a_task_of_weight_zero_is_not_asked(tmp_path):
    weights = {"A4": 0.0, "D1": 3.0}
    config = replace(CONFIG, subsets=("svc-real",), weights=weights, records=12, workers=1)
    tally = toy_build(tmp_path / "out", config)
    assert tally.records["svc-real", "A4"] == 0
    assert tally.records["svc-real", "D1"] >= 4


def test_a_wrong_record_stops_the_build_before_anything_is_published(built, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(built[0], out)
    for file in out.glob("bundles/*/tasks.jsonl"):
        file.unlink()
    said = []
    faults = ["/accepted: answer-unreadable: ..."]
    with pytest.raises(RecordInvalid, match=r"/accepted: answer-unreadable"):
        toy_build(out, said=said, check=lambda record: faults * (record["task_type"] == "D3"))
    assert "pack" not in said
    assert not list(out.glob("bundles/*/*tasks.jsonl*"))


def test_a_disk_that_fills_up_ends_in_one_error_and_the_build_can_go_on(
    built, tmp_path, monkeypatch
):
    out, calls, replace_ = tmp_path / "out", [], os.replace

    def full(*args):
        calls.append(args)
        if len(calls) == 12:
            raise OSError(errno.ENOSPC, "No space left on device")
        return replace_(*args)

    monkeypatch.setattr(store_files.os, "replace", full)
    with pytest.raises(StoreError, match="No space left on device; the disk is full: free"):
        toy_build(out, replace(CONFIG, workers=1))
    monkeypatch.undo()
    assert not [file for file in out.rglob("*") if file.name.endswith(".tmp")]
    toy_build(out)
    assert digests(out) == digests(built[0])


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="Permission denied; choose an --out"):
        toy_build(tmp_path / "out")


def test_an_out_below_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="Not a directory; a part of this path is a file"):
        toy_build(tmp_path / "file" / "out")


def test_ctrl_c_ends_a_build_and_its_workers_and_it_can_go_on(tmp_path):
    out = tmp_path / "out"
    environment = {**os.environ, "PYTHONPATH": f"{REPOSITORY}{os.pathsep}{REPOSITORY / 'tests'}"}
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline._kill_me", str(out)],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not list(out.glob("bundles/*/scenes/*/traj_*")):
        assert process.poll() is None, "it ended before it could be interrupted"
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: parent and workers
    _, errors = process.communicate(timeout=20)
    assert process.returncode != 0
    assert errors.count("Traceback") == 1
    assert not [file for file in out.rglob("*") if file.name.endswith(".tmp")]
