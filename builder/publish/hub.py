"""One dataset repository on the Hugging Face Hub: waits while it is busy, refuses clearly."""

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from builder.core.errors import ConfigError, RecordInvalid, World2VLMError
from builder.network import failures
from builder.publish.hub_errors import is_passing, refusal, wait_s
from builder.publish.push_plan import Remote

if TYPE_CHECKING:
    from huggingface_hub import DatasetCard

Answer = TypeVar("Answer")
TYPE = "dataset"
MAIN = "main"

_TRIES = 6  # with the waits of `hub_errors.wait_s`: about a minute


class Hub:
    """A repository that need not exist yet.

    Args:
        repo: "namespace/name".
        tell: Is told what is waited for.

    Raises:
        ConfigError: If this machine has no token.
    """

    def __init__(self, repo: str, tell: Callable[[str], None]) -> None:
        """Find the token; nothing is asked of the Hub."""
        from huggingface_hub import HfApi, get_token

        self._token = get_token()
        if not self._token:
            raise ConfigError(
                "no token for the Hugging Face Hub: set HF_TOKEN, or run `hf auth login`;"
                " a token with the right to write is made at https://huggingface.co/settings/tokens"
            )
        self.repo, self.api, self._tell = repo, HfApi(token=self._token), tell
        self.user, self._namespaces = "", tuple[str, ...]()

    def ask(self, call: Callable[[], Answer], doing: str) -> Answer:
        """Return what a call returns; where the Hub is busy or gone, wait and call again.

        Args:
            call: May be called more than once.
            doing: In words, such as "make the repository".

        Raises:
            HubError: If it is refused, or fails too often.
        """
        for number in range(1, _TRIES + 1):
            try:
                return call()
            except World2VLMError:
                raise  # said already; some of them are an OSError too
            except failures() as error:
                if not is_passing(error) or number == _TRIES:
                    who = (self.repo, self.user, self._namespaces)
                    raise refusal(error, doing, who, str(self._token)) from None
                pause_s = wait_s(error, number)
                self._tell(f"the Hub is busy or gone ({doing}); again in {pause_s:.0f} s")
                time.sleep(pause_s)
        raise AssertionError("not reached")

    def log_in(self) -> None:
        """Learn whose token it is.

        Raises:
            HubError: If the Hub does not take it.
        """
        who = self.ask(self.api.whoami, "log in")
        self.user = who["name"]
        self._namespaces = (self.user, *(org["name"] for org in who.get("orgs", [])))

    def visibility(self) -> str | None:
        """Return "public" or "private", or None if there is no such dataset repository.

        Raises:
            ConfigError: If there is a repository of that name and another type.
        """
        from huggingface_hub.utils import RepositoryNotFoundError

        def look(kind: str) -> Any:  # noqa: ANN401 - one class a kind of repository
            try:
                return self.api.repo_info(self.repo, repo_type=kind)
            except RepositoryNotFoundError:
                return None

        info = self.ask(lambda: look(TYPE), "look at the repository")
        if info is not None:
            return "private" if info.private else "public"
        for kind in ("model", "space"):
            if self.ask(partial(look, kind), "look at the repository") is not None:
                raise ConfigError(
                    f"{self.repo} is a {kind} repository, not a dataset; name another with --repo"
                )
        return None

    def make(self, private: bool) -> None:
        """Make the repository."""
        self.ask(
            lambda: self.api.create_repo(self.repo, repo_type=TYPE, private=private, exist_ok=True),
            "make the repository",
        )

    def has(self, revision: str) -> bool:
        """Whether the repository has a revision."""
        from huggingface_hub.utils import RevisionNotFoundError

        def look() -> bool:
            try:
                self.api.repo_info(self.repo, repo_type=TYPE, revision=revision)
            except RevisionNotFoundError:
                return False
            return True

        return self.ask(look, f"look for {revision}")

    def branch(self, name: str) -> None:
        """Make a branch from `main`."""
        self.ask(
            lambda: self.api.create_branch(self.repo, branch=name, repo_type=TYPE, exist_ok=True),
            f"make the branch {name}",
        )

    def head(self, revision: str) -> str:
        """Return the commit that a revision names."""
        info = self.ask(
            lambda: self.api.repo_info(self.repo, repo_type=TYPE, revision=revision),
            f"look at {revision}",
        )
        return str(info.sha)

    def tree(self, revision: str) -> tuple[Remote, ...]:
        """Return the files of a revision."""
        return self.ask(lambda: tuple(self._tree(revision)), f"list {revision}")

    def read(self, path: str, revision: str) -> bytes:
        """Return a small file of a revision."""
        with tempfile.TemporaryDirectory() as folder:
            found = self.ask(
                lambda: self.api.hf_hub_download(
                    self.repo, path, repo_type=TYPE, revision=revision, local_dir=folder
                ),
                f"read {path}",
            )
            return Path(found).read_bytes()

    def validate(self, card: "DatasetCard") -> None:
        """Have the Hub judge a card, as `huggingface_hub` does.

        Raises:
            RecordInvalid: If it is refused.
        """
        try:
            self.ask(lambda: card.validate(repo_type=TYPE), "validate the card")
        except ValueError as error:
            said = str(error).replace(str(self._token), "(token)")
            raise RecordInvalid(f"the Hub refuses the card, README.md: {said}") from None

    def commit(self, operations: Sequence[Any], revision: str, title: str, parent: str) -> str:
        """Make one commit on top of `parent`, or fail if the revision has gone on; return it.

        Not tried again here: where the answer was lost the commit is there, and `parent` is old.
        """
        done = self.api.create_commit(
            self.repo,
            operations,
            repo_type=TYPE,
            revision=revision,
            commit_message=title,
            parent_commit=parent,
        )
        return str(done.oid)

    def request(self, title: str) -> tuple[int, str] | None:
        """Return (number, status) of our own pull request of that title that is not closed."""
        found = self.ask(
            lambda: list(self.api.get_repo_discussions(self.repo, repo_type=TYPE)),
            "list the pull requests",
        )
        for talk in found:
            ours = talk.is_pull_request and talk.author == self.user and talk.title == title
            if ours and talk.status in ("open", "draft"):
                return talk.num, talk.status
        return None

    def open_request(self, title: str, text: str) -> int:
        """Return the number of our pull request of that title; opened, as a draft, if needed."""

        def once() -> int:
            if found := self.request(title):  # an answer may have been lost
                return found[0]
            made = self.api.create_pull_request(
                self.repo, title=title, description=text, repo_type=TYPE
            )
            return int(made.num)

        return self.ask(once, "open a pull request")

    def ready(self, number: int) -> None:
        """Turn a draft into a pull request that may be merged."""
        self.ask(
            lambda: self.api.change_discussion_status(
                self.repo, number, new_status="open", repo_type=TYPE
            ),
            "declare the pull request ready",
        )

    def tag(self, name: str, commit: str) -> None:
        """Tag a commit."""
        self.ask(
            lambda: self.api.create_tag(
                self.repo, tag=name, revision=commit, repo_type=TYPE, exist_ok=True
            ),
            f"make the tag {name}",
        )

    def _tree(self, revision: str) -> Iterator[Remote]:
        entries = self.api.list_repo_tree(
            self.repo, repo_type=TYPE, revision=revision, recursive=True
        )
        for entry in entries:
            if blob_id := getattr(entry, "blob_id", None):  # not a folder
                large = getattr(entry, "lfs", None)
                yield Remote(entry.path, large.sha256 if large else None, blob_id)
