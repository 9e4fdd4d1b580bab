"""What the matches of two frames say of one planned motion."""

from dataclasses import dataclass

from builder.audit.obedience.motion import Fit
from builder.audit.obedience.verdict import Verdict


@dataclass(frozen=True, eq=False)
class Found:
    """A verdict on two frames.

    Attributes:
        verdict: Of these frames.
        reason: Why it is not "pass"; else "".
        fit: The motion that explains most matches; None: none does.
        share: Of the matches that the planned motion explains, within tolerance.
    """

    verdict: Verdict
    reason: str = ""
    fit: Fit | None = None
    share: float = 0.0
