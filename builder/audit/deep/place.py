"""One place: open it again, look once from each stored pose, hold every record against it."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from builder.audit.deep.bundle import Bundle, Unreadable
from builder.audit.deep.facts import Facts, PaintedFacts, StoredFacts
from builder.audit.deep.job import Again, Entry, Job, Recomputed, Reopened
from builder.audit.deep.rules import deep_findings
from builder.audit.deep.words import Unread
from builder.audit.issue import Issue
from builder.core.view import View
from builder.schemas import record_errors


def recompute(job: Job) -> Recomputed:
    """Return where the records of a place disagree with what can be worked out anew."""
    place = _Place(job.again)
    for _, entries in itertools.groupby(job.entries, key=lambda entry: (entry.root, entry.bundle)):
        place.trajectory(list(entries))
    return place.told


class _Place:
    """Goes through the trajectories of a place and remembers the anchor's view."""

    def __init__(self, again: Again) -> None:
        self.told = Recomputed()
        self._again = again
        self._first: tuple[tuple[Path, int], View] | None = None

    def trajectory(self, entries: list[Entry]) -> None:
        """Recompute the records of one bundle."""
        folder = entries[0].root / entries[0].bundle
        try:
            bundle = Bundle.read(folder)
        except Unreadable:
            there = "cannot be read; its own check says why" if folder.is_dir() else "is not there"
            self.told.skipped[f"the bundle beside {there}"] += len(entries)
            return
        scene_id = folder.parent.name
        opened = self._again(entries[0].root, scene_id, bundle.backend, bundle.seed)
        facts = self._facts(bundle, opened, entries[0].root)
        for entry in entries:
            self._record(entry, facts, opened)
        if isinstance(facts, PaintedFacts):
            self.told.views += facts.painted
            self.told.issues += _stored_issues(facts, entries[0])
            self._first = (entries[0].root, bundle.anchor), facts.view(0)

    def _facts(self, bundle: Bundle, opened: Reopened, root: Path) -> Facts:
        if opened.scene is None:
            return StoredFacts(bundle)
        known = self._first
        is_known = known is not None and known[0] == (root, bundle.anchor)
        return PaintedFacts(bundle, opened.scene, known[1] if known and is_known else None)

    def _record(self, entry: Entry, facts: Facts, opened: Reopened) -> None:
        record: Any = entry.record()
        if record is None:
            self.told.skipped["its file was changed while it was read"] += 1
            return
        if record_errors(record):
            self.told.skipped["it breaks the schema"] += 1
            return
        try:
            found = deep_findings(record, facts, opened.gates)
        except Unread as unread:
            self.told.skipped[f"it is not understood: {unread}"] += 1
            return
        self.told.issues += map(entry.issue, found)
        if isinstance(facts, PaintedFacts):
            self.told.pixels += 1
        else:
            self.told.stored[opened.why] += 1


def _stored_issues(facts: PaintedFacts, entry: Entry) -> Iterator[Issue]:
    """Yield where the bundle's own numbers are not those of its views."""
    above = entry.file.rpartition("/")[0]
    for name, frame, text in facts.stored_differs():
        file = "/".join(part for part in (above, entry.bundle, name) if part)
        line = frame + 1 if name.endswith(".jsonl") else None
        rule = "tracks-untrue" if line else "pairs-untrue"
        yield Issue(file, line, "", rule, text)
