"""What must hold between records: ids used once, a scene in one split only."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from builder.audit.issue import Finding, Issue
from builder.core.release import FRAMES
from builder.core.split import SPLITS


class Seen(NamedTuple):
    """What the ledger keeps of one record; a field of a wrong type is None.

    Attributes:
        kind: "jsonl", "parquet", "benchmark" (a build holds a record in several), or "frames".
        file: Where it stands.
        line: Its line; None: it is a row.
        row: Its row; None: it is a line.
        record_id: Its id.
        scene_id: Its scene.
        split: Its split.
        changed: Whether it may be reported on; others only count as the other side.
        pictures: Of a row of Parquet: (id of the frame, size in bytes) of each picture.
    """

    kind: str
    file: str
    line: int | None
    row: int | None
    record_id: str | None
    scene_id: str | None
    split: str | None
    changed: bool = True
    pictures: tuple[tuple[str, int], ...] = ()

    @classmethod
    def of(cls, kind: str, place: tuple[str, int | None, int | None], record: Any) -> "Seen":  # noqa: ANN401
        """Return what is kept of a record that stands at (file, line, row)."""
        record_id, scene_id, split = (record.get(key) for key in ("record_id", "scene_id", "split"))
        return cls(
            kind,
            *place,
            record_id if isinstance(record_id, str) else None,
            scene_id if isinstance(scene_id, str) else None,
            split if isinstance(split, str) and split in SPLITS else None,
        )

    @property
    def place(self) -> str:
        """Such as "tasks.jsonl:7" or "train.parquet#0"."""
        return f"{self.file}:{self.line}" if self.row is None else f"{self.file}#{self.row}"

    def issue(self, finding: Finding) -> Issue:
        """Return the issue of a finding in this record."""
        return finding.at(self.file, self.line, self.row)


@dataclass(slots=True)
class Ledger:
    """Remembers where each id and each scene was seen first."""

    _ids: dict[tuple[str, str], Seen] = field(default_factory=dict)
    _scenes: dict[tuple[str, str], Seen] = field(default_factory=dict)
    _said: set[tuple[str, str]] = field(default_factory=set)

    def issues(self, one: Seen) -> Iterator[Issue]:
        """Yield what is wrong with a record beside those before it; at the one that changed."""
        if one.record_id is not None:
            first = self._ids.setdefault((one.kind, one.record_id), one)
            if first is not one:
                pointer = "/frame_id" if one.kind == FRAMES else "/record_id"
                if one.changed:
                    text = f"{one.record_id!r} is used already at {first.place}"
                    yield one.issue(Finding(pointer, "duplicate-id", text))
                elif first.changed:
                    text = f"{one.record_id!r} is used too at {one.place}"
                    yield first.issue(Finding(pointer, "duplicate-id", text))
        if one.scene_id is not None and one.split is not None:
            yield from self._split_issues(one, (one.kind, one.scene_id))

    def _split_issues(self, one: Seen, key: tuple[str, str]) -> Iterator[Issue]:
        first = self._scenes.setdefault(key, one)
        if first.split == one.split:
            return
        text = f"scene {one.scene_id!r} is in {first.split} at {first.place}, and in {one.split}"
        if one.changed:
            yield one.issue(Finding("/split", "scene-in-two-splits", f"{text} here"))
        elif first.changed and key not in self._said:
            self._said.add(key)
            text = f"scene {one.scene_id!r} is in {one.split} at {one.place}, and in {first.split}"
            yield first.issue(Finding("/split", "scene-in-two-splits", f"{text} here"))
