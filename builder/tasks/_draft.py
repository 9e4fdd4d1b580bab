"""A question before it has words: what a task states and its templates then say."""

from collections.abc import Mapping
from dataclasses import dataclass

from builder.core.action import Action
from builder.core.record import ObjectFacts
from builder.language.answers import Answer


@dataclass(frozen=True, slots=True)
class Draft:
    """A question before it has words.

    Attributes:
        shown: The keys whose views are shown, in order.
        actions: The true motion from the first key to the last, hidden one included.
        right: The right answers, in no particular form; the first is the one that is given.
        slots: What goes into the holes of a template.
        hidden: A key whose view the answer is about and that is not shown.
        claim: The sequence that is claimed, if the question claims one.
        thing: The object asked about, if there is one.
        case: Which templates fit, where those of a task differ.
    """

    shown: tuple[int, ...]
    actions: tuple[Action, ...]
    right: tuple[Answer, ...]
    slots: Mapping[str, str]
    hidden: tuple[int, ...] = ()
    claim: tuple[Action, ...] | None = None
    thing: ObjectFacts | None = None
    case: str = ""
