"""Answers: readable in the language of their task and form, and saying what the record knows."""

import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from builder.audit.issue import Finding
from builder.audit.motion import difference_of, heard
from builder.audit.schema_rules import unknown_task
from builder.core.action import Move, Turn
from builder.core.errors import World2VLMError
from builder.core.record import AnswerForm
from builder.schemas.report import short

Readers = Mapping[str, Callable[[str, AnswerForm], object]]
_LONGEST_MESSAGE = 1000
_Asked = tuple[Callable[[str, AnswerForm], object], str, AnswerForm]  # reader, answer, form


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
    for pointer, text in _answers(record):
        asked = (readers[task], text, form)
        try:
            meant = _meant(*asked)
        except World2VLMError as error:
            yield Finding(pointer, "answer-unreadable", f"{task}, {form}: {in_short(error)}")
            continue
        fault = _fault(meant, record, asked) if comparable else ""
        if fault:
            yield Finding(pointer, "answer-mismatch", f"{short(text, 160)}: {fault}")


def in_short(error: Exception) -> str:
    """Return what an error says, cut where it quotes a text of any length."""
    text = str(error)
    return text if len(text) <= _LONGEST_MESSAGE else f"{text[: _LONGEST_MESSAGE - 3]}..."


@functools.lru_cache(maxsize=1 << 16)
def _meant(reader: Callable[[str, AnswerForm], object], text: str, form: AnswerForm) -> object:
    """Return what an answer means; what has been read is remembered, since answers repeat."""
    return reader(text, form)


@functools.lru_cache(maxsize=1 << 14)
def _motion_apart(asked: _Asked, actions: str) -> str:
    """Return how far the end of an answer is from that of the actions; remembered by the texts."""
    said: Any = _meant(*asked)
    return difference_of(said, heard(actions))


@functools.lru_cache(maxsize=1 << 14)
def _claim_apart(claim: str, actions: str) -> str:
    return difference_of(heard(claim), heard(actions))


def _answers(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    first = record["messages"][1]["content"]
    answers = [("/messages/1/content", first)]
    if record["accepted"] == [first]:
        return answers
    seen = {first}
    for index, text in enumerate(record["accepted"]):
        if text not in seen:
            seen.add(text)
            answers.append((f"/accepted/{index}", text))
    return answers


def _fault(meant: object, record: Mapping[str, Any], asked: _Asked) -> str:
    """Return why an answer contradicts the other columns; "" if it does not, or cannot be told."""
    match meant:
        case (Move() | Turn(), *_):
            apart = _motion_apart(asked, record["actions"])
            return apart and f"the actions are {short(record['actions'], 160)}; they end {apart}"
        case (int(), int(), int(), int()):
            return _box_fault(list(meant), record)
        case bool() if record["claim"] is not None:
            return _claim_fault(meant, record)
        case _:
            return ""


def _box_fault(box: list[int], record: Mapping[str, Any]) -> str:
    expected = (record["object"] or {}).get("box_after")
    return "" if expected in (None, box) else f"object/box_after is {expected}"


def _claim_fault(verdict: bool, record: Mapping[str, Any]) -> str:
    apart = _claim_apart(record["claim"], record["actions"])
    if verdict == (apart == ""):
        return ""
    return f"claim and actions end {apart or 'at the same pose'}"
