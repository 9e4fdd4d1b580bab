"""Answers: readable in the language of their task and form, and saying what the record knows."""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from builder.audit.issue import Finding
from builder.audit.motion import difference_of, heard
from builder.audit.schema_rules import unknown_task
from builder.core.action import Action, Move, Turn
from builder.core.errors import World2VLMError
from builder.core.record import AnswerForm
from builder.schemas.report import short

Readers = Mapping[str, Callable[[str, AnswerForm], object]]


def answer_findings(
    record: Mapping[str, Any], readers: Readers, comparable: bool
) -> Iterator[Finding]:
    """Yield what is wrong with the answers of a record.

    Args:
        record: The record.
        readers: By task, what reads an answer in a form and raises if it cannot.
        comparable: Whether actions, claim and object are right, so that answers can be compared.
    """
    task, form = record["task_type"], record["answer_form"]
    if task not in readers:
        yield unknown_task(task, readers)
        return
    for pointer, text in _answers(record).items():
        try:
            meant = _meant(readers[task], text, form)
        except World2VLMError as error:
            yield Finding(pointer, "answer-unreadable", f"{task}, {form}: {error}")
            continue
        fault = _fault(meant, record) if comparable else ""
        if fault:
            yield Finding(pointer, "answer-mismatch", f"{short(text, 160)}: {fault}")


@functools.lru_cache(maxsize=1 << 16)
def _meant(reader: Callable[[str, AnswerForm], object], text: str, form: AnswerForm) -> object:
    """Return what an answer means; what has been read is remembered, since answers repeat."""
    return reader(text, form)


def _answers(record: Mapping[str, Any]) -> dict[str, str]:
    answers = {"/messages/1/content": record["messages"][1]["content"]}
    for index, text in enumerate(record["accepted"]):
        if text not in answers.values():
            answers[f"/accepted/{index}"] = text
    return answers


def _fault(meant: object, record: Mapping[str, Any]) -> str:
    """Return why an answer contradicts the other columns; "" if it does not, or cannot be told."""
    match meant:
        case tuple() if meant and all(isinstance(part, Move | Turn) for part in meant):
            return _motion_fault(meant, record)
        case (int(), int(), int(), int()):
            return _box_fault(list(meant), record)
        case bool() if record["claim"] is not None:
            return _claim_fault(meant, record)
        case _:
            return ""


def _motion_fault(said: tuple[Action, ...], record: Mapping[str, Any]) -> str:
    apart = difference_of(said, heard(record["actions"]))
    return apart and f"the actions are {short(record['actions'], 160)}; they end {apart}"


def _box_fault(box: list[int], record: Mapping[str, Any]) -> str:
    expected = (record["object"] or {}).get("box_after")
    return "" if expected in (None, box) else f"object/box_after is {expected}"


def _claim_fault(verdict: bool, record: Mapping[str, Any]) -> str:
    apart = difference_of(heard(record["claim"]), heard(record["actions"]))
    if verdict == (apart == ""):
        return ""
    return f"claim and actions end {apart or 'at the same pose'}"
