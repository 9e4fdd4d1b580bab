"""`world2vlm warmup`."""

import argparse
import time

from builder.commands import Commands, add


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    add(commands, "warmup", run, "world2vlm warmup")


def run(_: argparse.Namespace) -> int:
    """Compile the renderer once, so that no build has to wait for it."""
    from builder.commands.making import compile_once

    started_s = time.monotonic()
    compile_once()
    print(f"ready: the renderer is compiled ({time.monotonic() - started_s:.0f} s)")
    return 0
