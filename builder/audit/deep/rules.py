"""Every answer of a record, worked out anew from facts, and held against what the record says."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from builder.audit.deep.facts import Facts
from builder.audit.deep.motion_rules import claim_findings, motion_findings, sequence_findings
from builder.audit.deep.object_rules import (
    box_findings,
    identity_findings,
    object_findings,
    visibility_findings,
)
from builder.audit.deep.shown import (
    camera_findings,
    difficulty_findings,
    picture_findings,
    question_findings,
)
from builder.audit.deep.words import Unread
from builder.audit.issue import Finding
from builder.config import Gates

Rule = Callable[[Mapping[str, Any], Facts, Gates], Iterator[Finding]]

_OF_TASK: Mapping[str, tuple[Rule, ...]] = {
    "A1": (motion_findings, sequence_findings),
    "A2": (motion_findings, sequence_findings),
    "A3": (motion_findings, sequence_findings),
    "A4": (motion_findings, claim_findings),
    "D1": (motion_findings, object_findings, box_findings),
    "D2": (motion_findings, object_findings, visibility_findings),
    "D3": (motion_findings, object_findings, sequence_findings),
    "D4": (motion_findings, object_findings, identity_findings),
}
_OF_ALL: tuple[Rule, ...] = (
    camera_findings,
    picture_findings,
    question_findings,
    difficulty_findings,
)


def deep_findings(record: Mapping[str, Any], facts: Facts, gates: Gates) -> list[Finding]:
    """Return where a record disagrees with the facts.

    Raises:
        Unread: If its task or its words are not understood, so that it was not recomputed.
    """
    task = record["task_type"]
    if task not in _OF_TASK:
        raise Unread(f"no rule recomputes the answers of {task}")
    frames, stored = record["frame_indices"], len(facts.bundle.files)
    if len(frames) - len(record["images"]) not in {0, 1}:
        raise Unread("frame indices and images are not one to one")
    if max(frames) >= stored:
        text = f"{max(frames)}, and the bundle has {stored} frames, from 0"
        return [Finding("/frame_indices", "actions-untrue", text)]
    return [
        finding for rule in (*_OF_TASK[task], *_OF_ALL) for finding in rule(record, facts, gates)
    ]
