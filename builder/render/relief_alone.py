"""How many pixels each annotated region of a photograph would cover alone in a moved view."""

from collections.abc import Mapping, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.scene import members_of
from builder.render import relief_paint
from builder.render.amodal import canvas_of
from builder.render.relief_mesh import Surface, lift_coarse
from builder.render.relief_trace import lens_of

_ENOUGH_PX = 6000  # region pixels that measure an area to a percent; larger regions are thinned
_THINNEST_PX = 4
_NEAR_M = 0.1


@dataclass(frozen=True, eq=False)
class Region:
    """One object of a photograph, its parts among it.

    Attributes:
        mask: (H, W) bool, its pixels.
        surface: The faces that touch them, at one vertex every `step_px` pixels.
        step_px: Pixels of the photograph, in both directions.
    """

    mask: NDArray[np.bool_]
    surface: Surface
    step_px: int


def regions(
    instance: NDArray[np.int32],
    part_of: Mapping[int, int],
    depth_m: NDArray[np.float32],
    photo: Camera,
) -> Mapping[int, Region]:
    """Lift each object of an annotated photograph alone; see `Relief` for the arguments."""
    names = (set(np.unique(instance).tolist()) | set(part_of.values())) - {0}
    surfaces: dict[int, Surface] = {}
    found = {}
    for name in sorted(names):
        mask = np.isin(instance, sorted(members_of(name, part_of)))
        step_px = int(min(max((mask.sum() / _ENOUGH_PX) ** 0.5, 1), _THINNEST_PX))
        if step_px not in surfaces:
            surfaces[step_px] = lift_coarse(depth_m, photo, step_px)
        found[name] = Region(mask, surfaces[step_px].part(_thinned(mask, step_px)), step_px)
    return found


def alone_px(
    lifted: Mapping[int, Region], wanted: Set[int], photo: Camera, pose: Pose, camera: Camera
) -> dict[int, int]:
    """Count the pixels that each wanted object covers on a canvas three times the frame.

    Args:
        lifted: What `regions` returned.
        wanted: The objects.
        photo: Camera of the photograph.
        pose: Of the view in the photograph's camera frame.
        camera: Of the view.
    """
    return {
        name: _alone_px(lifted[name], photo, pose, canvas_of(camera)) for name in sorted(wanted)
    }


def _alone_px(region: Region, photo: Camera, pose: Pose, canvas: Camera) -> int:
    step_px = region.step_px
    thin = canvas.resize(canvas.width_px // step_px, canvas.height_px // step_px)
    window = _window(region.surface, pose.inverse(), thin)
    alone = region.surface.project(pose.inverse(), window).sample().inverse_depth
    found = relief_paint.count(alone, lens_of(pose, window, photo), region.mask)
    return round(found * canvas.width_px * canvas.height_px / (thin.width_px * thin.height_px))


def _window(surface: Surface, view_from_source: Pose, canvas: Camera) -> Camera:
    """Return the part of a canvas that a surface can touch: a smaller picture to count in."""
    points = view_from_source.apply(surface.vertices_m)
    if (points[:, 2] < _NEAR_M).any():
        return canvas
    uv_px, _ = canvas.project(points)
    limit = np.array(canvas.size_px)
    low = np.clip(np.floor(uv_px.min(axis=0)) - 1, 0, limit - 1).astype(int)
    high = np.clip(np.ceil(uv_px.max(axis=0)) + 1, low + 1, limit).astype(int)
    left, top = low.tolist()
    width, height = (high - low).tolist()
    return canvas.crop(left, top, width, height)


def _thinned(mask: NDArray[np.bool_], step_px: int) -> NDArray[np.bool_]:
    """Return, for every block of `step_px` x `step_px` pixels, whether any belongs to the mask."""
    height, width = mask.shape
    padded = np.pad(mask, ((0, -height % step_px), (0, -width % step_px)))
    blocks = padded.reshape(-(-height // step_px), step_px, -1, step_px)
    return np.asarray(blocks.any(axis=(1, 3)))
