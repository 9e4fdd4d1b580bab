"""A stage with its light: bakes once, then looks from anywhere and gives picture and truth."""

from functools import cached_property

import numpy as np

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.view import View, ViewQuality
from builder.render import shade, texture
from builder.render.amodal import alone_px
from builder.render.bake import bake
from builder.render.raster import project
from builder.render.shade import Painter
from builder.render.stage import Lights, Material, Mesh, Stage
from builder.render.sun import shadow_map
from builder.render.weld import surface_of_faces, weld

RAYS = 48


class LitStage:
    """A stage that can be looked at; the light is worked out at the first look.

    Args:
        stage: What there is to see.
        rays: A joint and bounce, for the baked light; more is smoother and slower.
    """

    def __init__(self, stage: Stage, rays: int = RAYS) -> None:
        self.stage = stage
        self.rays = rays

    def look(self, scene_from_camera: Pose, camera: Camera) -> View:
        """Return picture and truth of one view.

        The truth is what pixel centers see, from a raster of its own: antialiasing is for the
        picture only.
        """
        mesh, camera_from_scene = self.stage.mesh, scene_from_camera.inverse()
        projected = project(mesh.vertices_m, mesh.faces, camera_from_scene, camera)
        center = projected.sample()
        rgb = self._painter.paint(scene_from_camera, camera, center, projected.sample(2))
        seen = center.face >= 0
        instance = np.where(seen, mesh.instance[center.face], 0).astype(np.int32)
        visible = np.unique(instance)
        return View(
            rgb=rgb,
            depth_m=center.depth_m(),
            instance=instance,
            seen=seen,
            amodal_px=alone_px(mesh, camera_from_scene, camera, visible[visible > 0].tolist()),
            quality=ViewQuality(),
        )

    @cached_property
    def _painter(self) -> Painter:
        stage = self.stage
        atlas, welded = texture.pack(stage.textures), weld(stage.mesh)
        light = bake(stage, welded, shade.albedo_of_faces(stage, atlas), self.rays)
        casters = stage.mesh.faces[~stage.casts_no_shadow]
        shadows = shadow_map(stage.mesh.vertices_m, casters, stage.lights.to_sun)
        return shade.painter(stage, light, surface_of_faces(stage.mesh, welded), atlas, shadows)
