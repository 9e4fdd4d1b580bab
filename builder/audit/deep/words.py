"""What an answer means, read from the question and the answer alone.

Verdicts are read by what the words mean, not by which template they come from: of two options the
one that says "out of sight" is the one that says so, wherever it stands.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from builder.core.action import Action
from builder.core.errors import GrammarError
from builder.language import grammar

Meaning = Mapping[bool, re.Pattern[str]]

# What is looked for first decides: "no longer visible" has "visible" in it.
_GONE: Meaning = {
    True: re.compile(
        r"out of (?:sight|view)|no longer|not visible|invisible|disappear|vanish|\bgone\b|hidden"
        r"|cannot be seen",
        re.IGNORECASE,
    ),
    False: re.compile(
        r"visible|in (?:sight|view)|be seen|still (?:show|there|see)|\bshows?\b|remain|\bstays?\b",
        re.IGNORECASE,
    ),
}
_SAME: Meaning = {
    False: re.compile(
        r"\btwo\b|\bdifferent\b|\bseparate\b|\banother\b|\bdistinct\b|not the same", re.IGNORECASE
    ),
    True: re.compile(r"\bsame\b|\bone\b|identical|\bitself\b", re.IGNORECASE),
}
_MEANINGS = {"D2": _GONE, "D4": _SAME}

_CHOICES = re.compile(r"\bA: (?P<A>[^.!?]*[.!?]) B: (?P<B>[^.!?]*[.!?])")
_ASKED = re.compile(r"[^.!?]*\?")
_HEARERS = {
    "open": grammar.hear,
    "counted": grammar.hear_counted,
    "sentence": grammar.hear_sentence,
}
_YES = {"yes": True, "no": False}
_TRUE = {"true": True, "false": False}


class Unread(Exception):  # noqa: N818 - it states a fact about the words
    """The words were not understood, so that nothing can be said of the answer."""


def motion_of(text: str, form: str) -> tuple[Action, ...]:
    """Return the actions that an answer lists.

    Raises:
        Unread: If it is in no language of motion.
    """
    if form not in _HEARERS:
        raise Unread(f"no motion is told in the form {form!r}")
    try:
        return _HEARERS[form](text)
    except GrammarError as error:
        raise Unread(str(error)) from error


def claim_holds(answer: str) -> bool:
    """Return the verdict of A4.

    Raises:
        Unread: If it is neither true nor false.
    """
    if answer not in _TRUE:
        raise Unread(f"{answer!r} is neither true nor false")
    return _TRUE[answer]


def verdict_of(record: Mapping[str, Any], answer: str) -> bool:
    """Return what an answer of D2 (is it gone?) or D4 (is it the same?) says.

    The label is taken out of the words first: a "two-seat sofa" is one thing.

    Raises:
        Unread: If the words of question or answer were not understood.
    """
    meaning, form = _MEANINGS[record["task_type"]], record["answer_form"]
    label = re.escape((record["object"] or {}).get("label", "thing"))
    question, answer = (
        re.sub(rf"\b{label}\b", "thing", text)
        for text in (record["messages"][0]["content"], answer)
    )
    match form:
        case "sentence":
            return _meant(answer, meaning)
        case "choice":
            found = _CHOICES.search(question)
            options = {letter: _meant(found[letter], meaning) for letter in "AB"} if found else {}
            if answer not in options or len(set(options.values())) != 2:
                raise Unread(f"the options of {question!r} do not say two things, or {answer!r}")
            return options[answer]
        case "yes-no" if answer in _YES:
            asked = _meant(_last(_ASKED.findall(question)), meaning)
            return asked == _YES[answer]
    raise Unread(f"{answer!r} in the form {form!r}")


def _meant(text: str, meaning: Meaning) -> bool:
    for value, pattern in meaning.items():
        if pattern.search(text):
            return value
    raise Unread(f"{text!r} says neither the one thing nor the other")


def _last(texts: Sequence[str]) -> str:
    return texts[-1] if texts else ""
