"""What was found out: pass, fail or undecided, why, and the figures behind it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Verdict = Literal["pass", "fail", "undecided"]


@dataclass(frozen=True, slots=True)
class Motion:
    """A motion in two numbers.

    Attributes:
        yaw_deg: The turn; left is negative.
        heading_deg: Where the camera went, from where it looked before: 0 forward, 90 right, -90
            left, 180 backward. None: nowhere.
    """

    yaw_deg: float
    heading_deg: float | None


@dataclass(frozen=True, slots=True)
class Span:
    """What two stored frames say of the motion between them.

    Attributes:
        before: The first of them, counted among the stored frames.
        after: The second.
        planned: The motion that was commanded.
        seen: The motion that explains most matches; None: none does.
        matches: Points found in both.
        share: Of the matches that the planned motion explains, within tolerance.
        verdict: Of these two frames.
        reason: Why it is not "pass", such as "turned-the-other-way".
    """

    before: int
    after: int
    planned: Motion
    seen: Motion | None
    matches: int
    share: float
    verdict: Verdict
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Looks:
    """What each stored frame looks like by itself, and beside the one before.

    Attributes:
        contrast: Standard deviation, gray levels.
        smoothness: Correlation of neighboring pixels.
        sharpness: Share of its strongest edges that a frame loses when it is blurred.
        change: Mean difference to the frame before, gray levels; one fewer than frames.
    """

    contrast: tuple[float, ...]
    smoothness: tuple[float, ...]
    sharpness: tuple[float, ...]
    change: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Obedience:
    """Whether pictures show the commanded motion.

    Attributes:
        verdict: "fail" if any check fails, whatever the others say; "pass" if every part of the
            motion was seen; else "undecided".
        reasons: Each thing that failed, or, where nothing did, each that could not be decided.
        spans: The evidence of motion.
        looks: The evidence of the frames themselves.
    """

    verdict: Verdict
    reasons: tuple[str, ...]
    spans: tuple[Span, ...]
    looks: Looks = field(default_factory=lambda: Looks((), (), (), ()))

    @property
    def figures(self) -> Mapping[str, Any]:
        """The evidence as plain JSON values."""
        return {key: value for key, value in self.to_json().items() if key in {"spans", "looks"}}

    def to_json(self) -> dict[str, Any]:
        """Return what `traj.json` keeps as `obedience`."""
        plain: dict[str, Any] = _plain(asdict(self))
        return plain


def _plain(value: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(part) for part in value]
    return value
