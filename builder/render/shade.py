"""From what each sample sees to a picture: the stage packed for the kernels, and the film."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.render import _shading, texture
from builder.render._shading import Eye, Film, Lighting, Paint, Surfaces
from builder.render.raster import Visibility
from builder.render.stage import Mesh, Stage
from builder.render.sun import ShadowMap
from builder.render.texture import Atlas

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Painter:
    """A stage with its light worked out, ready to be painted from anywhere."""

    surfaces: Surfaces
    paint: Paint
    lighting: Lighting
    film: Film

    def paint_view(
        self, scene_from_camera: Pose, camera: Camera, center: Visibility, fine: Visibility
    ) -> NDArray[np.uint8]:
        """Return (H, W, 3) uint8 sRGB.

        Args:
            scene_from_camera: Of the camera.
            camera: The lens.
            center: What pixel centers see.
            fine: What 2 x 2 samples a pixel see.
        """
        lens = np.array([*camera.focal_px, *camera.center_px])
        eye = Eye(scene_from_camera.rotation, scene_from_camera.translation_m, lens)
        rgb = np.empty((camera.height_px, camera.width_px, 3), np.uint8)
        _shading.paint_pixels(
            (self.surfaces, self.paint, self.lighting),
            eye,
            self.film,
            (center.face, center.inverse_depth),
            (fine.face, fine.inverse_depth),
            rgb,
        )
        return rgb


def painter(
    stage: Stage, light: Floats, surface: NDArray[np.int32], atlas: Atlas, shadows: ShadowMap
) -> Painter:
    """Pack a stage for the kernels.

    Args:
        stage: What is painted.
        light: (V, 3) float32, from `bake`.
        surface: (F,) int32, from `surface_of_faces`.
        atlas: Of the stage's textures.
        shadows: Of the stage's sun.
    """
    mesh, lights = stage.mesh, stage.lights
    vertices = np.zeros((len(mesh.vertices_m), 12), np.float32)
    for column, values in ((0, mesh.vertices_m), (3, mesh.normals), (6, mesh.uv), (8, light)):
        vertices[:, column : column + values.shape[1]] = values
    marks = np.stack([mesh.material, surface], axis=1).astype(np.int32)
    surfaces = Surfaces(vertices, _ints(mesh.faces), marks, _detail(mesh, atlas.size_px))
    paint = Paint(
        _materials(stage), atlas.texels, atlas.first, atlas.size_px, texture.linear_from_byte()
    )
    lamps = [(*lamp.center_m, sum(lamp.power) / 3) for lamp in lights.lamps]
    lighting = Lighting(
        np.array(lights.to_sun, np.float32),
        np.array(lights.sun, np.float32),
        shadows.nearness_m,
        shadows.map_from_scene,
        shadows.texel_m,
        np.array(lamps, np.float32).reshape(-1, 4),
    )
    film = Film(
        float(stage.exposure),
        np.array(lights.sky, np.float32),
        film_curve(),
        texture.byte_from_linear(4096),
    )
    return Painter(surfaces, paint, lighting, film)


def film_curve() -> Floats:
    """Return display light for scene light x at x / (1 + x) = 0 .. 1, (CURVE_STEPS,) float32.

    Source: a fit to the ACES film curve (Narkowicz, "ACES filmic tone mapping curve", 2015).
    """
    place = np.linspace(0, 1, _shading.CURVE_STEPS)[:-1]
    x = np.append(place / (1 - place), 1e6)
    return np.clip(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0, 1).astype(np.float32)


def albedo_of_faces(stage: Stage, atlas: Atlas) -> Floats:
    """Return (F, 3) float32, the mean linear color of each face."""
    rows = _materials(stage)
    color = atlas.mean[rows[:, 0].astype(np.int64)] * rows[:, 4:7]
    return np.asarray(color[stage.mesh.material], np.float32)


def _materials(stage: Stage) -> Floats:
    rows = [
        (one.texture, one.specular, one.gloss, one.emission, *one.tint, 0.0)
        for one in stage.materials
    ]
    return np.array(rows, np.float32).reshape(-1, 8)


def _detail(mesh: Mesh, size_px: int) -> Floats:
    """Return (F,) texels of level 0 a metre of each face."""
    a, b, c = (mesh.vertices_m[mesh.faces[:, corner]] for corner in range(3))
    on_face = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    u, v, w = (mesh.uv[mesh.faces[:, corner]] for corner in range(3))
    p, q = v - u, w - u
    on_texture = np.abs(p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0])
    return np.asarray(size_px * np.sqrt(on_texture / np.maximum(on_face, 1e-12)), np.float32)


def _ints(array: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.ascontiguousarray(array, np.int32)
