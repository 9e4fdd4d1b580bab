"""Read answers as models write them: the asked form in full, its near relations at a price.

A text is read as a whole or not at all. What is found inside other words is no answer, or a list
of candidates would always hold the right one. ASCII digits only, no signs, no exponents.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from builder.audit.score.clean import Said
from builder.core.action import Action
from builder.core.box import BoxN1000
from builder.core.record import AnswerForm
from builder.core.sampling import action_of

Value = TypeVar("Value")

DRESSED = 0.5  # the format of an answer that is right but for its dress

_AMOUNT = r"([0-9]{1,6}(?:\.[0-9]{1,6})?)"
_ACTION = re.compile(
    rf"(?:(move (?:forward|backward|left|right)) {_AMOUNT}(?: (meters?)| ?(metres?|m)\b)"
    rf"|(turn (?:left|right)) {_AMOUNT}(?: (degrees?)| ?(deg\b|\u00b0)))"
)
_JOIN = re.compile(r"(?:; ?|, ?|\. ?| )(?:and )?(?:(?:then|next|finally),? )?")
_OPENING = re.compile(r"(?:([0-9]{1,2}) steps? ?\| ?)?((?:first,? )?)")
_INTEGER = r"([0-9]{1,4})"
_CORNERS = " ?, ?".join([_INTEGER] * 4)
_PLAIN_BOX = re.compile(rf"(?:bbox ?)?\[ ?{_CORNERS} ?\]")
_LOOSE_BOX = re.compile(rf"(?:bbox ?:? ?)?[\[(]? ?{_CORNERS} ?[\])]?")


@dataclass(frozen=True, slots=True)
class Reading(Generic[Value]):
    """What a response says.

    Attributes:
        value: The answer.
        format: 1 in the asked form, 0.5 in a near relation of it, 0 if it contradicts itself.
    """

    value: Value
    format: float


def read_motion(ways: Iterable[Said], form: AnswerForm) -> Reading[tuple[Action, ...]] | None:
    """Read a sequence of actions; None: it is none."""
    for said in ways:
        if reading := _motion(said, form):
            return reading
    return None


def read_box(ways: Iterable[Said]) -> Reading[BoxN1000] | None:
    """Read one box that holds something, in 0..1000; None: it is none."""
    for said in ways:
        found = _LOOSE_BOX.fullmatch(said.text)
        if not found:
            continue
        x1, y1, x2, y2 = (int(found[group]) for group in range(1, 5))
        if x1 < x2 <= 1000 and y1 < y2 <= 1000:
            plain = not said.dressed and _PLAIN_BOX.fullmatch(said.text)
            return Reading((x1, y1, x2, y2), 1.0 if plain else DRESSED)
    return None


def _motion(said: Said, form: AnswerForm) -> Reading[tuple[Action, ...]] | None:
    opening = _OPENING.match(said.text)
    position = opening.end() if opening else 0
    count, first = (opening[1], opening[2]) if opening else (None, "")
    actions: list[Action] = []
    joins: set[str] = set()
    usual = True
    while found := _ACTION.match(said.text, position):
        kind, amount = found[1] or found[5], float(found[2] or found[6])
        if amount <= 0:
            return None
        usual = usual and bool(found[3] or found[7])
        actions.append(action_of(kind, amount))
        position = found.end()
        if position == len(said.text):
            as_asked = not said.dressed and usual and _is(form, count, first, joins)
            wrong = count is not None and int(count) != len(actions)
            return Reading(tuple(actions), 0.0 if wrong else 1.0 if as_asked else DRESSED)
        join = _JOIN.match(said.text, position)
        if not join:
            return None
        joins.add(join[0])
        position = join.end()
    return None


def _is(form: AnswerForm, count: str | None, first: str, joins: set[str]) -> bool:
    """Return whether the words around the actions are those of a form."""
    if form == "sentence":
        return count is None and joins <= {", then "} and (first == "first ") == bool(joins)
    return (count is not None) == (form == "counted") and not first and joins <= {"; ", ";"}
