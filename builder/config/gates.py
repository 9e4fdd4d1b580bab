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

    def __post_init__(self) -> None:
        for entry in fields(self):
            value, is_share = getattr(self, entry.name), entry.name not in _NO_SHARES
            if not (0 <= value <= 1 if is_share else 0 <= value < float("inf")):
                expected = "lie in 0..1" if is_share else "be finite and 0 or more"
                raise ConfigError(f"gates.{entry.name} must {expected}, got {value}")
