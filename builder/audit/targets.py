"""From paths to what is to be checked there: globs opened, folders walked, kinds told apart."""

import glob
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.audit.bundles import SCENE, TRACKS, TRAJECTORY
from builder.audit.jsontext import read_lines
from builder.core.errors import StoreError

Kind = Literal["records", "manifest", "parquet", "scene", "trajectory", "tracks", "packed"]

MANIFEST = "manifest.jsonl"
_PACKED = (".gz", ".zst", ".bz2", ".xz", ".zip")
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


def expanded(path: str | os.PathLike[str]) -> list[Path]:
    """Return the paths that a glob such as `data/**/*.parquet` names, sorted; a path is itself.

    Raises:
        StoreError: If a glob names nothing.
    """
    if os.path.exists(path) or not glob.has_magic(os.fspath(path)):
        return [Path(path)]
    found = sorted(glob.glob(os.fspath(path), recursive=True))
    if not found:
        raise StoreError(f"{os.fspath(path)}: no file or folder has such a name")
    return [Path(name) for name in found if os.path.isfile(name)] or [Path(n) for n in found]


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
    if path.suffix in _PACKED and path.stem.endswith((".jsonl", ".parquet")):
        return "packed"  # said, since it may hold records that nobody looks at
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
