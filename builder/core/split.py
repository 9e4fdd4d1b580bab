"""Which split a place belongs to: decided by its name alone, so no place stands in two."""

from typing import Literal, get_args

from builder.core.seeding import rank_of

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = get_args(Split)

_SALT = 3  # changing it would move published places between splits


def split_of(scene_id: str) -> Split:
    """Return the split of a scene: 90/5/5 by hash of its name, in every subset the same.

    Example:
        >>> split_of("garage")
        'train'
    """
    share = rank_of(_SALT, "split", scene_id) / 2**64
    if share < 0.90:
        return "train"
    return "validation" if share < 0.95 else "test"
