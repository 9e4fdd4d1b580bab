"""Views painted once more: what they show, how two compare, and whether a picture is one."""

import io
import math
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from builder.audit.deep.bundle import Compared, Sight
from builder.audit.deep.plane import Stand
from builder.audit.pictures import FORMATS
from builder.core.camera import Camera
from builder.core.scene import SceneObject
from builder.core.view import View

LEAST_PSNR_DB = 36.0  # JPEG of quality 95 stays above 40; another view of the place is far below
BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error)  # of a picture
_EVERY_PX = 6  # as `core.covisibility` states the measure: every sixth pixel, 2 % of depth
_DEPTH_TOLERANCE = 0.02


def psnr_db(file: Path, rgb: NDArray[np.uint8]) -> float:
    """Return how well a stored picture matches a painted one; infinite: it is the same.

    A JPEG of low quality is no other view: the painted picture is then given the same loss.

    Raises:
        BROKEN: If the file is no picture.
    """
    with Image.open(file, formats=FORMATS) as picture:
        stored = np.asarray(picture.convert("RGB"))
        tables = getattr(picture, "quantization", None)
    if stored.shape != rgb.shape:
        return 0.0
    found_db = _psnr_db(stored, rgb)
    if found_db < LEAST_PSNR_DB and tables:
        return max(found_db, _psnr_db(stored, _lossy(rgb, tables)))
    return found_db


def _psnr_db(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    apart = one.astype(np.int16) - other.astype(np.int16)
    error = float(np.mean(np.square(apart, dtype=np.int32)))
    return math.inf if error == 0 else 10 * math.log10(255**2 / error)


def _lossy(rgb: NDArray[np.uint8], tables: Mapping[int, list[int]]) -> NDArray[np.uint8]:
    stream = io.BytesIO()
    Image.fromarray(rgb).save(stream, "JPEG", qtables=tables, subsampling=0)
    with Image.open(stream) as picture:
        return np.asarray(picture.convert("RGB"))


def sights_of(view: View, objects: Sequence[SceneObject], camera: Camera) -> Mapping[int, Sight]:
    """Return what a view shows of each object, by its id; its parts' pixels count for it too."""
    ids = np.where(view.seen, view.instance, 0)
    height, width = ids.shape
    most = int(ids.max()) + 1
    rows = np.bincount((ids * height + np.arange(height)[:, None]).ravel(), minlength=most * height)
    columns = np.bincount((ids * width + np.arange(width)).ravel(), minlength=most * width)
    in_rows, in_columns = rows.reshape(most, height), columns.reshape(most, width)
    found = {}
    for thing in objects:
        own = [each for each in with_parts(thing.track_id, objects) if each < most]
        across, down = in_columns[own].sum(axis=0), in_rows[own].sum(axis=0)
        visible_px = int(down.sum())
        if visible_px:
            alone_px = view.amodal_px.get(thing.track_id)
            share = min(1.0, visible_px / alone_px) if alone_px else 1.0
            found[thing.track_id] = _sight(across, down, (visible_px, share), camera)
    return found


def compared(before: View, after: View, camera: Camera, motion: Stand) -> Compared:
    """Compare two views: `motion` is where the second stands, seen from the first."""
    forth = motion.inverse_matrix()
    moved_px, shown_before = _carried(before, after, camera, forth)
    _, shown_after = _carried(after, before, camera, motion.matrix())
    return Compared(moved_px, shown_before, shown_after)


def apart_px(view: View, camera: Camera, there_from_here: NDArray[np.float64]) -> float:
    """Return the median distance by which what is seen here would move if seen from there."""
    depth_m = np.where(view.seen, view.depth_m, 0)
    points, uv_px = _points(depth_m, camera, _EVERY_PX)
    return moved_px(points, uv_px, camera, there_from_here)


def moved_px(
    points: NDArray[np.float64],
    uv_px: NDArray[np.float64],
    camera: Camera,
    there_from_here: NDArray[np.float64],
) -> float:
    """Return the median distance between `uv_px` and where the other camera sees the points."""
    found_px, ahead, _ = _projected(points, camera, there_from_here)
    distances = np.hypot(*(found_px - uv_px)[ahead].T)
    return float(np.median(distances)) if distances.size else math.inf


def grid_points(
    grid_m: NDArray[np.float32], camera: Camera
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return points (n, 3) and pixels (n, 2) of a stored depth grid; 0 = unknown."""
    rows, columns = grid_m.shape
    v = np.floor((np.arange(rows) + 0.5) * camera.height_px / rows) + 0.5
    u = np.floor((np.arange(columns) + 0.5) * camera.width_px / columns) + 0.5
    return _lifted(grid_m, np.stack(np.meshgrid(u, v), axis=-1), camera)


def shows_any_of(
    before: View, ids: Sequence[int], camera: Camera, after_from_before: NDArray[np.float64]
) -> bool:
    """Return whether a point of an object, as the first view saw it, lies in the second's frame."""
    own = np.isin(before.instance, list(ids)) & before.seen
    points, _ = _points(np.where(own, before.depth_m, 0), camera, 1)
    return bool(_projected(points, camera, after_from_before)[2].any())


@dataclass(frozen=True, slots=True)
class _Sides:
    first: int
    last: int


def _sides(counts: NDArray[np.int64]) -> _Sides:
    places = np.flatnonzero(counts)
    return _Sides(int(places[0]), int(places[-1]) + 1)


def _sight(
    across: NDArray[np.int64],
    down: NDArray[np.int64],
    seen: tuple[int, float],
    camera: Camera,
) -> Sight:
    x, y = _sides(across), _sides(down)
    box_px = (x.first, y.first, x.last, y.last)
    sizes = (camera.width_px, camera.height_px) * 2
    box_n1000 = tuple(round(1000 * edge / size) for edge, size in zip(box_px, sizes, strict=True))
    return Sight(box_n1000, tuple(map(float, box_px)), *seen)


def with_parts(track_id: int, objects: Sequence[SceneObject]) -> list[int]:
    """Return the id of an object, then those of its parts and of their parts."""
    found = [track_id]
    for whole in found:  # it grows while it is read: the parts of parts follow
        found += [thing.track_id for thing in objects if thing.part_of == whole]
    return found


def _carried(
    here: View, there: View, camera: Camera, there_from_here: NDArray[np.float64]
) -> tuple[float, float]:
    """Return (median move in pixels, share of `here` that `there` shows)."""
    depth_m = np.where(here.seen, here.depth_m, 0)
    points, uv_px = _points(depth_m, camera, _EVERY_PX)
    found_px, ahead, inside = _projected(points, camera, there_from_here)
    distances = np.hypot(*(found_px - uv_px)[ahead].T)
    column, row = found_px[inside].astype(int).T
    there_m = there.depth_m[row, column]
    away_m = points[inside] @ there_from_here[2, :3] + there_from_here[2, 3]
    shown = (away_m - there_m <= _DEPTH_TOLERANCE * away_m) & (there_m > 0)
    shown &= there.seen[row, column]
    asked = depth_m[::_EVERY_PX, ::_EVERY_PX].size
    move_px = float(np.median(distances)) if distances.size else math.inf
    return move_px, float(shown.sum() / asked)


def _points(
    depth_m: NDArray[np.float32], camera: Camera, every_px: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    v, u = np.arange(camera.height_px) + 0.5, np.arange(camera.width_px) + 0.5
    uv_px = np.stack(np.meshgrid(u[::every_px], v[::every_px]), axis=-1)
    return _lifted(depth_m[::every_px, ::every_px], uv_px, camera)


def _lifted(
    depth_m: NDArray[np.float32], uv_px: NDArray[np.float64], camera: Camera
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    known = depth_m > 0
    (fx, fy), (cx, cy) = camera.focal_px, camera.center_px
    z, uv = depth_m[known].astype(np.float64), uv_px[known]
    points = np.stack([(uv[:, 0] - cx) / fx * z, (uv[:, 1] - cy) / fy * z, z], axis=-1)
    return points, uv


def _projected(
    points: NDArray[np.float64], camera: Camera, there_from_here: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return pixels (n, 2), which points lie ahead, and which of them in the frame."""
    x, y, z = (points @ there_from_here[:3, :3].T + there_from_here[:3, 3]).T
    ahead = z > 1e-6
    depth = np.where(ahead, z, 1.0)
    (fx, fy), (cx, cy) = camera.focal_px, camera.center_px
    u, v = fx * x / depth + cx, fy * y / depth + cy
    inside = ahead & (u >= 0) & (u < camera.width_px) & (v >= 0) & (v < camera.height_px)
    return np.stack([u, v], axis=-1), ahead, inside
