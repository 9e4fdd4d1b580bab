"""What a record says is right, made ready to be compared with many answers."""

import functools
import itertools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from builder.audit.score.clean import plain, readings_of
from builder.audit.score.reading import DRESSED, Reading, read_box, read_motion
from builder.core.action import Action
from builder.core.box import BoxN1000
from builder.core.errors import RecordInvalid
from builder.core.record import AnswerForm

_OPTIONS = re.compile(r"\bA: (.{1,300}?\.) B: (.{1,300}?\.)(?= |\Z)")
_QUOTED = re.compile(r'"([^"]{1,300})" or "([^"]{1,300})"')
_BOX = re.compile(r"\[ ?[0-9]{1,4} ?, ?[0-9]{1,4} ?, ?[0-9]{1,4} ?, ?[0-9]{1,4} ?\]")
_WORDS = {"yes-no": ("yes", "no"), "true-false": ("true", "false")}
_OTHER_WORDS = {"yes-no": "true-false", "true-false": "yes-no"}

Says = Mapping[str, tuple[int, float]]


@dataclass(frozen=True, slots=True)
class Motions:
    """Sequences that are right.

    Attributes:
        form: In which form they are asked for.
        accepted: All of them.
        single: Whether the task asks for one action (A1, A2) and not for a sequence.
    """

    form: AnswerForm
    accepted: tuple[tuple[Action, ...], ...]
    single: bool


@dataclass(frozen=True, slots=True)
class Verdicts:
    """One of two answers that is right.

    Attributes:
        says: What a text means: which of the two, and how well it keeps to the form.
        accepted: Which of the two are right; one.
    """

    says: Says
    accepted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class TrueBoxes:
    """Boxes that are right.

    Attributes:
        accepted: All of them; one.
        echo: The box that the question itself holds.
    """

    accepted: tuple[BoxN1000, ...]
    echo: BoxN1000 | None


Truth = Motions | Verdicts | TrueBoxes


def truth_of(record: Mapping[str, Any]) -> Truth:
    """Return what is right for a record: ours, or one with only the paper's three fields.

    Raises:
        RecordInvalid: If fields are missing, or its own answers cannot be read.
    """
    try:
        question, answer = (turn["content"] for turn in record["messages"])
        accepted = tuple(record.get("accepted") or (answer,))
        form = record.get("answer_form")
        before = (record.get("object") or {}).get("box_before")
        return _truth(record["task_type"], form, accepted, question, tuple(before or ()))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        if isinstance(error, RecordInvalid):
            raise
        named = record.get("record_id", "a record") if isinstance(record, Mapping) else "a record"
        raise RecordInvalid(
            f"{named}: cannot be scored ({type(error).__name__}: {error}); it needs task_type, "
            "messages and, unless it is the paper's, answer_form and accepted"
        ) from error


@functools.lru_cache(maxsize=4096)
def _truth(
    task: str, form: AnswerForm | None, accepted: tuple[str, ...], question: str, before: BoxN1000
) -> Truth:
    if before and read_box(readings_of(str(list(before)))) is None:
        raise RecordInvalid(f"object/box_before {before} is no box")
    said = [tuple(readings_of(text)) for text in accepted]
    if form == "box" or (form is None and read_box(said[0])):
        boxes = [read_box(ways) for ways in said]
        return TrueBoxes(_values(boxes, accepted), before or _first_box(question))
    motions = [read_motion(ways, form or "open") for ways in said]
    if any(motions) or form in ("open", "counted"):
        form = form or _form_of(accepted[0])
        return Motions(form, _values(motions, accepted), task in ("A1", "A2"))
    return _verdicts(form, accepted, question)


def _values(readings: list[Reading[Any] | None], texts: tuple[str, ...]) -> tuple[Any, ...]:
    for reading, text in zip(readings, texts, strict=True):
        if reading is None:
            raise RecordInvalid(f"the accepted answer {text!r} cannot be read like the others")
    return tuple(dict.fromkeys(reading.value for reading in readings if reading))


def _form_of(text: str) -> AnswerForm:
    if "steps |" in text:
        return "counted"
    return "sentence" if text[:1].isupper() else "open"


def _first_box(question: str) -> BoxN1000 | None:
    found = _BOX.search(question)
    reading = read_box(readings_of(found[0])) if found else None
    return reading.value if reading else None


def _verdicts(form: AnswerForm | None, accepted: tuple[str, ...], question: str) -> Verdicts:
    says = _meanings(form or _verdict_form(accepted[0]), question)
    numbers = itertools.count(2)
    for text in accepted:  # a sentence of foreign data, whose question does not quote it
        says.setdefault(plain(text), (next(numbers), 1.0))
    return Verdicts(says, tuple(dict.fromkeys(says[plain(text)][0] for text in accepted)))


def _verdict_form(text: str) -> AnswerForm:
    for form, words in _WORDS.items():
        if plain(text) in words:
            return cast(AnswerForm, form)
    return "choice" if plain(text) in ("a", "b") else "sentence"


def _meanings(form: AnswerForm, question: str) -> dict[str, tuple[int, float]]:
    if form in _WORDS:
        near = {word: (side, DRESSED) for side, word in enumerate(_WORDS[_OTHER_WORDS[form]])}
        return near | {word: (side, 1.0) for side, word in enumerate(_WORDS[form])}
    if form == "choice":
        return _letters(_OPTIONS.search(question))
    found = _QUOTED.search(question)
    return {plain(text): (side, 1.0) for side, text in enumerate(found.groups())} if found else {}


def _letters(options: re.Match[str] | None) -> dict[str, tuple[int, float]]:
    says: dict[str, tuple[int, float]] = {}
    for side, letter in enumerate("ab"):
        says |= dict.fromkeys((letter, f"({letter})", f"{letter})"), (side, 1.0))
        if options:
            text = plain(options[side + 1])
            near = (text, f"{letter}: {text}", f"{letter}. {text}", f"{letter}) {text}")
            says |= dict.fromkeys((*near, f"({letter}) {text}"), (side, DRESSED))
    return says
