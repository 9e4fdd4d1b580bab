"""The sun's shadow map: how near to the sun each line of sunlight is stopped."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.render import _fill, _project

MAP_PX = 2048
TILE = 16
_SEAL_PX = 3
_MARGIN_PX = 4  # empty texels around the stage, half of the space left to it


@dataclass(frozen=True, eq=False)
class ShadowMap:
    """A picture of the stage from the sun, without perspective.

    Attributes:
        nearness_m: (S, S) float32, metres towards the sun above a plane under the stage, of
            what stops the light; 0 where nothing does.
        ranges_m: (S / TILE, S / TILE, 2) float32, least and largest nearness in and around a tile:
            most samples lie all in the sun or all in the shade, and need no closer look.
        map_from_scene: (3, 4) float64; takes (x, y, z, 1) to (x_px, y_px, nearness_m).
        texel_m: Width of a texel on a plane that faces the sun.
    """

    nearness_m: NDArray[np.float32]
    ranges_m: NDArray[np.float32]
    map_from_scene: NDArray[np.float64]
    texel_m: float


def shadow_map(
    vertices_m: NDArray[np.float32],
    faces: NDArray[np.int32],
    to_sun: tuple[float, float, float],
    size_px: int = MAP_PX,
) -> ShadowMap:
    """Draw the faces that stop the sun, seen from it.

    Args:
        vertices_m: (V, 3) float32, metres, scene frame.
        faces: (F, 3) int32, those that cast a shadow.
        to_sun: Unit vector towards the sun.
        size_px: Width and height of the map.
    """
    toward = np.array(to_sun, np.float64) / np.linalg.norm(to_sun)
    helper = np.eye(3)[np.abs(toward).argmin()]
    right = np.cross(helper, toward)
    right /= np.linalg.norm(right)
    axes = np.stack([right, np.cross(toward, right), toward])
    used = vertices_m[np.unique(faces)].astype(np.float64) @ axes.T
    low, high = (used.min(axis=0), used.max(axis=0)) if len(used) else (np.zeros(3), np.ones(3))
    texel_m = float(max(high[:2] - low[:2]) / (size_px - 4 * _MARGIN_PX))
    map_from_scene = np.zeros((3, 4))
    map_from_scene[:2, :3], map_from_scene[2, :3] = axes[:2] / texel_m, axes[2]
    map_from_scene[:2, 3], map_from_scene[2, 3] = 2 * _MARGIN_PX - low[:2] / texel_m, 1 - low[2]
    screen = vertices_m.astype(np.float64) @ map_from_scene[:, :3].T + map_from_scene[:, 3]
    rows, owner = _project.gather_flat(faces, screen)
    nearness = np.empty((size_px, size_px), np.float32)
    _fill.fill(rows, owner, 1, nearness, np.empty((size_px, size_px), np.int32))
    nearness = _sealed(nearness)
    return ShadowMap(nearness, _ranges(nearness), map_from_scene, texel_m)


def _sealed(nearness: NDArray[np.float32]) -> NDArray[np.float32]:
    """Let nothing pass along the outline of what stops the sun.

    A lookup mixes a few texels; at the outline of a house it would mix in the sun that passes the
    house by, and draw a bright line along the edges of its walls.
    """
    stops = nearness > 0
    outline = _dilated(stops, _SEAL_PX) & _dilated(~stops, 1)
    return np.where(outline, np.float32(np.inf), nearness)


def _ranges(nearness: NDArray[np.float32]) -> NDArray[np.float32]:
    tiles = len(nearness) // TILE
    ends = []
    for end in (np.minimum, np.maximum):
        around = nearness
        for axis in (0, 1):
            around = end.reduce([np.roll(around, shift, axis) for shift in (-2, -1, 0, 1, 2)])
        ends.append(end.reduce(around.reshape(tiles, TILE, tiles, TILE), axis=(1, 3)))
    return np.ascontiguousarray(np.stack(ends, axis=-1))


def _dilated(mask: NDArray[np.bool_], reach_px: int) -> NDArray[np.bool_]:
    for axis in (0, 1):
        mask = np.logical_or.reduce(
            [np.roll(mask, shift, axis) for shift in range(-reach_px, reach_px + 1)]
        )
    return mask
