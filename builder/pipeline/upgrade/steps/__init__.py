"""The steps from older forms to today's, oldest first: one file each, listed here.

A step is never changed once it was released: a later form is another step. Each may be taken twice.
"""

from builder.pipeline.upgrade.steps import grades
from builder.pipeline.upgrade.steps._step import ReadRollout, Step

STEPS: tuple[Step, ...] = (grades.STEP,)

__all__ = ["STEPS", "ReadRollout", "Step"]
