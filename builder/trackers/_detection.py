"""One thing found in one picture: where, what, how sure. It has no identity."""

from collections.abc import Sequence
from dataclasses import dataclass

from builder.core.box import Box
from builder.core.track import Sighting, Track

Place = tuple[int, int]  # a frame, and a detection in it
Chain = Sequence[Place]  # the detections of one object, frames ascending


@dataclass(frozen=True, slots=True)
class Detection:
    """A box with a label.

    Attributes:
        box: Around the visible pixels, pixels of the frame.
        label: What it is called.
        score: 0..1.
    """

    box: Box
    label: str
    score: float


Found = Sequence[Sequence[Detection]]  # one list a frame


def distinct(detections: Sequence[Detection], overlap: float) -> tuple[Detection, ...]:
    """Return the detections without those that show the same thing as a surer one.

    Args:
        detections: Of one frame.
        overlap: Two boxes that share more, intersection over union, are one thing.
    """
    kept: list[Detection] = []
    for one in sorted(detections, key=lambda one: (-one.score, one.box.corners_px(), one.label)):
        if all(one.box.iou(other.box) <= overlap for other in kept):
            kept.append(one)
    return tuple(kept)


def tracks_of(chains: Sequence[Chain], found: Found) -> tuple[Track, ...]:
    """Return chains as tracks, numbered from 1 by where they begin.

    How many pixels show an object is not known: its whole box is stated; `amodal_px` is None.
    """
    ordered = sorted(chains, key=lambda chain: chain[0])
    tracks = []
    for number, chain in enumerate(ordered, start=1):
        frame, index = chain[0]
        seen = {frame: _sighting(found[frame][index].box) for frame, index in chain}
        tracks.append(Track(number, found[frame][index].label, seen))
    return tuple(tracks)


def _sighting(box: Box) -> Sighting:
    return Sighting(box, max(1, int(box.area_px)), None)
