"""An older build comes to today's form, whole or not at all, and nothing in it is guessed."""

import json
import shutil
from pathlib import Path

import pytest
from PIL import Image

from builder import schemas
from builder.audit import check
from builder.cli import main
from builder.core.errors import StoreError
from builder.pipeline.upgrade import draft, upgrade
from builder.tasks import readers

OLDER = Path(__file__).parents[1] / "older" / "0.1.0-ungraded"  # of commit 02e468b, some records
TASKS = "SVC-RealScene-demo/tasks_demo.jsonl"


@pytest.fixture
def older(tmp_path):
    """Return a copy of the older build with pictures of the right size."""
    path = shutil.copytree(OLDER, tmp_path / "older")
    for index in path.rglob("traj.json"):
        plain = json.loads(index.read_text())
        for frame in plain["transforms"]["frames"]:
            _picture(index.parent / frame["path"], frame)
    for scene in path.rglob("scene.json"):
        for anchor in json.loads(scene.read_text())["anchors"]:
            _picture(scene.parent / anchor["image"], anchor["camera"])
    return path


def test_records_without_a_grade_get_the_grade_of_the_formula_and_pass(older):
    before = _records(older)
    assert {record["difficulty"] for record in before} == {None}
    assert main(["upgrade", str(older)]) == 0
    after = _records(older)
    assert all(record["difficulty"] in range(1, 6) for record in after)
    assert [{**record, "difficulty": None} for record in after] == before
    assert list(check([older], readers())) == []
    assert [path.name for path in older.parent.iterdir()] == ["older"], "nothing is left beside it"


def test_an_upgrade_of_what_has_todays_form_writes_nothing(older, capsys):
    assert main(["upgrade", str(older)]) == 0
    state = (older / TASKS).stat()
    assert main(["upgrade", str(older)]) == 0
    assert (older / TASKS).stat().st_ino == state.st_ino
    assert "has today's form already" in capsys.readouterr().out


def test_a_dry_run_counts_and_writes_nothing(older, capsys):
    before = (older / TASKS).read_bytes()
    assert main(["upgrade", str(older), "--dry-run"]) == 0
    count = len(before.splitlines())
    assert f"{count} of {count} records changed" in capsys.readouterr().out
    assert (older / TASKS).read_bytes() == before
    assert [path.name for path in older.parent.iterdir()] == ["older"]


def test_what_cannot_be_derived_stays_null(older, capsys):
    (next(older.rglob("traj.json"))).unlink()
    assert main(["upgrade", str(older), "--out", str(older.parent / "new")]) == 0
    assert "stay ungraded: their bundle is not there" in capsys.readouterr().out
    assert (older.parent / "new" / TASKS).read_bytes() == (older / TASKS).read_bytes()


def test_a_new_folder_leaves_the_old_one_as_it_is(older):
    before, new = (older / TASKS).read_bytes(), older.parent / "new"
    assert main(["upgrade", str(older), "--out", str(new)]) == 0
    assert (older / TASKS).read_bytes() == before
    assert list(check([new], readers())) == []
    assert main(["upgrade", str(older), "--out", str(new)]) == 2


@pytest.mark.parametrize("moment", ["linking", "aside"])
def test_a_run_that_is_stopped_leaves_the_old_folder_and_goes_on(older, monkeypatch, moment):
    before = (older / TASKS).read_bytes()

    def stop(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        if moment == "linking":
            patch.setattr(draft, "_link", stop)
        else:  # killed between the two renames
            patch.setattr("builder.pipeline.upgrade.run.put_in_place", _aside_alone)
        assert main(["upgrade", str(older)]) == 130
    if moment == "linking":
        assert (older / TASKS).read_bytes() == before
    else:
        assert not older.exists()
        draft.recovered(older)
        assert (older / TASKS).read_bytes() == before
    assert main(["upgrade", str(older)]) == 0
    assert all(record["difficulty"] for record in _records(older))
    assert [path.name for path in older.parent.iterdir()] == ["older"]


def test_what_a_later_version_made_is_refused_everywhere_in_one_line(older, capsys):
    later = [{**record, "builder_version": "0.2.0"} for record in _records(older)]
    (older / TASKS).write_text("".join(json.dumps(record) + "\n" for record in later))
    text = "was made by a later world2vlm (0.2.0 > 0.1.0); upgrade the package"
    assert main(["upgrade", str(older)]) == 1
    assert text in capsys.readouterr().err
    issues = list(check([older / TASKS], readers()))
    assert {issue.rule for issue in issues} == {"later-version"}
    assert [text in str(issue) for issue in issues] == [True] * len(later)
    assert not schemas.record_errors({**_records(OLDER)[0], "builder_version": "0.1.9"})


def test_a_bundle_of_a_later_version_is_refused(older):
    plain = json.loads(next(older.rglob("traj.json")).read_text())
    plain["provenance"]["builder_version"] = "1.0.0"
    (found,) = schemas.errors({**plain, "a_field_of_then": 1}, "trajectory")
    assert found.pointer == "/provenance/builder_version"


@pytest.mark.parametrize(
    ("line", "text"),
    [(b"{", "not JSON"), (b"[]", "no record"), (b'{"record_id": "a"}', "has no field")],
)
def test_a_line_that_is_no_record_is_named_and_nothing_is_changed(older, capsys, line, text):
    content = (older / TASKS).read_bytes() + line + b"\n"
    (older / TASKS).write_bytes(content)
    assert main(["upgrade", str(older)]) == 1
    error = capsys.readouterr().err
    assert f"{TASKS}:{len(content.splitlines())}: " in error
    assert text in error
    assert (older / TASKS).read_bytes() == content


def test_a_folder_without_records_or_with_links_is_refused(older, tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(StoreError, match="no records"):
        upgrade(tmp_path / "empty", None, lambda *_: None)
    (older / "a-link").symlink_to(tmp_path / "empty")
    with pytest.raises(StoreError, match="is a link"):
        upgrade(older, None, lambda *_: None)


def test_a_release_beside_the_records_is_packed_again_with_its_own_facts(older):
    out = older.parent / "out"
    shutil.copytree(older / "SVC-RealScene-demo", out / "bundles" / "SVC-RealScene")
    file = out / "bundles" / "SVC-RealScene" / "tasks_demo.jsonl"
    file.rename(file.with_name("tasks.jsonl"))
    (out / "World2VLM").mkdir()
    (out / "World2VLM" / "stats.json").write_text('{"build": {"seed": 7}}')
    packed = []
    report = upgrade(out, None, lambda folder, facts: packed.append((folder, facts)))
    assert packed == [(out.parent / ".out.upgrading", {"seed": 7})]
    assert report.packed


def _records(folder):
    return [json.loads(line) for line in (folder / TASKS).read_text().splitlines()]


def _picture(file, size):
    file.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (size["width"], size["height"]), "gray").save(file)


def _aside_alone(_, target):
    target.rename(draft._aside(target))
    raise KeyboardInterrupt
