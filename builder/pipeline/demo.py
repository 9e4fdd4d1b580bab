"""`make demo`: the small dataset that comes with the package, by the code that builds any other.

Two places called `demo_scene`, the garage photograph and one room, each with three anchors. Of all
the rollouts a build would make of them only a few are kept: those that between them offer enough
of every task, with the fewest pictures.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.config import BuildConfig, Sampling
from builder.core.errors import StoreError
from builder.core.protocol import SUBSETS, Subset
from builder.pipeline.select import Entry, choose, index, lines_of
from builder.pipeline.tools import ToolMaker, Tools, default_tools
from builder.pipeline.unit import Job, Work, make_unit
from builder.store import scene_folder_of, whole_folder
from builder.tasks import DEMO_SCENE

SEED = 0
TRAJECTORIES = 24
LEAST, AIM, MOST = 4, 6, 8
_PLENTY = 1000


@dataclass(frozen=True)
class Offer:
    """One trajectory and the candidates it offers.

    Attributes:
        trajectory_id: Its name.
        pictures: How many it stores.
        entries: Its candidates.
    """

    trajectory_id: str
    pictures: int
    entries: tuple[Entry, ...]


def make_demo(out: Path, maker: ToolMaker = default_tools, seed: int = SEED) -> Counter[str]:
    """Make the folders `<Folder>-demo` in `out`; what else lies there stays.

    Returns:
        How many records each subset has.

    Raises:
        StoreError: If a subset cannot offer enough of every task, or the disk refuses.
    """
    tools, counts = maker(), Counter[str]()
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix=".making-") as made:
        for job in _jobs(Path(made), maker, tools, seed):
            job.work.progress.parent.mkdir(parents=True, exist_ok=True)
            make_unit(job)
            for subset in job.subsets:
                counts[subset.name] = _keep(job, subset, tools, out)
    return counts


def _jobs(made: Path, maker: ToolMaker, tools: Tools, seed: int) -> list[Job]:
    config = BuildConfig(seed=seed, sampling=Sampling(singles=0.4, presets=0.5, long=0.1))
    jobs = []
    for scene_type in ("real", "simulated"):
        names = tuple(name for name, one in SUBSETS.items() if one.scene_type == scene_type)
        reference = tools.source_for(scene_type).references(1, seed, None)[0]
        work = Work(config, made / scene_type, maker)
        jobs.append(Job(work, reference, names, TRAJECTORIES, _PLENTY, DEMO_SCENE))
    return jobs


def _keep(job: Job, subset: Subset, tools: Tools, out: Path) -> int:
    """Copy the chosen bundles of one subset and write their records; return how many."""
    file, source = job.work.candidates(subset, job.name), job.work.bundles(subset)
    entries = list(index([file], tools.tasks, job.work.config.seed))
    offers = _offers(entries, file, source)
    kept = fewest(offers, tools)
    chosen = choose(
        [entry for offer in kept for entry in offer.entries],
        AIM * len(tools.tasks),
        [subset.name],
        dict.fromkeys(tools.tasks, 1.0),
    )
    lines = [line for _, line in lines_of(chosen, [file])]
    _check(lines, subset, tools)
    shown = {json.loads(line)["trajectory_id"] for line in lines}
    target = out / f"{subset.folder}-demo"
    shutil.rmtree(target, ignore_errors=True)
    with whole_folder(target) as draft:
        _copy_bundles(source, draft, shown)
        (draft / "tasks_demo.jsonl").write_bytes(b"".join(lines))
    return len(lines)


def fewest(offers: Sequence[Offer], tools: Tools) -> list[Offer]:
    """Return offers that together hold `AIM` candidates of each task, its classes balanced.

    One after another, the offer is taken that meets most of what is still wanting, a picture.
    """
    supply = Counter((entry.task, entry.balance) for one in offers for entry in one.entries)
    wanting = _wanted(supply, tools)
    kept: list[Offer] = []
    rest = list(offers)
    while rest and any(wanting.values()):
        best = max(rest, key=lambda one: _worth(one, wanting) / one.pictures)
        if _worth(best, wanting) == 0:
            break
        kept.append(best)
        rest.remove(best)
        wanting -= Counter((entry.task, entry.balance) for entry in best.entries)
    return kept


def _wanted(supply: Counter[tuple[str, str]], tools: Tools) -> Counter[tuple[str, str]]:
    """Return how many of each task and class there should be, evenly, as far as there are any."""
    wanted: Counter[tuple[str, str]] = Counter()
    for task in tools.tasks:
        classes = [key for key in supply if key[0] == task]
        for key in classes:
            wanted[key] = min(supply[key], -(-AIM // len(classes)))
    return wanted


def _worth(offer: Offer, wanting: Counter[tuple[str, str]]) -> int:
    offered = Counter((entry.task, entry.balance) for entry in offer.entries)
    return sum(min(count, wanting[key]) for key, count in offered.items())


def _offers(entries: Sequence[Entry], file: Path, source: Path) -> list[Offer]:
    by_trajectory: dict[str, list[Entry]] = defaultdict(list)
    for entry, (_, line) in zip(entries, lines_of(entries, [file]), strict=True):
        by_trajectory[json.loads(line)["trajectory_id"]].append(entry)
    scene = scene_folder_of(source, DEMO_SCENE)
    return [
        Offer(name, len(list((scene / f"traj_{name}" / "samples-rgb").iterdir())), tuple(found))
        for name, found in sorted(by_trajectory.items())
    ]


def _check(lines: Sequence[bytes], subset: Subset, tools: Tools) -> None:
    records = [json.loads(line) for line in lines]
    counts = Counter(record["task_type"] for record in records)
    if short := {task: counts[task] for task in tools.tasks if counts[task] < LEAST}:
        raise StoreError(f"the demo of {subset.name} has too few records: {short}, want {LEAST}")
    for task in ("A4", "D2", "D4"):
        found = {tools.tasks[task].balance_of(r) for r in records if r["task_type"] == task}
        if len(found) < 2:
            raise StoreError(f"the demo of {subset.name} answers {task} only with {found}")


def _copy_bundles(source: Path, target: Path, trajectories: set[str]) -> None:
    old, new = scene_folder_of(source, DEMO_SCENE), scene_folder_of(target, DEMO_SCENE)
    shutil.copytree(old / "input", new / "input")
    shutil.copy(old / "scene.json", new / "scene.json")
    for name in sorted(trajectories):
        shutil.copytree(old / f"traj_{name}", new / f"traj_{name}")


def _described(counts: Mapping[str, int], out: Path) -> str:
    size = sum(file.stat().st_size for file in out.rglob("*") if file.is_file())
    told = ", ".join(f"{name} {count}" for name, count in counts.items())
    return f"{out}: {told} records, {size / 1e6:.1f} MB in all\n"


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("out", type=Path, help="folder, such as data-demo")
    where = arguments.parse_args().out
    sys.stderr.write(_described(make_demo(where), where))
