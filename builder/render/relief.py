"""A photograph and its depth as something that can be looked at from elsewhere."""

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.view import View, ViewQuality
from builder.render import relief_paint
from builder.render.relief_back import backdrop
from builder.render.relief_fill import push_pull
from builder.render.relief_mesh import Surface, lift

_SAMPLES = 2  # a pixel and direction, for looks
_BACKDROP_STEP_PX = 4

Floats = NDArray[np.float32]


class Relief:
    """One photograph lifted by its depth; its frame is the photograph's camera frame."""

    def __init__(self, rgb, depth_m, instance, camera):
        self.camera = camera
        self.instance = instance
        self.surface = lift(depth_m, camera)
        behind = backdrop(rgb, depth_m, camera)
        self.back_rgb = behind.rgb
        h, w = depth_m.shape
        small = camera.resize(-(-w // _BACKDROP_STEP_PX), -(-h // _BACKDROP_STEP_PX))
        rows = ((np.arange(small.height_px) + .5) * h / small.height_px).astype(int)
        cols = ((np.arange(small.width_px) + .5) * w / small.width_px).astype(int)
        self.back = lift(behind.depth_m[np.ix_(rows, cols)], small, np.inf)
        self.spline = np.stack([ndimage.spline_filter(rgb[..., c].astype(np.float32), 3, output=np.float32) for c in range(3)], axis=-1)

    def look(self, source_from_view, camera):
        T=[]; import time; T.append(time.time())
        view_from_source = source_from_view.inverse()
        lens = lens_of(source_from_view, camera, self.camera)
        first = self.surface.project(view_from_source, camera)
        T.append(time.time())
        second = self.back.project(view_from_source, camera)
        T.append(time.time())
        center = first.sample().inverse_depth
        fine = first.sample(_SAMPLES).inverse_depth
        fine2 = second.sample(_SAMPLES).inverse_depth
        center2 = second.sample().inverse_depth
        T.append(time.time())
        colors, shares = relief_paint.paint(fine, fine2, _SAMPLES, lens, self.spline, self.back_rgb)
        T.append(time.time())
        if shares.min() < 1:
            colors = push_pull(colors, shares)
        T.append(time.time())
        rgb = np.rint(colors).clip(0, 255).astype(np.uint8)
        source = relief_paint.trace(center, lens)
        T.append(time.time())
        print(np.diff(T).round(3))
        return rgb, center, center2, source, fine


def lens_of(source_from_view, view, source):
    lens = np.zeros((5, 4))
    lens[:3, :3], lens[:3, 3] = source_from_view.rotation, source_from_view.translation_m
    lens[3] = *view.focal_px, *view.center_px
    lens[4] = *source.focal_px, *source.center_px
    return lens
