"""What the Hub and `datasets` read of a card: configs and their files, columns, sizes, license."""

from collections.abc import Mapping, Sequence
from typing import Any

import yaml  # type: ignore[import-untyped]  # comes with `huggingface_hub` and `datasets`

from builder.core.release import FRAMES
from builder.core.split import SPLITS
from builder.publish.benchmark import CONFIG
from builder.publish.columns import card_features
from builder.publish.words import TAGS

ALL = "all"

# SPDX identifiers that the Hub knows, as it spells them.
HUB_LICENSES = {
    "Apache-2.0": "apache-2.0",
    "CC-BY-4.0": "cc-by-4.0",
    "CC-BY-NC-4.0": "cc-by-nc-4.0",
    "CC-BY-SA-4.0": "cc-by-sa-4.0",
    "CC0-1.0": "cc0-1.0",
    "MIT": "mit",
}
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (10**6, "100K<n<1M"))


def front_matter(stats: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> str:
    """Return the YAML between the two `---`.

    Args:
        stats: As `stats.json` holds them.
        files: The Parquet files, as the manifest lists them.
    """
    fields = _fields(stats, files)
    text: str = yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=100)
    return text


def _fields(stats: Mapping[str, Any], files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    configs = stats["configs"]
    picked = {CONFIG: stats[CONFIG]} if CONFIG in stats else {}
    frames = [FRAMES] if FRAMES in stats else []
    default = "svc-real" if "svc-real" in configs else next(iter(configs))
    return {
        **_license_fields(list(stats["license"])),
        "pretty_name": "World2VLM",
        "language": ["en"],
        "task_categories": ["visual-question-answering", "image-text-to-text"],
        "size_categories": [_size(stats["records"])],
        "annotations_creators": ["machine-generated"],
        "source_datasets": ["original"],
        "tags": list(TAGS),
        "configs": [_config_entry(name, [name], files, name == default) for name in configs]
        + [_config_entry(ALL, list(configs), files, False)]
        + [_config_entry(name, [name], files, False) for name in (*picked, *frames)],
        "dataset_info": [_info_entry(name, [configs[name]]) for name in configs]
        + [_info_entry(ALL, list(configs.values()))]
        + [_info_entry(name, [part]) for name, part in picked.items()]
        + [_frames_info(stats[name]) for name in frames],
    }


def _config_entry(
    name: str, folders: Sequence[str], files: Sequence[Mapping[str, Any]], default: bool
) -> dict[str, Any]:
    data_files: list[dict[str, Any]] = []
    for split in SPLITS:
        holding = [folder for folder in folders if split in _splits(files, folder)]
        paths = [f"data/{folder}/{split}-*.parquet" for folder in holding]
        if paths:
            data_files.append({"split": split, "path": paths if len(paths) > 1 else paths[0]})
    first = {"default": True} if default else {}
    return {"config_name": name, **first, "data_files": data_files}


def _info_entry(name: str, configs: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    found = [split for split in SPLITS if any(split in config["splits"] for config in configs)]
    totals = [
        {
            "name": split,
            "num_bytes": _sum(configs, split, "unfolded_image_bytes"),
            "num_examples": _sum(configs, split, "records"),
        }
        for split in found
    ]
    return {
        "config_name": name,
        "features": card_features(),
        "splits": totals,
        "download_size": sum(config["file_bytes"] for config in configs),
        "dataset_size": sum(total["num_bytes"] for total in totals),
    }


def _frames_info(part: Mapping[str, Any]) -> dict[str, Any]:
    totals = [
        {"name": split, "num_bytes": counts["image_bytes"], "num_examples": counts["frames"]}
        for split, counts in part["splits"].items()
    ]
    return {
        "config_name": FRAMES,
        "features": card_features("frames"),
        "splits": totals,
        "download_size": part["file_bytes"],
        "dataset_size": sum(total["num_bytes"] for total in totals),
    }


def _sum(configs: Sequence[Mapping[str, Any]], split: str, name: str) -> int:
    return sum(config["splits"][split][name] for config in configs if split in config["splits"])


def _splits(files: Sequence[Mapping[str, Any]], config: str) -> set[str]:
    return {file["split"] for file in files if file["config"] == config}


def _license_fields(expressions: Sequence[str]) -> dict[str, str]:
    if len(expressions) == 1 and expressions[0] in HUB_LICENSES:
        return {"license": HUB_LICENSES[expressions[0]]}
    name = "per-record" if len(expressions) > 1 else expressions[0].lower().replace(" ", "-")
    return {"license": "other", "license_name": name, "license_link": "LICENSE.md"}


def _size(records: int) -> str:
    return next((name for limit, name in _SIZES if records < limit), "1M<n<10M")
