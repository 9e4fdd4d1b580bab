"""The benchmark: rows of the test split chosen so that no answer is commoner than its rivals.

Of every subset and task up to `PER_TASK` rows. Among them, as far as the test split reaches, each
cell (form and class of the answer) has as many as any other, and in a cell each place of the right
option, then each difficulty. A verdict's two classes are cut to the same number in each form, and a
form that has only one of them is left out, and letters are evened out in the same way: a constant
answer is right half the time, no more. Which rows of a cell are taken is drawn by record_id, so the
same build gives the same benchmark.
"""

import itertools
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Generic, TypeVar

from builder.core.action import kind_of
from builder.core.errors import GrammarError, StoreError
from builder.core.release import BENCHMARK
from builder.core.seeding import rank_of
from builder.language.grammar import hear, hear_sentence
from builder.publish.layout import Row, Shard, records_of, shards_of, stored_bytes, unfolded_bytes

CONFIG = BENCHMARK
SPLIT = "test"
PER_TASK = 48  # of each subset: even over 4 directions, 2 classes and 3 forms
_SEED = 0

Place = TypeVar("Place")
Source = tuple[str, Path, Row]  # subset, its JSON Lines, where the row stands


@dataclass(frozen=True, slots=True)
class Entry(Generic[Place]):
    """What the choice needs to know of a record.

    Attributes:
        record_id: Its id.
        subset: Its subset.
        task: Its task.
        form: The form of its answer.
        answer: The class of its answer, whatever its form.
        option: Which option is right, where one is to be chosen.
        difficulty: 1..5; 0: not graded.
        verdict: Whether the answer is one of two.
        place: Where it stands.
    """

    record_id: str
    subset: str
    task: str
    form: str
    answer: str
    option: str
    difficulty: int
    verdict: bool
    place: Place


def entry_of(record: Mapping[str, Any], place: Place) -> Entry[Place]:
    """Return what the choice needs to know of a record."""
    answer, verdict = _class_of(record)
    form = record["answer_form"]
    option = record["messages"][1]["content"] if form == "choice" else ""
    names = record["record_id"], record["subset"], record["task_type"], form
    return Entry(*names, answer, option, record["difficulty"] or 0, verdict, place)


def chosen(entries: Iterable[Entry[Place]]) -> list[Entry[Place]]:
    """Return the benchmark's records, by subset and task, whatever the order of `entries`."""
    groups = defaultdict(list)
    for entry in entries:
        groups[entry.subset, entry.task].append(entry)
    return [
        entry
        for _, group in sorted(groups.items())
        for entry in _evened(_two_sided(group), _cell, _option, _difficulty)[:PER_TASK]
    ]


def stretches(files: Iterable[Path]) -> list[tuple[str, tuple[str, int, int, int]]]:
    """Return the benchmark's lines in JSON Lines: ("test", (file, first byte, line, 1)) each.

    Raises:
        StoreError: If there are none; it says why.
    """
    entries = [
        entry_of(record, (str(file), offset, number, 1))
        for file in files
        for number, (offset, record) in enumerate(records_of(file), start=1)
        if record.get("split") == SPLIT
    ]
    if not entries:
        raise StoreError(
            "no benchmark: it is chosen from the split 'test', and no record here is in it; the "
            "demo and small builds have none (1 place in 20 falls to test)"
        )
    return [(SPLIT, entry.place) for entry in chosen(entries)]


def benchmark_shards(entries: Iterable[Entry[Source]]) -> list[Shard]:
    """Return the benchmark's Parquet files, one or more a subset; none: there is no test split."""
    by_source = defaultdict(list)
    for entry in chosen(entries):
        by_source[entry.place[1]].append(entry.place[2])
    shards = [
        shard
        for source, rows in by_source.items()
        for shard in shards_of(CONFIG, source, {SPLIT: rows})
    ]
    return [replace(shard, index=i, count=len(shards)) for i, shard in enumerate(shards)]


def benchmark_stats(
    shards: Sequence[Shard], files: Sequence[Mapping[str, Any]]
) -> dict[str, Any] | None:
    """Return the sizes of the benchmark as `stats.json` and the card hold them; None: none."""
    groups = [group for shard in shards for group in shard.groups]
    if not groups:
        return None
    rows = [row for group in groups for row in group]
    counts = {"records": len(rows), "scenes": len({row.scene_id for row in rows})}
    sizes = {
        "image_bytes": sum(map(stored_bytes, groups)),
        "unfolded_image_bytes": unfolded_bytes(rows),
    }
    stored = sum(file["bytes"] for file in files if file.get("config") == CONFIG)
    return {"splits": {SPLIT: counts | sizes}, "file_bytes": stored}


def _class_of(record: Mapping[str, Any]) -> tuple[str, bool]:
    """Return the class of an answer and whether it is a verdict."""
    thing, form = record["object"], record["answer_form"]
    answer = record["messages"][1]["content"]
    if form == "box":
        x1, y1, x2, y2 = thing["box_after"]
        sides = "right" if x1 + x2 > 1000 else "left", "low" if y1 + y2 > 1000 else "high"
        return " ".join(sides), False
    if form in ("open", "counted") or (form == "sentence" and _is_motion(answer)):
        return "; ".join(map(kind_of, hear(record["actions"]))), False
    if thing is None:
        return answer, True
    if thing["track_id"] != thing["track_id_after"]:
        return "another", True
    return "gone" if thing["box_after"] is None else "there", True


def _is_motion(sentence: str) -> bool:
    try:
        hear_sentence(sentence)
    except GrammarError:
        return False
    return True


def _two_sided(group: Sequence[Entry[Place]]) -> list[Entry[Place]]:
    """Return a task's rows with as many of each class as of the other, in each form.

    Where letters are answered, rows are set off against rows of the other class *and* the other
    letter, so that neither of the two is commoner.
    """
    kept = [entry for entry in group if not entry.verdict]
    first = min((entry.answer for entry in group), default="")
    sides: defaultdict[Hashable, defaultdict[str, list[Entry[Place]]]]
    sides = defaultdict(lambda: defaultdict(list))
    for entry in group:
        if entry.verdict:
            crossed = (entry.answer == first) == (entry.option == "A") if entry.option else False
            sides[entry.form, crossed][entry.answer].append(entry)
    for by_answer in sides.values():
        least = min(map(len, by_answer.values())) if len(by_answer) > 1 else 0
        for entries in by_answer.values():
            kept += _evened(entries, _difficulty)[:least]
    return kept


def _evened(
    entries: Iterable[Entry[Place]], *keys: Callable[[Entry[Place]], Hashable]
) -> list[Entry[Place]]:
    """Return entries in an order whose every beginning is even over the keys, the first above all.

    Groups take turns; one that has run out is passed over.
    """
    if not keys:
        return sorted(entries, key=lambda entry: rank_of(_SEED, CONFIG, entry.record_id))
    groups = defaultdict(list)
    for entry in entries:
        groups[keys[0](entry)].append(entry)
    ordered = [_evened(groups[key], *keys[1:]) for key in sorted(groups, key=str)]
    rounds = itertools.zip_longest(*ordered)
    return [entry for turn in rounds for entry in turn if entry is not None]


def _cell(entry: Entry[Any]) -> Hashable:
    return entry.form, entry.answer


def _option(entry: Entry[Any]) -> Hashable:
    return entry.option


def _difficulty(entry: Entry[Any]) -> Hashable:
    return entry.difficulty
