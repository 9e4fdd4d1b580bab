"""One place: what trajectories share is asked once, and what is finished is not made again."""

import json
from dataclasses import replace

import pytest
from pipeline._toy import toy_tools

from builder.config import BuildConfig, Sampling
from builder.core.action import Move, Turn
from builder.core.protocol import SUBSETS
from builder.core.scene import SceneRef
from builder.pipeline import planner, unit
from builder.pipeline.jobs import Job, Work
from builder.pipeline.planner import Planned
from builder.pipeline.unit import make_unit

WALKS = (
    (Turn("right", 20.0),),
    (Turn("right", 20.0), Move("forward", 0.5)),
    (Turn("right", 20.0), Move("left", 0.4)),
)


@pytest.fixture
def job(tmp_path, monkeypatch):
    """One anchor, three walks that all begin with the same turn."""

    def plan(scene, subset, anchor, sampling, draw, used):
        for number, walk in enumerate(WALKS):
            yield Planned(f"a{anchor.index}_walk_{number:02d}", anchor, walk)

    monkeypatch.setattr(planner, "plan_anchor", plan)
    (tmp_path / ".build").mkdir()
    config = BuildConfig(sampling=Sampling(anchors_per_scene=1))
    reference = SceneRef("rooms", "rooms-1", 0)
    return Job(Work(config, tmp_path, toy_tools), reference, ("svc-simulated",), 3, 1000)


def candidates(job):
    file = job.work.candidates(SUBSETS["svc-simulated"], job.name)
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_what_three_trajectories_share_is_asked_once(job):
    tally = make_unit(job)
    turns = [
        one["record_id"]
        for one in candidates(job)
        if one["task_type"] == "A2" and one["frame_indices"] == [0, 1]
    ]
    assert turns == ["svc-simulated/rooms-1/a0_walk_00/A2/0"]
    assert tally.drops["svc-simulated", "A2", "asked-already"] == 2


def test_of_one_task_and_class_only_so_many_are_kept_and_the_rest_is_counted(job):
    few = replace(job, keep=2)
    tally = make_unit(few)
    tasks = toy_tools().tasks
    groups = [
        (one["task_type"], tasks[one["task_type"]].balance_of(one)) for one in candidates(few)
    ]
    assert max(groups.count(group) for group in groups) == 2
    assert sum(n for (_, _, why), n in tally.drops.items() if why == "surplus") > 0


def test_a_finished_place_is_only_counted(job, monkeypatch):
    first = make_unit(job)
    monkeypatch.setattr(unit, "begin_rollout", None)
    monkeypatch.setattr(unit, "read_rollout", None)
    assert make_unit(job).to_json() == first.to_json()


def test_a_place_may_go_by_another_name(job):
    make_unit(replace(job, scene_id="demo_scene"))
    named = candidates(replace(job, scene_id="demo_scene"))
    assert {one["scene_id"] for one in named} == {"demo_scene"}
    assert all(one["images"][0].startswith("scenes/demo_scene/") for one in named)


def test_an_anchor_may_use_what_the_one_before_it_could_not(job, monkeypatch):
    wanted = []

    def plan(scene, subset, anchor, sampling, draw, used):
        wanted.append(draw[0])
        for number, walk in enumerate(WALKS[: 1 + anchor.index]):
            yield Planned(f"a{anchor.index}_walk_{number:02d}", anchor, walk)

    monkeypatch.setattr(planner, "plan_anchor", plan)
    make_unit(replace(job, anchors=3))
    assert wanted == [3, 3 + 2, 3 + 3]  # 1 of 3, then 2 of 5 were taken
