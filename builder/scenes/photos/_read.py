"""Photographs and depths from files; what is wrong with one is said before it is used."""

import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from builder.core.errors import SceneError

MAX_PX = 64_000_000
_TOO_LARGE = f"more than {MAX_PX // 1_000_000} million pixels; make the image smaller first"
_MIN_SIDE_PX = 64
_MEDIAN_RANGE_M = (0.2, 200.0)
_BROKEN = (OSError, SyntaxError, ValueError, EOFError)  # what Pillow and numpy raise on bad files

Floats = NDArray[np.float32]


def read_rgb(path: Path) -> NDArray[np.uint8]:
    """Return a photograph as (H, W, 3) uint8, upright as its EXIF orientation wants it.

    Raises:
        SceneError: If it is missing, no image, truncated, too large or too small.
    """
    with _opened(path) as image:
        try:
            rgb = np.array(ImageOps.exif_transpose(image).convert("RGB"))
        except _BROKEN as error:
            raise SceneError(f"{path}: the image cannot be decoded ({error})") from error
    if min(rgb.shape[:2]) < _MIN_SIDE_PX:
        raise SceneError(
            f"{path}: a photograph must have at least {_MIN_SIDE_PX} pixels on each side, "
            f"got {rgb.shape[1]}x{rgb.shape[0]}"
        )
    return rgb


def read_mask(path: Path, size_px: tuple[int, int]) -> NDArray[np.bool_]:
    """Return an object's mask, (H, W) bool: what is not 0 belongs to it.

    Raises:
        SceneError: If it cannot be read or has another size (width, height) than the photograph.
    """
    with _opened(path) as image:
        _check_size(path, "mask", image.size, size_px)
        try:
            return np.asarray(np.array(image.convert("L")) > 0)
        except _BROKEN as error:
            raise SceneError(f"{path}: the mask cannot be decoded ({error})") from error


def read_depth_m(path: Path, size_px: tuple[int, int]) -> Floats:
    """Return depth, (H, W) float32, metres, 0 where it is unknown.

    Args:
        path: A 16-bit PNG in millimetres, or `.npy` / `.npz` in metres; 0, inf, NaN = unknown.
        size_px: (width, height) of the photograph.

    Raises:
        SceneError: If it cannot be read, has another size, no known pixel, or implausible values.
    """
    if path.suffix.lower() == ".png":
        depth_m = _png_mm(path, size_px) / np.float32(1000)
    elif path.suffix.lower() in {".npy", ".npz"}:
        depth_m = _numpy_m(path, size_px)
    else:
        raise SceneError(f"{path}: depth must be a .png, .npy or .npz file")
    depth_m = np.where(np.isfinite(depth_m), depth_m, 0).astype(np.float32)
    _check_range(path, depth_m)
    return depth_m


def read_json(text: str, where: str) -> Any:  # noqa: ANN401 - JSON is checked by who asked for it
    """Return the value of a JSON text that has no NaN, no infinity and no key twice.

    Raises:
        SceneError: With `where` and what is wrong.
    """
    try:
        return json.loads(text, parse_constant=_refuse_constant, object_pairs_hook=_unique)
    except ValueError as error:
        raise SceneError(f"{where}: not JSON: {error}") from error


def read_text(path: Path) -> str:
    """Return a UTF-8 text file.

    Raises:
        SceneError: If it is missing or not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SceneError(f"{path}: cannot be read ({error})") from error


def _exists(path: Path) -> None:
    if not path.is_file():
        raise SceneError(f"{path}: there is no such file")


def _opened(path: Path) -> Image.Image:
    _exists(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our limit is lower
            image = Image.open(path)
    except Image.DecompressionBombError as error:
        raise SceneError(f"{path}: {_TOO_LARGE}") from error
    except _BROKEN as error:
        raise SceneError(f"{path}: not an image that Pillow reads ({error})") from error
    if image.width * image.height > MAX_PX:
        size = f"{image.width}x{image.height}"
        image.close()
        raise SceneError(f"{path}: {size} pixels, {_TOO_LARGE}")
    return image


def _png_mm(path: Path, size_px: tuple[int, int]) -> Floats:
    with _opened(path) as image:
        if not image.mode.startswith("I"):
            raise SceneError(
                f"{path}: depth must be a 16-bit gray PNG in millimetres, got mode {image.mode}; "
                f"metres fit into a .npy file"
            )
        _check_size(path, "depth", image.size, size_px)
        try:
            return np.array(image).astype(np.float32)
        except _BROKEN as error:
            raise SceneError(f"{path}: the depth cannot be decoded ({error})") from error


def _numpy_m(path: Path, size_px: tuple[int, int]) -> Floats:
    _exists(path)
    try:
        loaded = np.load(path, mmap_mode="r", allow_pickle=False)
        if isinstance(loaded, np.lib.npyio.NpzFile):
            if len(loaded.files) != 1 and "depth" not in loaded.files:
                raise SceneError(f"{path}: one array or one called 'depth', got {loaded.files}")
            loaded = loaded["depth" if "depth" in loaded.files else loaded.files[0]]
    except (*_BROKEN, KeyError) as error:
        if isinstance(error, SceneError):
            raise
        raise SceneError(
            f"{path}: not a plain numpy file ({error}); pickles are refused"
        ) from error
    if loaded.ndim != 2 or loaded.dtype.kind not in "fiu":
        raise SceneError(
            f"{path}: depth must be numbers of shape (H, W), got {loaded.dtype} {loaded.shape}"
        )
    _check_size(path, "depth", (loaded.shape[1], loaded.shape[0]), size_px)
    return np.asarray(loaded, dtype=np.float32)


def _check_size(path: Path, what: str, got: tuple[int, int], expected: tuple[int, int]) -> None:
    if got != expected:
        raise SceneError(
            f"{path}: the {what} must be as large as its photograph, "
            f"{expected[0]}x{expected[1]}, got {got[0]}x{got[1]}"
        )


def _check_range(path: Path, depth_m: Floats) -> None:
    if (depth_m < 0).any():
        raise SceneError(f"{path}: depth must be >= 0, got {float(depth_m.min()):g} m")
    known = depth_m[depth_m > 0]
    if not known.size:
        raise SceneError(f"{path}: no pixel has a depth (0, inf and NaN mean unknown)")
    low, high = _MEDIAN_RANGE_M
    median = float(np.median(known))
    if not low <= median <= high:
        raise SceneError(
            f"{path}: the median depth is {median:g} m, expected {low:g} to {high:g} m; "
            f"is the unit right? .png holds millimetres, .npy and .npz hold metres"
        )


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {max(names, key=names.count)!r} stands twice")
    return found
