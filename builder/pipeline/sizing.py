"""How large a build is: which places, and how many anchors and trajectories of each."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from builder.config import BuildConfig
from builder.core.protocol import SceneType, Subset, subset_named
from builder.core.scene import SceneRef
from builder.core.split import SPLITS, Split, split_of
from builder.pipeline.quotas import SPLIT_WEIGHTS
from builder.pipeline.tools import Tools
from builder.scenes import SceneSource

_LEAST_ROOMS = 4  # and photographs, if so many are given
_TRAJECTORIES = 24  # an anchor, where the number of places is free
_LEAST_TRAJECTORIES, _MOST_TRAJECTORIES = 10, 60
_LEAST_KEPT, _KEPT_OF_SHARE = 16, 2  # of each class: a task of two has four times its share left
_TRAJECTORIES_OF_PHOTO, _MORE_ANCHORS = 20, 3  # what one anchor gives; how many times as many
_RECORDS_A_HELD_OUT, _ENOUGH_HELD_OUT = 1000, 6  # one room a held-out split for so many records
_SCENES_A_HELD_OUT = 6  # where their number is given
_SPARE = 2  # how much more is planned of held-out rooms: small splits have less to choose from
_NAMES_TRIED = 4096


@dataclass(frozen=True)
class Batch:
    """Places of one type, and how much is taken from each.

    Attributes:
        subsets: Which subsets they serve.
        references: The places.
        trajectories: How many are planned from an anchor, in each subset.
        keep: Most candidates of one task and class kept of one place in one subset.
        anchors: Most anchors of a place, in each subset.
        left_out: How many more places there would be: photographs that were given.
    """

    subsets: tuple[Subset, ...]
    references: tuple[SceneRef, ...]
    trajectories: int
    keep: int
    anchors: int
    left_out: int = 0

    @property
    def rollouts(self) -> int:
        """How many rollouts are planned at most."""
        return len(self.references) * self.anchors * self.trajectories * len(self.subsets)

    @property
    def scene_type(self) -> SceneType:
        """The type of its places."""
        return self.subsets[0].scene_type


def size_up(config: BuildConfig, tools: Tools) -> list[Batch]:
    """Return what will be done: photographs first, then as many rooms as are still needed.

    Raises:
        SceneError: If the photographs cannot be used.
    """
    subsets = [subset_named(name) for name in config.subsets]
    real = tuple(subset for subset in subsets if subset.scene_type == "real")
    simulated = tuple(subset for subset in subsets if subset.scene_type == "simulated")
    batches, left = [], config.records
    if real:
        share = left * len(real) // len(subsets)
        batches.append(_photographs(config, tools, real, share))
        left -= min(_most_of(batches[0], config), share)
    if simulated:
        batches += _rooms(config, tools, simulated, left)
    return batches


def _most_of(photographs: Batch, config: BuildConfig) -> int:
    """Return how many records photographs may give: few motions fit what one did see."""
    each = min(photographs.trajectories, _TRAJECTORIES_OF_PHOTO)
    rollouts = photographs.rollouts * each / photographs.trajectories
    return int(rollouts * config.sampling.records_per_trajectory)


def _photographs(
    config: BuildConfig, tools: Tools, subsets: tuple[Subset, ...], records: int
) -> Batch:
    """Size up the photographs: as many as have work; few get up to three times as many anchors."""
    anchors, wanted = config.sampling.anchors_per_scene, _wanted(config, subsets, records)
    count = math.ceil(wanted / (anchors * _LEAST_TRAJECTORIES))
    count = config.scenes or max(_LEAST_ROOMS, count)
    most = max(count, _NAMES_TRIED)
    given = tools.source_for("real").references(most, config.seed, config.photos)
    references = given[:count]
    needed = math.ceil(wanted / (max(1, len(references)) * _TRAJECTORIES_OF_PHOTO))
    most = max(anchors, min(_MORE_ANCHORS * anchors, needed))
    batch = _batch(config, tools, subsets, references, (wanted, most))
    return replace(batch, left_out=len(given) - len(references))


def _rooms(
    config: BuildConfig, tools: Tools, subsets: tuple[Subset, ...], records: int
) -> list[Batch]:
    """Size up the rooms: those to train on, then those held out, walked through less.

    The split of a room is decided by the hash of its name. With 5 of 100 rooms in each, a build of
    few rooms would have none to validate or to test on; so names are tried in order, and those are
    taken that give each split as many rooms as it needs.
    """
    anchors, wanted = config.sampling.anchors_per_scene, _wanted(config, subsets, records)
    enough = max(_LEAST_ROOMS, math.ceil(wanted / (anchors * _TRAJECTORIES)))
    held_out = min(_ENOUGH_HELD_OUT, round(records / _RECORDS_A_HELD_OUT))
    held_out = max(held_out, math.ceil(enough * SPLIT_WEIGHTS["test"]) if held_out else 0)
    if config.scenes:
        held_out = min(held_out, config.scenes // _SCENES_A_HELD_OUT)
        enough = config.scenes - held_out * (len(SPLITS) - 1)
    source = tools.source_for("simulated")
    if not held_out:
        found = source.references(enough, config.seed, None)
        return [_batch(config, tools, subsets, found, (wanted, anchors))]
    counts: dict[Split, int] = {split: enough if split == "train" else held_out for split in SPLITS}
    places = _places(source, config.seed, counts)
    batches = []
    for splits, spare in (SPLITS[:1], 1), (SPLITS[1:], _SPARE):
        share = sum(SPLIT_WEIGHTS[split] for split in splits) * spare
        found = tuple(place for split in splits for place in places[split])
        batches.append(_batch(config, tools, subsets, found, (math.ceil(share * wanted), anchors)))
    return batches


def _places(
    source: SceneSource, seed: int, counts: dict[Split, int]
) -> dict[Split, tuple[SceneRef, ...]]:
    """Return, for each split, the first places that fall to it."""
    tried = sum(counts.values())
    while True:
        named = source.references(tried, seed, None)
        found = {
            split: tuple(one for one in named if split_of(one.scene_id) == split)[:count]
            for split, count in counts.items()
        }
        is_enough = all(len(found[split]) == count for split, count in counts.items())
        if is_enough or len(named) < tried or tried >= _NAMES_TRIED:
            return found
        tried *= 2


def _wanted(config: BuildConfig, subsets: Sequence[Subset], records: int) -> int:
    """Return how many trajectories each subset needs."""
    return math.ceil(records / len(subsets) / config.sampling.records_per_trajectory)


def _batch(
    config: BuildConfig,
    tools: Tools,
    subsets: tuple[Subset, ...],
    references: tuple[SceneRef, ...],
    size: tuple[int, int],
) -> Batch:
    """Return a batch of `size`: (trajectories wanted in each subset, anchors of a place)."""
    wanted, anchors = size
    places = max(1, len(references))
    trajectories = config.sampling.trajectories_per_anchor or min(
        _MOST_TRAJECTORIES, max(_LEAST_TRAJECTORIES, math.ceil(wanted / (places * anchors)))
    )
    share = wanted * config.sampling.records_per_trajectory / (len(tools.tasks) * places)
    keep = max(_LEAST_KEPT, math.ceil(_KEPT_OF_SHARE * share))
    return Batch(subsets, references, trajectories, keep, anchors)
