"""Settings: frozen dataclasses with every default in one place, read from TOML."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Gates:
    """When a question counts as answerable by its pictures (DESIGN 9).

    Attributes:
        min_displacement_px: Least median displacement between two shown views, in pixels of a
            576 px short side; it scales with the frame.
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
