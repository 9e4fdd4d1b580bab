"""All wordings on one page, so that a changed prompt is a visible difference.

`make golden` (W2V_REWRITE=1) writes the page anew.
"""

import os
from pathlib import Path

from builder.config import Gates
from builder.tasks import Draft, all_tasks
from examples import ROLLOUTS

PAGE = Path(__file__).parents[1] / "golden" / "wordings.txt"


def a_draft(task, case):
    """Return the first draft of a case among the examples."""
    for given in ROLLOUTS.values():
        for _, draft in task.drafts(given, 7, Gates()):
            if isinstance(draft, Draft) and draft.case == case:
                return draft
    raise LookupError(f"no example gives {task.name} a draft of the case {case!r}")


def page():
    parts = []
    for task in all_tasks().values():
        for template in task.templates:
            draft = a_draft(task, template.case)
            offer = template.offer(draft.slots, swapped=False)
            question = "<image>" * len(draft.shown) + template.fill(draft.slots, offer)
            answers = [task.language.say(right, template.form, offer) for right in draft.right]
            lines = [template.id, question, *(f"= {answer}" for answer in answers)]
            parts.append("\n    ".join(lines) + "\n")
    return "\n".join(parts)


def test_the_page_of_wordings_is_up_to_date():
    if os.environ.get("W2V_REWRITE"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "W2V_REWRITE=1 writes the page anew"
