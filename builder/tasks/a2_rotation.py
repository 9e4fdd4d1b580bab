"""A2: two views, one turn apart; which way did the camera turn, and by how many degrees?"""

from builder.core.action import Turn
from builder.language.answers import Motion
from builder.language.grammar import TURN_PATTERN
from builder.language.template import Template
from builder.tasks._one_action import OneAction
from builder.tasks._words import HOW_TO_TURN


class Rotation(OneAction):
    """Which way and by how many degrees the camera turned between two views."""

    name = "A2"
    action = Turn
    language = Motion(("open",), 1, 1, action=TURN_PATTERN)
    templates = (
        Template(
            "A2.open-1",
            "open",
            "One camera took these two pictures, before and after a single turn on the spot. Which "
            f"way did it turn, and by what angle? {HOW_TO_TURN}",
        ),
        Template(
            "A2.open-2",
            "open",
            "Between the first and the second picture the camera stayed in place and swung around "
            f"its vertical axis once. Work out that turn. {HOW_TO_TURN}",
        ),
        Template(
            "A2.open-3",
            "open",
            "You see the first picture, turn your head without taking a step, and see the second "
            f"one. What was your turn? {HOW_TO_TURN}",
        ),
    )


PLUGIN = Rotation()
