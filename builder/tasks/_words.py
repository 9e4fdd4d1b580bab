"""Phrases that several tasks share; the rest of a wording stands in the task's own file."""

HOW_TO_MOVE = (
    'Answer as "move D X meters", where D is forward, backward, left or right (as the camera faces '
    "before it moves) and X is the distance in meters."
)
HOW_TO_TURN = (
    'Answer as "turn D X degrees", where D is left or right (as the camera sees it) and X is the '
    "angle in degrees."
)
STEP = (
    '"move D X meters" (D: forward, backward, left or right, as the camera faces at that moment) '
    'or "turn D X degrees" (D: left or right), X being a number'
)
HOW_TO_LIST = f"Write each action as {STEP}, in order, joined by a semicolon and a space."
HOW_BOXES_ARE = (
    "Boxes are written [x1, y1, x2, y2]: left, top, right and bottom edge as integers from 0 to "
    "1000, in thousandths of the image's width and height."
)
