"""The paper's arithmetic of actions: signed amounts on three axes, thresholds for every step.

Sources: `_sum_actions`, `_format_action_claim`, `_action_seq_to_natural` of
generate_undetect_prompts.py, and `canonicalize` of svc_dataset_gen/traj/action_space.py, whose
thresholds erase each step of a small motion.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from builder.core.errors import GrammarError

_NOTHING = 1e-6
_LEAST = {"yaw": 1.0, "x": 0.02, "z": 0.02}  # degrees, metres
_AXES = {
    "TL": ("yaw", 1),
    "TR": ("yaw", -1),
    "LEFT": ("x", 1),
    "RIGHT": ("x", -1),
    "FWD": ("z", 1),
    "BACK": ("z", -1),
}
_KINDS = {
    ("yaw", True): "turn left",
    ("yaw", False): "turn right",
    ("x", True): "move left",
    ("x", False): "move right",
    ("z", True): "move forward",
    ("z", False): "move backward",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One action as the paper's code holds it.

    Attributes:
        axis: "yaw", "x" or "z".
        signed: Degrees or metres; left and forward are positive.
    """

    axis: str
    signed: float

    @property
    def text(self) -> str:
        """The action in the language of answers."""
        unit = "degrees" if self.axis == "yaw" else "meters"
        return f"{_KINDS[self.axis, self.signed > 0]} {_number(abs(self.signed))} {unit}"


def step_of(token: str) -> Step:
    """Read a token such as `TL_20`.

    Raises:
        GrammarError: If it is none.
    """
    name, _, amount = token.partition("_")
    try:
        axis, sign = _AXES[name]
        return Step(axis, sign * float(amount))
    except (KeyError, ValueError) as error:
        raise GrammarError(f"{token!r} is no token of the paper's; such as TL_20") from error


def total(tokens: Iterable[str], axes: Sequence[str]) -> Step | None:
    """Return the largest sum over some axes, the first of equal ones; None: there is no motion."""
    sums = dict.fromkeys(axes, 0.0)
    for step in map(step_of, tokens):
        if step.axis in sums:
            sums[step.axis] += step.signed
    axis = max(axes, key=lambda one: abs(sums[one]))
    return Step(axis, sums[axis]) if abs(sums[axis]) >= _NOTHING else None


def sequence(tokens: Iterable[str]) -> tuple[Step, ...]:
    """Return the actions of a prefix, one a token."""
    return tuple(step for step in map(step_of, tokens) if abs(step.signed) >= _NOTHING)


def merged(tokens: Iterable[str]) -> tuple[Step, ...]:
    """Return steps with neighbors on one axis added up, small steps thrown away one by one."""
    stack: list[Step] = []
    for one in map(step_of, tokens):
        step = one
        if abs(step.signed) < _LEAST[step.axis]:
            continue
        if stack and stack[-1].axis == step.axis:
            step = replace(step, signed=step.signed + stack.pop().signed)
        if abs(step.signed) >= _LEAST[step.axis]:
            stack.append(step)
    return tuple(stack)


def listed(steps: Sequence[Step]) -> str:
    """Write a sequence."""
    return "; ".join(step.text for step in steps)


def claimed(steps: Sequence[Step]) -> str:
    """Write a claim: "X", "X and Y", "X, Y and Z"."""
    texts = [step.text for step in steps]
    return texts[0] if len(texts) == 1 else f"{', '.join(texts[:-1])} and {texts[-1]}"


def told(steps: Sequence[Step]) -> str:
    """Write a sequence as the paper's sentence: "First X, Then Y, Next Z, Finally W."."""
    words = ("First", "Then", "Next", "Finally")
    parts = [f"{words[min(n, 3)]} {step.text}" for n, step in enumerate(steps)]
    return ", ".join(parts) + "."


def _number(amount: float) -> str:
    if abs(amount - round(amount)) < _NOTHING:
        return str(round(amount))
    return f"{amount:.3f}".rstrip("0").rstrip(".")
