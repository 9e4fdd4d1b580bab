"""A build's output small enough to write in a moment, and fresh processes to open it in."""

import hashlib
import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from builder.core.protocol import SUBSETS, Subset
from builder.core.record import CameraFacts, Message, ObjectFacts, Record

ANSWERS = {
    "A1": ("open", "move forward 0.5 meters"),
    "A2": ("open", "turn left 20 degrees"),
    "A3": ("open", "move forward 0.5 meters; turn left 20 degrees"),
    "A4": ("true-false", "true"),
    "D1": ("box", "[12, 34, 560, 780]"),
    "D2": ("yes-no", "yes"),
    "D3": ("open", "move forward 0.5 meters"),
    "D4": ("yes-no", "no"),
}
SPLIT_OF = {"garage": "train", "room-1-0001": "validation", "room-1-0002": "test"}
CHAIR = ObjectFacts("chair", 1, 2, (10, 20, 300, 400), (12, 34, 560, 780), 1.0, 0.75)


def a_record(subset: Subset, scene: str, trajectory: str, task: str, number: int = 0) -> Record:
    """Return a record that the schema accepts; its images need not exist."""
    form, answer = ANSWERS[task]
    folder = f"scenes/{scene}/traj_{trajectory}/samples-rgb"
    images = tuple(f"{folder}/{frame:03d}.jpg" for frame in range(1 if task == "D2" else 2))
    return Record(
        record_id=f"{subset.name}/{scene}/{trajectory}/{task}/{number}",
        task_type=task,
        messages=(
            Message("user", "<image>" * len(images) + "\nWhat did the camera do?"),
            Message("assistant", answer),
        ),
        images=images,
        subset=subset.name,
        teacher=subset.teacher,
        scene_type=subset.scene_type,
        backend="embedded",
        scene_id=scene,
        trajectory_id=trajectory,
        split=SPLIT_OF[scene],
        frame_indices=(0, 1),
        camera=CameraFacts(54.0, "exact"),
        actions="move forward 0.5 meters",
        claim="move forward 0.5 meters" if task == "A4" else None,
        object=CHAIR if task.startswith("D") else None,
        answer_form=form,
        accepted=(answer,),
        difficulty=None if task == "D4" else 2,
        template_id=f"{task}.{form}",
        license="CC0-1.0",
        builder_version="0.1.0",
    )


def write_subset(folder: Path, records: list[Record], name: str = "tasks.jsonl") -> None:
    """Write records and a picture for each of their images; equal frame 0 in one scene."""
    for record in records:
        for number, path in enumerate(record.images):
            file = folder / path
            if not file.exists():
                file.parent.mkdir(parents=True, exist_ok=True)
                motif = record.scene_id if number == 0 else path
                noise = hashlib.shake_256(motif.encode()).digest(16 * 16 * 3)
                picture = Image.frombytes("RGB", (16, 16), noise)
                picture.resize((64, 48)).save(file, quality=95)
    lines = [json.dumps(record.to_json()) + "\n" for record in records]
    (folder / name).write_text("".join(lines), encoding="utf-8")


def some_records(subset: Subset, trajectories: int = 3) -> list[Record]:
    """Return all eight tasks on some trajectories of three places, one in each split."""
    return [
        a_record(subset, scene, f"t{trajectory}", task)
        for scene in SPLIT_OF
        for trajectory in range(trajectories)
        for task in ANSWERS
    ]


def write_demo(root: Path) -> Path:
    """Write a folder laid out as `data-demo`, 48 records a subset, all in split train."""
    for subset in SUBSETS.values():
        records = [
            replace(a_record(subset, "garage", f"t{trajectory}", task), scene_id="demo_scene")
            for trajectory in range(6)
            for task in ANSWERS
        ]
        write_subset(root / f"{subset.folder}-demo", records, "tasks_demo.jsonl")
    return root


@pytest.fixture(scope="session")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the output of a pretended build of two subsets, rows in all three splits."""
    out = tmp_path_factory.mktemp("build")
    for name in ("svc-real", "hy-worldplay-simulated"):
        subset = SUBSETS[name]
        write_subset(out / "bundles" / subset.folder, some_records(subset))
    return out


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return HF_HOME for the session: W2V_DOORS_HOME if two majors are to share one, else new."""
    shared = os.environ.get("W2V_DOORS_HOME")
    return Path(shared) if shared else tmp_path_factory.mktemp("hf-home")


Fresh = Callable[..., Any]


@pytest.fixture(scope="session")
def fresh(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Fresh:
    """Return a function that runs code in a fresh, offline process, from an empty directory.

    The code binds `result`, which comes back through JSON. Nothing of the checkout is importable
    there but what is installed.
    """
    if "world2vlm" not in {d.metadata["Name"] for d in importlib.metadata.distributions()}:
        pytest.skip("world2vlm is not installed here; install its wheel to test its doors")
    empty = tmp_path_factory.mktemp("empty")

    def run(code: str, cwd: Path = empty, **variables: str) -> Any:
        wrapped = f"import json\n{code}\nprint('RESULT', json.dumps(result))"
        names = ("PYTHONPATH", "WORLD2VLM_NO_HOOK")
        env = {key: value for key, value in os.environ.items() if key not in names}
        env |= {
            "HF_HOME": str(home),
            "HF_HUB_OFFLINE": "1",
            "HF_DATASETS_DISABLE_PROGRESS_BARS": "1",
        }
        done = subprocess.run(
            [sys.executable, "-c", wrapped],
            cwd=cwd,
            env=env | variables,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.rpartition("RESULT ")[2])

    return run
