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
from dataclasses import dataclass, replace
from pathlib import Path

from builder.config import BuildConfig, Sampling
from builder.core.errors import StoreError
from builder.core.protocol import SUBSETS, Subset
from builder.pipeline.jobs import Job, Work
from builder.pipeline.select import Entry, choose, index, lines_of
from builder.pipeline.tools import ToolMaker, Tools, default_tools
from builder.pipeline.unit import make_unit
from builder.store import scene_folder_of, whole_folder
from builder.tasks import DEMO_SCENE

SEED = 0
TRAJECTORIES = 24
LEAST, AIM = 4, 6
TRAJECTORIES_KEPT = 8
_SHORT = 4
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

    @property
    def anchor(self) -> str:
        """The anchor that it starts from, as its name begins."""
        return self.trajectory_id.partition("_")[0]


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
    # So few records have no place for buckets: the demo balances the answers alone.
    entries = [
        replace(entry, balance=entry.balance.partition("|")[0])
        for entry in index([file], tools.tasks, job.work.config.seed)
    ]
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
    wanting = _Wanting(offers, tools)
    kept: list[Offer] = []
    rest = list(offers)
    while rest:
        best = max(rest, key=lambda one: wanting.met_by(one) / one.pictures)
        if wanting.met_by(best) == 0:
            break
        wanting.take(best)
        kept.append(best)
        rest.remove(best)
    for offer in sorted(kept, key=lambda one: -one.pictures):
        others = [other for other in kept if other is not offer]
        if _is_enough(others, kept, offers, tools):
            kept = others
    return _filled(kept, rest)


def _filled(kept: Sequence[Offer], rest: Sequence[Offer]) -> list[Offer]:
    """Add short trajectories until there are `TRAJECTORIES_KEPT`, from the anchors least used."""
    filled = list(kept)
    short = sorted(rest, key=lambda one: (one.pictures > _SHORT, one.trajectory_id))
    while short and len(filled) < TRAJECTORIES_KEPT:
        used = Counter(one.anchor for one in filled)
        filled.append(min(short, key=lambda one: (one.pictures > _SHORT, used[one.anchor])))
        short.remove(filled[-1])
    return filled


def _is_enough(
    fewer: Sequence[Offer], more: Sequence[Offer], offers: Sequence[Offer], tools: Tools
) -> bool:
    """Return whether `fewer` meet as much of what is wanted as `more` do."""
    met = []
    for kept in (fewer, more):
        wanting = _Wanting(offers, tools)
        for offer in kept:
            wanting.take(offer)
        met.append(wanting.left())
    return met[0] == met[1]


class _Wanting:
    """How many candidates are still wanted of each task, and of each class of it."""

    def __init__(self, offers: Sequence[Offer], tools: Tools) -> None:
        supply = Counter((entry.task, entry.balance) for one in offers for entry in one.entries)
        classes = Counter(task for task, _ in supply)
        self._of_class = Counter(
            {key: min(count, -(-AIM // classes[key[0]])) for key, count in supply.items()}
        )
        self._of_task = Counter(dict.fromkeys(tools.tasks, AIM))

    def met_by(self, offer: Offer) -> int:
        """Return how many wanted candidates an offer holds."""
        return sum(self._met(offer).values())

    def take(self, offer: Offer) -> None:
        """Want less by what an offer holds."""
        self._of_task -= self._met(offer)
        self._of_class -= Counter((entry.task, entry.balance) for entry in offer.entries)

    def left(self) -> int:
        """Return how many are still wanted."""
        return self._of_task.total()

    def _met(self, offer: Offer) -> Counter[str]:
        met: Counter[str] = Counter()
        offered = Counter((entry.task, entry.balance) for entry in offer.entries)
        for (task, balance), count in offered.items():
            met[task] += min(count, self._of_class[task, balance])
        return met & self._of_task


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
        found = {tools.tasks[task].answer_of(r) for r in records if r["task_type"] == task}
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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, help="folder, such as data-demo")
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    made = make_demo(arguments.out, seed=arguments.seed)
    sys.stderr.write(_described(made, arguments.out))
