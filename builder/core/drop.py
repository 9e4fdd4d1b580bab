"""Why something was not made: counted and shown, never silent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Drop:
    """A thing that was not emitted.

    Attributes:
        reason: A few words with hyphens, the same for every drop of a kind, such as "ambiguous".
        detail: The numbers of this one, for whoever looks closer.
    """

    reason: str
    detail: str = ""
