"""World models with a stand-in for their worker: real processes, no model."""

import sys
from pathlib import Path

from builder.teachers.hy_worldplay import HyWorldPlay
from builder.teachers.svc import Svc

SCRIPT = str(Path(__file__).with_name("plane_worker.py"))


class _StandIn:
    """Paints with `plane_worker.py`; `mishap` are its arguments."""

    mishap = ()

    def check(self):
        """Look for nothing."""

    def _seats(self):
        return [""]

    def _python(self):
        return sys.executable

    def _script(self):
        return (SCRIPT, *self.mishap)

    def _loaded(self):
        return {}


class StandInSvc(_StandIn, Svc):
    pass


class StandInHy(_StandIn, HyWorldPlay):
    pass


def stand_in_for(backend):
    """Return the class that stands in for a world model."""
    return StandInSvc if isinstance(backend, Svc) else StandInHy
