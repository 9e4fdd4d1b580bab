"""Which candidates become records: even over subsets and tasks, balanced within each task."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.core.seeding import rank_of
from builder.pipeline.shares import water_fill
from builder.tasks import Task

_MOST_TO_LEAST = 1.5
_SLACK = 2
_OPPOSITES = (
    ("yes", "no"),
    ("true", "false"),
    ("same", "different"),
    ("visible", "gone"),
    ("turn left", "turn right"),
    ("move left", "move right"),
    ("move forward", "move backward"),
)
_OPPOSITE = {**dict(_OPPOSITES), **{right: left for left, right in _OPPOSITES}}


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
    """

    subset: str
    task: str
    balance: str
    form: str
    rank: int
    file: int
    offset: int


def index(files: Sequence[Path], tasks: Mapping[str, Task], seed: int) -> Iterator[Entry]:
    """Yield one entry a candidate, reading line by line."""
    names: dict[str, str] = {}
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
                yield Entry(subset, task, balance, form, rank, position, offset)
                offset += len(line)


def choose(
    entries: Iterable[Entry], total: int, subsets: Sequence[str], weights: Mapping[str, float]
) -> list[Entry]:
    """Choose up to `total` entries; the order in which they come does not matter.

    The total is shared evenly over subsets, then by task weights, then evenly over the classes of
    a task and the answer forms of a class. What one cannot supply the others take. Within a form
    the surplus is cut in hash order. Of opposite answers, such as "yes" and "no", there are never
    more than 1.5 of one to 1 of the other (plus 2): else text alone would tell the answer.

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
        groups[entry.subset][entry.task].append(entry)
    usable = {
        subset: {task: _usable(_by(found, "balance")) for task, found in sorted(tasks.items())}
        for subset, tasks in groups.items()
    }
    room = {
        subset: {
            task: sum(classes.values()) for task, classes in tasks.items() if weights[task] > 0
        }
        for subset, tasks in usable.items()
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
            chosen += _balanced(tasks[task], share, usable[subset][task])
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


def _by(entries: Iterable[Entry], name: str) -> dict[str, list[Entry]]:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        groups[getattr(entry, name)].append(entry)
    return dict(sorted(groups.items()))


def _usable(classes: Mapping[str, Sequence[Entry]]) -> dict[str, int]:
    """Return how many of each class may be taken."""
    usable = {}
    for name, found in classes.items():
        usable[name] = len(found)
        if name in _OPPOSITE:
            other = len(classes.get(_OPPOSITE[name], ()))
            usable[name] = min(len(found), int(other * _MOST_TO_LEAST) + _SLACK)
    return usable


def _balanced(entries: Sequence[Entry], share: int, usable: Mapping[str, int]) -> list[Entry]:
    chosen: list[Entry] = []
    classes = _by(entries, "balance")
    of_class = water_fill(share, usable, dict.fromkeys(usable, 1.0))
    for name, found in classes.items():
        forms = _by(found, "form")
        room = {form: len(group) for form, group in forms.items()}
        of_form = water_fill(of_class[name], room, dict.fromkeys(room, 1.0))
        for form, group in forms.items():
            chosen += sorted(group, key=lambda entry: entry.rank)[: of_form[form]]
    return chosen
