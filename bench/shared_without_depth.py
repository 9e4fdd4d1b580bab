"""How well pictures alone tell displacement and overlap of moves: held to the demo's own depth.

python bench/shared_without_depth.py data-demo --trajectories 6
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image

from builder.audit.obedience.shared import shared_by_moves
from builder.store import read_rollout
from builder.store.foreign.turns import is_turn_only


def pairs_of(folder):
    """Yield (true, found or None) of each two keys that a move lies between."""
    rollout = read_rollout(folder)
    files = [folder / "samples-rgb" / Path(name).name for name in rollout.images]
    frames = [np.asarray(Image.open(file).convert("RGB")) for file in files]
    found = shared_by_moves(frames, rollout.world_from_camera, rollout.camera, rollout.keys)
    for keys, true in rollout.covisibility.items():
        if not is_turn_only(rollout.motion_between(*keys)):
            yield true, found.get(keys)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundles", type=Path)
    parser.add_argument("--trajectories", type=int, default=6, help="the first so many with a move")
    args = parser.parse_args()
    folders = (file.parent for file in sorted(args.bundles.rglob("traj.json")))
    some = (pairs for folder in folders if (pairs := list(pairs_of(folder))))
    pairs = [
        pair for _, taken in zip(range(args.trajectories), some, strict=False) for pair in taken
    ]
    known = [(true, found) for true, found in pairs if found is not None]
    ratios = [found.displacement_px / true.displacement_px for true, found in known]
    gaps = [
        getattr(found, side) - getattr(true, side)
        for true, found in known
        for side in ("overlap_before", "overlap_after")
    ]
    print(f"pairs with a move: {len(pairs)}, seen in the pictures: {len(known)}")
    print(f"displacement, seen over true: {min(ratios):.2f} to {max(ratios):.2f}")
    print(f"overlap, seen less true: {min(gaps):+.2f} to {max(gaps):+.2f}")


if __name__ == "__main__":
    main()
