"""The pictures that a bundle lists: below its own folder, whole, and all of one size."""

import functools
import os
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from PIL import Image, UnidentifiedImageError

from builder.store.foreign.node import Node

_MOST_PIXELS = 64_000_000
_SUFFIXES = (".png", ".jpg", ".jpeg")
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, zlib.error)


def picture_of(folder: Path, name: Node) -> Path:
    """Return the file that a bundle names, which must be its own.

    Raises:
        Refusal: If the path is absolute, climbs out, leads out through a link, or names no file.
    """
    path = PurePosixPath(name.text())
    if path.is_absolute() or "\\" in name.text() or ":" in name.text() or ".." in path.parts:
        raise name.wrong(f"{name.short()} is not a path below the bundle", "path-outside")
    file = folder / path
    if not os.path.realpath(file).startswith(os.path.realpath(folder) + os.sep):
        raise name.wrong(f"{name.short()} leads out of the bundle through a link", "path-outside")
    if not file.is_file():
        raise name.wrong(f"{name.short()} is not there", "frame-missing")
    if file.suffix.lower() not in _SUFFIXES:
        raise name.wrong(f"expected one of {', '.join(_SUFFIXES)}, got {name.short()}")
    return file


def size_of(files: Sequence[Path], names: Sequence[Node]) -> tuple[int, int]:
    """Return the (width, height) that all pictures have; each is decoded to its end.

    Raises:
        Refusal: If one is broken, or their sizes differ.
    """
    sizes = [_size(file, name) for file, name in zip(files, names, strict=True)]
    for size, name in zip(sizes, names, strict=True):
        if size != sizes[0]:
            text = f"is {size[0]}x{size[1]}, and the first frame {sizes[0][0]}x{sizes[0][1]}"
            raise name.wrong(text, "size-differs")
    return sizes[0]


@functools.lru_cache(maxsize=64)
def size_if_picture(file: Path) -> tuple[int, int] | None:
    """Return the (width, height) that a picture claims; None: it is no picture."""
    try:
        with Image.open(file) as image:
            return image.size
    except (UnidentifiedImageError, Image.DecompressionBombError, *_BROKEN):
        return None


def _size(file: Path, name: Node) -> tuple[int, int]:
    try:
        with Image.open(file, formats=("PNG", "JPEG")) as image:
            if image.width * image.height > _MOST_PIXELS:
                raise name.wrong(f"has {image.width}x{image.height} pixels", "frame-broken")
            image.load()
            return image.size
    except (UnidentifiedImageError, Image.DecompressionBombError, *_BROKEN) as error:
        raise name.wrong(f"{name.short()} cannot be decoded", "frame-broken") from error
