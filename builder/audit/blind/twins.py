"""Questions asked twice: exactly, in other words only, or with answers that contradict."""

import itertools
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from builder.audit.blind.asked import Asked
from builder.audit.blind.pictures import Pictures
from builder.audit.blind.question import parts_of
from builder.audit.blind.targets import Language, meaning_of

Pair = tuple[Asked, Asked]
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """Something counted, with examples.

    Attributes:
        name: What it is.
        count: How often.
        must_be_0: Whether any is a fault.
        examples: Some, in words.
    """

    name: str
    count: int
    must_be_0: bool
    examples: tuple[str, ...]

    @property
    def is_fault(self) -> bool:
        """Whether there is one that must not be."""
        return self.must_be_0 and self.count > 0


def twins(records: Sequence[Asked], pictures: Pictures, language: Language) -> list[Finding]:
    """Return how many questions are asked twice, and how many contradict.

    Two questions ask the same if their pictures have the same bytes and their boxes, actions and
    label are the same, whatever the wording and the form of the answer.

    Raises:
        RecordInvalid: If an answer cannot be read.
    """
    shown = {one.record_id: _shown(one, pictures) for one in records}
    exact = _pairs(records, lambda one: (one.task, one.question, shown[one.record_id]))
    alike = _pairs(records, lambda one: _content(one, shown[one.record_id]))
    meant = {one.record_id: _meanings(one, language) for one in records}
    worded: list[Pair] = []
    contrary: list[Pair] = []
    same = {(one.record_id, other.record_id) for one, other in exact}
    for one, other in alike:
        if not meant[one.record_id] & meant[other.record_id]:
            contrary.append((one, other))
        elif (one.record_id, other.record_id) not in same:
            worded.append((one, other))
    return [
        _finding("exact duplicates", exact, must_be_0=True),
        _finding("near duplicates (wording only)", worded, must_be_0=False),
        _finding("contradictory pairs", contrary, must_be_0=True),
    ]


def _shown(one: Asked, pictures: Pictures) -> tuple[bytes, ...]:
    return tuple(pictures[key].digest for key in one.images)


def _content(one: Asked, shown: tuple[bytes, ...]) -> Hashable:
    parts = parts_of(one.question)
    label = (one.facts["object"] or {}).get("label")
    return one.task, shown, parts.boxes, parts.actions, label


def _meanings(one: Asked, language: Language) -> frozenset[object]:
    return frozenset(meaning_of(one, language, text) for text in (one.answer, *one.accepted))


def _pairs(records: Iterable[Asked], key: Callable[[Asked], Hashable]) -> list[Pair]:
    """Return each record with every later one of the same key."""
    met: dict[Hashable, list[Asked]] = defaultdict(list)
    for one in records:
        met[key(one)].append(one)
    return [pair for group in met.values() for pair in itertools.combinations(group, 2)]


def _finding(name: str, pairs: Sequence[Pair], *, must_be_0: bool) -> Finding:
    examples = tuple(
        f"{one.record_id} ({one.answer}) and {other.record_id} ({other.answer})"
        for one, other in pairs[:_SHOWN]
    )
    return Finding(name, len(pairs), must_be_0, examples)
