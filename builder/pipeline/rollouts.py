"""One trajectory, painted: frames from a backend, tracks, and how each two key views compare."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from builder import __version__
from builder.core.camera import Camera
from builder.core.covisibility import Covisibility, covisibility, depth_grid
from builder.core.licenses import joined
from builder.core.pose import Pose
from builder.core.protocol import Subset
from builder.core.rollout import Provenance, Rollout
from builder.core.scene import Anchor, Scene, World
from builder.core.track import Track
from builder.core.trajectory import Trajectory, unroll
from builder.core.view import View, ViewQuality
from builder.pipeline.depthless import turn_pairs
from builder.pipeline.planner import Planned
from builder.pipeline.tools import Compare, Judge, Judged
from builder.store import Schedule
from builder.store.bundle import image_paths, meters_from_mm
from builder.teachers import Backend, Painting, Plan, Rendered
from builder.trackers import CameraPath, Tracker, at_frames

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
        judge: Verifies what a world model painted; None: it is believed.
        compare: Finds again in its frames what a move shows twice, where no depth tells it.
    """

    backend: Backend
    tracker: Tracker
    seed: int
    frames: Literal["keyframes", "all"]
    suffix: str
    judge: Judge | None = None
    compare: Compare | None = None


@dataclass(frozen=True, eq=False)
class Made:
    """A rollout with the pictures that belong to it.

    Attributes:
        rollout: The facts.
        schedule: Where its frames lie in the teacher's video.
        frames: (N, H, W, 3) uint8, one a stored frame.
        conditioning: What a world model was asked in its own terms.
        judged: What the pictures say of the motion; None: nobody looked.
    """

    rollout: Rollout
    schedule: Schedule
    frames: NDArray[np.uint8]
    conditioning: Mapping[str, Any] = field(default_factory=dict)
    judged: Judged | None = None


@dataclass(frozen=True, eq=False)
class Begun:
    """A trajectory that is being painted.

    Attributes:
        scene: The place.
        subset: Whose protocol is followed.
        planned: The trajectory.
        plan: What the backend was asked: of a world model every pose, for whoever follows objects.
        stored: The poses whose frames are kept.
        painter: Who makes it.
        wait: Waits for the frames.
    """

    scene: Scene
    subset: Subset
    planned: Planned
    plan: Plan
    stored: tuple[int, ...]
    painter: Painter
    wait: Painting


class Remembering:
    """A world that keeps its last views: the trajectories of an anchor share their first view."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._views: OrderedDict[tuple[bytes, Camera], View] = OrderedDict()

    def anchors(self, subset: Subset, count: int, central: bool = False) -> tuple[Anchor, ...]:
        """Return the world's own anchors."""
        return self._world.anchors(subset, count, central)

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
    return finish_rollout(begin_rollout(scene, subset, planned, painter))


def begin_rollout(scene: Scene, subset: Subset, planned: Planned, painter: Painter) -> Begun:
    """Plan one trajectory and have its painting begun.

    Raises:
        PlanError: If the backend cannot do it.
    """
    backend, anchor = painter.backend, planned.anchor
    trajectory = unroll(planned.actions, subset.protocol)
    stored = wanted_poses(trajectory, painter.frames)
    painted = wanted_poses(trajectory, "all") if backend.needs_gpu else stored
    plan = backend.plan(trajectory, anchor.camera, painted)
    wait = backend.begin(scene, anchor, plan, painter.seed)
    return Begun(scene, subset, planned, plan, stored, painter, wait)


def finish_rollout(begun: Begun) -> Made:
    """Wait for the frames and gather what tasks may know about them.

    Raises:
        RolloutFailed: If this trajectory could not be painted, others may.
        BackendError: If the backend cannot paint any.
    """
    rendered, plan, painter = begun.wait(), begun.plan, begun.painter
    scene, planned = begun.scene, begun.planned
    stored = [plan.wanted.index(pose) for pose in begun.stored]
    poses = tuple(plan.poses[index] for index in stored)
    keys = tuple(begun.stored.index(pose) for pose in plan.trajectory.keyframes)
    views = None if rendered.views is None else [rendered.views[index] for index in stored]
    known = _geometry(begun) if views is None else [views[key] for key in keys]
    rollout = Rollout(
        subset=begun.subset.name,
        scene_id=scene.scene_id,
        trajectory_id=planned.trajectory_id,
        anchor=planned.anchor.index,
        camera=plan.camera,
        camera_source=planned.anchor.camera_source,
        actions=planned.actions,
        world_from_camera=poses,
        keys=keys,
        images=image_paths(scene.scene_id, planned.trajectory_id, len(stored), painter.suffix),
        tracks=_tracks(begun, rendered, stored),
        quality=_qualities(views, len(stored)),
        covisibility=_compare(known, [poses[key] for key in keys], plan.camera)
        if known
        else _shared(begun, rendered),
        depth_grids_m=tuple(_grid_m(view) for view in known),
        provenance=_provenance(scene, painter),
    )
    schedule = _schedule(plan, begun.stored)
    judged = _judged(begun, rendered)
    return Made(rollout, schedule, rendered.frames[stored], plan.conditioning, judged)


def _geometry(begun: Begun) -> list[View]:
    """Return the place's own views at the keys, for frames that come without any truth.

    They say how far a picture should move and how much two views should share; that what was
    painted keeps to it is for the judge to say. No box and no identity is taken from them. A place
    without depth has none.
    """
    if not begun.scene.has_depth:
        return []
    plan, start = begun.plan, begun.planned.anchor.scene_from_anchor
    poses = [plan.trajectory.world_from_camera[key] for key in plan.trajectory.keyframes]
    return [begun.scene.world.look(start @ pose, plan.camera) for pose in poses]


def _shared(begun: Begun, rendered: Rendered) -> Mapping[tuple[int, int], Covisibility]:
    """Return how keys compare without depth: turns exactly, moves as the pictures show them."""
    plan, compare = begun.plan, begun.painter.compare
    keys = _key_frames(plan)
    pairs = dict(turn_pairs([plan.poses[key] for key in keys], plan.camera))
    if compare is not None:
        pairs |= compare(list(rendered.frames), plan.poses, plan.camera, keys)
    return pairs


def _key_frames(plan: Plan) -> list[int]:
    return [plan.wanted.index(pose) for pose in plan.trajectory.keyframes]


def _tracks(begun: Begun, rendered: Rendered, stored: Sequence[int]) -> tuple[Track, ...]:
    """Return tracks over the stored frames; without truth they are followed through all frames."""
    tracker, objects = begun.painter.tracker, begun.scene.objects
    if rendered.views is not None:
        views = [rendered.views[index] for index in stored]
        return tracker.tracks(rendered.frames[list(stored)], views, objects)
    path = CameraPath(begun.plan.camera, begun.plan.poses)
    return at_frames(tracker.tracks(rendered.frames, None, objects, path), stored)


def _judged(begun: Begun, rendered: Rendered) -> Judged | None:
    if rendered.views is not None or begun.painter.judge is None:
        return None
    plan = begun.plan
    keys = _key_frames(plan)
    return begun.painter.judge(list(rendered.frames), plan.poses, plan.camera, keys)


def wanted_poses(trajectory: Trajectory, frames: str) -> tuple[int, ...]:
    """Return the poses whose frames are stored: key poses, or all up to the last action's end."""
    if frames == "all":
        return tuple(range(trajectory.keyframes[-1] + 1))
    return trajectory.keyframes


def _schedule(plan: Plan, stored: tuple[int, ...]) -> Schedule:
    frame_ids = tuple(plan.frame_of_pose[pose] for pose in stored)
    return Schedule(plan.trajectory, stored, frame_ids)


def _provenance(scene: Scene, painter: Painter) -> Provenance:
    license_ = joined(scene.license, painter.backend.output_license)
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
