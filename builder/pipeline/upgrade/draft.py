"""The new folder while it is made, beside the one it will take the place of."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from builder.core.errors import StoreError
from builder.pipeline.counting import counted
from builder.pipeline.output import locked
from builder.pipeline.upgrade.report import Report
from builder.store import read_json, whole_file, write_whole
from builder.store.files import told

_OWN = ".upgrade"  # in the draft, while it is one: the lock, and what is finished


@dataclass(frozen=True)
class Draft:
    """A folder that is being made.

    Attributes:
        source: The old folder.
        folder: The new one, under its temporary name.
        target: What it will be called.
        done: The files of records that are written: what they were made from, and the counts.
    """

    source: Path
    folder: Path
    target: Path
    done: dict[str, Any] = field(default_factory=dict)

    @classmethod
    @contextmanager
    def beside(cls, source: Path, target: Path) -> "Iterator[Draft]":
        """Begin a draft, or go on with one.

        Raises:
            StoreError: If it cannot be written, or another process is at it.
        """
        folder = target.with_name(f".{target.name}.upgrading")
        with told(folder):
            (folder / _OWN).mkdir(parents=True, exist_ok=True)
        with locked(folder / _OWN / "lock", source):
            state = folder / _OWN / "done.json"
            yield cls(source, folder, target, read_json(state) if state.is_file() else {})

    def made(self, file: Path, lines: Callable[[Report], Iterable[bytes]]) -> Report:
        """Write a file of records, or find it written by a run before; return its counts."""
        name, mark = file.relative_to(self.source).as_posix(), _mark(file)
        if (known := self.done.get(name)) and known["mark"] == mark:
            notes = Counter({(step, note): count for step, note, count in known["notes"]})
            return Report(known["records"], known["changed"], notes)
        report = Report()
        with whole_file(self.folder / name) as draft, draft.open("wb") as stream:
            stream.writelines(lines(report))
        notes_json = [[*key, count] for key, count in sorted(report.notes.items())]
        counts = {"records": report.records, "changed": report.changed, "notes": notes_json}
        self.done[name] = {"mark": mark, **counts}
        write_whole(self.folder / _OWN / "done.json", json.dumps(self.done))
        return report

    def link_rest(self) -> None:
        """Give what stays as it is a second name; what is there of a run before stays or goes."""
        files = {path.relative_to(self.source): path for path in _files(self.source)}
        made = {Path(name) for name in self.done}
        for old in [path.relative_to(self.folder) for path in _files(self.folder)]:
            if old not in files and old.parts[0] != _OWN:
                (self.folder / old).unlink()
        with told(self.folder):
            for name, file in counted(files.items(), len(files), "files in place"):
                if name not in made:
                    _link(file, self.folder / name)

    def close(self) -> None:
        """Take away what only a draft needs: from here on it is whole."""
        shutil.rmtree(self.folder / _OWN)

    def forget(self) -> None:
        """Take the draft away."""
        shutil.rmtree(self.folder, ignore_errors=True)


def put_in_place(folder: Path, target: Path) -> None:
    """Rename a folder that is whole; one that has its name is put aside and taken away.

    Raises:
        StoreError: If the disk refuses.
    """
    aside = _aside(target)
    with told(target, "replaced"):
        if target.exists():
            target.rename(aside)
        folder.rename(target)
        shutil.rmtree(aside, ignore_errors=True)


def recovered(path: Path) -> None:
    """Undo what was half done when a run was killed between the two renames, or after them."""
    aside = _aside(path)
    if aside.is_dir():
        with told(path, "put back"):
            if path.exists():
                shutil.rmtree(aside)
            else:
                aside.rename(path)


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.before-upgrade")


def _mark(file: Path) -> list[int]:
    status = file.stat()
    return [status.st_size, status.st_mtime_ns]


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            raise StoreError(
                f"{path}: is a link; an upgrade would lose where it leads: copy it here"
            )
        if path.is_file():
            yield path


def _link(file: Path, target: Path) -> None:
    if target.exists():
        if target.samefile(file) or _mark(target) == _mark(file):
            return
        target.unlink()
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.hardlink_to(file)
    except OSError:  # another disk, or one that knows no hard links
        draft = target.with_name(f".{target.name}.tmp")
        shutil.copy2(file, draft)
        os.replace(draft, target)
