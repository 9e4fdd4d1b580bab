"""Bring the records of an older build to today's form, whole or not at all.

The folder is made again beside the old one: what stays as it is gets a second name (a hard link),
records are written anew, the release is packed again. Then the two change places. Stopped at any
moment, the old folder is whole, and the same command goes on.
"""

from builder.pipeline.upgrade.report import Report
from builder.pipeline.upgrade.run import Pack, upgrade
from builder.pipeline.upgrade.steps import STEPS, Step

__all__ = ["STEPS", "Pack", "Report", "Step", "upgrade"]
