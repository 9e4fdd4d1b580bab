"""A1: two views, one straight move apart; which way did the camera go, and how far?"""

from builder.core.action import Move
from builder.language.answers import Motion
from builder.language.grammar import MOVE_PATTERN
from builder.language.template import Template
from builder.tasks._one_action import OneAction
from builder.tasks._words import HOW_TO_MOVE


class Distance(OneAction):
    """Which way and how far the camera moved between two views."""

    name = "A1"
    action = Move
    language = Motion(("open",), 1, 1, action=MOVE_PATTERN)
    templates = (
        Template(
            "A1.open-1",
            "open",
            "One camera took these two pictures, before and after a single straight move without "
            f"any turn. Which way did it go, and how far? {HOW_TO_MOVE}",
        ),
        Template(
            "A1.open-2",
            "open",
            "Between the first and the second picture the camera slid once along a straight line "
            f"and kept facing the same way. Work out that move. {HOW_TO_MOVE}",
        ),
        Template(
            "A1.open-3",
            "open",
            "You stand where the first picture was taken, take one straight path without turning, "
            f"and then see the second picture. What was your move? {HOW_TO_MOVE}",
        ),
        Template(
            "A1.open-4",
            "open",
            "Compare the two views of this place. A single translation of the camera separates "
            f"them. Give its direction and its length. {HOW_TO_MOVE}",
        ),
    )


PLUGIN = Distance()
