"""A worker of several ranks for tests: paints as `plane_worker` does; rank 1 fails when told to.

Run by torchrun in an interpreter that has torch; the ranks speak over gloo.
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from plane_worker import Plane, serve_module

serve = serve_module()
from w2v_workers import crew  # noqa: E402

os.environ["W2V_DIST_BACKEND"] = "gloo"


class Ranked(Plane):
    def paint(self, task):
        if task["prompt"] == "rank 1 fails" and os.environ["RANK"] == "1":
            raise RuntimeError("CUDA out of memory on this rank alone")
        return super().paint(task)


serve.serve(Ranked(), crew.crew())
