"""What a push would change: decided before anything is sent, from both lists of files."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from builder.core.release import holds_records
from builder.publish.push_release import DATA, Local, Release

# Shards wait here until one commit moves them all to where the card names them. Neither `datasets`
# nor the Hub's viewer looks into a folder whose name begins with a dot.
WAITING = ".incoming/"

_OURS = (DATA, "figures/", WAITING)  # below these nothing stays that the build does not hold


@dataclass(frozen=True, slots=True)
class Remote:
    """One file of the repository.

    Attributes:
        path: In the repository.
        sha256: Of a large file; None for one that git holds.
        blob_id: As git knows it: of a large file's pointer, not of its bytes.
    """

    path: str
    sha256: str | None
    blob_id: str

    def holds(self, file: Local) -> bool:
        """Whether its bytes are those of a local file."""
        return file.sha256 == self.sha256 if self.sha256 else file.blob_id == self.blob_id


@dataclass(frozen=True, slots=True)
class Plan:
    """What differs.

    Attributes:
        new: Files that the repository lacks.
        changed: Files that it holds with other bytes.
        unchanged: Files that it holds.
        removed: Its paths that must go, without what waits.
        leftover: Whether something waits there, of this push or of one before it.
        copies: From path to path in the repository: shards whose bytes it has somewhere.
        upload: Shards whose bytes it has nowhere.
        small: New or changed files that are no shards.
    """

    new: tuple[Local, ...]
    changed: tuple[Local, ...]
    unchanged: tuple[Local, ...]
    removed: tuple[str, ...]
    leftover: bool
    copies: Mapping[str, str]
    upload: tuple[Local, ...]
    small: tuple[Local, ...]

    @property
    def bytes_to_send(self) -> int:
        """How many bytes would be sent, at most: chunks that the Hub knows are not."""
        return sum(file.size for file in (*self.upload, *self.small))

    @property
    def nothing(self) -> bool:
        """Whether the repository holds the release already, and nothing else of ours."""
        return not (self.new or self.changed or self.removed or self.leftover)

    def lines(self) -> Iterator[str]:
        """Yield it in words, to be printed."""
        for sign, files in (("+", self.new), ("~", self.changed)):
            yield from _shown([f"{sign} {file.path}  {bytes_text(file.size)}" for file in files])
        yield from _shown([f"- {path}" for path in self.removed])
        there = len(self.copies)
        yield (
            f"{len(self.new)} new, {len(self.changed)} changed, {len(self.removed)} removed,"
            f" {len(self.unchanged)} unchanged; {bytes_text(self.bytes_to_send)} to send"
            + (f" ({there} shards are in the repository already)" if there else "")
        )


def plan_of(release: Release, tree: Iterable[Remote]) -> Plan:
    """Return what differs between a release and the files of a revision."""
    there = {remote.path: remote for remote in tree}
    by_hash = {key: remote.path for remote in there.values() for key in _keys(remote)}
    differing = [
        file for file in release.files if file.path not in there or not there[file.path].holds(file)
    ]
    shards = [file for file in differing if file.path.startswith(DATA)]
    known = {file.path: by_hash.get(file.sha256, by_hash.get(file.blob_id)) for file in shards}
    ours, unlike = {file.path for file in release.files}, {file.path for file in differing}
    gone = sorted(path for path in there if path.startswith(_OURS) and path not in ours)
    return Plan(
        new=tuple(file for file in differing if file.path not in there),
        changed=tuple(file for file in differing if file.path in there),
        unchanged=tuple(file for file in release.files if file.path not in unlike),
        removed=tuple(path for path in gone if not path.startswith(WAITING)),
        leftover=any(path.startswith(WAITING) for path in gone),
        copies={path: source for path, source in known.items() if source},
        upload=tuple(file for file in shards if not known[file.path]),
        small=tuple(file for file in differing if not file.path.startswith(DATA)),
    )


def batches(files: Sequence[Local], most_bytes: int) -> Iterator[tuple[Local, ...]]:
    """Yield runs of files that hold at most `most_bytes`; a larger file stands alone.

    Frames come last and apart: Xet finds the chunks of their pictures in shards that a commit
    holds already, not in those on their way.
    """
    for last in (False, True):
        run: list[Local] = []
        for file in files:
            if holds_records(PurePosixPath(file.path)) is last:
                continue
            if run and sum(held.size for held in run) + file.size > most_bytes:
                yield tuple(run)
                run = []
            run.append(file)
        if run:
            yield tuple(run)


def visible(tree: Iterable[Remote]) -> frozenset[Remote]:
    """Return the files that a reader may see."""
    return frozenset(remote for remote in tree if not remote.path.startswith(WAITING))


def bytes_text(count: int) -> str:
    """Return a size in words.

    Example:
        >>> bytes_text(1_234_567)
        '1.2 MB'
    """
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} B" if unit == "B" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} GB"


def _keys(remote: Remote) -> Iterator[str]:
    yield remote.sha256 or remote.blob_id


def _shown(lines: Sequence[str], most: int = 20) -> Iterator[str]:
    yield from lines[:most]
    if len(lines) > most:
        yield f"  ... and {len(lines) - most} more"
