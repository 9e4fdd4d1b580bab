"""The dataset card, README.md of what is published: how to load it, what it is, what it is not."""

from collections.abc import Mapping, Sequence
from typing import Any

from builder.core.licenses import OUTPUT_LICENSES
from builder.core.protocol import SUBSETS
from builder.publish.benchmark import CONFIG
from builder.publish.frames_card import frames_part
from builder.publish.front_matter import ALL, front_matter

_PAINTERS = {
    "embedded": "the embedded backend, a renderer on the CPU whose depth and object identities are"
    " exact. Its frames are **not** outputs of Stable Virtual Camera or of HY-WorldPlay",
    "svc": "Stable Virtual Camera, a generative model: its frames follow the asked motion"
    " approximately, and its license restricts their use",
    "hy-worldplay": "HY-WorldPlay, a generative model: its frames follow the asked motion"
    " approximately, and its license restricts their use",
}
_TASKS = {
    "A1": "which way and how far the camera moved",
    "A2": "which way and how many degrees it turned",
    "A3": "the ordered sequence of its actions",
    "A4": "whether a claimed sequence is what happened",
    "D1": "the box of an object after the actions",
    "D2": "whether an object is still visible after the actions",
    "D3": "the actions, from one object seen twice",
    "D4": "whether two objects are the same one",
}
_CITATION = """\
@misc{zhang2026world2vlmdistillingworldmodel,
  title         = {World2VLM: Distilling World Model Imagination into VLMs for Dynamic Spatial
                   Reasoning},
  author        = {Wanyue Zhang and Wenxiang Wu and Wang Xu and Jiaxin Luo and Helu Zhi and
                   Yibin Huang and Shuo Ren and Zitao Liu and Jiajun Zhang},
  year          = {2026},
  eprint        = {2604.26934},
  archivePrefix = {arXiv},
  primaryClass  = {cs.CV},
  url           = {https://arxiv.org/abs/2604.26934}
}"""


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
        _what(stats),
        "## Load it",
        _loading(stats),
        *frames_part(stats),
        "## What is in it",
        _counts_table(stats),
        _tasks_table(stats),
        *even,
        "## How it was made",
        _making(stats),
        "## Licenses",
        _licenses(stats),
        "## Limits",
        _limits(stats),
        "## Citation",
        f"The tasks and formats follow this paper:\n\n```bibtex\n{_CITATION}\n```",
    ]
    return f"---\n{front_matter(stats, files)}---\n\n" + "\n\n".join(parts) + "\n"


def licenses_page(stats: Mapping[str, Any]) -> str:
    """Return LICENSE.md: which license holds for which rows."""
    return f"# Licenses\n\n{_licenses(stats)}\n"


def _what(stats: Mapping[str, Any]) -> str:
    return (
        "Questions about what a camera sees before and after it moves, with answers computed from"
        " known poses, depth and object identities: from two views to the motion, and from a view"
        f" and a motion to its outcome. {stats['records']:,} records."
    )


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
    lines = ["| config | split | records | places | image files |", "|---|---|--:|--:|--:|"]
    for name, config in stats["configs"].items():
        for split, counts in config["splits"].items():
            numbers = f"{counts['records']:,} | {counts['scenes']:,} | {counts['images']:,}"
            lines.append(f"| `{name}` | {split} | {numbers} |")
    lines.append(f"| `{ALL}` | | {stats['records']:,} | | |")
    if picked := stats.get(CONFIG):
        (split, counts), *_ = picked["splits"].items()
        numbers = f"{counts['records']:,} | {counts['scenes']:,} |"
        lines.append(f"| `{CONFIG}`, balanced copies of test rows | {split} | {numbers} |")
    return "\n".join(lines)


def _tasks_table(stats: Mapping[str, Any]) -> str:
    configs = stats["configs"]
    lines = [
        f"| task | asks | {' | '.join(f'`{name}`' for name in configs)} |",
        f"|---|---|{'--:|' * len(configs)}",
    ]
    for task in stats["task_type"]:
        counts = [
            sum(split["tasks"].get(task, 0) for split in config["splits"].values())
            for config in configs.values()
        ]
        cells = " | ".join(f"{count:,}" for count in counts)
        lines.append(f"| {task} | {_TASKS.get(task, '')} | {cells} |")
    return "\n".join(lines)


def _making(stats: Mapping[str, Any]) -> str:
    lines = [
        f"- Frames of {count:,} records were painted by {_PAINTERS.get(name, f'`{name}`')}."
        for name, count in stats["backend"].items()
    ]
    teachers = {SUBSETS[name].teacher for name in stats["configs"]}
    if set(stats["backend"]) - teachers:
        lines.append(
            "- The name of a config says whose motion protocol its cameras follow; the"
            " column `backend` says who painted the frames."
        )
    lines.append(f"- Builder: world2vlm {', '.join(stats['builder_version'])}.")
    for name, value in stats["build"].items():
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            lines.append(f"- {name.replace('_', ' ').capitalize()}: `{value}`.")
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


def _limits(stats: Mapping[str, Any]) -> str:
    lines = [
        "- The camera stands level and turns about its own vertical axis only; places do not move.",
        "- Simulated places are made up by a program; they are not scans of real rooms.",
        "- Boxes are around the visible pixels, as integers of 1000 image sizes.",
        "- Splits are by place: no place, hence no picture, is in two of them.",
    ]
    if any(SUBSETS[name].scene_type == "real" for name in stats["configs"]):
        lines.append(
            "- Views of photographs are the photograph moved by its depth; pixels that it"
            " never saw are filled in, and such pixels make no truth."
        )
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _megabytes(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 10**9 else f"{count / 1e6:,.1f} MB"
