"""What holds over many records: ids used once, every scene in one split."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from builder.audit.issue import Finding
from builder.core.split import SPLITS


@dataclass(slots=True)
class Ledger:
    """Remembers where each id and each scene was seen first.

    JSON Lines and Parquet are kept apart: a build holds every record in both.
    """

    _ids: dict[tuple[str, str], str] = field(default_factory=dict)
    _splits: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def findings(self, record: Mapping[str, Any], place: str, kind: str) -> Iterator[Finding]:
        """Yield what is wrong with a record beside those before it.

        Args:
            record: The record; fields of a wrong type are passed over.
            place: Where it stands, such as "tasks.jsonl:7".
            kind: "jsonl" or "parquet".
        """
        record_id, scene_id, split = (record.get(key) for key in ("record_id", "scene_id", "split"))
        if isinstance(record_id, str):
            first = self._ids.setdefault((kind, record_id), place)
            if first is not place:
                text = f"{record_id!r} is used already at {first}"
                yield Finding("/record_id", "duplicate-id", text)
        if isinstance(scene_id, str) and split in SPLITS:
            where, known = self._splits.setdefault((kind, scene_id), (place, split))
            if known != split:
                text = f"scene {scene_id!r} is in {known} at {where}, and in {split} here"
                yield Finding("/split", "scene-in-two-splits", text)
