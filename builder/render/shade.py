"""From what each sample sees to a picture: the stage packed for the kernels, and the film."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.render import _samples, _shading, texture
from builder.render._jit import plain
from builder.render.raster import Visibility
from builder.render.stage import Mesh, Stage
from builder.render.sun import ShadowMap
from builder.render.texture import Atlas
from builder.render.weld import face_normals

_BATCH = 1 << 14  # samples at a time: what the passes hand on stays in the cache
_ENCODE_STEPS = 4096
_DARK = 1e-2
_WHITE = 0.85  # scene light that the meter gives white in the usual light

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Painter:
    """A stage with its light worked out, ready to be painted from anywhere.

    Attributes:
        stage: What is painted.
        vertices: (V, 12) float32: place, normal, uv, baked light, 0.
        flats: (F, 3) float32, normals of the faces, on the side of their shading normals.
        surface: (F,) int32, the smooth surface of each face.
        materials: (M, 8) float32: texture, specular, gloss, emission, tint, 0.
        detail: (F,) float32, texels a metre.
        atlas: The textures.
        shadows: Of the sun.
        exposure: What the stage asks for, times what a light meter says.
    """

    stage: Stage
    vertices: Floats
    flats: Floats
    surface: Ints
    materials: Floats
    detail: Floats
    atlas: Atlas
    shadows: ShadowMap
    exposure: float

    def paint(
        self, scene_from_camera: Pose, camera: Camera, center: Visibility, fine: Visibility
    ) -> NDArray[np.uint8]:
        """Return (H, W, 3) uint8 sRGB.

        Args:
            scene_from_camera: Of the camera.
            camera: The lens.
            center: What pixel centers see.
            fine: What 2 x 2 samples a pixel see.
        """
        pixel, face, place = _samples.choose(
            self.surface, (center.face, center.inverse_depth), (fine.face, fine.inverse_depth)
        )
        display = np.zeros((camera.height_px * camera.width_px, 3), np.float32)
        curve = film_curve()
        for low in range(0, len(pixel), _BATCH):
            part = slice(low, low + _BATCH)
            light = self._light(scene_from_camera, camera, face[part], place[part])
            _shading.develop(light, pixel[part], place[part], self.exposure, curve, display)
        rgb = _shading.encode(display, texture.byte_from_linear(_ENCODE_STEPS))
        return rgb.reshape(camera.height_px, camera.width_px, 3)

    def _light(self, scene_from_camera: Pose, camera: Camera, face: Ints, place: Floats) -> Floats:
        """Return (n, 3) linear light that samples send to the eye."""
        mesh, lights = self.stage.mesh, self.stage.lights
        eye = plain(scene_from_camera.translation_m, np.float64)
        rotation = plain(scene_from_camera.rotation, np.float64)
        lens = np.array([*camera.focal_px, *camera.center_px])
        points = _samples.meet(
            (self.vertices, mesh.faces, self.flats), rotation, eye, lens, face, place
        )
        which, materials = mesh.material[face], self.materials
        color = _shading.texture(
            points,
            which,
            materials,
            self.detail[face] / np.float32(camera.focal_px[0]),
            (self.atlas.first, self.atlas.size_px),
            (self.atlas.texels, texture.linear_from_byte()),
        )
        sun = _shading.sunlight(
            points,
            np.array(lights.to_sun),
            (self.shadows.nearness_m, self.shadows.ranges_m),
            self.shadows.map_from_scene,
            self.shadows.texel_m,
        )
        lamps = [(*lamp.center_m, sum(lamp.power) / 3) for lamp in lights.lamps]
        lamp_rows = np.array(lamps, np.float32).reshape(-1, 4)
        shares = sun, _shading.sheen(points, which, materials, eye, lamp_rows)
        glow = materials[:, 3][which]
        light = _shading.reflect(points, color, shares, glow, np.array(lights.sun))
        light[face < 0] = lights.sky
        return light


def painter(
    stage: Stage, light: Floats, surface: Ints, atlas: Atlas, shadows: ShadowMap
) -> Painter:
    """Pack a stage for the kernels.

    Args:
        stage: What is painted.
        light: (V, 3) float32, from `bake`.
        surface: (F,) int32, from `surface_of_faces`.
        atlas: Of the stage's textures.
        shadows: Of the stage's sun.
    """
    mesh = stage.mesh
    vertices = np.zeros((len(mesh.vertices_m), 12), np.float32)
    for column, values in ((0, mesh.vertices_m), (3, mesh.normals), (6, mesh.uv), (8, light)):
        vertices[:, column : column + values.shape[1]] = values
    detail = _detail(mesh, atlas.size_px)
    exposure = stage.exposure * metered(stage, light)
    flats, materials = face_normals(mesh), _materials(stage)
    return Painter(stage, vertices, flats, surface, materials, detail, atlas, shadows, exposure)


def metered(stage: Stage, light: Floats) -> float:
    """Return the exposure at which white things in the room's usual light come out light gray.

    As a photographer's incident meter does: dark furniture stays dark. The usual light is the
    geometric mean over the area of all that does not glow, of the light without the sun.
    """
    mesh = stage.mesh
    a, b, c = (mesh.vertices_m[mesh.faces[:, corner]] for corner in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    area[_materials(stage)[mesh.material, 3] > 0] = 0
    falls = light[mesh.faces].mean(axis=(1, 2))
    area[falls < _DARK] = 0  # inside of furniture, outside of walls
    if not area.any():
        return 1.0
    return float(_WHITE / np.exp((area * np.log(np.maximum(falls, _DARK))).sum() / area.sum()))


@cache
def film_curve() -> Floats:
    """Return display light for scene light x at x / (1 + x) = 0 .. 1, (CURVE_STEPS,) float32.

    Part film, which gives contrast, and part logarithm, which keeps windows and sunlit floors from
    burning out. The film is a fit to the ACES curve (Narkowicz, "ACES filmic tone mapping curve",
    2015), at the 0.6 of its author's exposure.
    """
    place = np.linspace(0, 1, _shading.CURVE_STEPS)[:-1]
    x = np.append(place / (1 - place), 1e6)
    f = 0.6 * x
    film = f * (2.51 * f + 0.03) / (f * (2.43 * f + 0.59) + 0.14)
    slow = np.log1p(4 * x) / np.log1p(4 * 30)
    mixed = 0.65 * np.minimum(film, 1) + 0.35 * np.minimum(slow, 1)
    return np.asarray(mixed, np.float32)


def albedo_of_faces(stage: Stage, atlas: Atlas) -> Floats:
    """Return (F, 3) float32, the mean linear color of each face."""
    rows = _materials(stage)
    color: Floats = atlas.mean[rows[:, 0].astype(np.int64)] * rows[:, 4:7]
    return color[stage.mesh.material]


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
