"""The names in what is published: one folder a subset, two that repeat those, ids of frames."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

BENCHMARK = "benchmark"  # copies of chosen test rows
FRAMES = "frames"  # pictures without records, each once


def holds_records(file: PurePath) -> bool:
    """Whether a Parquet file holds records, rather than the pictures of the config `frames`."""
    return file.parts[-3:-1] != ("data", FRAMES)


def frame_id(record: Mapping[str, Any], frame_index: int) -> str:
    """Return the id of a frame of a record, such as `svc-real/garage/a0_forward_00/1`."""
    return f"{record['subset']}/{record['scene_id']}/{record['trajectory_id']}/{frame_index}"
