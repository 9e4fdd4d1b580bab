"""Photographs small enough to work out by hand, and the garage, opened once."""

import functools
import hashlib

import numpy as np

from builder.core.action import Move
from builder.core.camera import Camera
from builder.core.pose import start_from_end
from builder.render.relief import Relief
from builder.scenes import source_named

CAMERA = Camera(160, 120, (100.0, 100.0), (70.0, 50.0))  # off center, on purpose


def texture(height=120, width=160, seed=0):
    """Smooth colored noise, (H, W, 3) uint8, between 60 and 200."""
    coarse = np.random.default_rng(seed).integers(60, 200, (height // 8 + 2, width // 8 + 2, 3))
    fine = np.repeat(np.repeat(coarse, 8, axis=0), 8, axis=1)[:height, :width]
    return fine.astype(np.uint8)


def wall(depth_m=2.0, *, instance=None, part_of=None):
    """A wall that faces the camera."""
    ids = np.zeros((120, 160), np.int32) if instance is None else instance
    depth = np.full((120, 160), depth_m, np.float32)
    return Relief(texture(), depth, ids, CAMERA, part_of or {})


def post():
    """A post 1 m away (columns 60 to 80, rows 30 to 90), `track_id` 7, before a wall at 3 m."""
    depth = np.full((120, 160), 3.0, np.float32)
    depth[30:90, 60:80] = 1.0
    ids = np.zeros((120, 160), np.int32)
    ids[30:90, 60:80] = 7
    rgb = texture()
    rgb[30:90, 60:80] = (20, 220, 20)
    return Relief(rgb, depth, ids, CAMERA, {})


def digest():
    """Name the bytes of one view of the post."""
    view = post().look(start_from_end(Move("right", 0.13)), Camera.from_fov(200, 150, 70))
    parts = (view.rgb, view.depth_m, view.instance, view.seen)
    return hashlib.sha256(b"".join(part.tobytes() for part in parts)).hexdigest()


@functools.cache
def garage():
    """The built-in garage."""
    source = source_named("photos")
    return source.open(source.references(1, 0, None)[0])
