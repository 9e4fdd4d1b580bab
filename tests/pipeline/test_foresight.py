"""What a build would ask of a world model, found out without one."""

import json
from collections import Counter
from dataclasses import replace

import pytest
from PIL import Image
from pipeline import _toy
from pipeline._build import ends
from pipeline._toy import toy_tools
from pipeline.test_world_model_build import CONFIG as GPU_CONFIG
from pipeline.test_world_model_build import Blind
from teachers.stand_in import StandInSvc

from builder.cli import main
from builder.config import BuildConfig, HySettings, Sampling, SvcSettings
from builder.pipeline import tools as real_tools
from builder.pipeline.build import build
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


def test_what_is_planned_is_what_a_build_makes(monkeypatch, tmp_path):
    """From a place whose anchors differ in what they allow: what one cannot use, the next takes."""
    monkeypatch.setattr(_toy, "SIDE_PX", 64)
    config = replace(
        GPU_CONFIG, sampling=Sampling(anchors_per_scene=4, trajectories_per_anchor=9, singles=1,
                                         presets=0, long=0, max_move_m=0.1, max_turn_deg=10)
    )  # fmt: skip
    tools = replace(toy_tools(), backends={"svc": StandInSvc()}, trackers={"detect": Blind()})
    listed, total = foreseen(config, "svc")
    out = tmp_path / "out"
    tally = build(config, out, lambda: tools, ends([]))
    made = {file.parent.name.removeprefix("traj_") for file in out.rglob("traj.json")}
    assert {one.planned.trajectory_id for one in listed} == made
    drops = {(what, why): n for (_, what, why), n in tally.drops.items() if "fits" in why}
    assert drops == {key: n for key, n in total.drops.items() if "fits" in key[1]}
    assert total.drops["anchor", "scene-offers-fewer"] == 1
    assert "not asked:       1 x anchor, scene-offers-fewer" in total.text()


@pytest.mark.parametrize(
    ("subset", "backend"), [("svc-real", "svc"), ("hy-worldplay-real", "hy-worldplay")]
)
def test_plain_photographs_are_planned_from_as_many_anchors_as_are_wanted(
    subset, backend, tmp_path, capsys
):
    for module in ("numba", "scipy"):
        pytest.importorskip(module, reason="needs the extra [build]")
    photos, file = tmp_path / "photos", tmp_path / "asked.jsonl"
    photos.mkdir()
    for index in range(2):
        Image.effect_noise((600, 400), 40).convert("RGB").save(photos / f"plain{index}.png")
    call = ["plan", subset, "--backend", backend, "--photos", str(photos), "--records", "48"]
    assert main([*call, "--listing", str(file), "--json"]) == 0
    plain = json.loads(capsys.readouterr().out)
    assert plain["not_asked"] == []
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert plain["trajectories"] == {subset: len(lines)}
    starts = Counter((line["scene_id"], line["anchor"]) for line in lines)
    assert sorted(starts) == [(f"plain{n}", anchor) for n in range(2) for anchor in range(3)]
    assert len(set(starts.values())) == 1
    assert {"move", "turn"} <= {line["actions"].split()[0] for line in lines}


def test_a_teacher_is_not_asked_for_the_subsets_of_the_other(capsys):
    assert main(["plan", "svc-real", "--backend", "hy-worldplay"]) == 2
    assert "belongs to svc" in capsys.readouterr().err
