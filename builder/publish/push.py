"""Publish a packed build: shards first, then one commit that turns all readers to the new release.

Shards are uploaded to a folder that nobody reads. The last commit moves them to where the card
names them, and brings the card, the manifest and all that must go; it holds only if nobody
committed meanwhile. So each commit that a reader may open is one whole release. A push that was
killed goes on where it was: shards that the repository holds anywhere are not sent again.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from builder.core.errors import ConfigError, HubError
from builder.publish.hub import MAIN, TYPE, Hub
from builder.publish.push_card import with_remote_card
from builder.publish.push_plan import WAITING, Plan, Remote, batches, bytes_text, plan_of, visible
from builder.publish.push_release import (
    Local,
    Release,
    card_of,
    folder_of,
    read_release,
    refuse_name,
    refuse_script,
)

if TYPE_CHECKING:
    from huggingface_hub import DatasetCard

Check = Callable[[Path], int]  # prints what is wrong, returns how much it is
BATCH_BYTES = 1_000_000_000  # of shards in one commit: what a kill may lose, where chunks are lost


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for.

    Attributes:
        repo: "namespace/name".
        create_pr: Offer it as a pull request.
        private: Make the repository private, if it is to be made.
        revision: Branch, or "refs/pr/N", to push to.
        tag: Name of a tag to set; "": the version's; None: the version's too, if it is free.
        dry_run: Plan, send nothing.
    """

    repo: str
    create_pr: bool = False
    private: bool = False
    revision: str | None = None
    tag: str | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Doors:
    """How a push speaks with who called it.

    Attributes:
        check: Is handed the folder before anything is asked of the Hub.
        agree: Is asked whether to send; the plan has been told.
        tell: Is told each line.
    """

    check: Check
    agree: Callable[[], bool]
    tell: Callable[[str], None]


def push(out: Path, wish: Wish, doors: Doors) -> int:
    """Publish a packed build.

    Args:
        out: A build's output, or its packed folder.
        wish: What is asked for.
        doors: How to speak with who called.

    Returns:
        0, or 1 if the data is wrong and nothing was sent.

    Raises:
        RecordInvalid: If the folder or its card is wrong.
        ConfigError: If the call cannot work.
        HubError: If the Hub refuses, or does not answer.
    """
    _refuse(wish)
    folder = folder_of(out)
    release = read_release(folder)
    refuse_script([file.path for file in release.files], wish.repo, str(folder))
    card = card_of(release)
    if issues := doors.check(folder):
        doors.tell(f"{folder}: {issues} issues; nothing was sent")
        return 1
    _quiet()
    hub = Hub(wish.repo, doors.tell)
    hub.log_in()
    return _Push(hub, release, wish, doors).run(card)


class _Push:
    """One push to one repository."""

    def __init__(self, hub: Hub, release: Release, wish: Wish, doors: Doors) -> None:
        self._hub, self._release, self._wish, self._doors = hub, release, wish, doors
        self._title = f"Publish World2VLM {release.version}"
        self._number: int | None = None  # of the pull request
        self._at = MAIN  # the revision that is planned against
        tagged = wish.tag is not None or _publishes(wish)
        self._tag = (wish.tag or f"v{release.version}") if tagged else None

    def run(self, card: "DatasetCard") -> int:
        """Plan, ask, send; return the exit status."""
        self._hub.validate(card)
        seen = self._hub.visibility()
        if self._wish.private and seen == "public":
            raise ConfigError(
                f"--private: {self._hub.repo} exists and is public; make it private in its settings"
            )
        revision, tree = self._there(seen is not None)
        refuse_script([file.path for file in tree], self._hub.repo, self._hub.repo)
        self._release, said = with_remote_card(self._release, self._reads(tree), self._hub.repo)
        tag_is_set = seen is not None and self._has_tag()
        plan = plan_of(self._release, tree)
        self._show(plan, revision, made=seen is None)
        for line in said:
            self._doors.tell(line)
        if self._wish.dry_run:
            return 0
        if plan.nothing:
            self._doors.tell("nothing to send")
        elif not self._doors.agree():
            raise ConfigError("stopped; nothing was sent")
        else:
            revision = self._prepared(revision, seen is None)
            self._send(plan, None if seen is None else visible(tree), revision)
        self._finish(revision, tag_is_set)
        return 0

    def _there(self, exists: bool) -> tuple[str, tuple[Remote, ...]]:
        """Return the revision to send to, and the files that it holds now or would begin with."""
        revision = self._wish.revision or MAIN
        if not exists:
            return revision, ()
        if self._wish.create_pr and (found := self._hub.request(self._title)):
            self._number, _ = found
            revision = f"refs/pr/{self._number}"
            self._doors.tell(f"pull request {self._number} is open and goes on")
        if not self._hub.has(revision):
            if revision.startswith("refs/"):
                raise ConfigError(f"--revision {revision}: {self._hub.repo} has no such revision")
            return revision, self._hub.tree(MAIN)
        self._at = revision
        return revision, self._hub.tree(revision)

    def _reads(self, tree: Sequence[Remote]) -> Callable[[str], bytes | None]:
        """Return what reads a file of a list of files; None: it is not among them."""
        names = {file.path for file in tree}
        return lambda path: self._hub.read(path, self._at) if path in names else None

    def _has_tag(self) -> bool:
        """Whether the tag is set already, on this content.

        Raises:
            ConfigError: If it is set on other content.
        """
        if self._tag is None or not self._hub.has(self._tag):
            return False
        plan = plan_of(self._release, self._hub.tree(self._tag))
        if plan.nothing:
            return True
        stays = f"{self._hub.repo} has {self._tag} with other content, and a tag is never moved:"
        stays += " whoever pinned it would get other data; give another with --tag NAME"
        if self._wish.tag is not None:
            raise ConfigError(f"--tag: {stays}")
        self._doors.tell(f"no tag: {stays}")
        self._tag = None
        return False

    def _show(self, plan: Plan, revision: str, made: bool) -> None:
        tell = self._doors.tell
        state = "to be made, " if made else ""
        kind = ("private" if self._wish.private else "public") if made else "as it is"
        way = "a pull request" if self._wish.create_pr else f"revision {revision}"
        tell(f"{self._release.folder} -> {self._hub.repo} ({state}{kind}), {way}")
        for line in plan.lines():
            tell(line)

    def _prepared(self, revision: str, make: bool) -> str:
        """Make what does not exist yet; return the revision to send to."""
        if make:
            self._hub.make(self._wish.private)
        if self._wish.create_pr:
            text = f"{len(self._release.files)} files of a build, sent by `world2vlm push`."
            self._number = self._hub.open_request(self._title, text)
            return f"refs/pr/{self._number}"
        if revision != MAIN and not self._hub.has(revision):
            self._hub.branch(revision)
        return revision

    def _send(self, plan: Plan, seen: frozenset[Remote] | None, revision: str) -> None:
        done = 0
        for batch in batches(plan.upload, BATCH_BYTES):
            self._upload(batch, revision)
            done += len(batch)
            size = bytes_text(sum(file.size for file in batch))
            self._doors.tell(
                f"{done} of {len(plan.upload)} shards are there ({size} in the last commit)"
            )
        self._hub.ask(lambda: self._turn(seen, revision), "make the last commit")

    def _upload(self, batch: Sequence[Local], revision: str) -> None:
        hub = self._hub
        hub.ask(
            lambda: hub.api.upload_folder(
                repo_id=hub.repo,
                repo_type=TYPE,
                folder_path=self._release.folder,
                path_in_repo=WAITING.rstrip("/"),
                allow_patterns=[file.path for file in batch],
                revision=revision,
                commit_message=f"{self._title}: shards",
            ),
            "take the shards",
        )

    def _turn(self, seen: frozenset[Remote] | None, revision: str) -> None:
        """Make the one commit that readers see; called again, it looks first whether it is made."""
        parent = self._hub.head(revision)
        tree = self._hub.tree(parent)
        plan = plan_of(self._release, tree)
        if plan.nothing:
            return
        if seen is not None and visible(tree) != seen:
            raise HubError(
                f"{self._hub.repo} was changed by another while this ran; readers still see it as"
                " that other left it; run the same command again, it plans anew"
            )
        if plan.upload:
            raise HubError(f"{plan.upload[0].path} did not arrive; run the same command again")
        self._hub.commit(_operations(plan, self._release.folder), revision, self._title, parent)

    def _finish(self, revision: str, tag_is_set: bool) -> None:
        """Do what is done after the last commit, also for a push that was killed right after it."""
        hub, tell = self._hub, self._doors.tell
        if self._number is not None:
            if hub.request(self._title) == (self._number, "draft"):
                hub.ready(self._number)
            tell(
                f"pull request {self._number} holds it:"
                f' load_dataset("{hub.repo}", ..., revision="refs/pr/{self._number}")'
            )
            return
        if self._tag is not None and not tag_is_set:
            hub.tag(self._tag, hub.head(revision))
            tell(f"tagged {self._tag}")
        tell(f'{revision} holds it: load_dataset("{hub.repo}", ...)')


def _operations(plan: Plan, folder: Path) -> Sequence[Any]:
    from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete

    waiting = [CommitOperationDelete(WAITING, is_folder=True)] if plan.leftover else []
    return [
        *(CommitOperationDelete(path) for path in plan.removed),
        *waiting,
        *(CommitOperationCopy(source, path) for path, source in sorted(plan.copies.items())),
        *(CommitOperationAdd(file.path, file.content or folder / file.path) for file in plan.small),
    ]


def _quiet() -> None:
    """Keep the bars of `huggingface_hub` to terminals, and its advice to itself."""
    import huggingface_hub.utils as hub_utils

    hub_utils.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    if not sys.stderr.isatty():
        hub_utils.disable_progress_bars()


def _publishes(wish: Wish) -> bool:
    """Whether the release is to be what readers get who name no revision: such a one is tagged."""
    return not wish.create_pr and wish.revision in (None, MAIN)


def _refuse(wish: Wish) -> None:
    """Refuse a call that cannot work."""
    refuse_name(wish.repo)
    if wish.create_pr and wish.revision not in (None, MAIN):
        raise ConfigError(
            f"--create-pr with --revision {wish.revision}: a pull request is made against main;"
            " to add to one, give its --revision refs/pr/N alone"
        )
    if wish.tag is not None and (wish.create_pr or (wish.revision or "").startswith("refs/")):
        raise ConfigError(
            "--tag with a pull request: a tag names what is published; merge it first, then give"
            " the same command without --create-pr"
        )
