"""Settings: frozen dataclasses with every default in one place, read from TOML."""

import hashlib
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, is_dataclass
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Literal, cast, get_args, get_origin, get_type_hints

from builder.core.errors import ConfigError, nearest
from builder.core.protocol import SUBSETS

_NO_SHARES = ("min_displacement_px", "max_enlargement", "max_accepted")
_WORDS = {
    bool: "true or false",
    int: "an integer",
    float: "a number",
    str: "a text",
    dict: "a table",
    list: "an array",
}


@dataclass(frozen=True, slots=True)
class Gates:
    """When a question counts as answerable by its pictures.

    Attributes:
        min_displacement_px: Least median displacement of two shown views, for a short side of 576.
        min_overlap: Least share of each shown view that the other shows too.
        min_seen: Least share of a shown view that the source really saw.
        max_holes: Largest share of unseen pixels inside the source's field of view.
        max_border: Largest share of unseen pixels beyond it.
        max_enlargement: Most output pixels a source pixel.
        stays_visible: D2: from this visible share on an object counts as still visible.
        clearly_visible: D1, D3, D4: least visible share in both views.
        min_box_area: Least box area as a share of the frame.
        max_accepted: More right answers than this make a question ambiguous.
    """

    min_displacement_px: float = 4.0
    min_overlap: float = 0.15
    min_seen: float = 0.80
    max_holes: float = 0.12
    max_border: float = 0.05
    max_enlargement: float = 3.0
    stays_visible: float = 0.25
    clearly_visible: float = 0.60
    min_box_area: float = 0.005
    max_accepted: int = 6

    def __post_init__(self) -> None:
        for entry in fields(self):
            value, is_share = getattr(self, entry.name), entry.name not in _NO_SHARES
            if not (0 <= value <= 1 if is_share else 0 <= value < float("inf")):
                expected = "lie in 0..1" if is_share else "be finite and 0 or more"
                raise ConfigError(f"gates.{entry.name} must {expected}, got {value}")


@dataclass(frozen=True, slots=True)
class Sampling:
    """Which trajectories are taken.

    Attributes:
        anchors_per_scene: Most anchors of one place in one subset.
        trajectories_per_anchor: None: as many as the wanted records ask for.
        records_per_trajectory: How many records a trajectory is asked for, where the above is None:
            fewer are better balanced over the tasks, more are made sooner.
        singles: Share of trajectories that are one action.
        presets: Share that follow the teacher's multi-step patterns.
        long: Share of sequences of 4 to 6 actions, in the subsets that have them.
        max_move_m: Cuts the teacher's grids of distances from above; None: as they are.
        max_turn_deg: Cuts the teacher's grids of angles from above; None: as they are.
    """

    anchors_per_scene: int = 3
    trajectories_per_anchor: int | None = None
    records_per_trajectory: float = 5.0
    singles: float = 0.4
    presets: float = 0.5
    long: float = 0.1
    max_move_m: float | None = None
    max_turn_deg: float | None = None

    def __post_init__(self) -> None:
        _at_least(1, self.anchors_per_scene, "sampling.anchors_per_scene")
        if self.trajectories_per_anchor is not None:
            _at_least(1, self.trajectories_per_anchor, "sampling.trajectories_per_anchor")
        _at_least(1, self.records_per_trajectory, "sampling.records_per_trajectory")
        for name in ("singles", "presets", "long"):
            _at_least(0, getattr(self, name), f"sampling.{name}")
        if self.singles + self.presets <= 0:
            raise ConfigError("sampling: singles and presets are both 0, so nothing would be taken")
        if self.max_move_m is not None:
            _at_least(0.1, self.max_move_m, "sampling.max_move_m")
        if self.max_turn_deg is not None:
            _at_least(10, self.max_turn_deg, "sampling.max_turn_deg")


@dataclass(frozen=True, slots=True)
class Images:
    """How frames are stored.

    Attributes:
        format: "jpeg" (without chroma subsampling) or "png" (level 1).
        quality: Of JPEG, 1..100.
        frames: "keyframes": the start and each action's end; "all": every scheduled pose up to
            the last action's end.
    """

    format: Literal["jpeg", "png"] = "jpeg"
    quality: int = 95
    frames: Literal["keyframes", "all"] = "keyframes"

    def __post_init__(self) -> None:
        if not 1 <= self.quality <= 100:
            raise ConfigError(f"images.quality must lie in 1..100, got {self.quality}")


@dataclass(frozen=True, slots=True)
class BuildConfig:
    """All that a build depends on; the same settings and versions make the same bytes.

    Attributes:
        subsets: Which configurations are built.
        records: How many records in all, shared evenly over the subsets.
        scenes: How many places of each type; None: chosen from `records`, 4 rooms or more.
        seed: Of every draw.
        workers: Processes; it changes no byte. None: one a core.
        photos: Folder or manifest of photographs; None: the built-in garage.
        backend: Who paints the frames.
        tracker: Who finds the objects in them.
        sampling: Which trajectories are taken.
        images: How frames are stored.
        weights: Share of each task, relative to 1; a task that is not named has its own weight.
        gates: When a question counts as answerable.
    """

    subsets: tuple[str, ...] = tuple(SUBSETS)
    records: int = 800
    scenes: int | None = None
    seed: int = 0
    workers: int | None = None
    photos: str | None = None
    backend: str = "embedded"
    tracker: str = "truth"
    sampling: Sampling = field(default_factory=Sampling)
    images: Images = field(default_factory=Images)
    weights: Mapping[str, float] = field(default_factory=dict)
    gates: Gates = field(default_factory=Gates)

    def __post_init__(self) -> None:
        _check_subsets(self.subsets)
        _at_least(1, self.records, "records")
        _at_least(0, self.seed, "seed")
        for name in ("scenes", "workers"):
            if getattr(self, name) is not None:
                _at_least(1, getattr(self, name), name)
        for task, weight in self.weights.items():
            _at_least(0, weight, f"weights.{task}")


def read_config(
    file: Path | None = None,
    overrides: Sequence[str] = (),
    options: Mapping[str, Any] | None = None,
) -> BuildConfig:
    """Return the settings of a TOML file, then of options, then of `key=value` overrides.

    Args:
        file: A TOML file, or None.
        overrides: What `--set` gave, such as "sampling.anchors_per_scene=2" or "photos=~/mine";
            the value is TOML, and a bare word is a text.
        options: Top-level settings by name; those that are None are as if not given.

    Raises:
        ConfigError: If a key is unknown, or a value of the wrong type or out of its range.
    """
    config: Any = BuildConfig()
    if file is not None:
        config = _merge(config, _read_toml(file), str(file))
    given = {key: value for key, value in (options or {}).items() if value is not None}
    config = _merge(config, given, "options")
    for override in overrides:
        config = _merge(config, _parse_override(override), f"--set {override}")
    return cast(BuildConfig, config)


def settings_of(config: BuildConfig) -> dict[str, Any]:
    """Return, as plain JSON values, the settings that decide what is built (not `workers`)."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(config)))
    del plain["workers"]
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


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file}: is not TOML: {error}") from error


def _parse_override(override: str) -> dict[str, Any]:
    key, equals, text = override.partition("=")
    if not (key.strip() and equals):
        raise ConfigError(f"--set {override}: expected key=value, such as images.quality=90")
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        value = text.strip()
    for part in reversed(key.strip().split(".")):
        value = {part: value}
    return cast(dict[str, Any], value)


def _merge(old: Any, given: Mapping[str, Any], where: str, prefix: str = "") -> Any:  # noqa: ANN401
    """Return the dataclass `old` with the values of `given`, each of them checked."""
    types = get_type_hints(type(old))
    values = {entry.name: getattr(old, entry.name) for entry in fields(old)}
    for key, value in given.items():
        if key not in types:
            raise ConfigError(f"{where}: no setting {prefix + key!r}: {nearest(key, types)}")
        values[key] = _typed(value, types[key], values[key], (where, prefix + key))
    try:
        return type(old)(**values)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error}") from None


def _typed(value: Any, wanted: Any, old: Any, place: tuple[str, str]) -> Any:  # noqa: ANN401
    where, key = place
    if is_dataclass(wanted):
        return _merge(old, _of_type(value, dict, place), where, f"{key}.")
    if isinstance(wanted, UnionType):
        wanted = next(part for part in get_args(wanted) if part is not NoneType)
        return _typed(value, wanted, old, place)
    if get_origin(wanted) is Literal:
        if value not in get_args(wanted):
            expected = ", ".join(get_args(wanted))
            raise ConfigError(f"{where}: {key}: expected one of {expected}, got {value!r}")
        return value
    if get_origin(wanted) is tuple:
        items = _of_type(value, list, place)
        return tuple(_of_type(item, get_args(wanted)[0], place) for item in items)
    if get_origin(wanted) is Mapping:
        table = _of_type(value, dict, place)
        return {**old, **{name: _of_type(item, float, place) for name, item in table.items()}}
    return _of_type(value, wanted, place)


def _of_type(value: Any, wanted: type, place: tuple[str, str]) -> Any:  # noqa: ANN401
    if wanted is float and type(value) is int:
        return float(value)
    if wanted is list and isinstance(value, tuple):
        return list(value)
    if type(value) is not wanted:
        kind = _WORDS.get(type(value), type(value).__name__)
        raise ConfigError(
            f"{place[0]}: {place[1]}: expected {_WORDS[wanted]}, got {value!r} ({kind})"
        )
    return value


def _check_subsets(subsets: Sequence[str]) -> None:
    for name in subsets:
        if name not in SUBSETS:
            raise ConfigError(f"subsets: no subset {name!r}: {nearest(name, SUBSETS)}")
    if not subsets or len(set(subsets)) != len(subsets):
        raise ConfigError(f"subsets: expected different names, at least one, got {list(subsets)}")


def _at_least(low: float, value: float, name: str) -> None:
    if not low <= value < float("inf"):
        raise ConfigError(f"{name} must be finite and at least {low}, got {value}")
