"""What is held against a record: the bundle's own numbers, or views painted once more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from builder.audit.deep import pixels
from builder.audit.deep.bundle import Bundle, Compared, Sight
from builder.core.pose import Pose
from builder.core.scene import Scene
from builder.core.view import View, ViewQuality

PIXELS, STORED = "pixels", "stored facts"
_BOX_SLACK_N1000 = 2  # one pixel of 576: another machine may round a silhouette otherwise
_SHARE_SLACK = 0.01
_OVERLAP_SLACK = 0.01
_MOVE_SLACK = 0.02


class Facts(Protocol):
    """What a rule may ask about the frames of one trajectory."""

    @property
    def bundle(self) -> Bundle:
        """The stored facts."""

    @property
    def level(self) -> str:
        """Where the answers come from."""

    def label(self, track: int) -> str | None:
        """Return what an object is called; None: there is no such object."""

    def sights(self, frame: int) -> Mapping[int, Sight]:
        """Return what a frame shows of each object."""

    def pair(self, first: int, last: int) -> Compared | None:
        """Return how two frames compare; None: it is not known."""

    def quality(self, frame: int) -> ViewQuality:
        """Return how much of a frame was really seen."""

    def apart_px(self, frame: int, there_from_here: NDArray[np.float64]) -> float | None:
        """Return how far a frame is from the one that another camera would see; None: unknown."""

    def fault(self, frame: int) -> str:
        """Return why the stored picture is not this frame; "" if it is, or cannot be told."""

    def may_show(self, track: int, before: int, after: int) -> bool:
        """Return whether what was seen of an object before lies in the frame after."""


@dataclass(frozen=True, eq=False)
class StoredFacts:
    """The numbers that the bundle itself holds.

    Attributes:
        bundle: Which one.
    """

    bundle: Bundle
    level: str = STORED

    def label(self, track: int) -> str | None:
        """Return what scene.json calls it."""
        return self.bundle.labels.get(track)

    def sights(self, frame: int) -> Mapping[int, Sight]:
        """Return a line of detect_result.jsonl."""
        return self.bundle.sights[frame]

    def pair(self, first: int, last: int) -> Compared | None:
        """Return an entry of `pairs`."""
        return self.bundle.pairs.get((first, last))

    def quality(self, frame: int) -> ViewQuality:
        """Return an entry of `quality`."""
        return self.bundle.quality[frame]

    def apart_px(self, frame: int, there_from_here: NDArray[np.float64]) -> float | None:
        """Return it from the stored depth grid of a key frame."""
        grid_m = self.bundle.depth_grids_m.get(frame)
        if grid_m is None:
            return None
        points, uv_px = pixels.grid_points(grid_m, self.bundle.lens)
        return pixels.moved_px(points, uv_px, self.bundle.lens, there_from_here)

    def fault(self, frame: int) -> str:
        """Return nothing: without a view there is nothing to compare a picture with."""
        del frame
        return ""

    def may_show(self, track: int, before: int, after: int) -> bool:
        """Return False: what is stored says no more than that no pixel shows it."""
        del track, before, after
        return False


@dataclass(eq=False)
class PaintedFacts:
    """The views of a trajectory, each painted once, when it is first asked for.

    Attributes:
        bundle: Whose poses are looked from.
        scene: The place, opened again.
        first: The view of frame 0, if another trajectory of this anchor has it already.
    """

    bundle: Bundle
    scene: Scene
    first: View | None = None
    level: str = PIXELS
    painted: int = 0
    _views: dict[int, View] = field(default_factory=dict)
    _sights: dict[int, Mapping[int, Sight]] = field(default_factory=dict)
    _pairs: dict[tuple[int, int], Compared] = field(default_factory=dict)
    _faults: dict[int, str] = field(default_factory=dict)

    def view(self, frame: int) -> View:
        """Look from the stored pose of a frame."""
        if frame not in self._views:
            self._views[frame] = self._look(frame)
        return self._views[frame]

    def label(self, track: int) -> str | None:
        """Return what the place calls it."""
        names = {thing.track_id: thing.label for thing in self.scene.objects}
        return names.get(track)

    def sights(self, frame: int) -> Mapping[int, Sight]:
        """Return what the view shows of each object."""
        if frame not in self._sights:
            view = self.view(frame)
            self._sights[frame] = pixels.sights_of(view, self.scene.objects, self.bundle.lens)
        return self._sights[frame]

    def pair(self, first: int, last: int) -> Compared | None:
        """Compare two views by their depth."""
        motion = self.bundle.motion(first, last)
        if motion is None:
            return None
        if (first, last) not in self._pairs:
            views = self.view(first), self.view(last)
            self._pairs[first, last] = pixels.compared(*views, self.bundle.lens, motion)
        return self._pairs[first, last]

    def quality(self, frame: int) -> ViewQuality:
        """Return how much of the view the source shows."""
        return self.view(frame).quality

    def apart_px(self, frame: int, there_from_here: NDArray[np.float64]) -> float | None:
        """Return it from the depth of the view."""
        return pixels.apart_px(self.view(frame), self.bundle.lens, there_from_here)

    def fault(self, frame: int) -> str:
        """Compare the stored picture with the view."""
        if frame not in self._faults:
            self._faults[frame] = self._compare(frame)
        return self._faults[frame]

    def may_show(self, track: int, before: int, after: int) -> bool:
        """Carry the points that were seen of an object into the frame after; hidden ones count."""
        motion = self.bundle.motion(before, after)
        if motion is None:
            return False
        own = pixels.with_parts(track, self.scene.objects)
        after_from_before = motion.inverse_matrix()
        return pixels.shows_any_of(self.view(before), own, self.bundle.lens, after_from_before)

    def stored_differs(self) -> Iterator[tuple[str, int, str]]:
        """Yield (file, frame, why) where the bundle's own numbers are not those of the views.

        Only views that were painted for a record are compared.
        """
        for frame in sorted(self._sights):
            for text in _sight_faults(self.bundle.sights[frame], self._sights[frame]):
                yield "detect_result.jsonl", frame, text
        for (first, last), found in sorted(self._pairs.items()):
            stored = self.bundle.pairs.get((first, last))
            if stored and (text := _pair_fault(stored, found)):
                yield "traj.json", first, f"pair of frames {first} and {last}: {text}"

    def _look(self, frame: int) -> View:
        if frame == 0 and self.first is not None:
            return self.first
        scene_from_camera = self.bundle.scene_from_anchor @ self.bundle.world_from_camera[frame]
        self.painted += 1
        return self.scene.world.look(Pose.from_matrix(scene_from_camera), self.bundle.lens)

    def _compare(self, frame: int) -> str:
        try:
            found_db = pixels.psnr_db(self.bundle.files[frame], self.view(frame).rgb)
        except pixels.BROKEN:
            return ""  # that a picture is missing or broken, the check of pictures says
        if found_db >= pixels.LEAST_PSNR_DB:
            return ""
        return (
            f"is not what stored pose {frame} sees: painted again the view differs by "
            f"{found_db:.1f} dB, expected at least {pixels.LEAST_PSNR_DB:g}"
        )


def same_box(one: tuple[int, ...] | list[int], other: tuple[int, ...] | list[int]) -> bool:
    """Return whether two boxes are the same, give or take a pixel."""
    return all(abs(a - b) <= _BOX_SLACK_N1000 for a, b in zip(one, other, strict=True))


def same_share(one: float, other: float) -> bool:
    """Return whether two visible shares are the same, give or take a few pixels."""
    return abs(one - other) <= _SHARE_SLACK


def _sight_faults(stored: Mapping[int, Sight], found: Mapping[int, Sight]) -> Iterator[str]:
    for track in sorted({*stored, *found}):
        here, there = stored.get(track), found.get(track)
        if here is None or there is None:
            sliver = (here or there) and (here or there).visible_px <= 2  # type: ignore[union-attr]
            if not sliver:
                text = "is in the view, and not here" if here is None else "is not in the view"
                yield f"track {track} {text}"
        elif not (
            same_box(here.box_n1000, there.box_n1000) and same_share(here.share, there.share)
        ):
            yield (
                f"track {track} is {list(here.box_n1000)}, {here.share:.3f} of it visible; the "
                f"view has {list(there.box_n1000)} and {there.share:.3f}"
            )


def _pair_fault(stored: Compared, found: Compared) -> str:
    same_move = abs(stored.moved_px - found.moved_px) <= 0.1 + _MOVE_SLACK * found.moved_px
    shares = (
        (stored.overlap_before, found.overlap_before),
        (stored.overlap_after, found.overlap_after),
    )
    if (same_move or stored.moved_px == found.moved_px) and all(
        abs(one - other) <= _OVERLAP_SLACK for one, other in shares
    ):
        return ""
    return f"got {stored}, and the views give {found}"
