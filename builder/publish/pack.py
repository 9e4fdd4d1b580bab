"""Pack a build into what is loaded and published: Parquet, a card, a manifest and counts.

Written with pyarrow itself, since `datasets` stores a picture again for every row that shows it.
The bytes of pictures are dictionary-encoded and not compressed (they are JPEG or PNG), so each is
stored once a row group, and, with content-defined chunks, an edited version uploads little more
than its new pictures.
"""

import json
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from builder.core.errors import StoreError
from builder.core.release import FRAMES
from builder.publish.benchmark import (
    CONFIG,
    SPLIT,
    Entry,
    Source,
    benchmark_shards,
    benchmark_stats,
    entry_of,
)
from builder.publish.card import card, licenses_page
from builder.publish.counts import Counts
from builder.publish.croissant import NAME as CROISSANT
from builder.publish.croissant import croissant
from builder.publish.frames import frame_shards, frame_stats
from builder.publish.kept import Section, read_sections, with_sections
from builder.publish.layout import Row, Shard, Sizes, records_of, row_of, shards_of, sources
from builder.publish.shards import manifest_entry, write_shard
from builder.publish.stats import Statistics
from builder.publish.stats_table import card_section
from builder.store import whole_folder

Draw = Callable[[Statistics, Path], Sequence[Path]]  # as `builder.publish.plots.draw`
FOLDER = "World2VLM"  # never "world2vlm": `datasets` 4 and later refuse X where X/X.py may be


def pack(
    out: Path, facts: Mapping[str, Any], draw: Draw | None = None, *, frames: bool = True
) -> Path:
    """Write `<out>/World2VLM` from `<out>/bundles`; the same bundles give the same bytes.

    What was written by hand between the marks of the card that is there goes into the new one.

    Args:
        out: A build's output.
        facts: What the records do not say of the build ("seed", "command", ...), as JSON values
            that do not depend on the machine: they go to `stats.json`, and plain ones to the card.
        draw: Draws the figures of the card; None: it has tables alone.
        frames: Whether each picture is written once more, apart from the records.

    Returns:
        The folder. It appears, or takes the place of an older one, whole or not at all.

    Raises:
        StoreError: If there are no records, or the disk refuses.
        RecordInvalid: If a line is not JSON, or shows a picture that does not exist, or a mark of
            the card that is there is damaged.
    """
    target, new = out / FOLDER, out / f".{FOLDER}.new"
    kept = read_sections(target / "README.md")
    shutil.rmtree(new, ignore_errors=True)  # an interrupted run's
    with whole_folder(new) as draft:
        _write(out, draft, (facts, kept), (draw, frames))
    _swap(new, target)
    return target


def _write(
    out: Path,
    draft: Path,
    said: tuple[Mapping[str, Any], Mapping[str, Section]],
    wanted: tuple[Draw | None, bool],
) -> None:
    facts, kept = said
    counts, tests, found = Counts(), list[Entry[Source]](), Statistics()
    shards = [
        shard
        for name, source in sources(out).items()
        for shard in _planned(name, source, (counts, found), tests)
    ]
    if not shards:
        raise StoreError(f"{out}: no records to pack; expected bundles/*/tasks.jsonl, not empty")
    draw, with_frames = wanted
    picked = benchmark_shards(tests)
    apart = frame_shards(shards) if with_frames else []
    files = [write_shard(draft, shard) for shard in (*shards, *picked, *apart)]
    stats = {**counts.to_json(files), "build": dict(facts)}
    if benchmark := benchmark_stats(picked, files):
        stats[CONFIG] = benchmark
    if pictures := frame_stats(apart, files):
        stats[FRAMES] = pictures
    _write_json(draft / "stats.json", stats)
    figures = draw(found, draft / "figures") if draw else ()
    names = [str(figure.relative_to(draft)) for figure in figures]
    _write_json(draft / "distributions.json", found.to_json())
    page = with_sections(card(stats, files, card_section(found, names)), kept)
    (draft / "README.md").write_text(page, encoding="utf-8", newline="\n")
    (draft / "LICENSE.md").write_text(licenses_page(stats), encoding="utf-8", newline="\n")
    _write_json(draft / CROISSANT, croissant(stats, files, _schemas(draft, files)))
    fixed = ("LICENSE.md", "README.md", CROISSANT, "distributions.json", "stats.json")
    entries = [manifest_entry(draft, name) for name in sorted((*fixed, *names))]
    _write_json(draft / "manifest.json", {"format": 1, "files": files + entries})


def _schemas(draft: Path, files: Sequence[Mapping[str, Any]]) -> dict[str, pa.Schema]:
    """Return the columns of each config, as its first file has them."""
    first: dict[str, str] = {}
    for file in files:
        first.setdefault(file["config"], file["path"])
    return {config: parquet.read_schema(draft / path) for config, path in first.items()}


def _planned(
    config: str, source: Path, counted: tuple[Counts, Statistics], tests: list[Entry[Source]]
) -> list[Shard]:
    counts, found = counted
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    sizes = Sizes(source.parent)
    for offset, record in records_of(source):
        row = row_of(record, offset, sizes)
        counts.add(config, record, row)
        found.add(record)
        rows[record["split"]].append(row)
        if record["split"] == SPLIT:
            tests.append(entry_of(record, (config, source, row)))
    counts.add_places(source.parent)
    return shards_of(config, source, rows)


def _write_json(file: Path, value: Mapping[str, Any]) -> None:
    text = json.dumps(value, indent=2, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8", newline="\n")


def _swap(new: Path, target: Path) -> None:
    """Put `new` where `target` is."""
    old = target.with_name(f".{target.name}.old")
    try:
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        new.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise StoreError(
            f"{target} cannot be replaced: {error.strerror}; {new} is whole"
        ) from error
