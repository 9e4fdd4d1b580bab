"""The rules of the paper's released scripts, to be compared with ours label by label.

`--rules paper` pairs frames and makes labels as the scripts behind `run_build_*.sh` do (commit
64febe1 of the release: generate_undetect_prompts_max_dist.py and
generate_detect_prompts_norm_1000_max_dist.py), down to the generator that draws the false claims,
so that the same bundles give the same labels. Only the wording is ours. What is known to be wrong
in those rules is left as it is; `builder.paper.compare` counts it.
"""

from builder.paper.compare import Comparison, Label, compare
from builder.paper.motion_tasks import motion_records
from builder.paper.object_tasks import object_records
from builder.paper.record import PaperRecord
from builder.paper.trajectory import PaperTrajectory, read_trajectory

__all__ = [
    "Comparison",
    "Label",
    "PaperRecord",
    "PaperTrajectory",
    "compare",
    "motion_records",
    "object_records",
    "read_trajectory",
]
