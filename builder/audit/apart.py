"""Whether the frames of what is published are those that its records show."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from builder.audit.issue import Finding, Issue
from builder.audit.ledger import Seen
from builder.core.release import FRAMES

_PART = re.compile(r"(\w+)-\d+-of-(\d+)\.parquet")

_Place = tuple[str, str]  # the folder that holds `data`, the split


@dataclass(slots=True)
class Apart:
    """Remembers the pictures of records and of frames, by the folder that is published."""

    _shown: dict[_Place, dict[str, tuple[int, Seen]]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    _held: dict[_Place, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))
    _parts: dict[_Place, set[str]] = field(default_factory=lambda: defaultdict(set))

    def note(self, one: Seen) -> None:
        """Remember what a row of Parquet holds."""
        path = PurePosixPath(one.file)
        if not one.pictures or path.parent.parent.name != "data" or one.split is None:
            return
        place = str(path.parents[2]), one.split
        if one.kind == FRAMES:
            self._held[place].update(one.pictures)
            self._parts[place].add(path.name)
        elif one.kind == "parquet":
            for name, size in one.pictures:
                self._shown[place].setdefault(name, (size, one))

    def issues(self) -> Iterator[Issue]:
        """Yield, at the first record that shows it, each picture that the frames do not hold.

        Only of splits whose frames were all looked at.
        """
        for place, held in self._held.items():
            if not _whole(self._parts[place]):
                continue
            for name, (size, one) in self._shown[place].items():
                if name not in held:
                    text = f"{name} is not among the frames in data/{FRAMES}"
                    yield one.issue(Finding("/images", "image-missing", text))
                elif held[name] != size:
                    text = f"{name} has {size:,} bytes here, {held[name]:,} in data/{FRAMES}"
                    yield one.issue(Finding("/images", "frame-mismatch", text))


def _whole(parts: set[str]) -> bool:
    match = _PART.fullmatch(next(iter(parts)))
    return match is not None and len(parts) == int(match[2])
