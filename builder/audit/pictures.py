"""Pictures that records name: found below their root, opened once, decoded to the end."""

import io
import os
import struct
import warnings
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

from PIL import Image, UnidentifiedImageError

from builder.audit.counted import Counted
from builder.audit.issue import Finding
from builder.audit.schema_rules import path_fault
from builder.schemas.report import short

MOST_PIXELS = 64_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
_EXIF_ORIENTATION = 0x0112
_BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, zlib.error)


@dataclass(frozen=True, slots=True)
class Picture:
    """What was found out about one picture.

    Attributes:
        size_px: (width, height); None if it could not be opened, or was not to be.
        rule: The rule it breaks; "" if none.
        message: Why.
    """

    size_px: tuple[int, int] | None
    rule: str = ""
    message: str = ""

    def finding(self, pointer: str, name: str) -> list[Finding]:
        """Return what is wrong with it, where a value names it."""
        return (
            [Finding(pointer, self.rule, f"{short(name, 160)} {self.message}")] if self.rule else []
        )


@dataclass(slots=True)
class Pictures:
    """Opens each picture once.

    Attributes:
        counted: Where opened pictures are counted.
        decode: False: only look whether files are there.
    """

    counted: Counted
    decode: bool = True
    _named: dict[tuple[str, str], Picture] = field(default_factory=dict)
    _roots: dict[Path, str] = field(default_factory=dict)
    _opened: dict[tuple[int, int] | bytes, Picture] = field(default_factory=dict)
    _told: set[tuple[int, int] | bytes] = field(default_factory=set)

    def below(self, root: Path, name: str) -> Picture:
        """Return the picture that `name` names below `root`."""
        key = (str(root), name)
        if key not in self._named:
            self._named[key] = self._found(root, name)
        return self._named[key]

    def held(self, data: bytes) -> Picture:
        """Return the picture that a file's bytes are."""
        key = blake2b(data, digest_size=16).digest()
        if key not in self._opened:
            self._opened[key] = self._open(io.BytesIO(data))
        return self._opened[key]

    def know(self, told: Mapping[str, Sequence[Any]]) -> None:
        """Take over what other processes have `told` of pictures, which are not opened again."""
        for key, (size_px, rule, message) in told.items():
            picture = Picture(tuple(size_px) if size_px else None, rule, message)
            self._opened[_key_of(key)] = picture
            self._told.add(_key_of(key))

    def told(self) -> dict[str, list[object]]:
        """Return what came of the pictures that were opened here, for another process."""
        return {
            key.hex() if isinstance(key, bytes) else f"{key[0]}-{key[1]}": [*_facts(picture)]
            for key, picture in self._opened.items()
            if key not in self._told and self.decode
        }

    def place(self, root: Path, name: str) -> Picture:
        """Return what is wrong with where `name` leads below `root`; no file is opened."""
        if fault := path_fault(name):
            return Picture(None, "image-path", fault)
        if not _is_below(os.path.realpath(root / name), self._real(root)):
            return Picture(None, "image-outside", "leads out of the folder through a link")
        if not (root / name).is_file():
            return Picture(None, "image-missing", "is not there, below the folder of this file")
        return Picture(None)

    def _found(self, root: Path, name: str) -> Picture:
        misplaced = self.place(root, name)
        if misplaced.rule:
            return misplaced
        file = root / name
        try:
            facts = file.stat()
            key = (facts.st_dev, facts.st_ino)  # one picture may have several names
            if key not in self._opened:
                with file.open("rb") as stream:
                    self._opened[key] = self._open(stream)
        except OSError as error:
            return Picture(None, "image-unreadable", f"cannot be read: {error.strerror}")
        return self._opened[key]

    def _real(self, root: Path) -> str:
        if root not in self._roots:
            self._roots[root] = os.path.realpath(root)
        return self._roots[root]

    def _open(self, stream: IO[bytes]) -> Picture:
        if not self.decode:
            return Picture(None)
        self.counted.images += 1
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                with Image.open(stream, formats=FORMATS) as image:
                    return _decoded(image)
        except Image.DecompressionBombError:
            return _too_large("far more")
        except UnidentifiedImageError:
            return Picture(None, "image-unreadable", "is no JPEG, PNG or WebP")
        except _BROKEN:  # in the words of one Pillow or another; what it means is the same
            return Picture(None, "image-unreadable", "is cut off or broken; it cannot be decoded")


def by(size_px: tuple[int, int]) -> str:
    """Return such as `576x576`."""
    return f"{size_px[0]}x{size_px[1]}"


def _facts(picture: Picture) -> tuple[object, ...]:
    return picture.size_px, picture.rule, picture.message


def _key_of(text: str) -> tuple[int, int] | bytes:
    device, dash, inode = text.partition("-")
    return (int(device), int(inode)) if dash else bytes.fromhex(text)


def _decoded(image: Image.Image) -> Picture:
    size_px = image.size
    if size_px[0] * size_px[1] > MOST_PIXELS:
        return _too_large(by(size_px))
    image.draft("RGB", (1, 1))  # JPEG: all data is read, an eighth of the pixels is made
    image.load()
    turned = image.getexif().get(_EXIF_ORIENTATION, 1) if "exif" in image.info else 1
    if turned not in {0, 1}:
        text = f"has the EXIF orientation {turned}; some loaders turn it, some do not: turn it"
        return Picture(size_px, "image-rotated", text)
    return Picture(size_px)


def _too_large(what: str) -> Picture:
    limit = MOST_PIXELS // 1_000_000
    text = f"has {what}, and at most {limit} megapixels are decoded"
    return Picture(None, "image-too-large", text)


def _is_below(path: str, root: str) -> bool:
    return path.startswith(root.rstrip(os.sep) + os.sep)
