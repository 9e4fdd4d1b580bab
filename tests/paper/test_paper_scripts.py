"""Our `--rules paper` beside the paper's own scripts, record by record, with a checkout."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from paper_layouts import detections, svc_bundle

from builder.core.action import Move, Turn
from builder.paper import read_trajectory
from builder.pipeline.paper_rules import records_of
from builder.publish.show import demo_folder
from builder.store.motion import act_of

ROOT = os.environ.get("W2V_PAPER_ROOT")
DEMO = demo_folder()
SCRIPTS = "02_spatial_supervision_construction/svc_dataset_gen"

pytestmark = pytest.mark.skipif(
    not ROOT, reason="needs a checkout of the paper's code: W2V_PAPER_ROOT=DIR"
)


@pytest.mark.parametrize("folder", sorted(one.name for one in DEMO.glob("*-demo")))
def test_every_label_is_the_one_of_the_papers_own_scripts(folder, tmp_path):
    assert len(_held_equal(DEMO / folder / "scenes", tmp_path)) > 20


def test_they_agree_on_bundles_with_every_oddity_of_a_detector(tmp_path):
    rng = np.random.default_rng(4)
    acts = [Move("left", 0.1), Move("forward", 1.4), Turn("left", 30.0), Turn("right", 100.0)]
    for number in range(40):
        actions = tuple(acts[i] for i in rng.choice(4, rng.integers(1, 4), replace=False))
        stem = act_of(actions[0]) if len(actions) == 1 else "multi_step"
        scene, name = f"s{number % 7}", f"{stem}_{number:02d}_x"
        folder = svc_bundle(tmp_path, actions, scene=scene, name=name)
        last = len(json.loads((folder / "traj.json").read_text())["actions_step"]) - 1
        frames = [0] if number % 9 == 0 else [0, last] if number % 2 else [0, 2, last]
        detections(folder, [(frame, _detected(rng)) for frame in frames])
    assert len(_held_equal(tmp_path / "scenes", tmp_path)) > 80


def _detected(rng):
    found = []
    for _ in range(rng.integers(0, 7)):
        x, y = rng.integers(0, 60, 2)
        w, h = rng.integers(4, 40, 2)
        track = None if rng.random() < 0.2 else int(rng.integers(1, 5))
        label = ["chair", "tv", "lamp"][rng.integers(3)]
        found.append((track, label, (x, y, min(96, x + w), y + h), round(rng.uniform(0.2, 1), 2)))
    return found


def _held_equal(scenes, out):
    theirs = [
        (one["task_type"], tuple(Path(p).resolve() for p in one["images"]), _answer(one), one)
        for one in _their_records(scenes, out)
    ]
    files = sorted(scenes.glob("*/traj_*/traj.json"))
    trajectories = [read_trajectory(file.parent) for file in files]
    ours = [
        (one.task_type, tuple(Path(p).resolve() for p in one.images), one.answer, one)
        for one in records_of(trajectories, seed=42)
    ]
    assert [one[:3] for one in ours] == [one[:3] for one in theirs]
    for (task, *_, mine), (*_, other) in zip(ours, theirs, strict=True):
        question = other["messages"][0]["content"]
        if task == "A4":
            assert f'"{mine.claim}"' in question
        if mine.thing is not None:
            assert str(list(mine.thing.box_before)) in question
            assert task == "D3" or f'"{mine.actions}"' in question
    return ours


def _their_records(scenes, out):
    where = Path(ROOT) / SCRIPTS
    motion, objects = out / "a.jsonl", out / "d.jsonl"
    run = [sys.executable, "generate_undetect_prompts_max_dist.py", "--data_root", str(scenes)]
    run += ["--out_path", str(motion), "--templates", "templates.jsonl", "--seed", "42"]
    _run(run, where)
    run = [sys.executable, "generate_detect_prompts_norm_1000_max_dist.py"]
    run += ["--scenes-root", str(scenes), "--output", str(objects), "--max-scenes", "2000"]
    _run(run, where)
    return [json.loads(line) for one in (motion, objects) for line in one.read_text().splitlines()]


def _run(command, where):
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, check=False, cwd=where, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "[skip]" not in done.stderr


def _answer(record):
    return record["messages"][1]["content"]
