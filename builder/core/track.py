"""One object through the frames of a rollout."""

from collections.abc import Mapping
from dataclasses import dataclass

from builder.core.box import Box


@dataclass(frozen=True, slots=True)
class Sighting:
    """One object in one frame, with at least one visible pixel.

    Attributes:
        box: Tight around the visible pixels.
        visible_px: How many pixels show it.
        amodal_px: How many it alone would cover on a canvas three times the frame; None: unknown.
    """

    box: Box
    visible_px: int
    amodal_px: int | None

    @property
    def visible_share(self) -> float:
        """Visible over alone, 0..1; 1 where `amodal_px` is unknown."""
        return min(1.0, self.visible_px / self.amodal_px) if self.amodal_px else 1.0


@dataclass(frozen=True, slots=True)
class Track:
    """One object; its identity comes from geometry or dense tracking, never from one image.

    Attributes:
        track_id: 1 or more, unique in the scene.
        label: What it is called.
        sightings: By position among the stored frames; a frame without an entry shows none of it.
    """

    track_id: int
    label: str
    sightings: Mapping[int, Sighting]
