"""A picture of depths as triangles: neighbors joined where the surface goes on, cut where not."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.render._jit import jit
from builder.render.raster import Projected, project

CUT_RATIO = 1.03  # of the depths in a quad; figures in docs/measured.md, the picture test

COARSE_CUT_RATIO = 1.035  # of quads several pixels wide: agrees with `lift` on holes to 0.02

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Surface:
    """Triangles that face the camera they were seen from.

    Attributes:
        vertices_m: (V, 3) float32, metres.
        faces: (F, 3) int32.
        planes: (F, 4) float32; `planes @ (eye, 1)` > 0 for eyes in front of the face.
        pixel: (V,) int32, index of the pixel that each vertex lies in, row by row.
    """

    vertices_m: Floats
    faces: Ints
    planes: Floats
    pixel: Ints

    def project(self, camera_from_surface: Pose, camera: Camera) -> Projected:
        """Put the faces that turn to the camera on its screen.

        A relief has no backs: a face seen from behind would be a wall that nobody has seen.
        """
        eye = camera_from_surface.inverse().translation_m
        front = _facing(self.faces, self.planes, eye)
        return project(self.vertices_m, front, camera_from_surface, camera)

    def part(self, region: NDArray[np.bool_]) -> "Surface":
        """Return the faces that touch a region of the picture, (H, W) bool."""
        touches = region.reshape(-1)[self.pixel][self.faces].any(axis=1)
        used, faces = np.unique(self.faces[touches], return_inverse=True)
        return Surface(
            self.vertices_m[used],
            faces.reshape(-1, 3).astype(np.int32),
            self.planes[touches],
            self.pixel[used],
        )


def lift(depth_m: Floats, camera: Camera, cut_ratio: float = CUT_RATIO) -> Surface:
    """Return the surface through the pixels of a picture of depths.

    Pixel centers are the vertices; a ring around them carries the surface to the picture's edge.
    Where the depths of a quad differ by more than `cut_ratio` each pixel keeps its own quarter of
    the quad, at its own depth: a silhouette then ends halfway between two pixels, and no rubber
    sheet is spanned from the near thing to the far one.

    Args:
        depth_m: (H, W) float32, metres along +z, all greater than 0.
        camera: Of the picture.
        cut_ratio: Largest depth over smallest within a quad that still holds together.
    """
    height, width = depth_m.shape
    index = np.arange(height * width, dtype=np.int32).reshape(height, width)
    pixel = np.pad(index, 1, mode="edge")
    columns = np.clip(np.arange(-1, width + 1) + 0.5, 0, width)
    rows = np.clip(np.arange(-1, height + 1) + 0.5, 0, height)
    uv_px = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    corners = _corners(np.arange(pixel.size, dtype=np.int32).reshape(pixel.shape))
    pixel = pixel.reshape(-1)
    depths = depth_m.reshape(-1)[pixel[corners]]
    cut = depths.max(axis=1) > depths.min(axis=1) * cut_ratio
    patches_px = _quarters(uv_px[corners[cut]]).reshape(-1, 2)
    patch_corners = np.arange(len(patches_px), dtype=np.int32).reshape(-1, 4) + len(uv_px)
    quads = np.concatenate([corners[~cut], patch_corners])
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [1, 3, 2]]])
    pixel = np.concatenate([pixel, np.repeat(pixel[corners[cut]].reshape(-1), 4)])
    uv_px = np.concatenate([uv_px, patches_px])
    vertices_m = camera.lift(uv_px, depth_m.reshape(-1)[pixel]).astype(np.float32)
    return Surface(vertices_m, faces, _planes(vertices_m, faces), pixel)


def lift_coarse(
    depth_m: Floats, camera: Camera, step_px: int, cut_ratio: float = COARSE_CUT_RATIO
) -> Surface:
    """Return `lift` of every `step_px`-th pixel: the same outline with far fewer triangles."""
    height, width = depth_m.shape
    small = camera.resize(-(-width // step_px), -(-height // step_px))
    rows = ((np.arange(small.height_px) + 0.5) * height / small.height_px).astype(int)
    columns = ((np.arange(small.width_px) + 0.5) * width / small.width_px).astype(int)
    return lift(depth_m[np.ix_(rows, columns)], small, cut_ratio)


def _corners(grid: Ints) -> Ints:
    """Return (Q, 4): top left, top right, bottom left, bottom right of every quad of a grid."""
    parts = (grid[:-1, :-1], grid[:-1, 1:], grid[1:, :-1], grid[1:, 1:])
    return np.stack([part.reshape(-1) for part in parts], axis=1)


def _quarters(corners_px: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut quads (Q, 4, 2) into quarters (Q, 4, 4, 2): one for each corner, its corners in order."""
    middle = corners_px.mean(axis=1)[:, None]
    low, high = np.minimum(corners_px, middle), np.maximum(corners_px, middle)
    mixed = [(low, low), (high, low), (low, high), (high, high)]
    return np.stack([np.stack([u[..., 0], v[..., 1]], axis=-1) for u, v in mixed], axis=2)


@jit
def _facing(faces: Ints, planes: Floats, eye: NDArray[np.float64]) -> Ints:
    """Return the faces that have the eye in front of them."""
    front = np.empty_like(faces)
    n = 0
    for i in range(len(faces)):
        a, b, c, offset = planes[i]
        if a * eye[0] + b * eye[1] + c * eye[2] + offset > 0:
            front[n, 0], front[n, 1], front[n, 2] = faces[i]
            n += 1
    return front[:n]


@jit
def _planes(vertices_m: Floats, faces: Ints) -> Floats:
    planes = np.empty((len(faces), 4), np.float32)
    for i in range(len(faces)):
        a, b, c = vertices_m[faces[i, 0]], vertices_m[faces[i, 1]], vertices_m[faces[i, 2]]
        px, py, pz = float(c[0]) - a[0], float(c[1]) - a[1], float(c[2]) - a[2]
        qx, qy, qz = float(b[0]) - a[0], float(b[1]) - a[1], float(b[2]) - a[2]
        x, y, z = py * qz - pz * qy, pz * qx - px * qz, px * qy - py * qx
        length = max(math.sqrt(x * x + y * y + z * z), 1e-30)
        x, y, z = x / length, y / length, z / length
        planes[i, 0], planes[i, 1], planes[i, 2] = x, y, z
        planes[i, 3] = -(x * a[0] + y * a[1] + z * a[2])
    return planes
