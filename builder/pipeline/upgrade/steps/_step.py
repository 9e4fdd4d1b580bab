"""What a step is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from builder.core.rollout import Rollout

ReadRollout = Callable[[], Rollout]  # of the record's bundle; raises StoreError if there is none
Change = Callable[[dict[str, Any], ReadRollout], str]


@dataclass(frozen=True, slots=True)
class Step:
    """One change of form.

    Attributes:
        name: In a word.
        says: What it does, in one sentence.
        change: Changes a record in place where it has the older form; returns what is to be
            counted, "" where the record has today's form already.
    """

    name: str
    says: str
    change: Change
