"""What is to be published: the files of a packed build, held to its manifest and its card."""

import fnmatch
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder import __version__
from builder.core.errors import ConfigError, RecordInvalid, StoreError
from builder.core.version import is_later, later_text, numbers
from builder.publish.kept import sections, text_of
from builder.publish.pack import FOLDER

if TYPE_CHECKING:
    from huggingface_hub import DatasetCard

CARD, MANIFEST = "README.md", "manifest.json"
DATA = "data/"

_BLOCK_BYTES = 1 << 22


@dataclass(frozen=True, slots=True)
class Local:
    """One file to publish.

    Attributes:
        path: Below the folder, and in the repository.
        size: Bytes.
        sha256: Of its bytes, as large files are known by.
        blob_id: As git knows small files by.
        content: What is published in place of the file on disk; None: that file.
    """

    path: str
    size: int
    sha256: str
    blob_id: str
    content: bytes | None = None


@dataclass(frozen=True, slots=True)
class Release:
    """A packed build.

    Attributes:
        folder: Holds the files.
        files: All of them, by path.
        version: Of the builder that made the records.
    """

    folder: Path
    files: tuple[Local, ...]
    version: str


def folder_of(out: Path) -> Path:
    """Return the packed folder: `out` itself, or the one in a build's output.

    Raises:
        StoreError: If there is none.
    """
    for folder in (out, out / FOLDER):
        if (folder / MANIFEST).is_file() and (folder / CARD).is_file():
            return folder
    raise StoreError(
        f"{out}: expected a build's output or its {FOLDER}/, with {MANIFEST} and {CARD};"
        " `world2vlm build --out OUT` writes one"
    )


def read_release(folder: Path) -> Release:
    """Return what a packed folder holds; every byte is read, since a hash must be of what is sent.

    Raises:
        RecordInvalid: If a shard is missing, unknown, or not what the manifest says, or a later
            version made it.
    """
    made_by = _json(folder / "stats.json").get("builder_version") or {}
    if not made_by:
        raise RecordInvalid(f"{folder / 'stats.json'}: names no builder_version; pack again")
    if later := [version for version in made_by if is_later(version, __version__)]:
        raise RecordInvalid(f"{folder}: this build {later_text(later[0], __version__)}")
    files = tuple(_hashed(folder, path) for path in sorted(_paths(folder)))
    listed = _json(folder / MANIFEST).get("files", [])
    _held_to_manifest(folder, files, listed)
    return Release(folder, files, max(made_by, key=numbers))


def card_of(release: Release) -> "DatasetCard":
    """Return the card as `huggingface_hub` reads it.

    Raises:
        RecordInvalid: If its YAML or a mark is broken, or its configs and the shards do not match.
    """
    import yaml  # type: ignore[import-untyped]  # comes with `huggingface_hub`
    from huggingface_hub import DatasetCard

    file = release.folder / CARD
    way_out = "mend it, or pack again: `world2vlm build` writes it anew"
    text = text_of(file.read_bytes(), str(file))
    sections(text, str(file))
    try:
        card = DatasetCard(text)
    except (ValueError, TypeError, yaml.YAMLError) as error:
        raise RecordInvalid(f"{file}: the card's YAML is broken: {error}; {way_out}") from error
    shards = [entry.path for entry in release.files if entry.path.startswith(DATA)]
    if fault := _card_fault(card.data.to_dict(), shards):  # type: ignore[no-untyped-call]
        raise RecordInvalid(f"{file}: {fault}; {way_out}")
    return card


def refuse_script(names: Sequence[str], repo: str, where: str) -> None:
    """Refuse what `datasets` 4 and later refuse: a dataset NAME that holds NAME.py.

    Args:
        names: Paths of files.
        repo: The repository, "namespace/name".
        where: That holds the files, in words.

    Raises:
        ConfigError: If there is such a script.
    """
    name = repo.rpartition("/")[2]
    traps = [file for file in names if file in (f"{name}.py", "world2vlm.py")]
    if traps:
        raise ConfigError(
            f"{where} holds {traps[0]}: `datasets` 4 and later refuse a repository with a loading"
            f' script ("Dataset scripts are no longer supported") even with Parquet beside it;'
            f" remove {traps[0]} from there, then push again"
        )


def refuse_name(repo: str) -> None:
    """Refuse a repository whose name cannot work.

    Raises:
        ConfigError: If it is not NS/NAME, or the name of the script.
    """
    namespace, _, name = repo.partition("/")
    if not namespace or not name or "/" in name:
        raise ConfigError(f"--repo {repo!r}: expected NAMESPACE/NAME, such as you/{FOLDER}")
    if name.lower() == FOLDER.lower() and name != FOLDER:
        raise ConfigError(
            f"--repo {repo!r}: `datasets` 4 and later look for {name}.py in a repository of that"
            f" name and refuse it, Parquet or not; name it {namespace}/{FOLDER}"
        )


def _paths(folder: Path) -> Iterator[str]:
    for file in folder.rglob("*"):
        path = file.relative_to(folder)
        if file.is_file() and not any(part.startswith((".", "__")) for part in path.parts):
            yield path.as_posix()


def _hashed(folder: Path, path: str) -> Local:
    file = folder / path
    size = file.stat().st_size
    sha256, blob = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
    with file.open("rb") as stream:
        while block := stream.read(_BLOCK_BYTES):
            sha256.update(block)
            blob.update(block)
    return Local(path, size, sha256.hexdigest(), blob.hexdigest())


def _json(file: Path) -> dict[str, Any]:
    try:
        value = json.loads(file.read_bytes())
    except ValueError as error:
        raise RecordInvalid(f"{file}: not JSON: {error}; pack again") from error
    if not isinstance(value, dict):
        raise RecordInvalid(f"{file}: expected an object, got {value!r:.60}; pack again")
    return value


def _held_to_manifest(
    folder: Path, files: Sequence[Local], listed: Sequence[Mapping[str, Any]]
) -> None:
    """Hold the shards to it; a card or a figure may be edited by hand."""
    expected = {entry["path"]: entry["sha256"] for entry in listed}
    found = {file.path: file.sha256 for file in files}
    for path in sorted(expected.keys() | {path for path in found if path.startswith(DATA)}):
        if path not in found:
            raise RecordInvalid(f"{folder}: {MANIFEST} lists {path}, which is not there")
        if path not in expected:
            raise RecordInvalid(f"{folder / path}: {MANIFEST} does not list it; remove it")
        if path.startswith(DATA) and found[path] != expected[path]:
            raise RecordInvalid(f"{folder / path}: is not what {MANIFEST} says; pack again")


def _card_fault(data: Mapping[str, Any], shards: Sequence[str]) -> str | None:
    configs = data.get("configs")
    if not isinstance(configs, list) or not configs:
        return "the card's YAML has no list `configs`, so nobody could load a config"
    if not data.get("license"):
        return "the card's YAML has no `license`"
    patterns = {config.get("config_name"): list(_patterns(config)) for config in configs}
    for name, globs in patterns.items():
        for glob in globs or ["(none)"]:
            if not any(fnmatch.fnmatchcase(shard, glob) for shard in shards):
                return f"config {name!r} names {glob}, which matches no file"
    every = [glob for globs in patterns.values() for glob in globs]
    for shard in shards:
        if not any(fnmatch.fnmatchcase(shard, glob) for glob in every):
            return f"no config of the card names {shard}"
    return None


def _patterns(config: Mapping[str, Any]) -> Iterator[str]:
    """Yield the globs of one config, in any of the forms that the Hub takes."""
    held = config.get("data_files", [])
    for entry in held if isinstance(held, list) else [held]:
        paths = entry.get("path", []) if isinstance(entry, dict) else entry
        yield from paths if isinstance(paths, list) else [paths]
