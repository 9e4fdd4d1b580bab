"""Answers about motion: what the poses did, all that does the same, whether claims hold."""

from collections.abc import Iterator, Mapping
from typing import Any

from builder.audit.deep.facts import Facts
from builder.audit.deep.grid import sequences_to, steps_on_grid
from builder.audit.deep.plane import (
    Stand,
    Step,
    actions_of,
    apart,
    end_of,
    is_same,
    steps_of,
)
from builder.audit.deep.shown import least_px
from builder.audit.deep.words import claim_holds, motion_of
from builder.audit.issue import Finding
from builder.config import Gates
from builder.language.grammar import say
from builder.schemas.report import short

Record = Mapping[str, Any]

_SLACK = 0.001  # of the tolerances: what lies on the very edge is neither missing nor wrong
_LONGEST_SEARCH = 3
_SEEN = 0.9  # of the least displacement: a median over fewer points may lie a little elsewhere


def motion_findings(record: Record, facts: Facts, gates: Gates) -> Iterator[Finding]:
    """Read off the poses what the camera did, and compare the column `actions`."""
    del gates
    first, last = record["frame_indices"][0], record["frame_indices"][-1]
    steps = facts.bundle.steps(first, last)
    if not steps:
        text = f"from frame {first} to {last} the stored poses do no sequence of moves and turns"
        yield Finding("/actions", "actions-untrue", text)
    elif (done := say(actions_of(steps))) != record["actions"]:
        text = f"got {short(record['actions'], 160)}, and the stored poses do {short(done, 160)}"
        yield Finding("/actions", "actions-untrue", text)


def sequence_findings(record: Record, facts: Facts, gates: Gates) -> Iterator[Finding]:
    """Hold `accepted` against all that ends at the true pose: nothing wrong in it, nothing missing.

    Where every view is shown, one action lies between neighbors, and only the truth is right.
    """
    first, last = record["frame_indices"][0], record["frame_indices"][-1]
    end, true = facts.bundle.motion(first, last), facts.bundle.steps(first, last)
    if end is None or not true:
        return  # `motion_findings` says so
    said = [steps_of(motion_of(text, record["answer_form"])) for text in record["accepted"]]
    yield from _wrong(record, said, end, true)
    shows_all = len(record["images"]) > 2
    every = {true} if shows_all else _right(facts.bundle.subset, end, true, -_SLACK)
    for missing in sorted(every - set(said)):
        text = f"{short(say(actions_of(missing)), 160)} ends at the same pose, and is not accepted"
        yield Finding("/accepted", "answer-missing", text)
    if len(every) > gates.max_accepted:
        text = f"{len(every)} sequences end there, expected at most {gates.max_accepted}"
        yield Finding("/accepted", "unanswerable", text)


def claim_findings(record: Record, facts: Facts, gates: Gates) -> Iterator[Finding]:
    """Carry out the claim: a true one ends at the true pose, a false one visibly elsewhere."""
    first, last = record["frame_indices"][0], record["frame_indices"][-1]
    end = facts.bundle.motion(first, last)
    if end is None:
        return  # `motion_findings` says so
    claimed = steps_of(motion_of(record["claim"] or "", "open"))
    claimed_end = end_of(claimed)
    holds, verdict = is_same(claimed_end, end), claim_holds(record["accepted"][0])
    if holds != verdict or len(record["accepted"]) != 1:
        apart_m, apart_deg = apart(claimed_end, end)
        text = f"the claim ends {apart_m:.3f} m and {apart_deg:.2f} degrees from the true pose"
        yield Finding("/accepted", "answer-untrue", f"{short(record['accepted'])}: {text}")
    yield from _off_grid(claimed, facts.bundle.subset)
    if holds:
        return
    claimed_from_last = claimed_end.inverse_matrix() @ end.matrix()
    apart_px = facts.apart_px(last, claimed_from_last)
    if apart_px is not None and apart_px < _SEEN * least_px(facts, gates):
        text = f"the claimed view differs from the true one by {apart_px:.2f} px; nobody sees that"
        yield Finding("/claim", "claim-unclear", text)


def _wrong(
    record: Record, said: list[tuple[Step, ...]], end: Stand, true: tuple[Step, ...]
) -> Iterator[Finding]:
    grid = set(steps_on_grid(record["subset"]))
    for index, steps in enumerate(said):
        pointer = f"/accepted/{index}"
        if index == 0 and steps != true:
            text = f"expected first what was done, {short(say(actions_of(true)), 160)}"
            yield Finding(pointer, "answer-untrue", text)
        if not is_same(end_of(steps), end, _SLACK):
            apart_m, apart_deg = apart(end_of(steps), end)
            text = f"ends {apart_m:.3f} m and {apart_deg:.2f} degrees from the true pose"
            yield Finding(pointer, "answer-untrue", f"{short(record['accepted'][index])} {text}")
        elif steps != true and not _is_sequence(steps, grid):
            text = f"{short(record['accepted'][index])} is off the grid, or repeats an axis"
            yield Finding(pointer, "answer-untrue", text)
        elif len(steps) != len(true):
            text = f"expected {len(true)} actions, got {len(steps)}"
            yield Finding(pointer, "answer-untrue", text)


def _right(subset: str, end: Stand, true: tuple[Step, ...], slack: float) -> set[tuple[Step, ...]]:
    """Return all sequences as long as the true one that end where it ends; it is one of them."""
    if len(true) > _LONGEST_SEARCH:
        return {true}
    return {true, *sequences_to(subset, len(true), end, slack)}


def _off_grid(claimed: tuple[Step, ...], subset: str) -> Iterator[Finding]:
    if not _is_sequence(claimed, set(steps_on_grid(subset))):
        text = "the claim is off the grid of its subset, or repeats an axis: no truth looks so"
        yield Finding("/claim", "claim-unclear", text)


def _is_sequence(steps: tuple[Step, ...], grid: set[Step]) -> bool:
    alternates = all(one[0] != other[0] for one, other in zip(steps, steps[1:], strict=False))
    return alternates and grid.issuperset(steps)
