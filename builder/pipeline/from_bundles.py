"""A dataset from bundles that are there already: read, put right or refused, asked, packed."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.config import BuildConfig
from builder.core.drop import Drop
from builder.core.errors import ConfigError, StoreError
from builder.core.protocol import subset_named
from builder.pipeline.build import Ends, publish, weights_of
from builder.pipeline.bundle_report import Report
from builder.pipeline.counting import counted
from builder.pipeline.given import Obeys
from builder.pipeline.given_place import GivenPlace
from builder.pipeline.output import claimed
from builder.pipeline.tally import Tally
from builder.pipeline.tools import ToolMaker
from builder.store.foreign import Found, bundles_below

Pack = Callable[[Path, Mapping[str, Any]], object]


def build_from_bundles(
    config: BuildConfig, out: Path, maker: ToolMaker, ends: Ends, rest: tuple[Pack, Obeys | None]
) -> Tally:
    """Make a dataset from the bundles in `config.bundles.folder`.

    The bundles that can be used are written anew in our layout (pictures byte for byte), so that
    every label can be recomputed from what lies beside it. Without depth only turns are asked
    about; see `builder.pipeline.proof` for objects.

    Args:
        config: The settings; `records` other than its default limits how many are chosen.
        out: The folder to make it in; never the one that is read.
        maker: Makes the tasks.
        ends: What a build is handed.
        rest: What packs the build with the facts for the card, and what judges whether frames show
            their motion (None: nobody).

    Returns:
        The counts.

    Raises:
        StoreError: If there are no bundles, or none of them can be used.
        ConfigError: If `out` is where they lie.
    """
    tools, report, tally = maker(), Report(), Tally()
    weights = weights_of(config, tools)
    folder = _apart(config, out)
    pack, obeys = rest
    found = list(bundles_below(folder, config.subsets))
    with claimed(out, config):
        files = []
        scenes = _scenes(found, (tally, report))
        for (subset, scene_id), group in counted(scenes.items(), len(scenes), "scenes"):
            work = GivenPlace(config, out, subset_named(subset), scene_id, (tools, report, tally))
            work.make(group, obeys)
            files.append(work.candidates)
        if not report.layouts:
            raise StoreError(f"{folder}: no bundle can be used\n{report.table()}")
        used = tuple(name for name in config.subsets if any(one == name for one, _ in scenes))
        config = replace(config, records=_wanted(config, files), subsets=used)
        facts = report.facts(folder.name)
        ends = replace(ends, pack=lambda place: pack(place, facts))
        publish(config, files, tools, weights, (out, ends, tally))
    ends.say(report.table())
    return tally


def _apart(config: BuildConfig, out: Path) -> Path:
    folder = Path(config.bundles.folder or "").expanduser().resolve()
    if (
        folder == out.resolve()
        or folder in out.resolve().parents
        or out.resolve() in folder.parents
    ):
        raise ConfigError(f"--out {out} and --bundles {folder}: one must not lie in the other")
    return folder


def _wanted(config: BuildConfig, files: Sequence[Path]) -> int:
    if config.records != BuildConfig().records:
        return config.records
    return max(1, sum(file.read_bytes().count(b"\n") for file in files))


def _scenes(
    found: Sequence[tuple[str, Found | Drop]], counts: tuple[Tally, Report]
) -> dict[tuple[str, str], list[Found]]:
    """Return the bundles by place; a place of one name in two folders is taken once."""
    tally, report = counts
    scenes: dict[tuple[str, str], list[Found]] = defaultdict(list)
    for name, one in found:
        if isinstance(one, Drop):
            drop: Drop | None = one
        else:
            group = scenes[one.subset.name, one.scene_id]
            twice = bool(group) and group[0].folder.parent != one.folder.parent
            drop = (
                Drop("scene-twice", f"{one.folder}: another scene has its name") if twice else None
            )
            if not twice:
                group.append(one)
        if drop is not None:
            tally.drops[name, "bundle", drop.reason] += 1
            report.note(drop)
    return scenes
