"""Files and folders that appear whole or not at all: a temporary name beside, fsync, rename."""

import errno
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from builder.core.errors import StoreError

_WAYS_OUT = {
    errno.ENOSPC: "the disk is full: free some space and run the same command again to go on",
    errno.EDQUOT: "the quota is used up: free some space and run the same command again to go on",
    errno.EACCES: "choose an --out that you may write to",
    errno.EPERM: "choose an --out that you may write to",
    errno.EROFS: "the disk is read-only: choose another --out",
    errno.EEXIST: "a part of this path is a file: choose another --out",
    errno.ENOTDIR: "a part of this path is a file: choose another --out",
}


@contextmanager
def told(path: Path, doing: str = "written") -> Iterator[None]:
    """Turn what the operating system refuses into one clear error.

    Raises:
        StoreError: Instead of any other OSError, with the path, the cause and the way out.
    """
    try:
        yield
    except StoreError:
        raise
    except OSError as error:
        way_out = _WAYS_OUT.get(error.errno or 0, "nothing was left half-written")
        raise StoreError(f"{path} cannot be {doing}: {error.strerror}; {way_out}") from error


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """Give a temporary folder; when the block ends well it becomes `path`, and not before.

    What an interrupted run left under the temporary name is taken away first.

    Raises:
        StoreError: If the disk refuses; neither folder is left then.
    """
    draft = path.with_name(f".{path.name}.tmp")
    with told(path):
        try:
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(parents=True)
            yield draft
            for file in sorted(draft.rglob("*")):
                _sync(file)
            _sync(draft)
            draft.rename(path)
            _sync(path.parent)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Give a temporary name; when the block ends well the file there replaces `path`.

    Raises:
        StoreError: If the disk refuses; `path` is then as it was.
    """
    draft = path.with_name(f".{path.name}.tmp")
    with told(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            yield draft
            _sync(draft)
            os.replace(draft, path)
            _sync(path.parent)
        except BaseException:
            with suppress(OSError):
                draft.unlink(missing_ok=True)
            raise


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that it is either the old one or the new one, whatever happens.

    Raises:
        StoreError: If the disk refuses.
    """
    with whole_file(path) as draft:
        draft.write_bytes(content.encode() if isinstance(content, str) else content)


def read_json(path: Path) -> Any:  # noqa: ANN401 - JSON
    """Return the value of a JSON file.

    Raises:
        StoreError: If it cannot be read or is no JSON.
    """
    with told(path, "read"):
        text = path.read_bytes()
    try:
        return json.loads(text)
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise StoreError(f"{path}: is not JSON: {error}") from error


def link_or_copy(source: Path, target: Path) -> None:
    """Give the same bytes a second name; a copy where the disk knows no hard links."""
    try:
        target.hardlink_to(source)
    except OSError:
        shutil.copyfile(source, target)


def _sync(path: Path) -> None:
    """Force a file or a folder to the disk; a system that opens no folders (Windows) skips them."""
    if os.name == "nt" and path.is_dir():
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
