"""The rasterizer: which triangle each pixel sees, and how far away it is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.errors import GeometryError
from builder.core.pose import Pose
from builder.render import _fill, _project
from builder.render._jit import plain

NEAR_M = 0.02


@dataclass(frozen=True, eq=False)
class Visibility:
    """What the center of each pixel (or each sample) sees.

    Attributes:
        inverse_depth: (H, W) float32, 1 / metres along +z; 0 where nothing is.
        face: (H, W) int32, index of the face; -1 where nothing is.
    """

    inverse_depth: NDArray[np.float32]
    face: NDArray[np.int32]

    def depth_m(self) -> NDArray[np.float32]:
        """Return (H, W) float32, metres along +z; 0 where nothing is."""
        depth = np.zeros_like(self.inverse_depth)
        np.divide(np.float32(1), self.inverse_depth, out=depth, where=self.face >= 0)
        return depth


@dataclass(frozen=True, eq=False)
class Projected:
    """Triangles of a mesh on the screen of one camera: sampled once for truth, finer for looks."""

    camera: Camera
    rows: NDArray[np.float64]
    owner: NDArray[np.int32]

    def sample(self, grid: int = 1) -> Visibility:
        """Return what `grid` x `grid` samples a pixel see, (H * grid, W * grid); 1: pixel centers.

        The samples of a pixel lie in a regular grid inside it.
        """
        shape = self.camera.height_px * grid, self.camera.width_px * grid
        seen = Visibility(np.empty(shape, np.float32), np.empty(shape, np.int32))
        _fill.fill(self.rows, self.owner, grid, seen.inverse_depth, seen.face)
        return seen


def project(
    vertices_m: NDArray[np.float32],
    faces: NDArray[np.int32],
    camera_from_scene: Pose,
    camera: Camera,
    near_m: float = NEAR_M,
) -> Projected:
    """Put triangles on the screen: clipped at the near plane, without those outside the frame.

    Faces are drawn from both sides.

    Args:
        vertices_m: (V, 3) float32, metres, scene frame.
        faces: (F, 3) int32.
        camera_from_scene: Takes scene points into the camera's frame.
        camera: The lens.
        near_m: What is nearer along +z is cut away.

    Raises:
        GeometryError: If a shape is wrong, a face names a vertex that is not there, or
            `near_m` is not positive.
    """
    vertices, corners = _checked(vertices_m, faces)
    lens = _lens(camera, near_m)
    points, screen, codes = _project.project(vertices, *_arrays(camera_from_scene), lens)
    return Projected(camera, *_project.gather(corners, points, screen, codes, lens))


def rasterize(
    vertices_m: NDArray[np.float32],
    faces: NDArray[np.int32],
    camera_from_scene: Pose,
    camera: Camera,
    near_m: float = NEAR_M,
) -> Visibility:
    """Return what each pixel's center sees; see `project` for the arguments."""
    return project(vertices_m, faces, camera_from_scene, camera, near_m).sample()


def interpolate(
    visibility: Visibility,
    mesh: tuple[NDArray[np.float32], NDArray[np.int32]],
    camera_from_scene: Pose,
    camera: Camera,
    values: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Spread values of the vertices over the pixels, correct in perspective.

    Args:
        visibility: Of this mesh from this camera, one sample a pixel.
        mesh: (vertices_m, faces), as given to `rasterize`.
        camera_from_scene: As given to `rasterize`.
        camera: As given to `rasterize`.
        values: (V, K) float32, such as texture coordinates.

    Returns:
        (H, W, K) float32; NaN where nothing is seen.

    Raises:
        GeometryError: If a shape does not fit.
    """
    vertices, corners = _checked(*mesh)
    if values.ndim != 2 or len(values) != len(vertices):
        raise GeometryError(f"values must have shape ({len(vertices)}, K), got {values.shape}")
    if visibility.face.shape != (camera.height_px, camera.width_px):
        raise GeometryError(
            f"visibility must have one sample a pixel, {camera.height_px} x {camera.width_px}, "
            f"got {visibility.face.shape}"
        )
    lens = _lens(camera, NEAR_M)
    points, _, _ = _project.project(vertices, *_arrays(camera_from_scene), lens)
    return _project.interpolate(visibility.face, corners, points, lens, plain(values, np.float32))


def _checked(
    vertices_m: NDArray[np.float32], faces: NDArray[np.int32]
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    for name, array in (("vertices_m", vertices_m), ("faces", faces)):
        if array.ndim != 2 or array.shape[1] != 3:
            raise GeometryError(f"{name} must have shape (n, 3), got {array.shape}")
    if len(faces) and not 0 <= int(faces.min()) <= int(faces.max()) < len(vertices_m):
        raise GeometryError(
            f"faces must name vertices 0..{len(vertices_m) - 1}, "
            f"got {int(faces.min())}..{int(faces.max())}"
        )
    return plain(vertices_m, np.float32), plain(faces, np.int32)


def _arrays(pose: Pose) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return plain(pose.rotation, np.float64), plain(pose.translation_m, np.float64)


def _lens(camera: Camera, near_m: float) -> NDArray[np.float64]:
    if not near_m > 0:
        raise GeometryError(f"near_m must be > 0, got {near_m}")
    size = camera.width_px, camera.height_px
    return np.array([*camera.focal_px, *camera.center_px, *size, near_m], np.float64)
