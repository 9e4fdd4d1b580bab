"""What a build would ask of a world model, found out without one."""

import json
from dataclasses import replace

import pytest
from pipeline._toy import toy_tools

from builder.cli import main
from builder.config import BuildConfig, HySettings, Sampling, SvcSettings
from builder.pipeline import tools as real_tools
from builder.pipeline.foresight import Sum, foresee
from builder.teachers import backend_named

CONFIG = BuildConfig(
    subsets=("svc-simulated",),
    records=40,
    scenes=2,
    backend="svc",
    sampling=Sampling(anchors_per_scene=1, trajectories_per_anchor=6),
)


def foreseen(config, name):
    backend = backend_named(name).planning(config)
    total = Sum(name, backend.memory_gib)
    return list(foresee(config, toy_tools(), backend, total)), total


def test_the_sums_are_those_of_the_listing():
    listed, total = foreseen(CONFIG, "svc")
    lines = [one.to_json() for one in listed]
    assert total.trajectories == {"svc-simulated": len(lines)}
    assert total.frames == sum(line["poses"] for line in lines)
    assert total.forwards == len(lines)
    assert all(line["key_frames"][-1] == line["poses"] - 1 for line in lines)
    assert len({line["trajectory_id"] for line in lines}) <= len(lines)


def test_two_passes_take_three_times_the_work_of_one():
    one, _ = foreseen(CONFIG, "svc")
    _, paper = foreseen(replace(CONFIG, svc=SvcSettings(profile="paper")), "svc")
    assert paper.forwards == 3 * len(one)


def test_the_estimate_grows_with_the_steps():
    _, few = foreseen(replace(CONFIG, svc=SvcSettings(steps=25)), "svc")
    _, many = foreseen(replace(CONFIG, svc=SvcSettings(steps=50)), "svc")
    assert many.gpu_s == pytest.approx([2 * seconds for seconds in few.gpu_s])


def test_a_video_of_hy_has_four_frames_a_pose_but_one():
    config = replace(CONFIG, subsets=("hy-worldplay-simulated",), backend="hy-worldplay")
    listed, total = foreseen(config, "hy-worldplay")
    assert total.frames == sum(4 * one.to_json()["poses"] - 3 for one in listed)
    _, guided = foreseen(replace(config, hy=HySettings(few_step=False, steps=50)), "hy-worldplay")
    assert guided.gpu_s[0] > 10 * total.gpu_s[0]


def test_the_command_prints_the_sums_and_writes_the_listing(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(real_tools, "default_tools", toy_tools)
    file = tmp_path / "asked.jsonl"
    call = ["plan", "svc-simulated", "--backend", "svc", "--records", "20", "--scenes", "2"]
    assert main([*call, "--listing", str(file)]) == 0
    said = capsys.readouterr().out
    assert "forward passes:" in said
    assert "(estimate)" in said
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert main([*call, "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["trajectories"] == {"svc-simulated": len(lines)}


def test_a_teacher_is_not_asked_for_the_subsets_of_the_other(capsys):
    assert main(["plan", "svc-real", "--backend", "hy-worldplay"]) == 2
    assert "belongs to svc" in capsys.readouterr().err
