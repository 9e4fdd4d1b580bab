"""A photograph and its depth as something that can be looked at from elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.errors import GeometryError
from builder.core.pose import Pose
from builder.core.scene import members_of
from builder.core.view import View, ViewQuality
from builder.render import relief_paint, relief_trace
from builder.render._scipy import ndimage
from builder.render.relief_alone import Region, alone_px, regions
from builder.render.relief_back import Backdrop, backdrop
from builder.render.relief_fill import fill_unknown, push_pull
from builder.render.relief_mesh import Surface, lift, lift_coarse
from builder.render.relief_paint import SAMPLES
from builder.render.relief_trace import Trace

_COARSE_PX = 4  # photograph pixels a vertex, where no detail is wanted
_RIM_PX = 0.7  # photograph pixels that near things bleed into what they hide


@dataclass(frozen=True, eq=False)
class Relief:
    """One photograph, lifted by its depth. Its scene frame is the photograph's camera frame.

    Attributes:
        rgb: (H, W, 3) uint8, sRGB.
        depth_m: (H, W) float32, metres along +z, all greater than 0.
        instance: (H, W) int32, `track_id` at each pixel; 0 where there is no object.
        camera: Of the photograph.
        part_of: For a `track_id` that is a part of another, that other one.

    Raises:
        GeometryError: If the shapes differ or a depth is not positive.
    """

    rgb: NDArray[np.uint8]
    depth_m: NDArray[np.float32]
    instance: NDArray[np.int32]
    camera: Camera
    part_of: Mapping[int, int]

    def __post_init__(self) -> None:
        shape = self.camera.height_px, self.camera.width_px
        got = self.rgb.shape[:2], self.depth_m.shape, self.instance.shape
        if any(each != shape for each in got):
            raise GeometryError(f"rgb, depth_m and instance must be {shape} (H, W), got {got}")
        if not (self.depth_m > 0).all():
            raise GeometryError("depth_m must be > 0 everywhere; `fill_unknown` makes it so")

    def look(self, source_from_view: Pose, camera: Camera) -> View:
        """Paint one view and its truth; a filled pixel is colored, but no truth is told of it.

        Args:
            source_from_view: Pose of the view in the photograph's camera frame.
            camera: Of the view.
        """
        trace = self.trace(source_from_view, camera)
        found = self.instance[trace.source_px(self.instance.shape)]
        instance = np.where(trace.seen, found, 0).astype(np.int32)
        return View(
            rgb=self._paint(trace, source_from_view, camera),
            depth_m=trace.depth_m,
            instance=instance,
            seen=trace.seen,
            amodal_px=self._alone_px(instance, source_from_view, camera),
            quality=trace.quality,
        )

    def trace(self, source_from_view: Pose, camera: Camera) -> Trace:
        """Return what each pixel of a view sees; see `look` for the arguments."""
        surfaces = self._surface, self._backdrop
        return relief_trace.trace(surfaces, self.camera, source_from_view, camera)

    def glance(self, source_from_view: Pose, camera: Camera) -> ViewQuality:
        """Estimate the quality of a view from a coarser relief, without painting it."""
        surfaces = self._coarse, self._backdrop
        return relief_trace.glance(surfaces, self.camera, source_from_view, camera)

    def _paint(self, trace: Trace, source_from_view: Pose, camera: Camera) -> NDArray[np.uint8]:
        reach = max(1, round(_RIM_PX * SAMPLES * trace.scale))
        steps = relief_paint.rims(trace.samples, trace.behind, reach)
        lens = relief_trace.lens_of(source_from_view, camera, self.camera)
        colors, shares = relief_paint.paint(
            trace.samples, trace.behind, steps, lens, self._spline, self._behind.rgb
        )
        if (shares < 1).any():
            colors = push_pull(colors, shares)
        return np.rint(colors).astype(np.uint8)

    def _alone_px(
        self, instance: NDArray[np.int32], source_from_view: Pose, camera: Camera
    ) -> dict[int, int]:
        seen = set(np.unique(instance).tolist())
        wanted = {name for name in self._regions if seen & members_of(name, self.part_of)}
        return alone_px(self._regions, wanted, self.camera, source_from_view, camera)

    @cached_property
    def _regions(self) -> Mapping[int, Region]:
        return regions(self.instance, self.part_of, self.depth_m, self.camera)

    @cached_property
    def _surface(self) -> Surface:
        return lift(self.depth_m, self.camera)

    @cached_property
    def _coarse(self) -> Surface:
        return lift_coarse(self.depth_m, self.camera, _COARSE_PX)

    @cached_property
    def _behind(self) -> Backdrop:
        return backdrop(self.rgb, self.depth_m, self.camera)

    @cached_property
    def _backdrop(self) -> Surface:
        return lift_coarse(self._behind.depth_m, self.camera, _COARSE_PX, cut_ratio=np.inf)

    @cached_property
    def _spline(self) -> NDArray[np.float32]:
        """Coefficients of the cubic spline that runs through the photograph's pixels."""
        channels = np.moveaxis(self.rgb.astype(np.float32), -1, 0)
        filtered = [ndimage.spline_filter(channel, 3, output=np.float32) for channel in channels]
        around = (relief_paint.MARGIN_PX, relief_paint.MARGIN_PX)
        return np.pad(np.stack(filtered, axis=-1), (around, around, (0, 0)), mode="reflect")


def warmup() -> None:
    """Compile every kernel that looks at photographs, by a look at a toy one."""
    depth_m = np.full((24, 32), 3, np.float32)
    depth_m[6:18, 8:16] = 1
    depth_m[0, 0] = 0
    rgb = np.full((24, 32, 3), 128, np.uint8)
    camera = Camera(32, 24, (20.0, 20.0), (15.0, 12.5))
    instance = (depth_m == 1).astype(np.int32)
    relief = Relief(rgb, fill_unknown(rgb, depth_m), instance, camera, {})
    moved = Pose(np.eye(3), np.array([0.3, 0.0, 0.0]))
    relief.glance(moved, camera)
    relief.look(moved, camera)
