"""`world2vlm push`."""

import argparse
import sys
from pathlib import Path

from builder.commands import Commands, add

_ISSUES_SHOWN = 20


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    example = "world2vlm push out --repo you/World2VLM --create-pr --dry-run"
    command = add(commands, "push", run, example)
    command.add_argument("out", type=Path, help="a build's output, or its World2VLM/")
    command.add_argument("--repo", required=True, metavar="NS/World2VLM", help="dataset repository")
    command.add_argument("--create-pr", action="store_true", help="offer it as a pull request")
    command.add_argument(
        "--private", action="store_true", help="make the repository private, if it is made"
    )
    command.add_argument("--revision", metavar="R", help="branch, or refs/pr/N; main if not given")
    command.add_argument(
        "--tag",
        nargs="?",
        const="",
        metavar="NAME",
        help="the tag of what is published: vVERSION if not given; a tag is never moved",
    )
    command.add_argument("--dry-run", action="store_true", help="say what would be sent, and stop")
    command.add_argument("--yes", action="store_true", help="do not ask")


def run(args: argparse.Namespace) -> int:
    """Publish a build on the Hugging Face Hub; run again, it goes on where it was stopped."""
    from builder.publish.push import Doors, Wish, push

    wish = Wish(
        repo=args.repo,
        create_pr=args.create_pr,
        private=args.private,
        revision=args.revision,
        tag=args.tag,
        dry_run=args.dry_run,
    )
    doors = Doors(_check, (lambda: True) if args.yes else _agree, _tell)
    return push(args.out, wish, doors)


def _check(folder: Path) -> int:
    """Print what is wrong with a packed folder; return how much was found, of the first some."""
    from builder.audit import summary
    from builder.commands.checking import checked

    found, counted = 0, summary()
    for issue in checked([folder], counted, most=_ISSUES_SHOWN):
        print(issue)
        found += 1
    if not found:
        _tell(str(counted))
        if mixture := counted.mixture():
            _tell(mixture)
    return found


def _agree() -> bool:
    """Ask on a terminal.

    Raises:
        ConfigError: If there is none.
    """
    from builder.core.errors import ConfigError

    if not sys.stdin.isatty():
        raise ConfigError("nobody can be asked here; add --yes to send this, or --dry-run to stop")
    try:
        return input("send this? [y/N] ").strip().lower() in ("y", "yes")
    except EOFError:  # Ctrl-D
        print()
        return False


def _tell(line: str) -> None:
    print(line, flush=True)
