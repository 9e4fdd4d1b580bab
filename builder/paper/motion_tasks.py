"""A1 to A4 by the paper's rules: first and last frame, and claims from one shuffled pool."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from builder.paper.record import PaperRecord
from builder.paper.steps import Step, claimed, listed, sequence, total
from builder.paper.trajectory import PaperTrajectory

_ONE_WORDING = (0,)  # a draw among one costs the generator bits, so it is made here too


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A pair about which A4 may claim something."""

    trajectory: PaperTrajectory
    actions: tuple[Step, ...]


def motion_records(trajectories: Sequence[PaperTrajectory], seed: int) -> Iterator[PaperRecord]:
    """Yield the records, those of A4 last.

    Args:
        trajectories: All of a run, in order of their paths: the claims of all are drawn together.
        seed: Of `random.Random`, as `--seed` of the paper's script (42 in its shell script).
    """
    rng = random.Random(seed)  # noqa: S311 - the paper's own generator, so that claims are the same
    candidates: list[_Candidate] = []
    for one in trajectories:
        if one.kind == "multi":
            actions = sequence(one.prefixes[one.last])
            if actions:
                rng.choice(_ONE_WORDING)
                yield _record(one, "A3", actions, listed(actions))
                candidates.append(_Candidate(one, actions))
        elif one.kind is not None:
            axes = ("yaw",) if one.kind == "turn" else ("z", "x")
            found = total(one.prefixes[one.last], axes)
            if found is not None:
                rng.choice(_ONE_WORDING)
                task = "A2" if one.kind == "turn" else "A1"
                yield _record(one, task, (found,), found.text)
    rng.shuffle(candidates)
    for number, candidate in enumerate(candidates):
        yield _claim(candidate, number % 2 == 0, rng)


def _claim(candidate: _Candidate, is_true: bool, rng: random.Random) -> PaperRecord:
    actions = list(candidate.actions)
    one = candidate.trajectory
    if not is_true:
        pick = rng.randrange(len(actions))
        step = one.step_deg if actions[pick].axis == "yaw" else one.step_m
        actions[pick] = _perturbed(actions[pick], step, rng)
    rng.choice(_ONE_WORDING)
    record = _record(one, "A4", candidate.actions, "true" if is_true else "false")
    return replace(record, claim=claimed(actions), form="true-false")


def _perturbed(action: Step, step: float, rng: random.Random) -> Step:
    """Turn an action round, or make it larger by a step that no generator of theirs states."""
    if rng.random() < 0.5:
        return replace(action, signed=-action.signed)
    return replace(action, signed=action.signed + (step if action.signed > 0 else -step))


def _record(one: PaperTrajectory, task: str, actions: Sequence[Step], answer: str) -> PaperRecord:
    return PaperRecord(
        task_type=task,
        scene_id=one.scene_id,
        trajectory_id=one.trajectory_id,
        frames=(0, one.last),
        images=(str(one.pictures[0]), str(one.pictures[one.last])),
        actions=listed(actions),
        answer=answer,
        form="open",
    )
