"""A made-up room as something to look at, to stand in, and to walk through."""

from functools import cached_property

import numpy as np

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.protocol import Subset
from builder.core.scene import Anchor, SceneRef
from builder.core.seeding import rng_for
from builder.core.trajectory import Trajectory
from builder.core.view import View
from builder.render.lit import LitStage
from builder.render.stage import Stage
from builder.scenes.rooms import views
from builder.scenes.rooms.freespace import FreeSpace
from builder.scenes.rooms.room import Room
from builder.scenes.rooms.shapes import Array
from builder.scenes.rooms.staging import stage_of

WALK_MARGIN_M = 0.25
_SAMPLE_M = 0.04
_MOST_ANCHORS = 12


class RoomWorld:
    """A furnished room that can be looked at; light is baked at the first look.

    Args:
        room: What stands where.
        reference: Whose seed and name decide light and anchors.
    """

    def __init__(self, room: Room, reference: SceneRef) -> None:
        self.room = room
        self._reference = reference

    @cached_property
    def space(self) -> FreeSpace:
        """Where a camera may go."""
        return FreeSpace.of(self.room.plan, self.room.placed)

    @cached_property
    def stage(self) -> Stage:
        """The room as triangles, in the scene's frame."""
        return stage_of(self.room, self._rng("light"))

    @cached_property
    def _lit(self) -> LitStage:
        return LitStage(self.stage)

    @cached_property
    def _poses(self) -> tuple[Pose, ...]:
        labels = tuple(placed.piece.label for placed in self.room.objects)
        return views.choose(self.stage, self.space, labels, self._rng("anchors"), _MOST_ANCHORS)

    def anchors(self, subset: Subset, count: int, central: bool = False) -> tuple[Anchor, ...]:
        """Return up to `count` anchors, at most 12; both teachers start from the same poses."""
        del central  # a room's cameras always are
        camera = camera_of(subset)
        return tuple(
            Anchor(index, camera, "exact", pose) for index, pose in enumerate(self._poses[:count])
        )

    def look(self, scene_from_camera: Pose, camera: Camera) -> View:
        """Paint one view and its truth."""
        return self._lit.look(scene_from_camera, camera)

    def refusal(self, anchor: Anchor, trajectory: Trajectory) -> str | None:
        """Return "collides" if the camera comes within 0.25 m of anything on its way."""
        stops = np.array([pose.translation_m for pose in trajectory.world_from_camera])
        path_m = anchor.scene_from_anchor.apply(_walked(stops))[:, [0, 2]]
        return "collides" if bool((self.space.at(path_m) < WALK_MARGIN_M).any()) else None

    def _rng(self, name: str) -> np.random.Generator:
        return rng_for(self._reference.seed, self._reference.scene_id, name)


def camera_of(subset: Subset) -> Camera:
    """Return the camera of a subset's frames: its anchor's, after the teacher's crop.

    Example:
        >>> from builder.core.protocol import subset_named
        >>> round(camera_of(subset_named("svc-simulated")).hfov_deg, 1)
        73.7
    """
    anchor = Camera.from_fov(*subset.anchor_px, subset.hfov_deg or 75.0)
    return anchor.cover(*subset.protocol.frame_px)


def _walked(stops: Array) -> Array:
    """Return points on the way through all stops, at most 4 cm apart."""
    steps = np.diff(stops, axis=0)
    counts = np.ceil(np.linalg.norm(steps, axis=1) / _SAMPLE_M).astype(np.int64)
    start = np.repeat(stops[:-1], counts, axis=0)
    share = np.concatenate(
        [np.arange(1, count + 1) / count for count in counts if count > 0] or [[]]
    )
    return np.concatenate([stops[:1], start + np.repeat(steps, counts, axis=0) * share[:, None]])
