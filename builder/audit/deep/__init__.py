"""Every answer worked out anew, from what is stored beside it or painted once more.

`core/` and `language/` apart this shares no code with the tasks: motion is added up in the plane,
all sequences of the grid are laid out and looked through, boxes are counted from ids, views are
compared point by point, and verdicts are read off the words.
"""

from builder.audit.deep.job import Again, Job, Recomputed, Reopened
from builder.audit.deep.place import recompute
from builder.audit.deep.sources import Sources

__all__ = ["Again", "Job", "Recomputed", "Reopened", "Sources", "recompute"]
