"""Bundles that somebody else wrote: found, read, corrected where that is certain, else refused.

Two layouts of the paper's release are read beside our own: that of its SVC generator (`svc`) and
that of its HY-WorldPlay generator (`hy`). What is known to be wrong in them is put right where the
files themselves say how (intrinsics of the uncropped picture, hold frames, prefixes that lost a
small move, turns whose name and pose disagree); anything else that does not hold together is a
`Drop` with the file and the JSON pointer. Nothing is guessed.
"""

from pathlib import Path

from builder.core.drop import Drop
from builder.core.errors import StoreError
from builder.store.foreign.found import Found, Layout, bundles_below
from builder.store.foreign.given import Given
from builder.store.foreign.node import Node, Refusal
from builder.store.foreign.pictures import picture_of
from builder.store.foreign.turns import turn_only_covisibility

__all__ = [
    "Found",
    "Given",
    "Layout",
    "bundles_below",
    "own_picture",
    "read_given",
    "turn_only_covisibility",
]


def read_given(found: Found) -> Given | Drop:
    """Read one bundle of the paper's layouts, or say why it cannot be used."""
    from builder.store.foreign import hy, svc

    try:
        return hy.read(found) if found.layout == "hy" else svc.read(found)
    except Refusal as refusal:
        return Drop(refusal.reason, str(refusal))


def own_picture(folder: Path, name: str) -> Path:
    """Return the file that a bundle names.

    Raises:
        StoreError: If it is none of its own files.
    """
    try:
        return picture_of(folder, Node(name, folder / "traj.json"))
    except Refusal as refusal:
        raise StoreError(str(refusal)) from refusal
