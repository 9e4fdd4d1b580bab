"""What each pixel of a moved view sees of a relief, and where in the photograph that lies."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.view import ViewQuality
from builder.render import relief_paint
from builder.render._scipy import ndimage
from builder.render.relief_mesh import Surface
from builder.render.relief_paint import SAMPLES

_GLANCE_PX = 144  # short side of a view that is only judged
_ISLAND_PX = 12  # photograph pixels; smaller islands amid holes are noise of the depth

Floats = NDArray[np.float32]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Trace:
    """One view of a relief before it is painted; h and w are H and W times `SAMPLES`.

    Attributes:
        samples: (h, w) float32, inverse depth of the relief, 1 / metres; 0 where it has a hole.
        behind: (h, w) float32, the same of the backdrop, which ends where the photograph ends.
        source: (H, W, 3) float32, what the pixel's center sees: column and row in the photograph,
            pixels, and its depth there, metres; -1 where it sees none of the relief.
        depth_m: (H, W) float32, metres along +z of the view; 0 where not seen.
        seen: (H, W) bool, the center and every sample see the relief.
        scale: Output pixels a photograph pixel of a surface that is as far off as it was.
    """

    samples: Floats
    behind: Floats
    source: Floats
    depth_m: Floats
    seen: Mask
    scale: float

    @property
    def quality(self) -> ViewQuality:
        """The share of wholly seen pixels, and the area of holes and of what lies beyond."""
        unseen, reached = self.samples == 0, self.behind > 0
        nearer = self.source[self.seen, 2] / self.depth_m[self.seen]
        return ViewQuality(
            seen=float(self.seen.mean()),
            holes=float((unseen & reached).mean()),
            border=float((unseen & ~reached).mean()),
            enlargement=self.scale * float(np.percentile(nearer, 95) if nearer.size else 1),
        )

    def source_px(self, shape: tuple[int, int]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return (rows, columns) of the photograph's pixels that the centers see, in range."""
        columns, rows = self.source[..., 0].astype(np.intp), self.source[..., 1].astype(np.intp)
        return np.clip(rows, 0, shape[0] - 1), np.clip(columns, 0, shape[1] - 1)


def trace(
    surfaces: tuple[Surface, Surface], photo: Camera, source_from_view: Pose, camera: Camera
) -> Trace:
    """Trace a view at full care: several samples a pixel, islands of noise taken out.

    Args:
        surfaces: The relief and its backdrop.
        photo: Camera of the photograph.
        source_from_view: Pose of the view in the photograph's camera frame.
        camera: Of the view.
    """
    relief, backdrop = (surface.project(source_from_view.inverse(), camera) for surface in surfaces)
    samples = relief.sample(SAMPLES).inverse_depth
    least = _ISLAND_PX * (SAMPLES * scale_of(camera, photo)) ** 2
    _drop_islands(samples, least)
    centers = relief.sample()
    seen = (centers.face >= 0) & _everywhere(samples > 0)
    whole = bool(seen.all())  # then what stands behind does not matter
    return Trace(
        samples=samples,
        behind=np.zeros_like(samples) if whole else backdrop.sample(SAMPLES).inverse_depth,
        source=relief_paint.locate(centers.inverse_depth, lens_of(source_from_view, camera, photo)),
        depth_m=np.where(seen, centers.depth_m(), np.float32(0)),
        seen=seen,
        scale=scale_of(camera, photo),
    )


def glance(
    surfaces: tuple[Surface, Surface], photo: Camera, source_from_view: Pose, camera: Camera
) -> ViewQuality:
    """Return the quality of a view from few pixels; see `trace` for the arguments."""
    shrink = min(1.0, _GLANCE_PX / min(camera.size_px))
    small = camera.resize(round(camera.width_px * shrink), round(camera.height_px * shrink))
    relief, backdrop = (
        surface.project(source_from_view.inverse(), small).sample() for surface in surfaces
    )
    lens = lens_of(source_from_view, small, photo)
    return Trace(
        samples=relief.inverse_depth,
        behind=backdrop.inverse_depth,
        source=relief_paint.locate(relief.inverse_depth, lens),
        depth_m=relief.depth_m(),
        seen=relief.face >= 0,
        scale=scale_of(camera, photo),
    ).quality


def lens_of(source_from_view: Pose, camera: Camera, photo: Camera) -> NDArray[np.float64]:
    """Return what the kernels need to go back from a view to the photograph, (5, 4) float64.

    Rows 0..2 are source_from_view, row 3 is (fx, fy, cx, cy) of the view, row 4 of the photograph.
    """
    return np.concatenate(
        [
            source_from_view.matrix()[:3],
            [[*camera.focal_px, *camera.center_px]],
            [[*photo.focal_px, *photo.center_px]],
        ]
    )


def scale_of(camera: Camera, photo: Camera) -> float:
    """Return output pixels a photograph pixel before the camera moves."""
    return math.sqrt(math.prod(camera.focal_px) / math.prod(photo.focal_px))


def _drop_islands(samples: Floats, least: float) -> None:
    """Make holes of connected samples that are fewer than `least`."""
    if (samples > 0).all():
        return
    names, count = ndimage.label(samples > 0)
    small = np.bincount(names.reshape(-1), minlength=count + 1) < least
    small[0] = False
    samples[small[names]] = 0


def _everywhere(samples: Mask) -> Mask:
    """Return the pixels all of whose samples are true."""
    parts = [samples[v::SAMPLES, u::SAMPLES] for v in range(SAMPLES) for u in range(SAMPLES)]
    return np.asarray(np.logical_and.reduce(parts))
