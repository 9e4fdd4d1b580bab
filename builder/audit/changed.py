"""What changed in git since a revision: files as a whole, and lines of files of records."""

import bisect
import os
import re
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from builder.audit.issue import Issue
from builder.audit.jsontext import Line
from builder.core.errors import StoreError

_HUNK = re.compile(rb"^@@ -[0-9,]+ \+([0-9]+)(?:,([0-9]+))? @@")
_PLAIN = ("--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--text")


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of a file of records that are reported on.

    Attributes:
        ranges: First and last line of each stretch that changed; None: the whole file did.
        folder: The file's, as a real path.
        files: Every file that changed, as a real path: a record that names one counts as changed.
    """

    ranges: tuple[tuple[int, int], ...] | None
    folder: str = ""
    files: frozenset[str] = frozenset()

    def wanted(self, line: Line) -> bool:
        """Whether a line changed, or a picture that it names."""
        if self.ranges is None:
            return True
        before = bisect.bisect_right(self.ranges, line.number, key=lambda one: one[0])
        if before and line.number <= self.ranges[before - 1][1]:
            return True
        images = line.value.get("images") if isinstance(line.value, dict) else None
        names = images if isinstance(images, list) else ()
        return any(f"{self.folder}/{name}" in self.files for name in names)


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed.

    Attributes:
        files: Every file that was added, modified or deleted, as a real path.
        by_file: Of modified files of records, what changed in them.
    """

    files: frozenset[str]
    by_file: Mapping[str, tuple[tuple[int, int], ...]]

    def touches(self, path: Path) -> bool:
        """Whether anything that a check of `path`, a file or a folder, looks at may have changed.

        Files of records are always looked at: what did not change may clash with what did.
        """
        real = os.path.realpath(path)
        if path.is_dir():
            return any(name.startswith(real + os.sep) for name in self.files)
        return real in self.files or path.suffix == ".jsonl"

    def lines(self, path: Path) -> Lines:
        """Return which lines of a file of records are reported on."""
        real = os.path.realpath(path)
        if real in self.files and real not in self.by_file:
            return Lines(None)
        return Lines(self.by_file.get(real, ()), os.path.dirname(real), self.files)

    def reports(self, issue: Issue) -> bool:
        """Whether an issue stands where something changed."""
        real = os.path.realpath(issue.file)
        ranges = self.by_file.get(real)
        if ranges is None or issue.line is None:
            return self.touches(Path(issue.file)) and (real in self.files or os.path.isdir(real))
        return Lines(ranges).wanted(Line(issue.line, None, False, ()))


def changed_since(revision: str, paths: Sequence[Path]) -> Changed:
    """Ask git what changed between the fork from a revision and the working tree.

    Args:
        revision: A branch, tag or commit; if it has gone on since, what it gained does not count.
        paths: Files and folders; each may lie in a repository of its own.

    Raises:
        StoreError: If a path lies in no git repository, or there is no such revision.
    """
    files: set[str] = set()
    by_file: dict[str, tuple[tuple[int, int], ...]] = {}
    for root in dict.fromkeys(_root_of(path) for path in paths):
        base = _base(root, revision)
        names = _names(root, "diff", "--name-only", "-z", *_PLAIN, base, "--")
        untracked = _names(root, "ls-files", "--others", "--exclude-standard", "-z")
        files.update(os.path.join(root, name) for name in [*names, *untracked])
        whole = _filtered(root, names)
        for name in names:
            if name.endswith(".jsonl") and name not in whole:
                by_file[os.path.join(root, name)] = _ranges(root, base, name)
    return Changed(frozenset(files), by_file)


def _root_of(path: Path) -> str:
    folder = path if path.is_dir() else path.parent
    top = _git(os.path.realpath(folder), "rev-parse", "--show-toplevel")
    if top.returncode:
        raise StoreError(f"{path}: lies in no git repository, so nothing tells what changed")
    return os.path.realpath(os.fsdecode(top.stdout).rstrip("\n"))


def _base(root: str, revision: str) -> str:
    wanted = f"{revision}^{{commit}}"
    there = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", wanted)
    if there.returncode:
        text = f"{root}: git knows no revision {revision!r}; in a shallow clone, fetch it first"
        raise StoreError(text)
    commit = there.stdout.decode().strip()
    fork = _git(root, "merge-base", commit, "HEAD")
    return fork.stdout.decode().strip() or commit  # none in common: a shallow clone


def _names(root: str, *arguments: str) -> list[str]:
    return [os.fsdecode(name) for name in _told(root, *arguments).split(b"\0") if name]


def _filtered(root: str, names: Sequence[str]) -> set[str]:
    """Return the files that git stores in another form, such as LFS: their diff has other lines."""
    records = [name for name in names if name.endswith(".jsonl")]
    if not records:
        return set()
    fields = _names(root, "check-attr", "-z", "filter", "--", *records)
    rows = zip(fields[::3], fields[2::3], strict=True)
    return {name for name, filter_ in rows if filter_ not in ("unspecified", "unset")}


def _ranges(root: str, base: str, name: str) -> tuple[tuple[int, int], ...]:
    """Return first and last of each stretch of lines that is new in a file."""
    found = []
    for line in _told(root, "diff", "-U0", *_PLAIN, base, "--", f":(literal){name}").split(b"\n"):
        if hunk := _HUNK.match(line):
            first, count = int(hunk[1]), int(hunk[2] or 1)
            if count:
                found.append((first, first + count - 1))
    return tuple(found)


def _told(root: str, *arguments: str) -> bytes:
    done = _git(root, *arguments)
    if done.returncode:
        raise StoreError(f"{root}: git {arguments[0]}: {done.stderr.decode(errors='replace')}")
    return done.stdout


def _git(folder: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False)  # noqa: S607
    except FileNotFoundError as error:
        raise StoreError("git is not installed; --changed-since asks it what changed") from error
