"""A world small enough to paint with numpy: a hollow box with colored boxes in it."""

from dataclasses import dataclass

import numpy as np

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.scene import Anchor, Scene, SceneObject, SceneRef
from builder.core.view import View, ViewQuality
from builder.pipeline.tools import Tools
from builder.scenes import SceneSource
from builder.tasks import all_tasks
from builder.teachers import all_backends
from builder.trackers import all_trackers

HALF_M = np.array([4.0, 1.3, 4.0])
SIDE_PX = 48
LABELS = ("chair", "lamp", "box", "table", "plant")


@dataclass(frozen=True, eq=False)
class ToyWorld:
    """A room 8 x 2.6 x 8 metres; objects are (track_id, low corner, high corner)."""

    objects: tuple
    fails_at: str = ""

    def anchors(self, subset, count, central=False):
        hfov_deg = subset.hfov_deg or 54.0
        camera = Camera.from_fov(SIDE_PX, SIDE_PX, hfov_deg)
        return tuple(
            Anchor(
                index,
                camera,
                "exact",
                Pose(Pose.from_yaw(25.0 * index - 20.0).rotation, np.array([0.4 * index, 0.1, -3])),
            )
            for index in range(min(count, 3))
        )

    def look(self, scene_from_camera, camera):
        origin = scene_from_camera.translation_m
        rays = _rays(camera) @ scene_from_camera.rotation.T
        depth, instance = _walls(origin, rays), np.zeros(rays.shape[:2], np.int32)
        for track_id, low, high in self.objects:
            near = _hit(origin, rays, low, high)
            closer = near < depth
            depth, instance = np.where(closer, near, depth), np.where(closer, track_id, instance)
        shade = (np.floor((origin + rays * depth[..., None]) * 4).sum(-1) % 2).astype(int)
        rgb = np.stack([60 + instance * 17 % 160, 90 + instance * 5 % 120, 80 + 90 * shade], -1)
        seen = np.ones(depth.shape, bool)
        return View(
            rgb.astype(np.uint8),
            depth.astype(np.float32),
            instance,
            seen,
            self._alone_px(origin, scene_from_camera, camera, set(np.unique(instance)) - {0}),
            ViewQuality(),
        )

    def refusal(self, anchor, trajectory):
        for pose in trajectory.world_from_camera:
            here = (anchor.scene_from_anchor @ pose).translation_m
            if (np.abs(here) > HALF_M - 0.2).any():
                return "leaves-free-space"
            for _, low, high in self.objects:
                if (here > low - 0.2).all() and (here < high + 0.2).all():
                    return "leaves-free-space"
        return None

    def _alone_px(self, origin, scene_from_camera, camera, ids):
        wide = camera.crop(-SIDE_PX, -SIDE_PX, 3 * SIDE_PX, 3 * SIDE_PX)
        rays = _rays(wide) @ scene_from_camera.rotation.T
        return {
            track_id: int(np.isfinite(_hit(origin, rays, low, high)).sum())
            for track_id, low, high in self.objects
            if track_id in ids
        }


def _rays(camera):
    v, u = np.mgrid[: camera.height_px, : camera.width_px] + 0.5
    return camera.lift(np.stack([u, v], -1), np.ones(u.shape))


def _slabs(origin, rays, low, high):
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = (low - origin) / rays, (high - origin) / rays
    return np.minimum(one, other).max(-1), np.maximum(one, other).min(-1)


def _hit(origin, rays, low, high):
    near, far = _slabs(origin, rays, low, high)
    return np.where((near <= far) & (near > 0.02), near, np.inf)


def _walls(origin, rays):
    return _slabs(origin, rays, -HALF_M, HALF_M)[1]


def toy_scene(scene_id="toy", scene_type="simulated", seed=0):
    rng = np.random.default_rng(seed)
    objects = []
    for track_id in range(1, 13):
        foot = np.array([rng.uniform(-3.5, 3.5), 1.3, rng.uniform(-1.0, 3.5)])
        size = rng.uniform(0.25, 0.8, 3)
        objects.append((track_id, foot - size * [0.5, 1.0, 0.5], foot + size * [0.5, 0.0, 0.5]))
    things = tuple(SceneObject(one, LABELS[one % len(LABELS)]) for one, _, _ in objects)
    return Scene(
        scene_id, scene_type, "CC0-1.0", "made up for tests", "A room.", things,
        ToyWorld(tuple(objects)),
    )  # fmt: skip


class ToySource(SceneSource):
    """Toy rooms, of either type."""

    def __init__(self, name, scene_type):
        self.name, self.scene_type = name, scene_type

    def references(self, count, seed, location):
        most = 1 if self.scene_type == "real" else count
        return tuple(
            SceneRef(self.name, f"{self.name}-{index}", seed, location) for index in range(most)
        )

    def open(self, reference, gates=None):
        index = int(reference.scene_id.rpartition("-")[2])
        return toy_scene(reference.scene_id, self.scene_type, seed=index)


def toy_tools():
    sources = {"rooms": ToySource("rooms", "simulated"), "photos": ToySource("photos", "real")}
    return Tools(sources, all_backends(), all_trackers(), all_tasks())
