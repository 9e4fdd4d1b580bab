"""The folder of a build: whose it is, with which settings, and whether another build is in it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from builder import __version__
from builder.config import BuildConfig, differences, settings_of
from builder.core.errors import StoreError
from builder.core.version import is_later, later_text
from builder.store import read_json, write_whole
from builder.store.files import told


@contextmanager
def claimed(out: Path, config: BuildConfig) -> Iterator[Path]:
    """Claim a folder for a build with these settings; a build begun with the same goes on.

    Yields:
        The folder of what only the build itself needs.

    Raises:
        StoreError: If it cannot be written, holds something else, belongs to a build with other
            settings (with each difference), or another process is building in it.
    """
    own = out / ".build"
    with told(out):
        if out.is_dir() and any(out.iterdir()) and not own.is_dir():
            raise StoreError(
                f"{out}: is not empty and no build was begun there; choose a new folder"
            )
        own.mkdir(parents=True, exist_ok=True)
    with locked(own / "lock", out):
        settings = {"builder_version": __version__, **settings_of(config)}
        _compare(own / "settings.json", settings, out)
        write_whole(own / "settings.json", json.dumps(settings, indent=2) + "\n")
        yield own


def _compare(file: Path, settings: dict[str, Any], out: Path) -> None:
    if not file.is_file():
        return
    stored = read_json(file)
    if is_later(str(stored.get("builder_version")), __version__):
        raise StoreError(f"{out}: this build {later_text(stored['builder_version'], __version__)}")
    if lines := differences(stored, settings):
        raise StoreError(
            f"{out}: was begun with other settings ({'; '.join(lines)}); "
            f"use the same settings to go on, or choose a new folder"
        )


@contextmanager
def locked(file: Path, out: Path) -> Iterator[None]:
    """Hold a lock that ends with this process, however it ends; without `fcntl` there is none."""
    with told(file), file.open("ab") as stream:
        with suppress(ImportError):
            import fcntl

            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise StoreError(
                    f"{out}: another build is at work there; wait for it, or choose a new folder"
                ) from error
        yield
