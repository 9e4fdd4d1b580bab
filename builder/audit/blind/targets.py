"""What is to be guessed without the pictures, and how good a guess may be.

An answer is read from its text, whatever its form, by what the command hands in; where a text
cannot be read so (wordings of another version), a yes or no is read from the record's facts.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from builder.audit.answers import Readers
from builder.audit.blind.asked import Asked
from builder.core.action import Action, Move, Turn, kind_of
from builder.core.errors import RecordInvalid, World2VLMError

Kind = Literal["class", "box"]
ALLOWED = 0.05  # by how much a blind guess may beat the best constant answer


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to guess.

    Attributes:
        name: Such as "A1 direction".
        task: Whose records it is guessed for.
        allowed: Most by which the blind guess may beat the prior; None: reported, not judged.
        kind: A class, or a box.
    """

    name: str
    task: str
    allowed: float | None
    kind: Kind = "class"


TARGETS = (
    Target("A1 direction", "A1", ALLOWED),
    Target("A2 direction", "A2", ALLOWED),
    Target("A3 pattern", "A3", ALLOWED),
    Target("A4 true/false", "A4", ALLOWED),
    Target("D1 box", "D1", None, "box"),
    Target("D2 gone/visible", "D2", None),
    Target("D3 pattern", "D3", None),
    Target("D4 same/different", "D4", ALLOWED),
)


@dataclass(frozen=True)
class Language:
    """How answers are read; handed in, because tasks are neighbors of audits.

    Attributes:
        readers: By task: reads an answer in a form.
        offers: By task: the texts offered for yes and for no, of each wording that offers some.
        buckets: By task: names the bucket of a record in which a build takes as many of either
            answer; "" if it takes none in pairs.
    """

    readers: Readers
    offers: Mapping[str, Sequence[tuple[str, str]]]
    buckets: Mapping[str, Callable[[Mapping[str, Any]], str]] = field(default_factory=dict)


def class_of(one: Asked, language: Language) -> str:
    """Return the class of a record's answer, the same for all forms and wordings.

    Raises:
        RecordInvalid: If the answer cannot be read.
    """
    meant = meaning_of(one, language)
    if isinstance(meant, tuple) and meant and isinstance(meant[0], Move | Turn):
        return pattern_of(meant)
    return str(meant)


def pattern_of(actions: Sequence[Action]) -> str:
    """Return the kinds of actions without their amounts, such as "turn left; move forward"."""
    return "; ".join(kind_of(action) for action in actions)


def meaning_of(one: Asked, language: Language, answer: str | None = None) -> object:
    """Return what an answer means: actions, a box, or a word for a verdict.

    Raises:
        RecordInvalid: If it cannot be read.
    """
    text = one.answer if answer is None else answer
    try:
        meant = language.readers[one.task](text, one.form)  # type: ignore[arg-type]
    except (World2VLMError, KeyError) as error:
        if (verdict := _of_object(one)) is not None:
            return _named(one.task, verdict)
        raise RecordInvalid(
            f"{one.record_id}: the answer {text!r} cannot be read: {error}; "
            "run world2vlm check on these records first"
        ) from error
    if isinstance(meant, str):
        meant = _chosen(one, meant, language.offers.get(one.task, ()))
    if meant is None and (meant := _of_object(one)) is None:
        raise RecordInvalid(f"{one.record_id}: the question does not say what {text!r} stands for")
    return _named(one.task, meant) if isinstance(meant, bool) else meant


def paired_in(one: Asked, language: Language) -> str:
    """Return a name for the records among which a build took as many of either answer.

    Raises:
        RecordInvalid: If the record lacks what its task would have written.
    """
    bucket_of = language.buckets.get(one.task)
    if bucket_of is None:
        return ""
    try:
        bucket = bucket_of(one.facts)
    except (World2VLMError, AttributeError, KeyError, TypeError) as error:
        raise RecordInvalid(
            f"{one.record_id}: cannot tell what it was balanced with: {error!r}; "
            "run world2vlm check on these records first"
        ) from error
    return f"{one.subset}|{one.split}|{bucket}" if bucket else ""


def _named(task: str, verdict: bool) -> str:
    words = {"D2": ("gone", "visible"), "D4": ("same", "different")}.get(task, ("true", "false"))
    return words[0 if verdict else 1]


def _of_object(one: Asked) -> bool | None:
    """Return the verdict by the columns about the object; None: the task has no such verdict."""
    thing = one.facts["object"]
    match one.task, thing:
        case "D2", {"box_after": box}:
            return box is None
        case "D4", {"track_id": before, "track_id_after": after}:
            return bool(before == after)
        case _:
            return None


def _chosen(one: Asked, letter: str, offers: Sequence[tuple[str, str]]) -> bool | None:
    """Return what a letter stands for, by the order in which the question offers the options."""
    for offer in offers:
        yes, no = (re.sub(r"\\\{\w+\\\}", ".+?", re.escape(text)) for text in offer)
        if re.search(f"A: {yes} B: {no}", one.question):
            return letter == "A"
        if re.search(f"A: {no} B: {yes}", one.question):
            return letter == "B"
    return None
