"""A stage with its light: bakes once, then looks from anywhere and gives picture and truth."""

from dataclasses import replace
from functools import cached_property

import numpy as np

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.view import View, ViewQuality
from builder.render import shade, texture
from builder.render._jit import plain
from builder.render.amodal import alone_px
from builder.render.bake import bake
from builder.render.raster import interpolate, project, rasterize
from builder.render.shade import Painter
from builder.render.stage import Lamp, Lights, Material, Mesh, Stage
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
        self.stage = _plain(stage)
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
        instance = np.where(seen, mesh.instance[center.face], np.int32(0))
        visible = np.flatnonzero(np.bincount(instance.ravel()))
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


def warmup() -> None:
    """Compile every kernel, once for a machine, by a look at a toy stage."""
    stage = _toy()
    camera = Camera(32, 24, (20.0, 21.0), (15.0, 12.5))
    LitStage(stage, rays=4).look(Pose.identity(), camera)
    mesh = stage.mesh
    seen = rasterize(mesh.vertices_m, mesh.faces, Pose.identity(), camera)
    interpolate(seen, (mesh.vertices_m, mesh.faces), Pose.identity(), camera, mesh.uv)


def _toy() -> Stage:
    """Return a floor that passes under the camera, one triangle before it, sun and a lamp."""
    places = [(-9, 1, -1), (9, 1, -1), (0, 1, 9), (-1, -1, 3), (1, -1, 3), (0, 1, 3)]
    normals = [(0, -1, 0)] * 3 + [(0, 0, -1)] * 3
    vertices = np.array(places, np.float32)
    mesh = Mesh(
        vertices,
        np.array(normals, np.float32),
        vertices[:, :2].copy(),
        np.array([(0, 1, 2), (3, 4, 5)], np.int32),
        np.array([0, 1], np.int32),
        np.array([0, 1], np.int32),
    )
    lamp = Lamp((0.0, -2.0, 2.0), (0.0, 1.0, 0.0), 0.1, (1.0, 1.0, 1.0))
    lights = Lights((0.0, -0.8, -0.6), (1.0, 1.0, 1.0), (1.0, 1.0, 1.0), (lamp,))
    materials = Material(0), Material(0, specular=0.5)
    textures = np.full((1, 4, 4, 3), 128, np.uint8)
    return Stage(mesh, textures, materials, lights, np.zeros(2, np.bool_))


def _plain(stage: Stage) -> Stage:
    """Return the stage with its arrays as the kernels want them."""
    mesh = stage.mesh
    vertices, normals, uv = (
        plain(array, np.float32) for array in (mesh.vertices_m, mesh.normals, mesh.uv)
    )
    faces, instance, material = (
        plain(array, np.int32) for array in (mesh.faces, mesh.instance, mesh.material)
    )
    return replace(stage, mesh=Mesh(vertices, normals, uv, faces, instance, material))
