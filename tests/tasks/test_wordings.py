"""All wordings on one page, so that a changed prompt is a visible difference.

`make golden` (W2V_REWRITE=1) writes the page anew.
"""

import os
from pathlib import Path

from builder.config import Gates
from builder.core.record import Record
from builder.tasks import all_tasks
from examples import ROLLOUTS

PAGE = Path(__file__).parents[1] / "golden" / "wordings.txt"


def one_of_each():
    """Return the first record of each wording, over all examples and some seeds."""
    found = {}
    for task in all_tasks().values():
        for seed in range(40):
            for given in ROLLOUTS.values():
                for item in task.records(given, seed, Gates()):
                    if isinstance(item, Record):
                        found.setdefault(item.template_id, item)
    return found


def page():
    parts = []
    for identity, record in sorted(one_of_each().items()):
        answers = "\n".join(f"    = {answer}" for answer in record.accepted)
        parts.append(f"{identity}\n    {record.messages[0].content}\n{answers}\n")
    return "\n".join(parts)


def test_the_page_of_wordings_is_up_to_date():
    if os.environ.get("W2V_REWRITE"):
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(), "W2V_REWRITE=1 writes the page anew"


def test_the_page_shows_every_template():
    templates = {template.id for task in all_tasks().values() for template in task.templates}
    assert set(one_of_each()) == templates
