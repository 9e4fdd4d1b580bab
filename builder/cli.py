"""The command line: parse, call, print one line for what went wrong, exit status.

Exit status: 0 all is well, 1 the data is wrong, 2 the call is wrong.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from builder import __version__
from builder.core.errors import RecordInvalid, SceneError, World2VLMError, nearest

# In the order of the help; each is a module of `builder.commands`.
COMMANDS = (
    "build",
    "rollout",
    "plan",
    "depth",
    "check",
    "judge",
    "audit",
    "score",
    "push",
    "upgrade",
    "places",
    "show",
    "stats",
    "subsets",
    "tasks",
    "warmup",
)


class _Parser(argparse.ArgumentParser):
    """A parser that offers the nearest of the values that an option takes."""

    def _check_value(self, action: argparse.Action, value: object) -> None:
        choices = action.choices
        if choices is not None and value not in choices:
            raise argparse.ArgumentError(action, f"no {value!r}: {nearest(str(value), choices)}")


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    top = _Parser(
        prog="world2vlm",
        description="Build, check, show and load questions about a moving camera.",
        epilog="example: world2vlm build svc-real --out out --records 200",
    )
    top.add_argument("--version", action="version", version=f"world2vlm {__version__}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        import_module(f"builder.commands.{name}").add_to(commands)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    top = parser()
    if arguments and not arguments[0].startswith("-") and arguments[0] not in COMMANDS:
        top.error(f"no command {arguments[0]!r}: {nearest(arguments[0], COMMANDS)}")
    args = top.parse_args(arguments)
    try:
        status: int = args.run(args)
    except BrokenPipeError:  # the reader, such as `head`, had enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - until exit
        return 0
    except (SceneError, RecordInvalid) as error:
        print(f"world2vlm: {error}", file=sys.stderr)
        return 1
    except (World2VLMError, OSError) as error:
        print(f"world2vlm: {_said(error)}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("world2vlm: stopped; the same command goes on from here", file=sys.stderr)
        return 130
    return status


def _said(error: Exception) -> str:
    """Return what an error says; of the system's own, the path first and no number."""
    if isinstance(error, OSError) and error.filename and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)


if __name__ == "__main__":
    sys.exit(main())
