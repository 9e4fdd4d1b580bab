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
    open_parts = [part for part in room if room[part] > 0 and weights[part] > 0]
    left = total
    while left and open_parts:
        given = _by_weight(left, open_parts, weights)
        for part in open_parts:
            shares[part] += min(given[part], room[part] - shares[part])
        left = total - sum(shares.values())
        open_parts = [part for part in open_parts if shares[part] < room[part]]
    return shares


def _by_weight(total: int, parts: Sequence[str], weights: Mapping[str, float]) -> dict[str, int]:
    """Share by weight in whole numbers; what rounding leaves goes to the largest remainders."""
    whole = sum(weights[part] for part in parts)
    exact = {part: total * weights[part] / whole for part in parts}
    shares = {part: int(exact[part]) for part in parts}
    by_remainder = sorted(parts, key=lambda part: shares[part] - exact[part])
    for part in by_remainder[: total - sum(shares.values())]:
        shares[part] += 1
    return shares
