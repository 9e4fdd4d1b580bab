"""The three languages of answers: motion, a box, a verdict; each writes, reads and has a pattern.

A task names the language of its answers and gets `say`, `hear` and the pattern of its JSON Schema.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from builder.core.action import Action
from builder.core.box import BoxN1000
from builder.core.errors import GrammarError
from builder.core.record import AnswerForm
from builder.language import grammar
from builder.language.template import Offer

Answer = tuple[Action, ...] | BoxN1000 | bool

_INTEGER = "(?:0|[1-9][0-9]{0,2}|1000)"
BOX_PATTERN = rf"\[{_INTEGER}, {_INTEGER}, {_INTEGER}, {_INTEGER}\]"
_BOX = re.compile(BOX_PATTERN)
_VERDICTS = {"yes-no": ("yes", "no"), "true-false": ("true", "false")}
_LETTERS = ("A", "B")


def say_box(box: BoxN1000) -> str:
    """Write a box.

    Raises:
        GrammarError: If it is not x1 < x2 and y1 < y2 in 0..1000.

    Example:
        >>> say_box((12, 34, 560, 780))
        '[12, 34, 560, 780]'
    """
    text = "[" + ", ".join(map(str, box)) + "]"
    hear_box(text)
    return text


def hear_box(text: str) -> BoxN1000:
    """Read a box back: `hear_box(say_box(box)) == box`.

    Raises:
        GrammarError: If the text is no box.
    """
    if not _BOX.fullmatch(text):
        raise GrammarError(f"expected '[x1, y1, x2, y2]', integers in 0..1000, got {text!r}")
    x1, y1, x2, y2 = (int(part) for part in text[1:-1].split(", "))
    if not (x1 < x2 and y1 < y2):
        raise GrammarError(f"{text} holds nothing; a box needs x1 < x2 and y1 < y2")
    return x1, y1, x2, y2


class AnswerLanguage(Protocol):
    """What a task needs to know about its answers."""

    @property
    def forms(self) -> tuple[AnswerForm, ...]:
        """The forms in which an answer can be given."""

    def say(self, answer: Answer, form: AnswerForm, offer: Offer | None) -> str:
        """Write an answer; `offer` is what the question offers to choose from, if anything."""

    def hear(self, text: str, form: AnswerForm) -> object:
        """Read an answer back.

        Raises:
            GrammarError: If the text is not in the language, or there is no such form.
        """

    def pattern(self, form: AnswerForm) -> str:
        """Return the regular expression that every answer of a form matches as a whole."""


@dataclass(frozen=True, slots=True)
class Motion:
    """Sequences of `low` to `high` actions, each matching `action`.

    Attributes:
        forms: Some of open, counted, sentence.
        low: Fewest actions.
        high: Most.
        action: Pattern of one action; only the form "open" may narrow it.
    """

    forms: tuple[AnswerForm, ...]
    low: int
    high: int
    action: str = grammar.ACTION_PATTERN

    def say(self, answer: Answer, form: AnswerForm, offer: Offer | None = None) -> str:
        """Write a sequence."""
        del offer
        actions = cast(tuple[Action, ...], answer)
        match form:
            case "counted":
                return grammar.say_counted(actions)
            case "sentence":
                return grammar.say_sentence(actions)
            case _:
                return grammar.say(actions)

    def hear(self, text: str, form: AnswerForm) -> tuple[Action, ...]:
        """Read a sequence back.

        Raises:
            GrammarError: If it does not parse, has too many or too few actions or of a wrong kind.
        """
        _check_form(form, self.forms)
        hearers = {"counted": grammar.hear_counted, "sentence": grammar.hear_sentence}
        actions = hearers.get(form, grammar.hear)(text)
        if not _compiled(self, form).fullmatch(text):
            raise GrammarError(
                f"expected {self.low} to {self.high} actions like {self.action!r}, got {text!r}"
            )
        return actions

    def pattern(self, form: AnswerForm) -> str:
        """Return the pattern of one form."""
        match form:
            case "counted":
                return grammar.counted_pattern(self.low, self.high)
            case "sentence":
                return grammar.sentence_pattern(self.low, self.high)
            case _:
                return grammar.sequence_pattern(self.low, self.high, self.action)


@dataclass(frozen=True, slots=True)
class Boxes:
    """One box."""

    forms: tuple[AnswerForm, ...] = ("box",)

    def say(self, answer: Answer, form: AnswerForm, offer: Offer | None = None) -> str:
        """Write a box."""
        del form, offer
        return say_box(cast(BoxN1000, answer))

    def hear(self, text: str, form: AnswerForm) -> BoxN1000:
        """Read a box back.

        Raises:
            GrammarError: If it is none.
        """
        _check_form(form, self.forms)
        return hear_box(text)

    def pattern(self, form: AnswerForm) -> str:
        """Return the pattern of a box."""
        del form
        return BOX_PATTERN


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes or no, in words, as a letter, or as one of two sentences.

    Attributes:
        forms: Some of yes-no, true-false, choice, sentence.
        sentences: For the form "sentence": what yes and no are called, with slots.
        slots: Pattern of each slot's values.
    """

    forms: tuple[AnswerForm, ...]
    sentences: tuple[tuple[str, str], ...] = ()
    slots: Mapping[str, str] | None = None

    def say(self, answer: Answer, form: AnswerForm, offer: Offer | None = None) -> str:
        """Write a verdict; a choice and a sentence need what the question offers.

        Raises:
            GrammarError: If they are not offered.
        """
        if form in _VERDICTS:
            return _VERDICTS[form][0 if answer else 1]
        if offer is None:
            raise GrammarError(f"an answer in the form {form!r} needs two options in the question")
        right = offer.yes if answer else 1 - offer.yes
        return _LETTERS[right] if form == "choice" else offer.texts[right]

    def hear(self, text: str, form: AnswerForm) -> bool | str:
        """Read a verdict back: a truth value; for a choice the letter, whose meaning varies.

        Raises:
            GrammarError: If it is none.
        """
        _check_form(form, self.forms)
        for verdict in (True, False):
            if re.fullmatch(self._pattern_of(form, verdict), text):
                return text if form == "choice" else verdict
        raise GrammarError(f"expected an answer like {self.pattern(form)!r}, got {text!r}")

    def pattern(self, form: AnswerForm) -> str:
        """Return the pattern of one form."""
        return f"(?:{self._pattern_of(form, True)}|{self._pattern_of(form, False)})"

    def _pattern_of(self, form: AnswerForm, verdict: bool) -> str:
        side = 0 if verdict else 1
        if form == "sentence":
            return "(?:" + "|".join(self._sentence(pair[side]) for pair in self.sentences) + ")"
        return (_LETTERS if form == "choice" else _VERDICTS[form])[side]

    def _sentence(self, text: str) -> str:
        pattern = re.sub(r"[.?*+()|\[\]]", r"\\\g<0>", text)
        return pattern.format_map(self.slots or {})


@functools.cache
def _compiled(language: Motion, form: AnswerForm) -> re.Pattern[str]:
    return re.compile(language.pattern(form))


def _check_form(form: AnswerForm, forms: tuple[AnswerForm, ...]) -> None:
    if form not in forms:
        raise GrammarError(f"no answer of this task is in the form {form!r}; {', '.join(forms)}")
