"""Records of before 23 November 2026 state no difficulty: it is worked out from their bundles.

The grade is a formula of what `traj.json` and `detect_result.jsonl` hold (docs/difficulty.md), so
nothing is guessed. It stays null where they do not hold it.
"""

from typing import Any

from builder.core.errors import StoreError, World2VLMError
from builder.pipeline.upgrade.steps._step import ReadRollout, Step
from builder.tasks import task_named


def _change(record: dict[str, Any], rollout: ReadRollout) -> str:
    if record["difficulty"] is not None:
        return ""
    try:
        grade = task_named(record["task_type"]).graded(record, rollout())
    except StoreError:
        return "stay ungraded: their bundle is not there, or cannot be read"
    except (World2VLMError, LookupError, TypeError, ValueError):
        return "stay ungraded: the record and its bundle do not belong together"
    if grade is None:
        return "stay ungraded: the bundle does not say how their views compare"
    record["difficulty"] = grade
    return "graded"


STEP = Step("grades", "grade records that have no difficulty, from their bundles", _change)
