"""Data that lies elsewhere, by any URL that fsspec reads: brought here, checked, named as there.

A folder or a glob is brought whole. A single file of records is brought with what a check of it
opens: the pictures that its lines name, and the bundles beside them.
"""

import os
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from builder.audit.issue import Issue
from builder.audit.jsontext import read_lines
from builder.audit.schema_rules import path_fault
from builder.core.errors import MissingExtra, StoreError

_BUNDLE = ("traj.json", "detect_result.jsonl")
_MAGIC = "*?["
_EXTRAS = {"s3fs": "s3"}


def is_url(path: str) -> bool:
    """Whether a path is an address such as `hf://datasets/NS/NAME` and not a local file's."""
    return "://" in path


class Mirror:
    """Copies of remote data in a local folder.

    Args:
        folder: Where copies go; the caller removes it.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, str] = {}  # local folder -> what it is a copy of

    def fetch(self, url: str) -> list[Path]:
        """Bring what an address names, and return where it lies now.

        Raises:
            StoreError: If there is nothing, or no such kind of address.
            MissingExtra: If what reads such addresses is not installed.
        """
        files, path = _file_system(url)
        here = self._folder / str(len(self._names))
        if any(mark in path for mark in _MAGIC):
            base, url_base = _plain_part(path), _plain_part(url)
            found = sorted(name for name in files.glob(path) if files.isfile(name))
        elif files.isdir(path):
            base, url_base = path.rstrip("/"), url.rstrip("/")
            found = sorted(files.find(path))
        else:
            base, url_base = path.rpartition("/")[0], url.rpartition("/")[0]
            found = [path] if files.exists(path) else []
        if not found:
            raise StoreError(f"{url}: there is no such file or folder")
        names = [_below(name, base) for name in found]
        self._names[here.as_posix()] = url_base
        _get(files, base, names, here)
        if found == [path] and path.endswith(".jsonl"):
            _get(files, base, _named_by(here / names[0], files, base), here)
        return [here / names[0]] if found == [path] else [here]

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
    except ValueError as error:
        raise StoreError(f"{url}: {error}") from error
    return files, str(path)


def _plain_part(path: str) -> str:
    """Return the folders of a glob that are before its first magic one."""
    at = min(path.find(mark) for mark in _MAGIC if mark in path)
    return path[:at].rpartition("/")[0]


def _below(name: str, base: str) -> str:
    """Return a listed name without its base; one that leads out of it is refused."""
    inner = name.removeprefix(base).lstrip("/") if base else name.lstrip("/")
    if path_fault(inner):
        raise StoreError(f"{name}: {path_fault(inner)}; it is not brought here")
    return inner


def _get(files: Any, base: str, names: Sequence[str], here: Path) -> None:  # noqa: ANN401
    for folder in {os.path.dirname(here / name) for name in names}:
        os.makedirs(folder, exist_ok=True)
    remote = [f"{base}/{name}" if base else name for name in names]
    for source, name in zip(remote, names, strict=True):
        files.get_file(source, (here / name).as_posix())


def _named_by(records: Path, files: Any, base: str) -> list[str]:  # noqa: ANN401
    """Return what the lines of a file name and what stands beside it there, if it is there."""
    wanted = dict.fromkeys(name for line in read_lines(records) for name in _images(line.value))
    bundles = dict.fromkeys(name.rpartition("/")[0].rpartition("/")[0] for name in wanted)
    beside = [f"{folder}/{name}" for folder in bundles if folder for name in _BUNDLE]
    folders = {f"{base}/{name}".rpartition("/")[0] for name in [*wanted, *beside]}
    there = {name for folder in sorted(folders) for name in _listed(files, folder)}
    return [name for name in [*wanted, *beside] if f"{base}/{name}" in there]


def _images(record: Any) -> Iterator[str]:  # noqa: ANN401
    images = record.get("images") if isinstance(record, dict) else None
    for name in images if isinstance(images, list) else ():
        if isinstance(name, str) and not path_fault(name):
            yield name


def _listed(files: Any, folder: str) -> list[str]:  # noqa: ANN401
    try:
        return [str(name) for name in files.ls(folder, detail=False)]
    except FileNotFoundError:  # the check says which pictures are missing
        return []
