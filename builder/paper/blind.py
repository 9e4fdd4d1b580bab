"""How far the text of an A4 question alone gives its answer away, by a rule anybody would find."""

import re
from collections.abc import Iterable

from builder.core.protocol import Protocol

_ACTION = re.compile(r"(move \w+|turn \w+) ([0-9.]+) (?:meters|degrees)")


def looks_true(claim: str, protocol: Protocol) -> bool:
    """Return what a reader who knows the sampling would say of a claim without its pictures.

    False if an angle is off the grid of 10 degrees, or if no pattern of the teacher's has these
    kinds of actions in this order.
    """
    found = _ACTION.findall(claim)
    kinds = tuple(kind for kind, _ in found)
    patterns: set[tuple[str, ...]] = {(kind,) for kind in protocol.singles}
    patterns |= {tuple(kind for kind, _ in preset.steps) for preset in protocol.presets}
    on_grid = all(float(amount) % 10 == 0 for kind, amount in found if kind.startswith("turn"))
    return on_grid and kinds in patterns


def blind_share(claims: Iterable[tuple[str, bool, Protocol]]) -> float:
    """Return the share of (claim, truth, protocol) that the rule above gets right."""
    right = [looks_true(claim, protocol) is truth for claim, truth, protocol in claims]
    return sum(right) / len(right) if right else float("nan")
