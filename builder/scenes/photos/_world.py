"""A photograph that can be looked at from elsewhere."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from builder.config import Gates
from builder.core.box import Box
from builder.core.camera import Camera
from builder.core.errors import SceneError
from builder.core.pose import Pose
from builder.core.protocol import Subset
from builder.core.scene import Anchor, CameraSource
from builder.core.trajectory import Trajectory
from builder.core.view import View, ViewQuality
from builder.scenes.photos._crops import central_crops, crops

if TYPE_CHECKING:
    from builder.render.relief import Relief

FAR_M = 1000.0  # where a photograph without depth is hung up: as good as infinitely far for turns
_STILL_M = 1e-9


@dataclass(frozen=True, eq=False)
class PhotoWorld:
    """A relief, from which crops are the anchors; the scene's frame is the photograph's camera.

    Attributes:
        relief: The photograph, at the size it is worked with.
        camera: Of the photograph, at its full size.
        camera_source: How the camera is known.
        has_depth: Without depth only turns can be taken.
        gates: What may be shown.
    """

    relief: "Relief"
    camera: Camera
    camera_source: CameraSource
    has_depth: bool
    gates: Gates = field(default_factory=Gates)
    _glances: dict[tuple[bytes, bytes, Camera], ViewQuality] = field(
        default_factory=dict, repr=False
    )

    def anchors(self, subset: Subset, count: int, central: bool = False) -> tuple[Anchor, ...]:
        """Return up to `count` crops of the photograph, each with its own intrinsics."""
        frame_px, photo_px = subset.protocol.frame_px, self.camera.size_px
        windows = (
            central_crops(photo_px, frame_px, self.camera.center_px, count)
            if central
            else crops(photo_px, frame_px, self._boxes_px(), count)
        )
        return tuple(
            Anchor(
                index=index,
                camera=self.camera.crop(*window).resize(*frame_px),
                camera_source=self.camera_source,
                scene_from_anchor=Pose.identity(),
                crop_px=window,
            )
            for index, window in enumerate(windows)
        )

    def look(self, scene_from_camera: Pose, camera: Camera) -> View:
        """Paint one view and its truth; what the photograph did not see is filled, never truth.

        Raises:
            SceneError: If the camera moved and the photograph has no depth.
        """
        if not self.has_depth and _is_moved(scene_from_camera):
            raise SceneError(
                "this photograph has no depth, so only turns can be taken from it; for moves give "
                "it a depth file (16-bit PNG in millimetres, or .npy in metres)"
            )
        return self.relief.look(scene_from_camera, camera)

    def refusal(self, anchor: Anchor, trajectory: Trajectory) -> str | None:
        """Return why a key pose of a trajectory should not be shown, else None."""
        for pose in trajectory.keyframes:
            moved = anchor.scene_from_anchor @ trajectory.world_from_camera[pose]
            if reason := self._refusal(moved, anchor.camera):
                return reason
        return None

    def _refusal(self, scene_from_camera: Pose, camera: Camera) -> str | None:
        if not self.has_depth and _is_moved(scene_from_camera):
            return "no-depth"
        key = _key(scene_from_camera, camera)
        if key not in self._glances:
            self._glances[key] = self.relief.glance(scene_from_camera, camera)
        quality, gates = self._glances[key], self.gates
        failed = {
            "border": quality.border > gates.max_border,
            "holes": quality.holes > gates.max_holes,
            "too-little-seen": quality.seen < gates.min_seen,
            "enlarged": quality.enlargement > gates.max_enlargement,
        }
        return next((reason for reason, is_so in failed.items() if is_so), None)

    def _boxes_px(self) -> NDArray[np.float64]:
        """Return (N, 4) boxes of the annotated objects, pixels of the full photograph."""
        instance = self.relief.instance
        scale = self.camera.width_px / instance.shape[1]
        names = sorted(set(np.unique(instance).tolist()) - {0})
        boxes = [Box.around(instance == name).corners_px() for name in names]
        return np.asarray(np.array(boxes, dtype=np.float64).reshape(-1, 4) * scale)


def _key(pose: Pose, camera: Camera) -> tuple[bytes, bytes, Camera]:
    """Name a glance: poses that agree to a micrometer and a microradian are one."""
    return pose.rotation.round(6).tobytes(), pose.translation_m.round(6).tobytes(), camera


def _is_moved(pose: Pose) -> bool:
    return bool(np.abs(pose.translation_m).max() > _STILL_M)
