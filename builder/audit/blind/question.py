"""A question taken apart: the boxes and actions that stand in it, and the words around them."""

import functools
import re
from dataclasses import dataclass

from builder.core.action import Action
from builder.core.box import BoxN1000
from builder.language.answers import BOX_PATTERN, hear_box
from builder.language.grammar import ACTION_PATTERN, hear

_BOX = re.compile(BOX_PATTERN)
_ACTION = re.compile(ACTION_PATTERN, re.IGNORECASE)
_ACTIONS = re.compile(f"{ACTION_PATTERN}(?:(?:; |, then | and ){ACTION_PATTERN})*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Parts:
    """What stands in a question.

    Attributes:
        boxes: In the order of the text.
        actions: In the order of the text.
        words: The text with `BOX` and `MOTION` in their places.
    """

    boxes: tuple[BoxN1000, ...]
    actions: tuple[Action, ...]
    words: str


@functools.lru_cache(maxsize=200_000)
def parts_of(question: str) -> Parts:
    """Take a question apart."""
    boxes = tuple(hear_box(text) for text in _BOX.findall(question))
    actions = tuple(hear(text.lower())[0] for text in _ACTION.findall(question))
    return Parts(boxes, actions, masked(question))


def masked(question: str, boxes: bool = True, actions: bool = True) -> str:
    """Return a question without its boxes, its actions, or both."""
    if boxes:
        question = _BOX.sub("BOX", question)
    return _ACTIONS.sub("MOTION", question) if actions else question
