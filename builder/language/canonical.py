"""Many small steps as few actions: totals are made canonical, never the steps themselves."""

from collections.abc import Iterable

from builder.core.action import Action, amount_of, kind_of
from builder.core.sampling import action_of

_NOTHING = 0.0005  # below half of the last decimal that the language writes, there was no motion

_SIGNED = {
    "move forward": ("z", 1.0),
    "move backward": ("z", -1.0),
    "move right": ("x", 1.0),
    "move left": ("x", -1.0),
    "turn right": ("yaw", 1.0),
    "turn left": ("yaw", -1.0),
}
_KIND = {signed: kind for kind, signed in _SIGNED.items()}


def canonical(steps: Iterable[Action]) -> tuple[Action, ...]:
    """Return the same motion with neighbors on one axis added up.

    Only totals that are nothing vanish, so small motions survive: seven steps of 0.1 / 7 m are one
    move of 0.1 m. (The paper's code applied its threshold to every step, and lost them.)

    Example:
        >>> from builder.core.action import Move, Turn
        >>> canonical([Move("left", 0.25), Move("right", 0.75), Turn("left", 5.0)])
        (Move(direction='right', distance_m=0.5), Turn(direction='left', angle_deg=5.0))
    """
    totals: list[tuple[str, float]] = []
    for step in steps:
        axis, sign = _SIGNED[kind_of(step)]
        amount = sign * amount_of(step)
        if totals and totals[-1][0] == axis:
            amount += totals.pop()[1]
        totals.append((axis, amount))
        if abs(amount) < 1e-9:  # back where it was: what stood before may meet what comes after
            totals.pop()
    whole = tuple(
        action_of(_KIND[axis, 1.0 if amount > 0 else -1.0], round(abs(amount), 9))
        for axis, amount in totals
        if abs(amount) >= _NOTHING
    )
    return whole if len(whole) == len(totals) else canonical(whole)
