"""A world small enough to check by hand: upright colored boards before a far wall."""

from dataclasses import dataclass

import numpy as np

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.scene import Anchor, Scene, SceneObject
from builder.core.view import View, ViewQuality


@dataclass(frozen=True)
class Board:
    """A rectangle that faces -z in the scene's frame: metres, +y down."""

    track_id: int
    left_m: float
    top_m: float
    right_m: float
    bottom_m: float
    depth_m: float
    rgb: tuple[int, int, int]


BOARDS = (
    Board(1, -0.9, -0.4, -0.3, 0.5, 2.5, (200, 40, 40)),
    Board(2, 0.2, -0.3, 0.7, 0.4, 2.0, (40, 60, 200)),
    Board(3, 0.5, -0.6, 1.4, 0.1, 3.0, (40, 160, 60)),
)
WALL_M, WALL_RGB = 6.0, (180, 180, 170)


class BoardWorld:
    """Looks at the boards; what no board hides is a wall that has no end."""

    def anchors(self, subset, count, central=False):
        width_px, height_px = (size // 6 for size in subset.protocol.frame_px)
        camera = Camera.from_fov(width_px, height_px, subset.hfov_deg or 54.0)
        return tuple(
            Anchor(index, camera, "exact", Pose(np.eye(3), np.array([0.1 * index, 0, 0])))
            for index in range(count)
        )

    def look(self, scene_from_camera, camera):
        rows, columns = np.indices((camera.height_px, camera.width_px))
        rays = camera.lift(np.stack([columns, rows], axis=-1) + 0.5, np.ones(rows.shape))
        directions = rays @ scene_from_camera.rotation.T
        rgb = np.full((*rows.shape, 3), WALL_RGB, dtype=np.uint8)
        depth_m = self._reach(directions, scene_from_camera, WALL_M)
        instance = np.zeros(rows.shape, dtype=np.int32)
        for board in BOARDS:
            reach = self._reach(directions, scene_from_camera, board.depth_m)
            x, y, _ = np.moveaxis(
                directions * reach[..., None] + scene_from_camera.translation_m, -1, 0
            )
            inside = (x >= board.left_m) & (x < board.right_m)
            inside &= (y >= board.top_m) & (y < board.bottom_m)
            hit = inside & (reach > 0) & ((reach < depth_m) | (depth_m == 0))
            rgb[hit], depth_m[hit], instance[hit] = board.rgb, reach[hit], board.track_id
        visible = {int(i): int((instance == i).sum()) for i in np.unique(instance[instance > 0])}
        seen = depth_m > 0
        quality = ViewQuality(seen=float(seen.mean()))
        return View(rgb, depth_m.astype(np.float32), instance, seen, visible, quality)

    def refusal(self, anchor, trajectory):
        end = anchor.scene_from_anchor @ trajectory.world_from_camera[-1]
        return "collides" if end.translation_m[2] > 1.5 else None

    @staticmethod
    def _reach(directions, scene_from_camera, plane_m):
        with np.errstate(divide="ignore", invalid="ignore"):
            reach = (plane_m - scene_from_camera.translation_m[2]) / directions[..., 2]
        return np.where(np.isfinite(reach) & (reach > 0), reach, 0.0)


def board_scene(scene_id="boards", scene_type="simulated"):
    """Return the scene of the boards."""
    labels = ("red board", "blue board", "green board")
    objects = tuple(SceneObject(i + 1, label) for i, label in enumerate(labels))
    return Scene(
        scene_id, scene_type, "CC0-1.0", "tests/boards.py", "Boards.", objects, BoardWorld()
    )
