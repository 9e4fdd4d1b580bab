"""One trajectory, painted: frames from a backend, tracks, and how each two key views compare."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from builder import __version__
from builder.core.camera import Camera
from builder.core.covisibility import Covisibility, covisibility, depth_grid
from builder.core.pose import Pose
from builder.core.protocol import Subset
from builder.core.rollout import Provenance, Rollout
from builder.core.scene import Anchor, Scene, World
from builder.core.trajectory import Trajectory, unroll
from builder.core.view import View, ViewQuality
from builder.pipeline.planner import Planned
from builder.store import Schedule
from builder.store.bundle import image_paths, meters_from_mm
from builder.teachers import Backend, Plan
from builder.trackers import Tracker

_REMEMBERED_VIEWS = 12


@dataclass(frozen=True)
class Painter:
    """Who makes rollouts, and how.

    Attributes:
        backend: An opened backend.
        tracker: Finds the objects.
        seed: The build's seed.
        frames: "keyframes" or "all".
        suffix: Of the stored pictures.
    """

    backend: Backend
    tracker: Tracker
    seed: int
    frames: Literal["keyframes", "all"]
    suffix: str


@dataclass(frozen=True, eq=False)
class Made:
    """A rollout with the pictures that belong to it.

    Attributes:
        rollout: The facts.
        schedule: Where its frames lie in the teacher's video.
        frames: (N, H, W, 3) uint8, one a stored frame.
    """

    rollout: Rollout
    schedule: Schedule
    frames: NDArray[np.uint8]


class Remembering:
    """A world that keeps its last views: the trajectories of an anchor share their first view."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._views: OrderedDict[tuple[bytes, Camera], View] = OrderedDict()

    def anchors(self, subset: Subset, count: int) -> tuple[Anchor, ...]:
        """Return the world's own anchors."""
        return self._world.anchors(subset, count)

    def refusal(self, anchor: Anchor, trajectory: Trajectory) -> str | None:
        """Return the world's own answer."""
        return self._world.refusal(anchor, trajectory)

    def look(self, scene_from_camera: Pose, camera: Camera) -> View:
        """Return the view, painted once while it is remembered."""
        key = (scene_from_camera.matrix().tobytes(), camera)
        if key not in self._views:
            self._views[key] = self._world.look(scene_from_camera, camera)
            if len(self._views) > _REMEMBERED_VIEWS:
                self._views.popitem(last=False)
        self._views.move_to_end(key)
        return self._views[key]


def remembering(scene: Scene) -> Scene:
    """Return the scene with a world that keeps its last views."""
    return replace(scene, world=Remembering(scene.world))


def make_rollout(scene: Scene, subset: Subset, planned: Planned, painter: Painter) -> Made:
    """Paint one trajectory and gather what tasks may know about it.

    Raises:
        PlanError: If the backend cannot do it.
        BackendError: If painting fails.
    """
    anchor = planned.anchor
    trajectory = unroll(planned.actions, subset.protocol)
    plan = painter.backend.plan(trajectory, anchor.camera, wanted_poses(trajectory, painter.frames))
    rendered = painter.backend.render(scene, anchor, plan, painter.seed)
    keys = tuple(plan.wanted.index(pose) for pose in trajectory.keyframes)
    views = rendered.views
    key_views = [views[key] for key in keys] if views is not None else []
    rollout = Rollout(
        subset=subset.name,
        scene_id=scene.scene_id,
        trajectory_id=planned.trajectory_id,
        anchor=anchor.index,
        camera=plan.camera,
        camera_source=anchor.camera_source,
        actions=planned.actions,
        world_from_camera=plan.poses,
        keys=keys,
        images=image_paths(scene.scene_id, planned.trajectory_id, len(plan.wanted), painter.suffix),
        tracks=painter.tracker.tracks(rendered.frames, views, scene.objects),
        quality=_qualities(views, len(plan.wanted)),
        covisibility=_compare(key_views, [plan.poses[key] for key in keys], plan.camera),
        depth_grids_m=tuple(_grid_m(view) for view in key_views),
        provenance=_provenance(scene, painter),
    )
    return Made(rollout, _schedule(plan), rendered.frames)


def wanted_poses(trajectory: Trajectory, frames: str) -> tuple[int, ...]:
    """Return the poses whose frames are stored: key poses, or all up to the last action's end."""
    if frames == "all":
        return tuple(range(trajectory.keyframes[-1] + 1))
    return trajectory.keyframes


def _schedule(plan: Plan) -> Schedule:
    frame_ids = tuple(plan.frame_of_pose[pose] for pose in plan.wanted)
    return Schedule(plan.trajectory, plan.wanted, frame_ids)


def _provenance(scene: Scene, painter: Painter) -> Provenance:
    output = painter.backend.output_license
    license_ = scene.license if output is None else f"{scene.license} AND {output}"
    return Provenance(painter.backend.name, painter.seed, __version__, license_, scene.source)


def _qualities(views: Sequence[View] | None, frames: int) -> tuple[ViewQuality, ...]:
    """Return rounded shares; a backend without truth saw all of what it made up."""
    if views is None:
        return (ViewQuality(),) * frames
    return tuple(
        ViewQuality(
            *(
                round(float(value), 4)
                for value in (
                    view.quality.seen,
                    view.quality.holes,
                    view.quality.border,
                    view.quality.enlargement,
                )
            )
        )
        for view in views
    )


def _compare(
    views: Sequence[View], poses: Sequence[Pose], camera: Camera
) -> Mapping[tuple[int, int], Covisibility]:
    layers = [(view.depth_m, view.seen) for view in views]
    pairs = {}
    for after in range(len(views)):
        for before in range(after):
            before_from_after = poses[before].inverse() @ poses[after]
            pair = covisibility(layers[before], layers[after], camera, before_from_after)
            pairs[before, after] = Covisibility(
                round(pair.displacement_px, 3),
                round(pair.overlap_before, 4),
                round(pair.overlap_after, 4),
            )
    return pairs


def _grid_m(view: View) -> NDArray[np.float32]:
    """Return seen depths on a grid, in whole millimetres, as they will be stored."""
    seen_m = np.where(view.seen, view.depth_m, np.float32(0))
    return meters_from_mm(np.rint(depth_grid(seen_m).astype(np.float64) * 1000.0))
