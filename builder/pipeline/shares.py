"""Sharing a number over parts by weight, where some parts cannot take their share."""

from collections.abc import Mapping, Sequence


def water_fill(total: int, room: Mapping[str, int], weights: Mapping[str, float]) -> dict[str, int]:
    """Share `total` over parts by weight; what one part has no room for goes to the others.

    Args:
        total: How many are to be shared.
        room: Most that each part can take.
        weights: Of each part, 0 or more; a part of weight 0 gets nothing.

    Returns:
        Whole numbers, at most `room` each; together `total`, or all the room there is.

    Example:
        >>> water_fill(10, {"a": 2, "b": 9, "c": 9}, {"a": 1.0, "b": 1.0, "c": 1.0})
        {'a': 2, 'b': 4, 'c': 4}
    """
    shares = dict.fromkeys(room, 0)
    rest = [part for part in room if weights[part] > 0]
    left = total
    while rest:
        exact = _by_weight(left, rest, weights)
        full = [part for part in rest if exact[part] >= room[part]]
        if not full:
            return {**shares, **_whole(left, exact)}
        for part in full:
            shares[part] = room[part]
        left -= sum(room[part] for part in full)
        rest = [part for part in rest if part not in full]
    return shares


def _by_weight(total: int, parts: Sequence[str], weights: Mapping[str, float]) -> dict[str, float]:
    whole = sum(weights[part] for part in parts)
    return {part: total * weights[part] / whole for part in parts}


def _whole(total: int, exact: Mapping[str, float]) -> dict[str, int]:
    """Round down, and give what that leaves to the largest remainders, the first of equal ones."""
    shares = {part: int(share) for part, share in exact.items()}
    by_remainder = sorted(exact, key=lambda part: shares[part] - exact[part])
    for part in by_remainder[: total - sum(shares.values())]:
        shares[part] += 1
    return shares
