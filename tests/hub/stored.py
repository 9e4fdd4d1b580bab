"""What the local hub holds: repositories with commits and refs, bytes, a log of what was asked."""

import hashlib
import itertools
import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

_NUMBERS = itertools.count(1)


def now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime())


def git_blob(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a commit; `sha256` only of a large one, `xet` where its bytes are in the CAS."""

    oid: str
    size: int
    sha256: str | None = None
    xet: str | None = None

    @property
    def key(self) -> str:
        return self.sha256 or self.oid


@dataclass(frozen=True, slots=True)
class Commit:
    sha: str
    parent: str | None
    title: str
    tree: dict[str, Entry]
    date: str = field(default_factory=now)


@dataclass(frozen=True, slots=True)
class Talk:
    """A pull request."""

    number: int
    title: str
    author: str
    status: str = "draft"
    comments: tuple[str, ...] = ()


class Repo:
    def __init__(self, kind: str, name: str, private: bool) -> None:
        self.kind, self.name, self.private = kind, name, private
        self.commits: dict[str, Commit] = {}
        self.refs: dict[str, str] = {}
        self.tags: dict[str, str] = {}
        self.talks: list[Talk] = []
        self.commit("main", {}, "initial commit")

    def commit(self, ref: str, tree: dict[str, Entry], title: str) -> str:
        sha = hashlib.sha1(b"%d" % next(_NUMBERS), usedforsecurity=False).hexdigest()
        self.commits[sha] = Commit(sha, self.refs.get(ref), title, tree)
        self.refs[ref] = sha
        return sha

    def found(self, revision: str) -> Commit | None:
        sha = self.refs.get(revision) or self.tags.get(revision) or revision
        return self.commits.get(sha)

    def history(self, ref: str = "main") -> list[Commit]:
        commits, sha = [], self.refs[ref]
        while sha:
            commits.append(self.commits[sha])
            sha = self.commits[sha].parent
        return commits[::-1]

    def tree(self, ref: str = "main") -> dict[str, Entry]:
        return self.commits[self.refs[ref]].tree

    def open_talk(self, title: str, author: str) -> int:
        number = len(self.talks) + 1
        self.talks.append(Talk(number, title, author))
        self.refs[f"refs/pr/{number}"] = self.refs["main"]
        return number

    def change_talk(self, number: int, **changes: object) -> None:
        self.talks[number - 1] = replace(self.talks[number - 1], **changes)

    def merge(self, number: int) -> None:
        talk = self.talks[number - 1]
        tree = dict(self.tree(f"refs/pr/{number}"))
        self.commit("main", tree, f"{talk.title} (#{number})")
        self.change_talk(number, status="merged")


@dataclass(slots=True)
class Fault:
    """Something to go wrong, so many times, after `skip` that go right; 0 drops the connection.

    `late`: what was asked is done first, and only its answer is lost.
    """

    method: str
    pattern: str
    status: int
    times: int = 1
    skip: int = 0
    message: str = "made to fail"
    headers: dict[str, str] = field(default_factory=dict)
    late: bool = False


@dataclass(frozen=True, slots=True)
class Seen:
    """One request, as it was answered; `received` counts the bytes of its body."""

    method: str
    path: str
    status: int
    received: int


class HubState:
    """All of it; the real client speaks to it over HTTP, a test looks into it."""

    def __init__(self, root: Path, mode: str = "lfs") -> None:
        self.mode, self.token = mode, "hf_of_the_tests"
        self.user, self.organizations = "tester", ["NS"]
        self.cas = root / "cas"
        self.blobs = root / "blobs"
        for folder in (self.cas, self.blobs):
            folder.mkdir(parents=True, exist_ok=True)
        self.lock = threading.RLock()
        self.forget()

    def forget(self) -> None:
        """Begin anew, but for the CAS."""
        self.repos: dict[tuple[str, str], Repo] = {}
        self.faults: list[Fault] = []
        self.log: list[Seen] = []
        self.slow_s = 0.0  # before an upload or a commit is taken
        for blob in self.blobs.iterdir():
            blob.unlink()

    def dataset(self, name: str = "NS/World2VLM") -> Repo:
        return self.repos["dataset", name]

    def make(self, kind: str, name: str, private: bool = False) -> Repo:
        self.repos[kind, name] = Repo(kind, name, private)
        return self.repos[kind, name]

    def add(self, kind: str, name: str, path: str, data: bytes) -> None:
        """Commit a small file, as someone else would."""
        repo = self.repos[kind, name]
        self.keep(git_blob(data), data)
        repo.commit("main", {**repo.tree(), path: Entry(git_blob(data), len(data))}, f"add {path}")

    def keep(self, key: str, data: bytes) -> None:
        draft = self.blobs / f"{key}.{threading.get_ident()}"
        draft.write_bytes(data)
        draft.replace(self.blobs / key)

    def keeps(self, key: str) -> bool:
        return (self.blobs / key).exists()

    def asked(self, method: str, part: str) -> list[Seen]:
        """Return the requests of a method whose path has a part."""
        return [seen for seen in self.log if seen.method == method and part in seen.path]

    def uploads(self) -> list[str]:
        """Return the hash of each large file whose bytes were taken, as often as they were."""
        puts = [seen for seen in self.asked("PUT", "/_lfs/") if seen.status == 200]
        return [seen.path.rpartition("/")[2] for seen in puts]
