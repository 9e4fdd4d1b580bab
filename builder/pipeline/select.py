"""Which candidates become records: even over subsets and tasks, balanced in each split and task."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from builder.core.seeding import rank_of
from builder.core.split import Split
from builder.pipeline.quotas import Leaf, quotas, usable
from builder.pipeline.shares import water_fill
from builder.pipeline.spread import Traits, spread, traits_of
from builder.tasks import Task


@dataclass(frozen=True, slots=True)
class Entry:
    """A candidate in the index: what the choice needs, and where its line lies.

    Attributes:
        subset: Configuration name.
        task: Task name.
        balance: The class that is balanced within the task.
        form: Its answer form, balanced within the class.
        rank: Its place in hash order.
        file: Position of its file in the list that was indexed.
        offset: Of its line, bytes.
        split: Its split: what is balanced is so in each.
        traits: What is to be even within a task and a split.
        told: Whether its task tells how many actions an answer has.
    """

    subset: str
    task: str
    balance: str
    form: str
    rank: int
    file: int
    offset: int
    split: Split = "train"
    traits: Traits = ()
    told: bool = False


def index(files: Sequence[Path], tasks: Mapping[str, Task], seed: int) -> Iterator[Entry]:
    """Yield one entry a candidate, reading line by line."""
    names: dict[str, str] = {}
    families: dict[tuple[str, ...], tuple[str, ...]] = {}
    for position, file in enumerate(files):
        offset = 0
        with file.open("rb") as lines:
            for line in lines:
                plain = json.loads(line)
                subset, task, form, balance = (
                    names.setdefault(text, text)
                    for text in (
                        plain["subset"],
                        plain["task_type"],
                        plain["answer_form"],
                        tasks[plain["task_type"]].balance_of(plain),
                    )
                )
                rank = rank_of(seed, "surplus", plain["record_id"])
                traits = tuple(families.setdefault(one, one) for one in traits_of(plain))
                place = (rank, position, offset)
                told = tasks[task].tells_length
                yield Entry(subset, task, balance, form, *place, plain["split"], traits, told)
                offset += len(line)


def choose(
    entries: Iterable[Entry], total: int, subsets: Sequence[str], weights: Mapping[str, float]
) -> list[Entry]:
    """Choose up to `total` entries; the order in which they come does not matter.

    The total is shared evenly over subsets, then by task weights, then 90/5/5 over the splits, then
    evenly over the classes of a task and the answer forms of a class (see `quotas`). What one
    cannot supply the others take. Within a form those are chosen whose traits (label, place of the
    box, amounts, anchor, wording) are rarest among the chosen, then in hash order.

    Args:
        entries: The candidates.
        total: How many are wanted.
        subsets: All subsets that share the total.
        weights: Of each task.

    Returns:
        The chosen, ordered as their lines lie in the files.
    """
    groups: dict[str, dict[str, list[Entry]]] = {name: defaultdict(list) for name in subsets}
    for entry in entries:
        if weights[entry.task] > 0:
            groups[entry.subset][entry.task].append(entry)
    each = total / max(1, len(subsets)) / max(sum(weights.values()), 1e-9)
    for tasks in groups.values():
        for task, found in tasks.items():
            tasks[task] = _in_buckets(found, math.ceil(each * weights[task]))
    room = {
        subset: {task: _usable(found) for task, found in sorted(tasks.items())}
        for subset, tasks in groups.items()
    }
    of_subset = water_fill(
        total,
        {subset: sum(tasks.values()) for subset, tasks in room.items()},
        dict.fromkeys(subsets, 1.0),
    )
    chosen: list[Entry] = []
    for subset, tasks in groups.items():
        of_task = water_fill(of_subset[subset], room[subset], weights)
        for task, share in of_task.items():
            chosen += _balanced(tasks[task], share)
    return sorted(chosen, key=lambda entry: (entry.file, entry.offset))


def surplus(entries: Iterable[Entry], chosen: Iterable[Entry]) -> Counter[tuple[str, str, str]]:
    """Return how many candidates of each subset and task were not needed, as drops."""
    left = Counter((entry.subset, entry.task, "surplus") for entry in entries)
    left.subtract((entry.subset, entry.task, "surplus") for entry in chosen)
    return +left


def lines_of(chosen: Iterable[Entry], files: Sequence[Path]) -> Iterator[tuple[str, bytes]]:
    """Yield (subset, line) of each chosen entry, reading one file at a time.

    Args:
        chosen: Ordered by file and offset, as `choose` returns them.
        files: As they were indexed.
    """
    by_file: dict[int, list[Entry]] = defaultdict(list)
    for entry in chosen:
        by_file[entry.file].append(entry)
    for position, entries in sorted(by_file.items()):
        with files[position].open("rb") as lines:
            for entry in entries:
                lines.seek(entry.offset)
                yield entry.subset, lines.readline()


def _in_buckets(entries: list[Entry], wanted: int) -> list[Entry]:
    """Return the entries with the finest buckets that leave enough to choose from.

    Of buckets in a family ("true|move left|move left 0.3 meters") a small build has too few of
    opposite answers; then the family is the bucket.
    """
    while _usable(entries) < wanted and any(entry.balance.count("|") > 1 for entry in entries):
        entries = [replace(one, balance=one.balance.rpartition("|")[0]) for one in entries]
    return entries


def _usable(entries: Sequence[Entry]) -> int:
    return usable(_counted(entries), told=entries[0].told)


def _counted(entries: Iterable[Entry]) -> Counter[Leaf]:
    return Counter(_leaf_of(entry) for entry in entries)


def _leaf_of(entry: Entry) -> Leaf:
    return Leaf.of(entry.split, entry.balance, entry.form)


def _balanced(entries: Sequence[Entry], share: int) -> list[Entry]:
    """Choose `share` entries of one subset and task."""
    one = entries[0]
    quota = quotas(share, _counted(entries), one.subset, one.task, told=one.told)
    splits: dict[str, dict[Leaf, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        splits[entry.split][_leaf_of(entry)].append(entry)
    return [entry for _, groups in sorted(splits.items()) for entry in spread(groups, quota)]
