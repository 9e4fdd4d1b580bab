"""How far a rollout may stray from its plan, and how sure one must be to say so."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Tolerances, with the defaults that `bench/obedience_calibration.py` calibrates.

    Attributes:
        turn_deg: A turn may be off by this, or by `turn_share` of itself, whichever is more.
        turn_share: See `turn_deg`.
        hit_px: A point may lie this far from where a motion puts it; this and the next two for a
            short side of 576. It is what JPEG, SIFT and a painter's wobble leave.
        drift_px: In a turn on the spot, the median point may slide this far beside the turn.
        still_px: Where the median point moves less, nothing moved.
        enough: Fewest matches that one motion must explain to be believed.
        margin: The share of all matches by which one motion must beat another.
        features: A frame with fewer has too little to be recognized by.
        overlap: Where a turn leaves more than this in view, something must be found again.
        near_m: A move no longer than this leaves enough in view, likewise.
        contrast: Least standard deviation of a frame, gray levels of 255.
        smoothness: Least correlation of neighboring pixels; noise has none.
        sharpness: Least share of its strongest edges that a frame loses when it is blurred.
        frozen: A frame that changes less, gray levels, is the one before; also as a share of the
            median change of its action, where that has several frames.
        out_of_order: Largest share of the frames within actions that do not lie between the frame
            before and the frame after.
    """

    turn_deg: float = 2.5
    turn_share: float = 0.15
    hit_px: float = 2.3
    drift_px: float = 12.0
    still_px: float = 0.7
    enough: int = 8
    margin: float = 0.2
    features: int = 150
    overlap: float = 0.4
    near_m: float = 0.6
    contrast: float = 3.0
    smoothness: float = 0.5
    sharpness: float = 0.2
    frozen: float = 0.05
    out_of_order: float = 0.25

    def turn_tolerance_deg(self, angle_deg: float) -> float:
        """Return by how much a turn of `angle_deg` may be off."""
        return max(self.turn_deg, self.turn_share * abs(angle_deg))
