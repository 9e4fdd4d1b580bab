"""How large a build is: places and trajectories for the records wanted, time and disk for both."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from builder.config import BuildConfig, Sampling
from builder.core.protocol import Subset, subset_named
from builder.core.scene import SceneRef
from builder.pipeline.tools import Tools

# Measured on the embedded backend with the built-in rooms and the garage (docs/measured.md).
SECONDS_PER_PLACE = 12.0
SECONDS_PER_VIEW = 0.15
BYTES_PER_PICTURE = 100_000
BYTES_PER_CANDIDATE = 2_500

_LEAST_ROOMS = 4
_TRAJECTORIES = 24  # an anchor, where the number of places is free
_LEAST_TRAJECTORIES, _MOST_TRAJECTORIES = 10, 60
_LEAST_KEPT, _KEPT_OF_SHARE = 16, 2  # of each class: a task of two has four times its share left


@dataclass(frozen=True)
class Batch:
    """The places of one type, and how much is taken from each.

    Attributes:
        subsets: Which subsets they serve.
        references: The places.
        trajectories: How many are planned from an anchor, in each subset.
        keep: Most candidates of one task and class kept of one place in one subset.
    """

    subsets: tuple[Subset, ...]
    references: tuple[SceneRef, ...]
    trajectories: int
    keep: int

    def rollouts(self, sampling: Sampling) -> int:
        """Return how many rollouts are planned at most."""
        anchors = len(self.references) * sampling.anchors_per_scene
        return anchors * self.trajectories * len(self.subsets)


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
        batches.append(_batch(config, tools, real, left * len(real) / len(subsets)))
        most = batches[0].rollouts(config.sampling) * config.sampling.records_per_trajectory
        left -= min(int(most), left * len(real) // len(subsets))
    if simulated:
        batches.append(_batch(config, tools, simulated, left))
    return batches


def estimate(config: BuildConfig, batches: Sequence[Batch], workers: int) -> str:
    """Return one line about what is planned, the time and the disk it takes."""
    rollouts = sum(batch.rollouts(config.sampling) for batch in batches)
    places = sum(len(batch.references) for batch in batches)
    views = rollouts * _views_a_trajectory(config)
    seconds = (views * SECONDS_PER_VIEW + places * SECONDS_PER_PLACE) / min(workers, places)
    # An anchor's view is painted once and linked; Parquet holds most of the pictures again.
    size = views * 1.5 * BYTES_PER_PICTURE + config.records * BYTES_PER_CANDIDATE * 3
    hands = "1 worker" if workers == 1 else f"{workers} workers"
    return (
        f"planned: {config.records} records from up to {rollouts} trajectories in {places} places; "
        f"about {_duration(seconds)} with {hands}, and {_size(size)} on disk"
    )


def _batch(config: BuildConfig, tools: Tools, subsets: tuple[Subset, ...], records: float) -> Batch:
    scene_type, sampling = subsets[0].scene_type, config.sampling
    anchors = sampling.anchors_per_scene
    each = records / len(subsets)
    wanted = math.ceil(each / sampling.records_per_trajectory)
    trajectories = sampling.trajectories_per_anchor or _TRAJECTORIES
    count = config.scenes or max(_LEAST_ROOMS, math.ceil(wanted / (anchors * trajectories)))
    location = config.photos if scene_type == "real" else None
    references = tools.source_for(scene_type).references(count, config.seed, location)
    needed = math.ceil(wanted / (max(1, len(references)) * anchors))
    trajectories = sampling.trajectories_per_anchor or min(
        _MOST_TRAJECTORIES, max(_LEAST_TRAJECTORIES, needed)
    )
    share = each / (len(tools.tasks) * max(1, len(references)))
    keep = max(_LEAST_KEPT, math.ceil(_KEPT_OF_SHARE * share))
    return Batch(subsets, references, trajectories, keep)


def _views_a_trajectory(config: BuildConfig) -> float:
    """Return how many views a trajectory adds to that of its anchor, on average."""
    sampling = config.sampling
    whole = sampling.singles + sampling.presets + sampling.long
    keys = (sampling.singles + 2.4 * sampling.presets + 5 * sampling.long) / whole
    return keys if config.images.frames == "keyframes" else keys * 10


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def _size(size: float) -> str:
    return f"{size / 1e6:.0f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"
