"""Claims that are false, and that nothing but the pictures gives away.

If false claims were truths with an error put in, the errors would show in the text: amounts off
the grid, patterns that no trajectory has, amounts that only grow. So a false claim is drawn as one
more truth of the same kind: a pattern as often as the teacher's protocol samples it (with as many
moves and turns), amounts on the same grids, and an amount f redrawn from the true t with a weight
of 1 / max(f, t)^2. That kernel is symmetric in f and t: it is what two amounts look like that were
both drawn evenly from 0 to a limit of unknown scale. Larger and smaller, flipped and re-ordered
claims all come from it. What a scene would not allow (too little overlap, too much unseen) is not
claimed either, for no truth looks like that.
"""

import functools
import itertools

import numpy as np

from builder.config import Gates
from builder.core.action import Action, Move, amount_of, kind_of
from builder.core.covisibility import displacement_px, grid_points
from builder.core.pose import Pose, start_from_end_of
from builder.core.protocol import SUBSETS, Grid
from builder.core.rollout import Rollout
from builder.core.sampling import action_of
from builder.tasks._gates import min_displacement_px
from builder.tasks._pairs import Pair, same_pose

_TRIES = 30
_LONG_HORIZON = 4  # from so many actions on a trajectory is drawn freely, not from presets

Pattern = tuple[tuple[str, ...], tuple[Grid, ...]]  # kinds, and the grid of each


def false_claim(
    rollout: Rollout, pair: Pair, gates: Gates, rng: np.random.Generator
) -> tuple[Action, ...] | None:
    """Draw a sequence that would visibly not show the second view; None: none was found."""
    patterns = _patterns_like(rollout, pair)
    for _ in range(_TRIES):
        claim = _drawn(pair.actions, patterns[rng.integers(len(patterns))], rng)
        if claim is not None and _is_plain_to_see(rollout, pair, claim, gates):
            return claim
    return None


def is_on_grid(rollout: Rollout, pair: Pair) -> bool:
    """Return whether the protocol could have sampled the truth itself."""
    grids = SUBSETS[rollout.subset].protocol.singles
    return all(
        any(abs(amount_of(action) - value) < 1e-6 for value in _values(grids[kind_of(action)], 0.0))
        for action in pair.actions
    )


def _patterns_like(rollout: Rollout, pair: Pair) -> list[Pattern]:
    """Return the patterns that a claim about a pair may have, each as often as it is sampled."""
    truth = tuple(kind_of(action) for action in pair.actions)
    sampled = _sampled_patterns(rollout.subset)
    free = len(rollout.actions) >= _LONG_HORIZON or all(kinds != truth for kinds, _ in sampled)
    if free:
        sampled = _free_patterns(rollout.subset, len(truth))
    return [
        (kinds, grids)
        for kinds, grids in sampled
        if len(kinds) == len(truth) and _moves(kinds) == pair.moves
    ]


@functools.cache
def _sampled_patterns(subset: str) -> tuple[Pattern, ...]:
    """Return every single, and every stretch of every preset: what pairs of views show."""
    protocol = SUBSETS[subset].protocol
    found: list[Pattern] = [((kind,), (grid,)) for kind, grid in protocol.singles.items()]
    for preset in protocol.presets:
        for start, end in itertools.combinations(range(len(preset.steps) + 1), 2):
            kinds, grids = zip(*preset.steps[start:end], strict=True)
            found.append((kinds, grids))
    return tuple(found)


@functools.cache
def _free_patterns(subset: str, length: int) -> tuple[Pattern, ...]:
    """Return every pattern of a length without neighbors on one axis."""
    singles = SUBSETS[subset].protocol.singles
    axes = {kind: action_of(kind, 1.0).axis for kind in singles}
    return tuple(
        (kinds, tuple(singles[kind] for kind in kinds))
        for kinds in itertools.product(singles, repeat=length)
        if all(axes[one] != axes[other] for one, other in itertools.pairwise(kinds))
    )


def _drawn(
    truth: tuple[Action, ...], pattern: Pattern, rng: np.random.Generator
) -> tuple[Action, ...] | None:
    """Draw amounts for a pattern from those of the truth; None: one of them is out of range."""
    left = {
        verb: [
            amount_of(action) for action in truth if isinstance(action, Move) == (verb == "move")
        ]
        for verb in ("move", "turn")
    }
    for amounts in left.values():
        rng.shuffle(amounts)
    claim = []
    for kind, grid in zip(*pattern, strict=True):
        amount = left[kind.split()[0]].pop()
        values = _values(grid, amount)
        if rng.integers(2) and len(values) > 1:
            amount = _redrawn(amount, values, rng)
        if amount not in values:
            return None
        claim.append(action_of(kind, amount))
    return tuple(claim)


def _redrawn(amount: float, values: tuple[float, ...], rng: np.random.Generator) -> float:
    grid = np.array(values)
    weights = np.where(np.isclose(grid, amount), 0.0, 1 / np.maximum(grid, amount) ** 2)
    return float(grid[rng.choice(len(grid), p=weights / weights.sum())])


def _values(grid: Grid, truth: float) -> tuple[float, ...]:
    """Return the amounts of a grid; where a narrow scene lowered the truth, the lower ones too."""
    low = grid.low if truth >= grid.low - 1e-9 else grid.step
    return Grid(low, grid.high, grid.step).values()


def _is_plain_to_see(rollout: Rollout, pair: Pair, claim: tuple[Action, ...], gates: Gates) -> bool:
    """Return whether the claimed view differs from the true one, and could itself have been shown.

    All sequences that are right end at the true pose, whatever their text: none of them is false.
    """
    before_from_claimed = start_from_end_of(claim)
    before_from_after = rollout.motion_between(*pair.keys)
    if same_pose(before_from_claimed, before_from_after):
        return False
    after_from_claimed = before_from_after.inverse() @ before_from_claimed
    apart_px = displacement_px(
        rollout.depth_grids_m[pair.after], rollout.camera, after_from_claimed
    )
    moved_px = rollout.covisibility[pair.keys].displacement_px
    least_px = max(min_displacement_px(rollout, gates), gates.min_claim_change * moved_px)
    return apart_px >= least_px and _could_be_shown(rollout, pair, before_from_claimed, gates)


def _could_be_shown(rollout: Rollout, pair: Pair, before_from_claimed: Pose, gates: Gates) -> bool:
    """Return whether the claimed view would pass the gates, as far as can be told without it.

    Overlap is counted over the depth grid of the first view; what is unseen is taken to grow with
    the displacement of the picture.
    """
    grid_m, camera = rollout.depth_grids_m[pair.before], rollout.camera
    points, uv_px = grid_points(grid_m, camera)
    claimed_px, inside = camera.project(before_from_claimed.inverse().apply(points))
    if inside.sum() < gates.min_overlap * grid_m.size:
        return False
    claimed_moved_px = float(np.nanmedian(np.linalg.norm(claimed_px - uv_px, axis=-1)))
    growth = claimed_moved_px / rollout.covisibility[pair.keys].displacement_px
    quality = rollout.quality[rollout.keys[pair.after]]
    return (
        quality.holes * growth <= gates.max_holes
        and quality.border * growth <= gates.max_border
        and (1 - quality.seen) * growth <= 1 - gates.min_seen
    )


def _moves(kinds: tuple[str, ...]) -> int:
    return sum(kind.startswith("move") for kind in kinds)
