"""The ranks that paint one video together: all do the same, and agree on how it went."""

import datetime
import os
from typing import Any, Protocol


class Crew(Protocol):
    """One process, or several ranks in step."""

    leads: bool

    def share(self, line: str) -> str:
        """Return the leader's line to all."""

    def agree(self, error: "str | None") -> "str | None":
        """Return the first error of any rank to all, or None if none has one."""


class Alone:
    """A worker of one process."""

    leads = True

    def share(self, line: str) -> str:
        """Return the line."""
        return line

    def agree(self, error: "str | None") -> "str | None":
        """Return the error."""
        return error


class Ranks:
    """The ranks of a torchrun group.

    They speak over a gloo group of their own, which may wait for days for the next task, whatever
    the model's own group is. One rank's error skips the task on all. A rank that fails while others
    wait for it inside the model leaves them waiting: the parent's time limit ends the group then.
    """

    def __init__(self) -> None:
        import torch.distributed as dist

        if not dist.is_initialized():
            dist.init_process_group(os.environ.get("W2V_DIST_BACKEND", "nccl"))
        self._dist: Any = dist
        self._group = dist.new_group(backend="gloo", timeout=datetime.timedelta(days=30))
        self.leads = dist.get_rank() == 0

    def share(self, line: str) -> str:
        """Return the leader's line to all."""
        held = [line]
        self._dist.broadcast_object_list(held, src=0, group=self._group)
        return str(held[0])

    def agree(self, error: "str | None") -> "str | None":
        """Return the first error of any rank to all, or None if none has one."""
        errors: list[str | None] = [None] * self._dist.get_world_size()
        mine = None if error is None else f"rank {self._dist.get_rank()}: {error}"
        self._dist.all_gather_object(errors, mine, group=self._group)
        return next((each for each in errors if each is not None), None)


def crew() -> Crew:
    """Return the ranks if torchrun started several, else a crew of one."""
    return Ranks() if int(os.environ.get("WORLD_SIZE", "1")) > 1 else Alone()
