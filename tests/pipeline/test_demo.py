"""The demo: enough of every task from few trajectories, by the code of any build."""

import json
from collections import Counter

import pytest
from pipeline._toy import toy_tools

from builder.core.errors import StoreError
from builder.core.protocol import SUBSETS
from builder.pipeline import demo
from builder.pipeline.demo import Offer, fewest, make_demo
from builder.pipeline.select import Entry


def offer(name, pictures, **classes):
    entries = [
        Entry("svc-real", task, balance, "open", number, 0, number)
        for task, found in classes.items()
        for number, balance in enumerate(found)
    ]
    return Offer(name, pictures, tuple(entries))


def test_offers_that_add_nothing_are_left_out(monkeypatch):
    monkeypatch.setattr(demo, "TRAJECTORIES_KEPT", 0)
    rich = offer("rich", 2, A1=["move left"] * 3 + ["move right"] * 3, A4=["true", "false"] * 3)
    poor = offer("poor", 2, A1=["move left"] * 2)
    assert fewest([poor, rich], toy_tools()) == [rich]


def test_a_rare_class_is_worth_an_offer_of_its_own(monkeypatch):
    monkeypatch.setattr(demo, "TRAJECTORIES_KEPT", 0)
    common = offer("common", 2, A4=["true"] * 9)
    rare = offer("rare", 6, A4=["false"] * 3)
    assert {one.trajectory_id for one in fewest([common, rare], toy_tools())} == {"common", "rare"}


@pytest.fixture(scope="module")
def toy_demo(tmp_path_factory):
    out = tmp_path_factory.mktemp("demo")
    (out / "README.md").write_text("stays")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "TRAJECTORIES", 9)
        patch.setattr(demo, "LEAST", 2)
        return out, make_demo(out, toy_tools, seed=1)


def test_every_subset_has_its_folder_and_nothing_else_is_touched(toy_demo):
    out, counts = toy_demo
    folders = {f"{subset.folder}-demo" for subset in SUBSETS.values()}
    assert {file.name for file in out.iterdir()} == {*folders, "README.md"}
    assert set(counts) == set(SUBSETS)


def test_every_record_shows_pictures_that_are_there_and_no_bundle_is_idle(toy_demo):
    out, counts = toy_demo
    for name, subset in SUBSETS.items():
        folder = out / f"{subset.folder}-demo"
        lines = (folder / "tasks_demo.jsonl").read_text().splitlines()
        records = [json.loads(line) for line in lines]
        assert len(records) == counts[name]
        assert {record["scene_id"] for record in records} == {"demo_scene"}
        assert {record["split"] for record in records} == {"train"}
        assert all((folder / image).is_file() for one in records for image in one["images"])
        bundles = {path.name[5:] for path in (folder / "scenes" / "demo_scene").glob("traj_*")}
        assert bundles == {record["trajectory_id"] for record in records}
        answers = Counter(
            (record["task_type"], toy_tools().tasks[record["task_type"]].answer_of(record))
            for record in records
            if record["task_type"] in {"A4", "D2", "D4"}
        )
        assert len(answers) == 6


def test_too_little_of_a_task_is_an_error_that_names_it(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "TRAJECTORIES", 1)
    with pytest.raises(StoreError, match=r"demo of .* has too few records: \{'A"):
        make_demo(tmp_path, toy_tools)
    assert not list(tmp_path.glob("*/tasks_demo.jsonl"))
