"""What a build holds, in numbers: for `stats.json` and the card."""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.core.errors import StoreError
from builder.publish.layout import Row

_COUNTED = ("task_type", "answer_form", "backend", "license", "builder_version")


class Counts:
    """Counts of records, pictures and places; equal records in any order give equal counts."""

    def __init__(self) -> None:
        """Start from nothing."""
        self._rows: Counter[tuple[str, str]] = Counter()
        self._unfolded: Counter[tuple[str, str]] = Counter()
        self._tasks: Counter[tuple[str, str, str]] = Counter()
        self._values: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._scenes: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._images: defaultdict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        self._places: defaultdict[tuple[str, str], set[str]] = defaultdict(set)

    def add(self, config: str, record: Mapping[str, Any], row: Row) -> None:
        """Count one record of a config."""
        split = record["split"]
        self._rows[config, split] += 1
        self._unfolded[config, split] += sum(size for _, size in row.images)
        self._tasks[config, split, record["task_type"]] += 1
        self._scenes[config, split].add(record["scene_id"])
        self._images[config, split].update(row.images)
        for name in _COUNTED:
            self._values[name][record[name]] += 1

    def add_places(self, folder: Path) -> None:
        """Count the places below a subset's folder by license and source.

        Raises:
            StoreError: If a `scene.json` is not what a build writes.
        """
        for file in folder.glob("scenes/*/scene.json"):
            try:
                scene = json.loads(file.read_bytes())
                self._places[scene["license"], scene["source"]].add(scene["scene_id"])
            except (ValueError, KeyError, TypeError) as error:
                raise StoreError(f"{file}: is not a scene of a build: {error!r}") from error

    def to_json(self, files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """Return all counts as JSON values in a fixed order.

        Args:
            files: The written Parquet files, as the manifest lists them.
        """
        configs = list(dict.fromkeys(config for config, _ in self._rows))
        return {
            "records": sum(self._rows.values()),
            "configs": {config: self._config(config, files) for config in configs},
            **{name: dict(sorted(self._values[name].items())) for name in _COUNTED},
            "places": [
                {"license": license_, "source": source, "scenes": len(scenes)}
                for (license_, source), scenes in sorted(self._places.items())
            ],
        }

    def _config(self, config: str, files: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        stored = [file for file in files if file["config"] == config]
        return {
            "splits": {
                split: {
                    "records": self._rows[config, split],
                    "scenes": len(self._scenes[config, split]),
                    "images": len(self._images[config, split]),
                    "image_bytes": sum(self._images[config, split].values()),
                    "unfolded_image_bytes": self._unfolded[config, split],
                    "tasks": {
                        task: count
                        for (of, at, task), count in sorted(self._tasks.items())
                        if (of, at) == (config, split)
                    },
                }
                for split in dict.fromkeys(file["split"] for file in stored)
            },
            "file_bytes": sum(file["bytes"] for file in stored),
        }
