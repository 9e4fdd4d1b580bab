"""The commands: one light module each; what it needs is imported when it runs."""

import argparse
from collections.abc import Callable

Command = Callable[[argparse.Namespace], int]
Commands = argparse._SubParsersAction  # the type has no public name


def add(
    commands: "Commands[argparse.ArgumentParser]", name: str, run: Command, example: str
) -> argparse.ArgumentParser:
    """Return the parser of a new command, whose help is the docstring of `run`."""
    text = " ".join((run.__doc__ or "").split())
    command = commands.add_parser(name, help=text, description=text, epilog=f"example: {example}")
    command.set_defaults(run=run)
    return command
