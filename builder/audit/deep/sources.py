"""From paths to jobs: which records there are, which bundle lies beside each, which place it is."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.audit.deep.job import Again, Entry, Job
from builder.audit.deep.rows import below_bundles, bundles_of, digest, rows_of
from builder.audit.issue import Finding, Issue
from builder.audit.rules import is_foreign
from builder.audit.run import targets_of
from builder.audit.schema_rules import path_fault
from builder.audit.stretch import raw_lines
from builder.core.release import holds_records

_MOST_RECORDS = 200  # a job; a photograph with all its records would keep one worker busy alone

Skipped = Counter[str]


class Sources:
    """The records of some paths.

    Args:
        paths: Files and folders.

    Attributes:
        skipped: Records that cannot be recomputed, by the reason.
        repeated: Rows of Parquet that say what a line says.
        issues: Pictures in Parquet that are not those of the bundles.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self.skipped: Skipped = Counter()
        self.repeated = 0
        self.issues: list[Issue] = []
        self._places: dict[tuple[Path, str, str], list[Entry]] = defaultdict(list)
        self._known: dict[str, bytes] = {}
        self._files: dict[Path, bytes | None] = {}
        targets = {one.path.resolve(): one for path in paths for one in targets_of(path)}
        for target in targets.values():
            if target.kind == "records":
                self._lines(target.path)
        for target in targets.values():
            if target.kind == "parquet" and holds_records(target.path.absolute()):
                self._rows(target.path)

    def jobs(self, again: Again) -> list[Job]:
        """Return the records place by place, large places cut between bundles, largest first."""
        found = []
        for entries in self._places.values():
            entries.sort(key=lambda entry: (entry.root, entry.bundle, entry.file, entry.line or 0))
            found += [Job(tuple(part), again) for part in _parts(entries)]
        return sorted(found, key=lambda job: -len(job.entries))

    def _lines(self, path: Path) -> None:
        for number, offset, raw in raw_lines(path):
            record = _parsed(raw)
            place = (path, offset, len(raw))
            self._take(record, path.parent, (path.as_posix(), number, None), place)

    def _rows(self, path: Path) -> None:
        for row, (record, digests) in enumerate(rows_of(path)):
            root = bundles_of(path, record)
            if root is None:
                self.skipped["it is a Parquet row without bundles beside"] += 1
                continue
            try:
                record["images"] = below_bundles(record)
            except (KeyError, TypeError, ValueError):
                self.skipped["it breaks the schema"] += 1
                continue
            self._compare(record["images"], digests, root, (path, row))
            if self._known.get(str(record.get("record_id"))) == _digest(record):
                self.repeated += 1
                continue
            text = json.dumps(record, ensure_ascii=False)
            self._take(record, root, (path.as_posix(), None, row), text)

    def _compare(
        self, names: Sequence[str], digests: Sequence[bytes], root: Path, place: tuple[Path, int]
    ) -> None:
        """Hold the bytes of a row's pictures against the files of the bundle."""
        for index, (name, held) in enumerate(zip(names, digests, strict=False)):
            file = root / name
            if file not in self._files:
                self._files[file] = digest(file.read_bytes()) if file.is_file() else None
            if self._files[file] not in {held, None}:
                text = f"its bytes are not those of {name} in the bundle"
                finding = Finding(f"/images/{index}", "picture-untrue", text)
                self.issues.append(finding.at(place[0].as_posix(), row=place[1]))

    def _take(
        self,
        record: Any,  # noqa: ANN401 - JSON
        root: Path,
        place: tuple[str, int | None, int | None],
        source: tuple[Path, int, int] | str,
    ) -> None:
        if reason := _unfit(record):
            self.skipped[reason] += 1
            return
        self._known[record["record_id"]] = _digest(record)
        bundle = record["images"][0].rsplit("/", 2)[0]
        key = (root.parent, record["scene_type"], record["scene_id"])
        self._places[key].append(Entry(*place, root, bundle, source))


def _unfit(record: Any) -> str:  # noqa: ANN401
    """Return why a record cannot be recomputed; "" if it may be tried."""
    if not isinstance(record, dict):
        return "it is no record"
    if is_foreign(record):
        return "it is not ours: a record of the three core fields has nothing beside it"
    texts = [record.get(name) for name in ("record_id", "scene_type", "scene_id")]
    images = record.get("images")
    names = images[:1] if isinstance(images, list) else []
    if not all(isinstance(text, str) for text in (*texts, *names)) or not names:
        return "it breaks the schema"
    if names[0].count("/") < 2 or path_fault(names[0]):
        return "no bundle is named by its images' paths"
    return ""


def _parts(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    part: list[Entry] = []
    for index, entry in enumerate(entries):
        is_new = index == 0 or entry.bundle != entries[index - 1].bundle
        if is_new and len(part) >= _MOST_RECORDS:
            yield part
            part = []
        part.append(entry)
    if part:
        yield part


def _parsed(raw: bytes) -> Any:  # noqa: ANN401
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None  # the check of lines says what is wrong


def _digest(record: Mapping[str, Any]) -> bytes:
    return digest(json.dumps(record, sort_keys=True).encode())
