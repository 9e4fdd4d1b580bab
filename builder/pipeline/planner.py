"""Which trajectories are taken from an anchor: all draws up front, by name, cut to what fits."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from builder.config import Sampling
from builder.core.action import Action, amount_of, kind_of
from builder.core.drop import Drop
from builder.core.protocol import Grid, Preset, Protocol, Subset
from builder.core.sampling import Fits, Used, action_of, draw_long, draw_preset, draw_single
from builder.core.scene import Anchor, Scene
from builder.core.seeding import rng_for
from builder.core.trajectory import unroll

_LONG_LENGTHS = (4, 5, 6)
_MIRROR = {"left": "right", "right": "left", "forward": "forward", "backward": "backward"}
_MOVE_NAMES = {
    "forward": "forward",
    "backward": "backward",
    "left": "shift_left",
    "right": "shift_right",
}
_Turn = str | Preset | int  # a kind such as "move left", a pattern, or the length of a sequence


@dataclass(frozen=True, eq=False)
class Planned:
    """One trajectory that will be taken.

    Attributes:
        trajectory_id: Unique over the anchors of a scene in a subset.
        anchor: Where it starts.
        actions: What the camera does.
    """

    trajectory_id: str
    anchor: Anchor
    actions: tuple[Action, ...]


class PlacePlanner:
    """Plans the anchors of a place one after another; what one cannot use, the next may take.

    A build and its dry run both plan with it, so that they name the same trajectories.
    """

    def __init__(
        self, scene: Scene, subset: Subset, sampling: Sampling, draw: tuple[int, int]
    ) -> None:
        """Start with a place of which nothing was taken.

        Args:
            scene: The place.
            subset: Whose protocol is followed.
            sampling: Shares of the kinds of trajectories.
            draw: (how many are wanted of an anchor, the build's seed).
        """
        self._where, self._sampling, self._draw = (scene, subset), sampling, draw
        self._used, self._unspent = Used(), 0

    def plan(self, anchor: Anchor) -> list[Planned | Drop]:
        """Return what is planned from the next anchor, and what does not fit there."""
        wanted = self._draw[0] + self._unspent
        draw = (wanted, self._draw[1])
        plans = list(plan_anchor(*self._where, anchor, self._sampling, draw, self._used))
        self._unspent = wanted - sum(isinstance(one, Planned) for one in plans)
        return plans


def plan_anchor(
    scene: Scene,
    subset: Subset,
    anchor: Anchor,
    sampling: Sampling,
    draw: tuple[int, int],
    used: Used | None = None,
) -> Iterator[Planned | Drop]:
    """Yield the trajectories of one anchor, no two alike.

    Kinds, patterns and lengths take turns, and every second single action is of the kind least used
    so far, so that all are balanced within the anchor; of the amounts that fit the one least used
    in this place is taken. From a photograph a trajectory is taken only where its mirror image fits
    too: else the crop would give the direction away (one at the left edge could only turn right).

    Args:
        scene: The place.
        subset: Whose protocol is followed.
        anchor: Where the trajectories start.
        sampling: Shares of the kinds of trajectories.
        draw: (how many are wanted, the build's seed).
        used: What the place's anchors before this one took; grows with what is taken here.
    """
    wanted, seed = draw
    protocol = cut_grids(subset.protocol, sampling)
    used = (used or Used()).elsewhere()
    fits = _Fitting(scene, anchor, protocol)
    key = (subset.name, scene.scene_id, anchor.index)
    exhausted: set[_Turn] = set()
    for turn in _turns(subset, sampling, rng_for(seed, *key, "order"), exhausted, used):
        name, position = _name_of(turn), len(used.taken)
        if position == wanted:
            return
        actions = _attempt(turn, protocol, rng_for(seed, *key, name, position), fits, used)
        if actions is None:
            exhausted.add(turn)
            yield Drop(f"no-{name.replace('_', '-')}-fits", f"{key}, after {position} others")
            continue
        used.add(actions)
        stem = (
            f"{name}_{position:02d}" if len(actions) == 1 else f"multi_step_{position:02d}_{name}"
        )
        yield Planned(f"a{anchor.index}_{stem}", anchor, actions)


def cut_grids(protocol: Protocol, sampling: Sampling) -> Protocol:
    """Return the protocol with its grids cut from above to `max_move_m` and `max_turn_deg`."""

    def cut(kind: str, grid: Grid) -> Grid:
        limit = sampling.max_move_m if kind.startswith("move") else sampling.max_turn_deg
        if limit is None or limit >= grid.high:
            return grid
        steps = max(0, int((limit - grid.low) / grid.step + 1e-9))
        high = round(grid.low + steps * grid.step, 6)
        return Grid(min(grid.low, high), high, grid.step)

    singles = {kind: cut(kind, grid) for kind, grid in protocol.singles.items()}
    presets = tuple(
        Preset(preset.name, tuple((kind, cut(kind, grid)) for kind, grid in preset.steps))
        for preset in protocol.presets
    )
    return replace(protocol, singles=MappingProxyType(singles), presets=presets)


def mirrored(actions: Sequence[Action]) -> tuple[Action, ...]:
    """Return the actions with left and right exchanged."""
    swapped = []
    for action in actions:
        verb, direction = kind_of(action).split()
        swapped.append(action_of(f"{verb} {_MIRROR[direction]}", amount_of(action)))
    return tuple(swapped)


class _Fitting:
    """Whether actions can be taken from an anchor; remembers answers."""

    def __init__(self, scene: Scene, anchor: Anchor, protocol: Protocol) -> None:
        self._scene, self._anchor, self._protocol = scene, anchor, protocol
        self._known: dict[tuple[Action, ...], bool] = {}

    def __call__(self, actions: Sequence[Action]) -> bool:
        """Return whether the world allows it and, in a photograph, its mirror image too."""
        wanted = tuple(actions)
        if not self._allowed(wanted):
            return False
        return self._scene.scene_type == "simulated" or self._allowed(mirrored(wanted))

    def _allowed(self, actions: tuple[Action, ...]) -> bool:
        if actions not in self._known:
            trajectory = unroll(actions, self._protocol)
            refusal = self._scene.world.refusal(self._anchor, trajectory)
            self._known[actions] = refusal is None
        return self._known[actions]


def _turns(
    subset: Subset,
    sampling: Sampling,
    rng: np.random.Generator,
    exhausted: Collection[_Turn],
    used: Used,
) -> Iterator[_Turn]:
    """Yield whose turn it is until none is left: families by their shares, patterns in rounds.

    Every second single action makes up for what patterns have too little of. `exhausted` and `used`
    are looked at each time: they grow while this goes on.
    """
    families: dict[str, tuple[float, Sequence[_Turn]]] = {
        "single": (sampling.singles, tuple(subset.protocol.singles)),
        "preset": (sampling.presets, subset.protocol.presets),
        "long": (sampling.long if subset.long_horizon else 0.0, _LONG_LENGTHS),
    }
    rounds = {name: _rounds(members, rng) for name, (_, members) in families.items()}
    rounds["single"] = _singles(subset.protocol, rng, exhausted, used)
    owed = dict.fromkeys(families, 0.0)
    while True:
        shares = {
            name: share
            for name, (share, members) in families.items()
            if share > 0 and not all(member in exhausted for member in members)
        }
        if not shares:
            return
        for name, share in shares.items():
            owed[name] += share
        due = max(shares, key=lambda name: owed[name])
        owed[due] -= sum(shares.values())
        yield next(member for member in rounds[due] if member not in exhausted)


def _singles(
    protocol: Protocol, rng: np.random.Generator, exhausted: Collection[_Turn], used: Used
) -> Iterator[_Turn]:
    """Yield kinds in rounds, and after each the one that was used least, in patterns too.

    A turn is due twice as often as a move, since A2 has two answers and A1 has four. One counts
    from this anchor alone: the more often a crop of a photograph turned one way, the more it would
    tell.
    """
    kinds = tuple(protocol.singles)
    for kind in _rounds(kinds, rng):
        yield kind
        counts = Counter(kind_of(action) for actions in used.taken for action in actions)
        order = rng.permutation(len(kinds)).tolist()
        ranked = [
            (one in exhausted, counts[one] / _due(one), place, one)
            for place, one in zip(order, kinds, strict=True)
        ]
        yield min(ranked)[-1]


def _due(kind: str) -> int:
    return 2 if kind.startswith("turn") else 1


def _rounds(members: Sequence[_Turn], rng: np.random.Generator) -> Iterator[_Turn]:
    """Yield all members once a round, each round in another order."""
    while True:
        for index in rng.permutation(len(members)).tolist():
            yield members[index]


def _attempt(
    turn: _Turn, protocol: Protocol, rng: np.random.Generator, fits: Fits, used: Used
) -> tuple[Action, ...] | None:
    if isinstance(turn, str):
        return draw_single(turn, protocol, rng, fits, used)
    if isinstance(turn, int):
        return draw_long(turn, protocol, rng, fits, used)
    (cut,) = (preset for preset in protocol.presets if preset.name == turn.name)
    return draw_preset(cut, protocol, rng, fits, used)


def _name_of(turn: _Turn) -> str:
    if isinstance(turn, str):
        verb, direction = turn.split()
        return f"turn_{direction}" if verb == "turn" else _MOVE_NAMES[direction]
    return f"long_{turn}" if isinstance(turn, int) else turn.name
