"""One file of records in today's form: a line that changes is written anew, others stay."""

import functools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from builder import __version__
from builder.core.errors import RecordInvalid
from builder.core.rollout import Rollout
from builder.core.version import is_later, later_text
from builder.pipeline.upgrade.report import Report
from builder.pipeline.upgrade.steps import ReadRollout, Step
from builder.schemas import record_errors
from builder.store import bundle_of, read_rollout


def upgraded(file: Path, root: Path, steps: Sequence[Step], report: Report) -> Iterator[bytes]:
    """Yield the lines of a file in today's form.

    Args:
        file: Of records, JSON Lines.
        root: The folder that their images' paths are relative to.
        steps: To take, in order.
        report: Is added to.

    Raises:
        RecordInvalid: If a line is no record, a later version made it, or it is wrong afterwards.
    """
    read = functools.lru_cache(maxsize=128)(read_rollout)  # records of one trajectory lie together
    with file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            where = f"{file}:{number}"
            record = _record(line, where)
            report.records += 1
            bundle = partial(_rollout, root, record, read)
            yield _changed(record, where, (steps, bundle), report) or line


def _record(line: bytes, where: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError as error:
        raise RecordInvalid(f"{where}: this line is not JSON: {error}") from error
    if not isinstance(record, dict) or "record_id" not in record:
        raise RecordInvalid(f"{where}: this is no record of a world2vlm build")
    made_by = str(record.get("builder_version"))
    if is_later(made_by, __version__):
        raise RecordInvalid(f"{where}: this build {later_text(made_by, __version__)}")
    return record


def _changed(
    record: dict[str, Any], where: str, how: tuple[Sequence[Step], ReadRollout], report: Report
) -> bytes | None:
    """Take the steps; return the new line, held to the schema, or None if it stays."""
    before, (steps, bundle) = json.dumps(record), how
    for step in steps:
        try:
            note = step.change(record, bundle)
        except KeyError as error:
            raise RecordInvalid(f"{where}: has no field {error}, and no step adds it") from error
        if note:
            report.notes[step.name, note] += 1
    if json.dumps(record) == before:
        return None
    for issue in record_errors(record):
        raise RecordInvalid(f"{where}: {issue}; no step mends this, nothing was changed")
    report.changed += 1
    return json.dumps(record, ensure_ascii=False).encode() + b"\n"


def _rollout(root: Path, record: Mapping[str, Any], read: Callable[[Path], Rollout]) -> Rollout:
    return read(bundle_of(root, str(record["scene_id"]), str(record["trajectory_id"])))
