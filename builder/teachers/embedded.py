"""The embedded backend: paints every view on the CPU, from geometry whose truth is exact."""

import numpy as np

from builder.core.camera import Camera
from builder.core.scene import Anchor, Scene
from builder.core.trajectory import Trajectory
from builder.core.view import View
from builder.teachers import Backend, Plan, Rendered, check_wanted


class Embedded(Backend):
    """Looks at the scene's own world; follows the protocol of either teacher."""

    name = "embedded"
    teachers = ("svc", "hy-worldplay")
    needs_gpu = False
    output_license = None
    _last: tuple[Scene, Anchor, Camera, View] | None = None

    def plan(self, trajectory: Trajectory, camera: Camera, wanted: tuple[int, ...]) -> Plan:
        """Plan one painted view a wanted pose.

        Raises:
            PlanError: If `wanted` is not an ascending list of scheduled poses that begins at 0.
        """
        check_wanted(trajectory, wanted)
        frames = tuple(map(trajectory.frame_of, range(len(trajectory.world_from_camera))))
        return Plan(trajectory, wanted, frames, camera, forwards=len(wanted))

    def render(self, scene: Scene, anchor: Anchor, plan: Plan, seed: int) -> Rendered:
        """Look from each wanted pose; the picture depends on no seed."""
        del seed
        moved = [
            scene.world.look(anchor.scene_from_anchor @ pose, plan.camera)
            for pose in plan.poses[1:]
        ]
        views = (self._first_view(scene, anchor, plan.camera), *moved)
        return Rendered(np.stack([view.rgb for view in views]), views)

    def close(self) -> None:
        """Forget the last anchor's view."""
        self._last = None

    def _first_view(self, scene: Scene, anchor: Anchor, camera: Camera) -> View:
        """Look from the anchor, once for all trajectories that start there one after another."""
        if self._last is None or self._last[:3] != (scene, anchor, camera):
            view = scene.world.look(anchor.scene_from_anchor, camera)
            self._last = (scene, anchor, camera, view)
        return self._last[3]


PLUGIN = Embedded()
