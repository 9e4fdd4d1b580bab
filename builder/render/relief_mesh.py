"""A picture of depths as triangles: neighbors joined where the surface goes on, cut where not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.render.raster import Projected, project

CUT_RATIO = 1.03  # of the depths in a quad; figures in docs/measured.md, the picture test

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Surface:
    """Triangles that face the camera they were seen from.

    Attributes:
        vertices_m: (V, 3) float32, metres.
        faces: (F, 3) int32.
        planes: (F, 4) float32; `planes @ (eye, 1)` > 0 for eyes in front of the face.
    """

    vertices_m: Floats
    faces: Ints
    planes: Floats

    def project(self, camera_from_surface: Pose, camera: Camera, faces: Ints | None = None) -> Projected:
        """Put the faces that turn to the camera on its screen; `faces` picks some by index.

        A relief has no backs: what is seen from behind would be a wall that no one has seen.
        """
        eye = camera_from_surface.inverse().translation_m
        planes = self.planes if faces is None else self.planes[faces]
        chosen = self.faces if faces is None else self.faces[faces]
        front = planes @ np.append(eye, 1).astype(np.float32) > 0
        return project(self.vertices_m, chosen[front], camera_from_surface, camera)


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
    ring = np.pad(depth_m, 1, mode="edge")
    columns = np.clip(np.arange(-1, width + 1) + 0.5, 0, width)
    rows = np.clip(np.arange(-1, height + 1) + 0.5, 0, height)
    uv_px = np.stack(np.meshgrid(columns, rows), axis=-1)
    corners = _corners(np.arange(ring.size, dtype=np.int32).reshape(ring.shape))
    depths = ring.reshape(-1)[corners]
    cut = depths.max(axis=1) > depths.min(axis=1) * cut_ratio
    whole = corners[~cut]
    points = camera.lift(uv_px, ring).reshape(-1, 3)
    patches = _quarters(uv_px.reshape(-1, 2)[corners[cut]])
    patch_points = camera.lift(patches, np.broadcast_to(depths[cut][..., None], patches.shape[:-1]))
    patch_corners = np.arange(patch_points.size // 3, dtype=np.int32).reshape(-1, 4) + len(points)
    quads = np.concatenate([whole, patch_corners])
    faces = np.concatenate([quads[:, [0, 1, 2]], quads[:, [1, 3, 2]]])
    vertices_m = np.concatenate([points, patch_points.reshape(-1, 3)])
    return Surface(vertices_m.astype(np.float32), faces, _planes(vertices_m, faces))


def _corners(grid: Ints) -> Ints:
    """Return (Q, 4): top left, top right, bottom left, bottom right of every quad of a grid."""
    parts = (grid[:-1, :-1], grid[:-1, 1:], grid[1:, :-1], grid[1:, 1:])
    return np.stack([part.reshape(-1) for part in parts], axis=1)


def _quarters(corners_px: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cut quads (Q, 4, 2) into quarters (Q, 4, 4, 2): one for each corner, its corners in order."""
    middle = corners_px.mean(axis=1)[:, None]
    low, high = np.minimum(corners_px, middle), np.maximum(corners_px, middle)
    mixed = [(low, low), (high, low), (low, high), (high, high)]
    return np.stack(
        [np.stack([u[..., 0], v[..., 1]], axis=-1) for u, v in mixed], axis=2
    )


def _planes(vertices_m: NDArray[np.float64], faces: Ints) -> Floats:
    a, b, c = (vertices_m[faces[:, corner]] for corner in range(3))
    normal = np.cross(c - a, b - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-30)
    offset = -(normal * a).sum(axis=1, keepdims=True)
    return np.concatenate([normal, offset], axis=1).astype(np.float32)
