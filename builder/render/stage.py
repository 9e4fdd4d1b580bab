"""What can be drawn: a triangle mesh with textures, materials and lights, in the scene's frame."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import GeometryError


@dataclass(frozen=True, eq=False)
class Mesh:
    """Triangles, each of one material and one instance.

    Attributes:
        vertices_m: (V, 3) float32, metres, scene frame (+y down).
        normals: (V, 3) float32, unit length, outward; shading normals.
        uv: (V, 2) float32, texture coordinates; (0, 0) is the texture's top left, it repeats.
        faces: (F, 3) int32, vertex indices; counter-clockwise seen from outside.
        instance: (F,) int32, `track_id` of the object, 0 for what is no object.
        material: (F,) int32, index into the materials of the stage.
    """

    vertices_m: NDArray[np.float32]
    normals: NDArray[np.float32]
    uv: NDArray[np.float32]
    faces: NDArray[np.int32]
    instance: NDArray[np.int32]
    material: NDArray[np.int32]

    def __post_init__(self) -> None:
        vertices, faces = len(self.vertices_m), len(self.faces)
        expected = {
            "vertices_m": (vertices, 3),
            "normals": (vertices, 3),
            "uv": (vertices, 2),
            "faces": (faces, 3),
            "instance": (faces,),
            "material": (faces,),
        }
        for name, shape in expected.items():
            got = getattr(self, name).shape
            if got != shape:
                raise GeometryError(f"mesh.{name} must have shape {shape}, got {got}")


@dataclass(frozen=True, slots=True)
class Material:
    """How a surface answers light.

    Attributes:
        texture: Index into the textures of the stage.
        tint: Linear RGB factor on the texture.
        specular: Strength of the highlight, 0..1.
        gloss: Its sharpness; larger is sharper.
        emission: Radiance given off, as a factor on the texture's linear color; 0 for most.
    """

    texture: int
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    specular: float = 0.0
    gloss: float = 20.0
    emission: float = 0.0


@dataclass(frozen=True, slots=True)
class Lamp:
    """A disk that shines to one side (to all sides if `normal` is zero).

    Attributes:
        center_m: Scene frame, metres.
        normal: Unit vector into the lit side, or (0, 0, 0).
        radius_m: Of the disk.
        power: Linear RGB radiant intensity.
    """

    center_m: tuple[float, float, float]
    normal: tuple[float, float, float]
    radius_m: float
    power: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Lights:
    """What lights a stage.

    Attributes:
        to_sun: Unit vector towards the sun, scene frame (+y down, so y < 0 above the horizon).
        sun: Linear RGB irradiance on a surface that faces the sun.
        sky: Linear RGB radiance where a ray leaves the scene.
        lamps: Area lights.
    """

    to_sun: tuple[float, float, float]
    sun: tuple[float, float, float]
    sky: tuple[float, float, float]
    lamps: tuple[Lamp, ...]


@dataclass(frozen=True, eq=False)
class Stage:
    """A mesh with all that its picture needs.

    Attributes:
        mesh: The triangles.
        textures: (T, S, S, 3) uint8, sRGB; S is a power of two.
        materials: What `mesh.material` points to.
        lights: Sun, sky and lamps.
        casts_no_shadow: (F,) bool; faces that the sun passes (the outdoor backdrop, glass).
        exposure: Factor on the exposure that a light meter chooses (`shade.metered`); 1 for most.
    """

    mesh: Mesh
    textures: NDArray[np.uint8]
    materials: tuple[Material, ...]
    lights: Lights
    casts_no_shadow: NDArray[np.bool_]
    exposure: float = 1.0
