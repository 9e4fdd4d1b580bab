"""Pull requests of a dataset on the Hub: where one lies, and a comment that says what is wrong."""

import re
from collections.abc import Sequence

from builder.audit.counted import Counted
from builder.audit.issue import Issue
from builder.core.errors import HubError, StoreError
from builder.network import failures, first_line

_NAMED = re.compile(r"([A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*)#([1-9][0-9]*)")
_MOST_LINES = 40


def pull_request(named: str) -> tuple[str, int]:
    """Return the repository and the number in `NS/NAME#N`.

    Raises:
        StoreError: If it is something else.
    """
    found = _NAMED.fullmatch(named)
    if not found:
        raise StoreError(f"expected a pull request such as NS/NAME#3, got {named!r}")
    return found[1], int(found[2])


def url_of(repository: str, number: int) -> str:
    """Return the address of what a pull request would make of a dataset."""
    return f"hf://datasets/{repository}@refs/pr/{number}"


def comment(issues: Sequence[Issue], counted: Counted, found: int) -> str:
    """Return what is said below a pull request.

    Args:
        issues: The first issues.
        counted: What was looked at.
        found: How many issues there are.
    """
    if not found:
        return f"**world2vlm check: all is well.** {counted}.\n"
    lines = [str(issue).replace("`", "'") for issue in issues[:_MOST_LINES]]
    more = f"\nand {found - len(lines):,} more\n" if found > len(lines) else ""
    listed = "\n".join(lines)
    head = f"**world2vlm check: {found:,} issues.** {counted}."
    return f"{head}\n\n```text\n{listed}\n```\n{more}"


def send(repository: str, number: int, text: str) -> None:
    """Comment on a pull request.

    Raises:
        HubError: If the Hub refuses: no token, no rights, no such pull request.
    """
    from huggingface_hub import HfApi

    try:
        HfApi().comment_discussion(repository, number, text, repo_type="dataset")
    except failures() as error:
        why = first_line(error)
        text = f"{repository}#{number}: the Hub takes no comment of this token: {why}"
        raise HubError(text) from error
