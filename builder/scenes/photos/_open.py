"""From files to a scene: read, fill the depth, draw the objects, lift."""

import math
from typing import assert_never

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from builder.config import Gates
from builder.core.camera import Camera
from builder.core.errors import SceneError
from builder.core.scene import Scene
from builder.render.relief import Relief
from builder.render.relief_fill import fill_unknown
from builder.scenes import DEFAULT_GATES
from builder.scenes.photos._lens import Calibration, assumed, fitting
from builder.scenes.photos._listing import Entry
from builder.scenes.photos._objects import Objects, drawn
from builder.scenes.photos._read import read_depth_m, read_rgb
from builder.scenes.photos._world import FAR_M, PhotoWorld

WORKING_PX = 1_200_000  # larger photographs are made smaller: frames show no more than that


def opened(entry: Entry, gates: Gates = DEFAULT_GATES) -> Scene:
    """Return the scene of one photograph; it refuses what the gates would not show.

    Raises:
        SceneError: If anything about it cannot be used.
    """
    rgb = read_rgb(entry.image)
    photo_px = (rgb.shape[1], rgb.shape[0])
    photo = _camera(entry, photo_px)
    depth_m = read_depth_m(entry.depth, photo_px) if entry.depth else None
    rgb, depth_m = _reduced(rgb, depth_m)
    working = photo.resize(rgb.shape[1], rgb.shape[0])
    filled_m = (
        np.full(rgb.shape[:2], FAR_M, np.float32) if depth_m is None else fill_unknown(rgb, depth_m)
    )
    objects = _objects(entry, photo_px, filled_m)
    world = PhotoWorld(
        relief=Relief(rgb, filled_m, objects.instance, working, objects.part_of),
        camera=photo,
        camera_source="calibrated" if entry.camera else "assumed",
        has_depth=depth_m is not None,
        gates=gates,
    )
    return Scene(
        scene_id=entry.scene_id,
        scene_type="real",
        license=entry.license,
        source=entry.source,
        prompt=entry.prompt,
        objects=objects.things,
        world=world,
        has_depth=depth_m is not None,
    )


def _camera(entry: Entry, photo_px: tuple[int, int]) -> Camera:
    match entry.camera:
        case None:
            return assumed(photo_px)
        case Calibration():
            return entry.camera.camera(photo_px, str(entry.image))
        case Camera():
            return fitting(entry.camera, photo_px, str(entry.image))
        case _:
            assert_never(entry.camera)


def _objects(entry: Entry, photo_px: tuple[int, int], depth_m: NDArray[np.float32]) -> Objects:
    try:
        return drawn(entry.objects, photo_px, depth_m, has_depth=entry.depth is not None)
    except SceneError as error:
        raise SceneError(f"{entry.image}: {error}") from error


def _reduced(
    rgb: NDArray[np.uint8], depth_m: NDArray[np.float32] | None
) -> tuple[NDArray[np.uint8], NDArray[np.float32] | None]:
    """Return both at no more than `WORKING_PX`; depth by picking, for a mean would float in air."""
    height, width = rgb.shape[:2]
    if height * width <= WORKING_PX:
        return rgb, depth_m
    shrink = math.sqrt(WORKING_PX / (height * width))
    small = int(width * shrink), int(height * shrink)
    rgb = np.array(Image.fromarray(rgb).resize(small, Image.Resampling.LANCZOS))
    if depth_m is None:
        return rgb, None
    columns = ((np.arange(small[0]) + 0.5) * width / small[0]).astype(int)
    rows = ((np.arange(small[1]) + 0.5) * height / small[1]).astype(int)
    return rgb, depth_m[np.ix_(rows, columns)]
