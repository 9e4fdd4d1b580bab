"""Places without depth: what a world model may be asked there, and what is then known of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from builder.core.camera import Camera
from builder.core.covisibility import Covisibility
from builder.core.pose import Pose
from builder.core.protocol import Subset
from builder.core.rollout import Rollout
from builder.core.scene import Anchor, Scene, World
from builder.core.trajectory import Trajectory
from builder.core.view import View
from builder.store.foreign import turn_only_covisibility
from builder.store.foreign.turns import is_turn_only, nominal_grid_m


class _Imagined:
    """A photograph without depth whose other views a world model makes up: nothing is refused."""

    def __init__(self, world: World) -> None:
        self._world = world

    def anchors(self, subset: Subset, count: int, central: bool = False) -> tuple[Anchor, ...]:
        """Return the photograph's own anchors."""
        return self._world.anchors(subset, count, central)

    def look(self, scene_from_camera: Pose, camera: Camera) -> View:
        """Return the photograph's own view."""
        return self._world.look(scene_from_camera, camera)

    def refusal(self, anchor: Anchor, trajectory: Trajectory) -> None:
        """Return None: how far it is to a wall, and what is beyond the edge, nobody knows."""
        del anchor, trajectory


def for_painter(scene: Scene, paints_unseen: bool) -> Scene:
    """Return the place as trajectories are planned in it.

    Args:
        scene: The place.
        paints_unseen: Whether a world model paints, which needs to have seen nothing but the
            anchor. Who lifts the photograph itself can only turn in it, as far as it was seen.
    """
    if scene.has_depth or not paints_unseen:
        return scene
    return replace(scene, world=_Imagined(scene.world))


def turn_pairs(
    world_from_camera: Sequence[Pose], camera: Camera
) -> Mapping[tuple[int, int], Covisibility]:
    """Return the covisibility of keys that only a turn lies between, exact without depth."""
    pairs = {}
    for after, pose in enumerate(world_from_camera):
        for before in range(after):
            before_from_after = world_from_camera[before].inverse() @ pose
            if is_turn_only(before_from_after):
                pairs[before, after] = turn_only_covisibility(camera, before_from_after)
    return pairs


def as_asked(rollout: Rollout) -> Rollout:
    """Return a rollout without depth as tasks may see it: with a nominal depth.

    Where a turn takes a pixel does not depend on its depth; what would depend on it is dropped by
    `proof_drop`. The nominal grids are never stored.
    """
    if rollout.depth_grids_m:
        return rollout
    return replace(rollout, depth_grids_m=(nominal_grid_m(),) * len(rollout.keys))
