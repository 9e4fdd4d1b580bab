"""`world2vlm tasks`."""

import argparse

from builder.commands import Commands, add


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    command = add(commands, "tasks", run, "world2vlm tasks A1 D4")
    command.add_argument("task", nargs="*", help="task types; all if none is given")


def run(args: argparse.Namespace) -> int:
    """List the task types and their wordings."""
    from builder.tasks import all_tasks, task_named

    chosen = {name: task_named(name) for name in args.task} if args.task else all_tasks()
    for name, task in chosen.items():
        print(f"{name}  {(type(task).__doc__ or '').splitlines()[0]}")
        for template in task.templates:
            print(f"    {template.id:<16} {template.ask}")
    return 0
