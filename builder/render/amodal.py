"""How many pixels an object would cover alone: the measure of what hides it."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.render import _fill
from builder.render.raster import project
from builder.render.stage import Mesh


def canvas_of(camera: Camera) -> Camera:
    """Return the camera of a canvas three times the frame, with the frame in its middle."""
    (cx, cy), width, height = camera.center_px, camera.width_px, camera.height_px
    return replace(
        camera,
        width_px=3 * width,
        height_px=3 * height,
        center_px=(cx + width, cy + height),
    )


def alone_px(
    mesh: Mesh, camera_from_scene: Pose, camera: Camera, wanted: Iterable[int]
) -> dict[int, int]:
    """Count the pixels that each instance covers when nothing else is there.

    Args:
        mesh: The triangles, with their instances.
        camera_from_scene: Takes scene points into the camera's frame.
        camera: Of the frame; the count is on the canvas of `canvas_of`.
        wanted: The instances to count.

    Returns:
        For each wanted instance its count, which is 0 if it is nowhere in sight.
    """
    names = np.array(sorted(set(wanted)), np.int32)
    order = np.argsort(mesh.instance, kind="stable")
    chosen = order[np.isin(mesh.instance[order], names)]
    canvas = canvas_of(camera)
    projected = project(mesh.vertices_m, mesh.faces[chosen], camera_from_scene, canvas)
    owner = np.searchsorted(names, mesh.instance[chosen])[projected.owner].astype(np.int16)
    counts = np.zeros(len(names), np.int64)
    last = np.full((canvas.height_px, canvas.width_px), -1, np.int16)
    _fill.stamp(projected.rows, owner, last, counts)
    return dict(zip(names.tolist(), counts.tolist(), strict=True))
