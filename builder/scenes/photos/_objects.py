"""Annotated objects of a photograph: polygons with a depth range, or masks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from builder.core.errors import SceneError, nearest
from builder.core.scene import SceneObject
from builder.scenes.photos._read import read_json, read_mask, read_text

_KEYS = ("id", "label", "polygon", "mask", "depth_m", "minus")
_FINE = 4  # samples a pixel and direction, where a polygon is drawn
_PART_SHARE = 0.9  # of a thing's pixels inside another one: it is a part of that one

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Annotation:
    """One object as it was annotated.

    Attributes:
        name: Unique in the file.
        label: What it is called in a question.
        polygon_px: Corners (x, y) in pixels of the photograph; (0, 0) is its top left corner.
        mask: A picture of its pixels instead; a file.
        depth_range_m: (near, far): only pixels of the polygon in this range belong to it, because
            the background shows through spokes and slats.
        minus: Names of objects whose pixels do not belong to it.
    """

    name: str
    label: str
    polygon_px: tuple[tuple[float, float], ...]
    mask: Path | None
    depth_range_m: tuple[float, float] | None
    minus: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Objects:
    """The objects of one photograph, pixel by pixel.

    Attributes:
        instance: (H, W) int32, `track_id`; of nested things the smaller one; 0 = none.
        things: In the order of the file; their `track_id` counts from 1.
    """

    instance: NDArray[np.int32]
    things: tuple[SceneObject, ...]

    @property
    def part_of(self) -> Mapping[int, int]:
        """For each part the `track_id` of its whole."""
        pairs = ((thing.track_id, thing.part_of) for thing in self.things)
        return {part: whole for part, whole in pairs if whole is not None}


def read_annotations(path: Path) -> tuple[Annotation, ...]:
    """Read an objects file: a JSON list of {id, label, polygon or mask, depth_m?, minus?}.

    Raises:
        SceneError: With the file, the object and what was expected.
    """
    return annotations(read_json(read_text(path), str(path)), str(path), path.parent)


def annotations(value: Any, where: str, folder: Path) -> tuple[Annotation, ...]:  # noqa: ANN401
    """Check a list of objects as it stands in a file; see `read_annotations`."""
    if not isinstance(value, list):
        raise SceneError(f"{where}: expected a list of objects, got {type(value).__name__}")
    found = tuple(
        _annotation(item, f"{where}: object {index}", folder) for index, item in enumerate(value)
    )
    names = [each.name for each in found]
    for each in found:
        if names.count(each.name) > 1:
            raise SceneError(f"{where}: the id {each.name!r} stands twice; ids must be unique")
        for other in each.minus:
            if other not in names:
                raise SceneError(f"{where}: {each.name!r} minus {other!r}: {nearest(other, names)}")
    return found


def drawn(
    found: Sequence[Annotation],
    photo_px: tuple[int, int],
    depth_m: NDArray[np.float32],
    *,
    has_depth: bool,
) -> Objects:
    """Draw annotated objects into one picture of ids.

    Args:
        found: The objects.
        photo_px: (width, height) of the photograph that they were annotated on.
        depth_m: (h, w) float32, metres, of the photograph as it is used (it may be smaller).
        has_depth: Whether `depth_m` is real.

    Raises:
        SceneError: If a polygon leaves the photograph, or an object covers no pixel.
    """
    whole = {each.name: _mask(each, photo_px, depth_m, has_depth=has_depth) for each in found}
    masks = []
    for each in found:
        mask = whole[each.name].copy()
        for other in each.minus:
            mask &= ~whole[other]
        if not mask.any():
            raise SceneError(
                f"object {each.name!r} covers no pixel: its outline, depth_m and minus leave none"
            )
        masks.append(mask)
    areas = [int(mask.sum()) for mask in masks]
    instance = np.zeros(depth_m.shape, np.int32)
    for index in sorted(range(len(masks)), key=lambda index: -areas[index]):
        instance[masks[index]] = index + 1
    things = tuple(
        SceneObject(index + 1, each.label, _whole_of(index, masks, areas))
        for index, each in enumerate(found)
    )
    return Objects(instance, things)


def _whole_of(index: int, masks: Sequence[Mask], areas: Sequence[int]) -> int | None:
    """Return the `track_id` of the smallest larger object that holds nearly all of this one."""
    holders = [
        (areas[other], other + 1)
        for other in range(len(masks))
        if areas[other] > areas[index]
        and int((masks[index] & masks[other]).sum()) >= _PART_SHARE * areas[index]
    ]
    return min(holders)[1] if holders else None


def _mask(
    each: Annotation,
    photo_px: tuple[int, int],
    depth_m: NDArray[np.float32],
    *,
    has_depth: bool,
) -> Mask:
    height, width = depth_m.shape
    if each.mask:
        full = Image.fromarray(read_mask(each.mask, photo_px))
        mask = np.array(full.resize((width, height), Image.Resampling.NEAREST), dtype=np.bool_)
    else:
        mask = _polygon(each, photo_px, (width, height))
    if each.depth_range_m is None:
        return mask
    if not has_depth:
        raise SceneError(
            f"object {each.name!r} has a depth_m, but the photograph has no depth; "
            f"give the depth, or a mask instead"
        )
    near, far = each.depth_range_m
    return np.asarray(mask & (depth_m >= near) & (depth_m <= far))


def _polygon(each: Annotation, photo_px: tuple[int, int], size_px: tuple[int, int]) -> Mask:
    corners = np.array(each.polygon_px)
    outside = ((corners < 0) | (corners > photo_px)).any(axis=1)
    if outside.any():
        raise SceneError(
            f"object {each.name!r}: the corner {corners[outside][0].tolist()} lies outside the "
            f"photograph of {photo_px[0]}x{photo_px[1]} pixels"
        )
    width, height = size_px
    fine = corners * (np.array(size_px) / photo_px) * _FINE - 0.5  # Pillow counts pixel centers
    canvas = Image.new("L", (width * _FINE, height * _FINE))
    ImageDraw.Draw(canvas).polygon([(x, y) for x, y in fine.tolist()], fill=1)
    samples = np.asarray(canvas).reshape(height, _FINE, width, _FINE)
    return np.asarray(samples.mean(axis=(1, 3)) >= 0.5)


def _annotation(item: Any, where: str, folder: Path) -> Annotation:  # noqa: ANN401
    if not isinstance(item, dict):
        raise SceneError(f"{where}: expected {{id, label, polygon or mask}}, got {item!r}")
    for key in item:
        if key not in _KEYS:
            raise SceneError(f"{where}: unknown key {key!r}: {nearest(key, _KEYS)}")
    for key in ("id", "label"):
        if not (isinstance(item.get(key), str) and item[key].strip()):
            raise SceneError(f"{where}: {key} must be a text, got {item.get(key)!r}")
    where = f"{where} ({item['id']})"
    if ("polygon" in item) == ("mask" in item):
        raise SceneError(f"{where}: give either a polygon or a mask")
    minus = item.get("minus", [])
    if not (isinstance(minus, list) and all(isinstance(name, str) for name in minus)):
        raise SceneError(f"{where}: minus must be a list of ids, got {minus!r}")
    return Annotation(
        name=item["id"],
        label=item["label"],
        polygon_px=_corners(item["polygon"], where) if "polygon" in item else (),
        mask=within(folder, item["mask"], f"{where}: mask") if "mask" in item else None,
        depth_range_m=_range(item["depth_m"], where) if "depth_m" in item else None,
        minus=tuple(minus),
    )


def within(folder: Path, name: Any, where: str) -> Path:  # noqa: ANN401
    """Return the path of a file that a manifest names; it must not leave the manifest's folder.

    Raises:
        SceneError: If it is no text, or leads elsewhere.
    """
    if not (isinstance(name, str) and name):
        raise SceneError(f"{where} must be a path, got {name!r}")
    path = folder / name
    if Path(name).is_absolute() or not path.resolve().is_relative_to(folder.resolve()):
        raise SceneError(f"{where}: {name!r} leaves the folder {folder}; put the file inside it")
    return path


def _corners(value: Any, where: str) -> tuple[tuple[float, float], ...]:  # noqa: ANN401
    pairs = isinstance(value, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(map(_is_number, pair)) for pair in value
    )
    if not pairs or len(value) < 3:
        raise SceneError(
            f"{where}: a polygon is a list of at least 3 corners [x, y], got {value!r}"
        )
    return tuple((float(x), float(y)) for x, y in value)


def _range(value: Any, where: str) -> tuple[float, float]:  # noqa: ANN401
    pair = isinstance(value, list) and len(value) == 2 and all(map(_is_number, value))
    if not pair or not 0 <= value[0] < value[1]:
        raise SceneError(
            f"{where}: depth_m must be [near, far] in metres, near < far, got {value!r}"
        )
    return float(value[0]), float(value[1])


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
