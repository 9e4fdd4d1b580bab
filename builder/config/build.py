"""All settings of a build in one frozen dataclass."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from builder.config.bundles import Bundles
from builder.config.detect import Detect
from builder.config.gates import Gates
from builder.config.parts import Images, Release, Sampling, at_least
from builder.config.teachers import HySettings, Machine, SvcSettings
from builder.core.errors import ConfigError, nearest
from builder.core.protocol import SUBSETS


@dataclass(frozen=True, slots=True)
class BuildConfig:
    """All that a build depends on; the same settings and versions make the same bytes.

    Attributes:
        subsets: Which configurations are built.
        records: How many records in all, shared evenly over the subsets.
        scenes: How many places of each type; None: chosen from `records`, 4 rooms or more.
        seed: Of every draw.
        workers: Processes; it changes no byte. None: one a core.
        engine: Where the places are made: "local" or "ray"; it changes no byte.
        photos: Folder or manifest of photographs; None: the built-in garage.
        backend: Who paints the frames.
        tracker: Who finds the objects in them.
        sampling: Which trajectories are taken.
        images: How frames are stored.
        weights: Share of each task, relative to 1; a task that is not named has its own weight.
        gates: When a question counts as answerable.
        bundles: Of a dataset that is made from bundles which are there already.
        detect: How the tracker of that name finds objects.
        svc: How Stable Virtual Camera paints, where it is the backend.
        hy: How HY-WorldPlay paints, where it is.
        machine: Where both lie on this machine, and their workers; it changes no byte.
        release: What is packed; it changes no record, and a build may be packed again otherwise.
    """

    subsets: tuple[str, ...] = tuple(SUBSETS)
    records: int = 800
    scenes: int | None = None
    seed: int = 0
    workers: int | None = None
    engine: str = "local"
    photos: str | None = None
    backend: str = "embedded"
    tracker: str = "truth"
    sampling: Sampling = field(default_factory=Sampling)
    images: Images = field(default_factory=Images)
    weights: Mapping[str, float] = field(default_factory=dict)
    gates: Gates = field(default_factory=Gates)
    bundles: Bundles = field(default_factory=Bundles)
    detect: Detect = field(default_factory=Detect)
    svc: SvcSettings = field(default_factory=SvcSettings)
    hy: HySettings = field(default_factory=HySettings)
    machine: Machine = field(default_factory=Machine)
    release: Release = field(default_factory=Release)

    def __post_init__(self) -> None:
        _check_subsets(self.subsets)
        at_least(1, self.records, "records")
        at_least(0, self.seed, "seed")
        for name in ("scenes", "workers"):
            if getattr(self, name) is not None:
                at_least(1, getattr(self, name), name)
        for task, weight in self.weights.items():
            at_least(0, weight, f"weights.{task}")


def settings_of(config: BuildConfig) -> dict[str, Any]:
    """Return, as plain JSON values, the settings that decide what is built.

    That is not how many workers there are, nor where a world model lies, nor what is packed; and of
    the settings of backends and trackers only those of the ones at work, so that all other builds
    stay the same.
    """
    plain: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    own = {"svc": "svc", "hy": "hy-worldplay", "detect": "detect"}
    unused = [key for key, name in own.items() if name not in (config.backend, config.tracker)]
    for name in ("workers", "engine", "machine", "release", *unused):
        del plain[name]
    if "detect" in plain:
        del plain["detect"]["cache"]  # a folder of this machine
    return plain


def canonical_json(value: Any) -> str:  # noqa: ANN401 - JSON
    """Return JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def fingerprint(config: BuildConfig) -> str:
    """Return 16 hexadecimal digits that stand for `settings_of(config)`."""
    return hashlib.blake2b(canonical_json(settings_of(config)).encode(), digest_size=8).hexdigest()


def differences(old: Mapping[str, Any], new: Mapping[str, Any], prefix: str = "") -> list[str]:
    """Return one line a setting that differs, such as "sampling.long: was 0.1, now 0.2"."""
    lines = []
    for key in sorted({*old, *new}):
        was, now = old.get(key), new.get(key)
        if isinstance(was, Mapping) and isinstance(now, Mapping):
            lines += differences(was, now, f"{prefix}{key}.")
        elif was != now:
            lines.append(f"{prefix}{key}: was {json.dumps(was)}, now {json.dumps(now)}")
    return lines


def _check_subsets(subsets: Sequence[str]) -> None:
    for name in subsets:
        if name not in SUBSETS:
            raise ConfigError(f"subsets: no subset {name!r}: {nearest(name, SUBSETS)}")
    if not subsets or len(set(subsets)) != len(subsets):
        raise ConfigError(f"subsets: expected different names, at least one, got {list(subsets)}")
