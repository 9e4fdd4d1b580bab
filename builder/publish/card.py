"""The dataset card, README.md of what is published: how to load it, what it is, what it is not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from builder.core.licenses import OUTPUT_LICENSES
from builder.publish.benchmark import CONFIG
from builder.publish.card_making import folded, making
from builder.publish.frames_card import frames_part
from builder.publish.front_matter import ALL, front_matter
from builder.publish.kept import pair
from builder.publish.meanings import MEANINGS
from builder.publish.words import CITATION, TASKS, description, limits

_HINT = (
    "<!-- Yours: what stands between the next two marks is kept when the card is made again. -->"
)


def card(stats: Mapping[str, Any], files: Sequence[Mapping[str, Any]], balance: str = "") -> str:
    """Return README.md.

    Args:
        stats: As `stats.json` holds them.
        files: The Parquet files, as the manifest lists them.
        balance: How even it is, in Markdown.
    """
    even = ("## How even it is", balance) if balance else ()
    parts = [
        "# World2VLM",
        description(stats),
        f"{_HINT}\n{pair('about')}",
        "## Load it",
        _loading(stats),
        *frames_part(stats),
        "## What is in it",
        _counts_table(stats),
        _tasks_table(stats),
        folded("Records by config, split and task", _records_by_task(stats)),
        folded("The columns, and what they hold", _columns_table()),
        *even,
        "## How it was made",
        making(stats),
        "## Licenses",
        _licenses(stats),
        "## Limits",
        "\n".join(f"- {line}" for line in limits(stats)),
        f"{_HINT}\n{pair('notes')}",
        "## Citation",
        f"The tasks and formats follow this paper:\n\n```bibtex\n{CITATION}\n```",
    ]
    return f"---\n{front_matter(stats, files)}---\n\n" + "\n\n".join(parts) + "\n"


def licenses_page(stats: Mapping[str, Any]) -> str:
    """Return LICENSE.md: which license holds for which rows."""
    return f"# Licenses\n\n{_licenses(stats)}\n"


def _loading(stats: Mapping[str, Any]) -> str:
    name = "svc-real" if "svc-real" in stats["configs"] else next(iter(stats["configs"]))
    stored = sum(config["file_bytes"] for config in stats["configs"].values())
    unfolded = sum(
        split["unfolded_image_bytes"]
        for config in stats["configs"].values()
        for split in config["splits"].values()
    )
    return f"""\
```python
from datasets import load_dataset

rows = load_dataset("PATH/TO/World2VLM", "{name}", split="train", streaming=True)
print(next(iter(rows)))
```

`datasets` 2.21 and later read it; no code of ours is needed. **Streaming is recommended**: the
files hold each picture once a row group ({_megabytes(stored)} in all), but a load without streaming
writes it into a cache again for every row that shows it ({_megabytes(unfolded)} in all)."""


def _counts_table(stats: Mapping[str, Any]) -> str:
    lines = ["| config | split | places | pictures | records |", "|---|---|--:|--:|--:|"]
    for name, split, counts in _splits(stats):
        sums = (counts["scenes"], counts["images"], counts["records"])
        lines.append(f"| `{name}` | {split} | {' | '.join(f'{count:,}' for count in sums)} |")
    lines.append(f"| `{ALL}` | | | | {stats['records']:,} |")
    if picked := stats.get(CONFIG):
        (split, counts), *_ = picked["splits"].items()
        lines.append(f"| `{CONFIG}` | {split} | {counts['scenes']:,} | | {counts['records']:,} |")
        lines += ["", f"`{CONFIG}` holds copies of test rows, chosen so that answers are balanced."]
    return "\n".join(lines)


def _records_by_task(stats: Mapping[str, Any]) -> str:
    tasks = list(stats["task_type"])
    lines = [f"| config | split | {' | '.join(tasks)} |", f"|---|---|{'--:|' * len(tasks)}"]
    for name, split, counts in _splits(stats):
        cells = " | ".join(f"{counts['tasks'].get(task, 0):,}" for task in tasks)
        lines.append(f"| `{name}` | {split} | {cells} |")
    cells = " | ".join(f"{count:,}" for count in stats["task_type"].values())
    lines.append(f"| `{ALL}` | | {cells} |")
    return "\n".join(lines)


def _splits(stats: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for name, config in stats["configs"].items():
        for split, counts in config["splits"].items():
            yield name, split, counts


def _tasks_table(stats: Mapping[str, Any]) -> str:
    lines = ["| task | asks |", "|---|---|"]
    lines += [f"| {task} | {TASKS.get(task, '')} |" for task in stats["task_type"]]
    return "\n".join(lines)


def _columns_table() -> str:
    lines = ["| column | holds |", "|---|---|"]
    lines += [
        f"| `{name}` | {_cell(text.replace('<', '&lt;'))} |" for name, text in MEANINGS.items()
    ]
    return "\n".join(lines)


def _licenses(stats: Mapping[str, Any]) -> str:
    lines = ["The column `license` holds an SPDX expression for every record.", ""]
    lines += ["| license | records |", "|---|--:|"]
    lines += [f"| `{name}` | {count:,} |" for name, count in stats["license"].items()]
    for spdx, known in OUTPUT_LICENSES.items():
        if any(spdx in name for name in stats["license"]):
            lines += ["", f"`{spdx}` is the {known.title}. {' '.join(known.sentences)}"]
    if len(stats["license"]) > 1:
        lines += ["", "This dataset mixes licenses: keep to the one of each row you use."]
    if stats["places"]:
        lines += ["", "| places | license of their pictures | source |", "|--:|---|---|"]
        lines += [
            f"| {place['scenes']:,} | `{place['license']}` | {_cell(place['source'])} |"
            for place in stats["places"]
        ]
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _megabytes(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 10**9 else f"{count / 1e6:,.1f} MB"
