"""`--rules paper`: bundles asked by the paper's rules, written apart, never packed as ours."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from builder.config import BuildConfig
from builder.core.drop import Drop
from builder.core.errors import StoreError
from builder.paper import (
    PaperRecord,
    PaperTrajectory,
    motion_records,
    object_records,
    read_trajectory,
)
from builder.pipeline.bundle_report import Report
from builder.pipeline.output import claimed
from builder.store import whole_file, whole_folder, write_whole
from builder.store.files import link_or_copy
from builder.store.foreign import Found, bundles_below

PAPER_SEED = 42  # of the paper's run_build_a1_a4_motion_supervision.sh


def write_paper_records(config: BuildConfig, out: Path, say: Callable[[str], object]) -> int:
    """Write `<out>/<Folder>/tasks_paper.jsonl` with its pictures, and a README that warns.

    The records have the paper's three fields and, beside them, names that none of ours has: many
    of their labels are known to be wrong, so `check` looks at their form alone and nothing packs
    them. All bundles of a subset are one run of the paper's scripts.

    Args:
        config: `bundles.folder`, `subsets` and `seed` count; seed 0 stands for the paper's 42.
        out: A new folder.
        say: Tells the user one line or table.

    Returns:
        How many records there are.

    Raises:
        StoreError: If there are no bundles that the rules make anything of.
    """
    folder = Path(config.bundles.folder or "").expanduser().resolve()
    report = Report()
    groups: dict[str, list[tuple[Found, PaperTrajectory]]] = defaultdict(list)
    for _, found in bundles_below(folder, config.subsets):
        one = found if isinstance(found, Drop) else read_trajectory(found.folder)
        if isinstance(one, Drop) or isinstance(found, Drop):
            report.note(one if isinstance(one, Drop) else Drop("unreadable"))
            continue
        report.layouts[found.layout] += 1
        groups[found.subset.folder].append((found, one))
    if not groups:
        raise StoreError(f"{folder}: the paper's rules make nothing of it\n{report.table()}")
    counts: dict[str, Counter[str]] = {}
    with claimed(out, config):
        for name, group in groups.items():
            records = records_of([one for _, one in group], config.seed or PAPER_SEED)
            counts[name] = _write(out / name, records, folder)
        write_whole(out / "README.md", _readme(counts, report, folder.name))
    say(report.table())
    return sum(sum(of_task.values()) for of_task in counts.values())


def records_of(trajectories: Sequence[PaperTrajectory], seed: int) -> list[PaperRecord]:
    """Return all records of one run, A before D, as the paper's two scripts write them."""
    ordered = sorted(trajectories, key=lambda one: one.pictures[0])
    objects = (record for one in ordered for record in object_records(one))
    return [*motion_records(ordered, seed), *objects]


def _write(target: Path, records: Sequence[PaperRecord], source: Path) -> Counter[str]:
    counts: Counter[str] = Counter()
    numbers: Counter[tuple[str, str, str]] = Counter()
    copied: dict[str, str] = {}
    if not (target / "images").is_dir():
        with whole_folder(target / "images") as draft:
            for path in dict.fromkeys(image for record in records for image in record.images):
                file = Path(path)
                name = f"{file.parents[2].name}/{file.parents[1].name}/{file.name}"
                (draft / name).parent.mkdir(parents=True, exist_ok=True)
                link_or_copy(file, draft / name)
    with whole_file(target / "tasks_paper.jsonl") as draft, draft.open("w") as stream:
        for record in records:
            key = (record.scene_id, record.trajectory_id, record.task_type)
            for path in record.images:
                file = Path(path)
                copied[path] = f"images/{file.parents[2].name}/{file.parents[1].name}/{file.name}"
            images = tuple(copied[path] for path in record.images)
            stream.write(json.dumps(record.to_json(numbers[key], images)) + "\n")
            numbers[key] += 1
            counts[record.task_type] += 1
    return counts


def _readme(counts: Mapping[str, Counter[str]], report: Report, name: str) -> str:
    tasks = sorted({task for of_task in counts.values() for task in of_task})
    lines = [
        "# Labels by the paper's rules, for comparison only",
        "",
        "Made with `world2vlm build --rules paper`: the pairs, labels and false claims are those",
        "of the paper's released scripts on these bundles, the wording is ours. Many of the labels",
        "are known to be wrong or to be told by the question alone; do not train or test on them.",
        "They are in the paper's three fields, with fields of other names than ours beside them.",
        "",
        *(
            f"- {key.replace('_', ' ').capitalize()}: {value}."
            for key, value in report.facts(name).items()
        ),
        "",
        f"| subset | {' | '.join(tasks)} |",
        f"|---|{'--:|' * len(tasks)}",
    ]
    for folder, of_task in counts.items():
        lines.append(f"| {folder} | {' | '.join(str(of_task[task]) for task in tasks)} |")
    return "\n".join(lines) + "\n"
