"""Answers that nobody looked for: drawn at random, and the best that never changes.

Both are made from the records that are scored, per subset, task and form of the answer (and, for
sentences, per wording), so the best constant flatters itself a little: it knows the priors.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any

from builder.audit.score import judged
from builder.audit.score.truth import Motions, TrueBoxes, Truth, Verdicts, truth_of
from builder.core.action import amount_of, kind_of
from builder.core.sampling import action_of
from builder.core.seeding import drawn, rank_of
from builder.language.answers import say_box
from builder.language.grammar import say, say_counted, say_sentence

_KEPT = 128  # records of each kind, the first in hash order, that answers are made from
_CANDIDATES = 8
_SEED = 0

Key = tuple[str, ...]
Row = Mapping[str, Any]


class Baselines:
    """The two baselines of a set of records.

    Args:
        records: Read once; `_KEPT` of each kind are kept.
    """

    def __init__(self, records: Iterable[Row]) -> None:
        kept: defaultdict[Key, list[tuple[int, str, Row]]] = defaultdict(list)
        for row in records:
            rank = rank_of(_SEED, "baseline", row["record_id"])
            entry = (-rank, row["record_id"], row)
            held = kept[_key(row)]
            if len(held) < _KEPT:
                heapq.heappush(held, entry)
            elif entry > held[0]:
                heapq.heapreplace(held, entry)
        self._rows = {key: [row for _, _, row in sorted(held)] for key, held in kept.items()}
        self._constants = {key: _best_constant(rows) for key, rows in self._rows.items()}

    def random(self, row: Row, truth: Truth) -> str:
        """Return one of the two answers by a coin, or the right answer of another record."""
        draw = (_SEED, "random", row["record_id"])
        if isinstance(truth, Verdicts):
            texts = _texts(truth)
            return texts[drawn(len(texts), *draw)]
        rows = self._rows[_key(row)]
        others = [other for other in rows if other["record_id"] != row["record_id"]] or rows
        return _answer(others[drawn(len(others), *draw)])

    def constant(self, row: Row) -> str:
        """Return the answer that does best if it is given to all records of this kind."""
        return _labelled(self._constants[_key(row)], row)


def _key(row: Row) -> Key:
    form = row.get("answer_form") or ""
    wording = row.get("template_id") if form == "sentence" else ""
    return row.get("subset") or "", row["task_type"], form, wording or ""


def _answer(row: Row) -> str:
    answer: str = row["messages"][1]["content"]
    return answer


def _texts(truth: Verdicts) -> list[str]:
    """Return one text of each side, as the form wants it."""
    plain = {side: text for text, (side, format_) in truth.says.items() if format_ == 1.0}
    return [plain[side] for side in sorted(plain)]


def _best_constant(rows: Sequence[Row]) -> str:
    truths = [truth_of(row) for row in rows]
    half = rows[: _KEPT // 2], truths[: _KEPT // 2]

    def total(candidate: str) -> float:
        pairs = zip(*half, strict=True)
        return sum(judged(true, _labelled(candidate, row))["overall"] for row, true in pairs)

    return max(_candidates(rows, truths), key=total)


def _candidates(rows: Sequence[Row], truths: Sequence[Truth]) -> list[str]:
    match truths[0]:
        case TrueBoxes():
            boxes = [true.accepted[0] for true in truths if isinstance(true, TrueBoxes)]
            x1, y1, x2, y2 = (round(median(edge)) for edge in zip(*boxes, strict=True))
            return [say_box((x1, y1, x2, y2)), say_box((250, 250, 750, 750))]
        case Motions():
            return _motions([true for true in truths if isinstance(true, Motions)])
        case _:
            masked = Counter(_masked(_answer(row), row) for row in rows)
            return [text for text, _ in masked.most_common(_CANDIDATES)]


def _motions(truths: Sequence[Motions]) -> list[str]:
    """Return the commonest patterns, each with the median amount of each of its actions."""
    patterns = defaultdict(list)
    for true in truths:
        patterns[tuple(map(kind_of, true.accepted[0]))].append(true.accepted[0])
    commonest = sorted(patterns.items(), key=lambda item: (-len(item[1]), item[0]))
    write = {"counted": say_counted, "sentence": say_sentence}.get(truths[0].form, say)
    return [
        write(
            [
                action_of(kind, round(median(amount_of(said[place]) for said in group), 3))
                for place, kind in enumerate(kinds)
            ]
        )
        for kinds, group in commonest[:_CANDIDATES]
    ]


def _label(row: Row) -> str:
    return (row.get("object") or {}).get("label") or ""


def _masked(text: str, row: Row) -> str:
    label = _label(row)
    return text.replace(label, "{label}") if label else text


def _labelled(text: str, row: Row) -> str:
    return text.replace("{label}", _label(row))
