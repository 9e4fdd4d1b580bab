"""Which groups of a table a record belongs to."""

from collections.abc import Mapping
from typing import Any

from builder.core.action import Action, amount_of, kind_of
from builder.core.errors import World2VLMError
from builder.language.grammar import hear

GROUPINGS = ("task", "form", "direction", "distance", "angle", "difficulty", "subset")
_DISTANCES_M = (0.5, 1.0, 2.0, 4.0)
_ANGLES_DEG = (20.0, 40.0, 60.0, 80.0)


def groups_of(row: Mapping[str, Any]) -> dict[str, str]:
    """Return the group of a record in each grouping that it takes part in.

    Direction, distance and angle are those of A1 and A2, the tasks that ask for one action.
    """
    task = row["task_type"]
    groups = {"task": task}
    for grouping, column in (("form", "answer_form"), ("subset", "subset")):
        if row.get(column):
            groups[grouping] = row[column]
    if row.get("difficulty") is not None:
        groups["difficulty"] = str(row["difficulty"])
    action = _only_action(row) if task in ("A1", "A2") else None
    if action is None:
        return groups
    groups["direction"] = kind_of(action)
    amount = amount_of(action)
    if task == "A1":
        return groups | {"distance": _bin(amount, _DISTANCES_M, "m")}
    return groups | {"angle": _bin(amount, _ANGLES_DEG, "deg")}


def _only_action(row: Mapping[str, Any]) -> Action | None:
    try:
        (action,) = hear(row.get("actions") or row["messages"][1]["content"])
    except (World2VLMError, ValueError):
        return None  # the paper's own records may be written otherwise; they stand in no such group
    return action


def _bin(amount: float, edges: tuple[float, ...], unit: str) -> str:
    """Return the bin of an amount, such as "0.5-1 m": above the first, up to the second."""
    low = 0.0
    for edge in edges:
        if amount <= edge + 1e-9:
            return f"{low:g}-{edge:g} {unit}"
        low = edge
    return f"over {low:g} {unit}"
