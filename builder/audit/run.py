"""From paths to issues: what kind of thing each path is, and who checks it."""

import itertools
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.audit.answers import Readers
from builder.audit.beside import Beside
from builder.audit.bundles import SCENE, TRACKS, TRAJECTORY, scene_issues, trajectory_issues
from builder.audit.counted import Counted
from builder.audit.issue import Issue
from builder.audit.jsontext import read_lines
from builder.audit.ledger import Ledger
from builder.audit.lines import Desk, manifest_issues, record_issues
from builder.audit.pictures import Pictures
from builder.audit.tracks import track_issues
from builder.core.errors import StoreError

Kind = Literal["records", "manifest", "parquet", "scene", "trajectory", "tracks"]

MANIFEST = "manifest.jsonl"
_EXPECTED = "expected .jsonl, .parquet, scene.json, traj.json, or a folder that holds some"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to check.

    Attributes:
        kind: What it is.
        path: The file; of a trajectory its folder.
    """

    kind: Kind
    path: Path


def check(
    paths: Sequence[str | os.PathLike[str]],
    readers: Readers,
    *,
    max_issues: int | None = None,
    images: bool = True,
    counted: Counted | None = None,
) -> Iterator[Issue]:
    """Yield everything that is wrong in files and folders.

    Args:
        paths: Records (`.jsonl`, `.parquet`), bundles, or folders that hold any of them.
        readers: By task, what reads an answer in a form and raises if it cannot.
        max_issues: Stop after so many.
        images: False: pictures must be there, and are not opened.
        counted: Is told how much was looked at.

    Raises:
        StoreError: At once, if a path is not there or holds nothing that can be checked.
    """
    targets = [target for path in paths for target in targets_of(Path(path))]
    pictures = Pictures(counted if counted is not None else Counted(), images)
    desk = Desk(readers, pictures, Beside(pictures), Ledger(), pictures.counted)
    different = {os.path.realpath(target.path): target for target in reversed(targets)}
    found = (issue for target in reversed(different.values()) for issue in _issues(target, desk))
    return itertools.islice(found, max_issues)


def summary() -> Counted:
    """Return an empty count, to be given to `check` and printed after it."""
    return Counted()


def targets_of(path: Path) -> list[Target]:
    """Return what is to be checked at a path, in a stable order.

    Raises:
        StoreError: If there is nothing.
    """
    if not path.exists():
        raise StoreError(f"{path}: there is no such file or folder")
    if path.is_file():
        kind = _kind_of(path)
        if kind is None:
            raise StoreError(f"{path}: cannot be checked; {_EXPECTED}")
        return [Target(kind, path.parent if kind == "trajectory" else path)]
    found = list(_inside(path))
    if not found:
        raise StoreError(f"{path}: holds nothing to check; {_EXPECTED}")
    return found


def _inside(folder: Path) -> Iterator[Target]:
    for name, folders, files in os.walk(folder):
        folders[:] = sorted(inner for inner in folders if not inner.startswith("."))
        here = Path(name)
        if TRAJECTORY in files or here.name.startswith("traj_"):
            folders.clear()
            yield Target("trajectory", here)
            continue
        for file in sorted(files):
            kind = _kind_of(here / file)
            if kind is not None and not file.startswith(".") and _is_ours(kind, here / file):
                yield Target(kind, here / file)


def _kind_of(path: Path) -> Kind | None:
    by_name: dict[str, Kind] = {
        SCENE: "scene",
        TRAJECTORY: "trajectory",
        TRACKS: "tracks",
        MANIFEST: "manifest",
    }
    by_suffix: dict[str, Kind] = {".jsonl": "records", ".parquet": "parquet"}
    return by_name.get(path.name) or by_suffix.get(path.suffix)


def _is_ours(kind: Kind, path: Path) -> bool:
    """Whether a file found in a folder is for us; files of other kinds may lie beside ours."""
    if kind == "records" and not path.name.startswith("tasks"):
        return _first_has(path, {"task_type", "messages", "record_id"})
    return kind != "manifest" or not _first_has(path, {"anchor_path"})


def _first_has(path: Path, names: set[str]) -> bool:
    try:
        first = next(read_lines(path), None)
    except OSError:
        return True  # its check says why
    value = first.value if first else None
    return isinstance(value, dict) and not names.isdisjoint(value)


def _issues(target: Target, desk: Desk) -> Iterator[Issue]:
    file = target.path.as_posix()
    desk.counted.files += target.kind != "trajectory"
    try:
        match target.kind:
            case "records":
                yield from record_issues(target.path, file, desk)
            case "manifest":
                yield from manifest_issues(target.path, file, desk.pictures)
            case "scene":
                yield from scene_issues(target.path, file, desk.pictures)
            case "trajectory":
                yield from trajectory_issues(target.path, file, desk.pictures)
            case "tracks":
                yield from track_issues(target.path, file, None, None)
            case "parquet":
                from builder.audit.parquet import parquet_issues  # pyarrow only where needed

                yield from parquet_issues(target.path, file, desk)
    except OSError as error:
        yield Issue(file, None, "", "unreadable-file", f"cannot be read: {error.strerror or error}")
