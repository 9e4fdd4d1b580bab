"""Data that lies elsewhere, by any URL that fsspec reads: brought here, checked, named as there.

A folder is brought whole. A file of records, alone or among those of a glob, is brought with what a
check of it opens: the pictures that its lines name, and the bundles beside them. So is the file of
a scene or of a trajectory: its folder comes along.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.audit.issue import Issue
from builder.audit.jsontext import read_lines
from builder.audit.schema_rules import path_fault
from builder.core.errors import MissingExtra, StoreError, World2VLMError
from builder.network import failures, first_line

_BUNDLE = ("traj.json", "detect_result.jsonl")
_WHOLE = ("scene.json", "traj.json")  # what they name lies beside and below them
_KEPT_FOLDERS = 3
_MAGIC = "*?["
_EXTRAS = {"s3fs": "s3"}


def is_url(path: str) -> bool:
    """Whether a path is an address such as `hf://datasets/NS/NAME` and not a local file's."""
    return "://" in path


class Mirror:
    """Copies of remote data in a local folder.

    Args:
        folder: Where copies go; the caller removes it.
        tick: Is told how many files of how many are there.
    """

    def __init__(
        self, folder: Path, tick: Callable[[int, int], None] = lambda done, files: None
    ) -> None:
        self._folder, self._tick = folder, tick
        self._names: dict[str, str] = {}  # local folder -> what it is a copy of

    def fetch(self, url: str) -> list[Path]:
        """Bring what an address names, and return where it lies now.

        Raises:
            StoreError: If there is nothing, no such kind of address, or it cannot be read.
            MissingExtra: If what reads such addresses is not installed.
        """
        with _said_of(url):
            return self._fetched(url)

    def _fetched(self, url: str) -> list[Path]:
        files, path = _file_system(url)
        base, found, asked = _found(files, path)
        if not found:
            raise FileNotFoundError
        here = self._folder / str(len(self._names)) / _kept_of(base)
        is_folder = base == path.rstrip("/")
        self._names[here.as_posix()] = url.rstrip("/") if is_folder else _base_of(url)
        self._get(files, base, [_below(name, base) for name in found], here)
        lone = [_below(name, base) for name in asked]
        for name in lone:
            if name.endswith(".jsonl"):
                inner, below = f"{base}/{name}".rpartition("/")[0], (here / name).parent
                self._get(files, inner, _named_by(here / name, files, inner), below)
        return [here / name for name in lone] or [here]

    def _get(self, files: Any, base: str, names: Sequence[str], here: Path) -> None:  # noqa: ANN401
        for number, name in enumerate(names, 1):
            os.makedirs((here / name).parent, exist_ok=True)
            files.get_file(f"{base}/{name}" if base else name, (here / name).as_posix())
            self._tick(number, len(names))

    def named(self, issue: Issue) -> Issue:
        """Return an issue with the addresses of the originals in place of those of the copies."""
        file, message = issue.file, issue.message
        for local, url in self._names.items():
            file = file.replace(f"{local}/", f"{url}/")
            message = message.replace(f"{local}/", f"{url}/")
        return replace(issue, file=file, message=message)


def _file_system(url: str) -> tuple[Any, str]:
    import fsspec

    try:
        files, path = fsspec.core.url_to_fs(url)
    except ImportError as error:
        needed = str(getattr(error, "name", "") or "s3fs")
        raise MissingExtra(needed, _EXTRAS.get(needed, "s3")) from error
    return files, str(path)


def _found(files: Any, path: str) -> tuple[str, list[str], list[str]]:  # noqa: ANN401
    """Return the folder that is looked into, the files to bring, and those to check; none: all."""
    if any(mark in path for mark in _MAGIC):
        found = sorted(name for name in files.glob(path) if files.isfile(name))
        return _base_of(path), found, found if all(map(_holds_rows, found)) else []
    # `isdir` and `exists` take a refusal for an absence.
    if files.info(path)["type"] == "directory":
        return path.rstrip("/"), sorted(files.find(path)), []
    base = _base_of(path)
    whole = path.rpartition("/")[2] in _WHOLE
    return base, sorted(files.find(base)) if whole else [path], [path]


def _holds_rows(name: str) -> bool:
    return name.endswith((".jsonl", ".parquet"))


def _kept_of(base: str) -> str:
    """Return the last folders of a path: names of scenes, trajectories and configs say what is."""
    last = "/".join(base.strip("/").split("/")[-_KEPT_FOLDERS:])
    return "" if path_fault(last) else last


def _base_of(path: str) -> str:
    """Return the folder of a file, or the folders of a glob that are before its first magic one."""
    at = min((path.find(mark) for mark in _MAGIC if mark in path), default=len(path))
    return path[:at].rpartition("/")[0]


@contextmanager
def _said_of(url: str) -> Iterator[None]:
    """Turn what a file system raises into one line about an address."""
    try:
        yield
    except World2VLMError:
        raise
    except FileNotFoundError as error:
        hidden = ", or it is hidden from this token" if url.startswith("hf://") else ""
        raise StoreError(f"{url}: there is no such file or folder{hidden}") from error
    except _failures() as error:
        raise StoreError(f"{url}: cannot be read: {first_line(error)}") from error


def _failures() -> tuple[type[BaseException], ...]:
    return (ValueError, *failures())  # such as an address of no repository


def _below(name: str, base: str) -> str:
    """Return a listed name without its base; one that leads out of it is refused."""
    inner = name.removeprefix(base).lstrip("/") if base else name.lstrip("/")
    if path_fault(inner):
        raise StoreError(f"{name}: {path_fault(inner)}; it is not brought here")
    return inner


def _named_by(records: Path, files: Any, base: str) -> list[str]:  # noqa: ANN401
    """Return what the lines of a file name and what stands beside it there, if it is there."""
    wanted = dict.fromkeys(name for line in read_lines(records) for name in _images(line.value))
    bundles = dict.fromkeys(name.rpartition("/")[0].rpartition("/")[0] for name in wanted)
    beside = [f"{folder}/{name}" for folder in bundles if folder for name in _BUNDLE]
    folders = {f"{base}/{name}".rpartition("/")[0] for name in [*wanted, *beside]}
    there = {name for folder in sorted(folders) for name in _listed(files, folder)}
    return [name for name in [*wanted, *beside] if f"{base}/{name}" in there]


def _images(record: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield the files that a line names: pictures of a record, or those of a photograph."""
    if not isinstance(record, dict):
        return
    images = record.get("images")
    beside = (record.get(key) for key in ("image", "depth", "objects"))  # of a manifest
    for name in (*(images if isinstance(images, list) else ()), *beside):
        if isinstance(name, str) and not path_fault(name):
            yield name


def _listed(files: Any, folder: str) -> list[str]:  # noqa: ANN401
    try:
        return [str(name) for name in files.ls(folder, detail=False)]
    except FileNotFoundError:  # the check says which pictures are missing
        return []
