"""Tracks on generated frames: detection by words, identity by geometry or by dense tracking."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from builder.config.detect import Detect as Settings
from builder.core.errors import PlanError
from builder.core.scene import SceneObject
from builder.core.track import Track
from builder.core.view import View
from builder.trackers import CameraPath, Tracker
from builder.trackers._dense import dense_chains
from builder.trackers._detection import Detection, Found, distinct, tracks_of
from builder.trackers._doubt import without_doubt
from builder.trackers._files import cache_file, read_found, write_found
from builder.trackers._geometry import geometric_chains
from builder.trackers._open_vocabulary import OpenVocabulary

Detector = Callable[[NDArray[np.uint8], Sequence[str]], Sequence[Detection]]

_DEFAULT = Settings()


class Detect(Tracker):
    """Finds objects by their names in every frame, and follows them through all of them."""

    name = "detect"

    def __init__(self, settings: Settings = _DEFAULT, detector: Detector | None = None) -> None:
        """Take settings; the model is loaded when the first frame comes, unless one is given."""
        self._settings, self._detector = settings, detector

    def configured(self, settings: Settings) -> Tracker:
        """Return this tracker with other settings."""
        return Detect(settings, self._detector)

    def tracks(
        self,
        frames: NDArray[np.uint8],
        views: Sequence[View] | None,
        objects: Sequence[SceneObject],
        path: CameraPath | None = None,
    ) -> tuple[Track, ...]:
        """Return what was followed; sightings are counted among all of `frames`.

        Args:
            frames: (N, H, W, 3) uint8: every frame of the video, not only those to be stored.
            views: Not looked at.
            objects: Their labels are looked for; if there are none, those of the settings.
            path: The camera of each frame; needed.

        Raises:
            PlanError: If the camera's path is not given, or does not fit the frames.
            MissingExtra: If the detector or the tracker library is not installed.
            ConfigError: If the model cannot be loaded.
        """
        del views
        if path is None:
            raise PlanError("the tracker 'detect' needs the camera's path, and none was given")
        labels = tuple(sorted({one.label for one in objects})) or self._settings.labels
        return follow(self._found(frames, labels), path, self._settings)

    def _found(self, frames: NDArray[np.uint8], labels: tuple[str, ...]) -> Found:
        kept = cache_file(frames, labels, self._settings)
        size_px = (frames.shape[2], frames.shape[1])
        if kept is not None and kept.is_file():
            return read_found(kept, len(frames), size_px)
        if self._detector is None:
            self._detector = OpenVocabulary(self._settings)
        found = [tuple(self._detector(frame, labels)) for frame in frames]
        if kept is not None:
            write_found(kept, found, size_px)
        return found


def follow(found: Found, path: CameraPath, settings: Settings = _DEFAULT) -> tuple[Track, ...]:
    """Return the objects that detections show, each followed as long as there is no doubt.

    Where depth is known, identity is by geometry; else by dense tracking, which wants all frames.

    Args:
        found: The detections of every frame, from any detector or file (`read_found`).
        path: The camera of every frame.
        settings: How tracks are made.

    Raises:
        PlanError: If the path does not have one pose, and one depth if any, a frame.
        MissingExtra: If the tracker library is needed and not installed.
    """
    counts = {len(found), len(path.world_from_camera)}
    if path.depth_m is not None:
        counts.add(len(path.depth_m))
    if len(counts) > 1:
        raise PlanError(
            f"frames, poses and depths must be as many, got {len(found)} frames of detections, "
            f"{len(path.world_from_camera)} poses"
            + ("" if path.depth_m is None else f", {len(path.depth_m)} depths")
        )
    single = [distinct(here, settings.overlap) for here in found]
    poses, camera = path.world_from_camera, path.camera
    if path.depth_m is not None:
        chains = geometric_chains(single, path.depth_m, poses, camera, settings.max_gap)
        return tracks_of(chains, single)
    chains = dense_chains(single, poses, camera, settings.max_gap)
    sure = without_doubt(chains, single, poses, camera, settings.min_frames)
    return tracks_of(sure, single)


PLUGIN = Detect()
