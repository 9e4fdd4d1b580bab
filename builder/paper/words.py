"""Our wordings for questions that are made by the paper's rules: one a task and form."""

from collections.abc import Mapping

_BOXES = "Boxes are [x1, y1, x2, y2], integers of 1000 widths and heights."
_STEP = '"move forward|backward|left|right X meters" or "turn left|right X degrees"'
_SEEN_TWICE = (
    "One and the same {label} is in the box {box_before} of the first picture and in the box "
    f"{{box_after}} of the second. {_BOXES} "
)
_ONCE = f"In this picture the {{label}} is in the box {{box_before}}. {_BOXES} "
_TWO = (
    "The {label} in the box {box_before} of the first picture; the camera then did: {actions}; a "
    f"{{label}} in the box {{box_after}} of the second picture. {_BOXES} "
)

ASK: Mapping[tuple[str, str], str] = {
    ("A1", "open"): (
        "The camera made one straight move between these pictures. Which way, and how far? Answer "
        'as "move D X meters".'
    ),
    ("A2", "open"): (
        "The camera made one turn between these pictures. Which way, and by how many degrees? "
        'Answer as "turn D X degrees".'
    ),
    ("A3", "open"): (
        "Which actions took the camera from the first picture to the second? Write each as "
        f'{_STEP}, in order, joined by "; ".'
    ),
    ("A4", "true-false"): (
        "Is this what the camera did between the pictures: {claim}? Answer true or false."
    ),
    ("D1", "box"): (
        "In the first picture the {label} is in the box {box_before}. The camera then did: "
        f"{{actions}}. {_BOXES} Answer with the box of that {{label}} in the second picture."
    ),
    ("D2", "yes-no"): (
        f"{_ONCE}The camera now does: {{actions}}. Has that {{label}} gone from the picture then? "
        "Answer yes or no."
    ),
    ("D2", "choice"): (
        f"{_ONCE}The camera now does: {{actions}}. A: that {{label}} has gone. B: it is still "
        "there. Answer A or B."
    ),
    ("D2", "sentence"): (
        f"{_ONCE}The camera now does: {{actions}}. Say in one sentence whether that {{label}} "
        "is still there."
    ),
    ("D3", "open"): (
        f"{_SEEN_TWICE}Which one or two actions did the camera take? Write each as {_STEP}, "
        'joined by "; ".'
    ),
    ("D3", "counted"): (
        f'{_SEEN_TWICE}Which actions did the camera take? Answer as "N steps | ACTIONS".'
    ),
    ("D3", "sentence"): f"{_SEEN_TWICE}Tell in one sentence what the camera did.",
    ("D4", "yes-no"): f"{_TWO}Is it one object? Answer yes or no.",
    ("D4", "choice"): f"{_TWO}A: it is one object. B: there are two. Answer A or B.",
    ("D4", "sentence"): f"{_TWO}Say in one sentence whether it is one object.",
}
