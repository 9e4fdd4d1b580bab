"""How long a build takes and how much disk it needs, said before it starts."""

from collections.abc import Sequence

from builder.config import BuildConfig
from builder.pipeline.sizing import Batch

# Measured on the embedded backend with the built-in rooms and the garage (docs/measured.md).
SECONDS_TO_START = 10.0
SECONDS_PER_PLACE = {"real": 20.0, "simulated": 6.0}
SECONDS_PER_TRAJECTORY = {"real": 0.05, "simulated": 0.03}  # what it is asked
SECONDS_PER_VIEW = {"real": 0.4, "simulated": 0.16}
BYTES_PER_PICTURE = 80_000  # JPEG 95: 75,600 in 20,000 records, 99,800 in 800
BYTES_PER_TRAJECTORY = 62_000  # poses and tracks 25,000, what may be asked of them 37,000
BYTES_PER_RECORD = 1_500
SHOWN = 0.78  # of the pictures are shown by a chosen record, which Parquet holds again
COPIED = 0.06  # of the pictures are in the rows of the benchmark too


def estimate(config: BuildConfig, batches: Sequence[Batch], workers: int) -> str:
    """Return one line about what is planned, the time and the disk it takes."""
    rollouts = sum(batch.rollouts for batch in batches)
    places = sum(len(batch.references) for batch in batches)
    of_place = [(_seconds_a_place(config, batch), len(batch.references)) for batch in batches]
    # A place is one unit of work: a build takes no less time than its longest.
    longest = max((seconds for seconds, count in of_place if count), default=0.0)
    shared = sum(seconds * count for seconds, count in of_place) / max(1, min(workers, places))
    seconds = SECONDS_TO_START + max(longest, shared)
    size = rollouts * _bytes_a_trajectory(config) + config.records * BYTES_PER_RECORD
    hands = "1 worker" if workers == 1 else f"{workers} workers"
    return (
        f"planned: {config.records} records from up to {rollouts} trajectories in {places} places; "
        f"about {_duration(seconds)} with {hands}, and {_size(size)} on disk"
    )


def _seconds_a_place(config: BuildConfig, batch: Batch) -> float:
    kind = batch.scene_type
    rollouts = batch.rollouts / max(1, len(batch.references))
    each = SECONDS_PER_TRAJECTORY[kind] + _views_a_trajectory(config) * SECONDS_PER_VIEW[kind]
    return SECONDS_PER_PLACE[kind] + rollouts * each


def _views_a_trajectory(config: BuildConfig) -> float:
    """Return how many views a trajectory adds to that of its anchor, on average."""
    keys = _keys_a_trajectory(config)
    return keys if config.images.frames == "keyframes" else keys * 10


def _keys_a_trajectory(config: BuildConfig) -> float:
    sampling = config.sampling
    whole = sampling.singles + sampling.presets + sampling.long
    return (sampling.singles + 2.4 * sampling.presets + 5 * sampling.long) / whole


def _bytes_a_trajectory(config: BuildConfig) -> float:
    """Return what it takes in the bundles and in Parquet: records, and frames where wished.

    An anchor's view is painted once and linked.
    """
    packed = SHOWN * (1 + config.release.frames) + COPIED
    pictures = _views_a_trajectory(config) + _keys_a_trajectory(config) * packed
    return pictures * BYTES_PER_PICTURE + BYTES_PER_TRAJECTORY


def _duration(seconds: float) -> str:
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes / 60:.1f} h"


def _size(size: float) -> str:
    return f"{size / 1e6:.0f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"
