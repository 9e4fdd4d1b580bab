"""When a question counts as answerable: thresholds with their defaults."""

from dataclasses import dataclass, fields

from builder.core.errors import ConfigError

_NO_SHARES = ("min_displacement_px", "max_enlargement", "max_accepted")


@dataclass(frozen=True, slots=True)
class Gates:
    """When a question counts as answerable by its pictures.

    Attributes:
        min_displacement_px: Least median displacement of two shown views, for a short side of 576.
        min_overlap: Least share of each shown view that the other shows too.
        min_seen: Least share of a shown view that the source really saw.
        max_holes: Largest share of unseen pixels inside the source's field of view.
        max_border: Largest share of unseen pixels beyond it.
        max_enlargement: Most output pixels a source pixel.
        stays_visible: D2: from this visible share on an object counts as still visible.
        clearly_visible: D1, D3, D4: least visible share in both views.
        min_box_area: Least box area as a share of the frame.
        max_accepted: More right answers than this make a question ambiguous.
        min_claim_change: A4: least displacement between the view of a false claim and the true
            one, as a share of the true motion's own displacement (`min_displacement_px` holds too).
        max_box_iou: D1: above it an object's box stays put, and repeating it would be an answer.
        max_partner_iou: D4: above it the box in the second view could as well be the other one's.
        gone_margin: D2, photographs: by how much of the frame an object must lie beyond it to be
            gone.
    """

    min_displacement_px: float = 4.0
    min_overlap: float = 0.15
    min_seen: float = 0.80
    max_holes: float = 0.12
    max_border: float = 0.05
    max_enlargement: float = 3.0
    stays_visible: float = 0.25
    clearly_visible: float = 0.60
    min_box_area: float = 0.005
    max_accepted: int = 6
    min_claim_change: float = 0.15
    max_box_iou: float = 0.75
    max_partner_iou: float = 0.5
    gone_margin: float = 0.05

    def __post_init__(self) -> None:
        for entry in fields(self):
            value, is_share = getattr(self, entry.name), entry.name not in _NO_SHARES
            if not (0 <= value <= 1 if is_share else 0 <= value < float("inf")):
                expected = "lie in 0..1" if is_share else "be finite and 0 or more"
                raise ConfigError(f"gates.{entry.name} must {expected}, got {value}")
