"""What a picture is, for comparing thousands: its bytes' digest, and a few of its pixels."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from builder.audit.blind.asked import Asked, Batch, batches, bytes_of
from builder.core.errors import RecordInvalid

_HASH_PX = 16
_THUMB_PX = 16
_NEAR_BITS = 20  # of 256; a picture saved again with another quality differs in fewer than 10
_NEAR_LEVELS = 2.5  # of 255, mean difference of the thumbs
_FLAT_LEVELS = 4.0  # a wall that fills the frame looks like any other
_ROWS = 2048
_BROKEN = (OSError, ValueError, SyntaxError, EOFError)

Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture.

    Attributes:
        digest: Of the file's bytes.
        bits: (32,) uint8, 256 bits: whether brightness rises from cell to cell.
        thumb: (16, 16, 3) uint8.
    """

    digest: bytes
    bits: Bytes
    thumb: Bytes


Pictures = Mapping[str, Picture]


def pictures_of(
    records: Sequence[Asked],
    run: Callable[[Sequence[Batch]], Iterable[tuple[Batch, dict[str, Picture]]]],
) -> dict[str, Picture]:
    """Look at every picture of some records.

    Args:
        records: Whose pictures.
        run: Calls `look` on batches and yields each with its result.

    Raises:
        RecordInvalid: If a picture is missing or broken.
    """
    found: dict[str, Picture] = {}
    for _, seen in run(batches(records)):
        found.update(seen)
    return found


def look(batch: Batch) -> dict[str, Picture]:
    """Look at the pictures of a batch.

    Raises:
        RecordInvalid: If a picture is missing or broken.
    """
    return {key: picture_of(data, key) for key, data in bytes_of(batch)}


def picture_of(data: bytes, name: str) -> Picture:
    """Return what a picture is; a JPEG is decoded at an eighth of its size.

    Raises:
        RecordInvalid: If it is broken.
    """
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.draft("RGB", (4 * _THUMB_PX, 4 * _THUMB_PX))
            small = image.convert("RGB")
    except _BROKEN as error:
        raise RecordInvalid(f"{name}: cannot be decoded ({error}); run world2vlm check") from error
    box = Image.Resampling.BOX
    gray = np.asarray(small.convert("L").resize((_HASH_PX + 1, _HASH_PX), box), np.int16)
    bits = np.packbits(gray[:, 1:] > gray[:, :-1])
    thumb = np.asarray(small.resize((_THUMB_PX, _THUMB_PX), box))
    return Picture(blake2b(data, digest_size=16).digest(), bits, thumb)


def near_pairs(ones: Sequence[Picture], others: Sequence[Picture]) -> list[tuple[int, int]]:
    """Return which of `ones` look like which of `others`, but for how they were saved.

    Hashes propose, thumbs decide; flat pictures are like nothing.
    """
    if not ones or not others:
        return []
    signs = [_signs(side) for side in (ones, others)]
    found = []
    for start in range(0, len(ones), _ROWS):
        apart = (256 - signs[0][start : start + _ROWS] @ signs[1].T) / 2
        for row, column in np.argwhere(apart <= _NEAR_BITS).tolist():
            if _alike(ones[start + row], others[column]):
                found.append((start + row, column))
    return found


def _signs(side: Sequence[Picture]) -> NDArray[np.float32]:
    bits = np.unpackbits(np.stack([one.bits for one in side]), axis=1)
    return bits.astype(np.float32) * 2 - 1


def _alike(one: Picture, other: Picture) -> bool:
    first, second = one.thumb.astype(float), other.thumb.astype(float)
    if min(first.std(axis=(0, 1)).max(), second.std(axis=(0, 1)).max()) < _FLAT_LEVELS:
        return False
    return bool(np.abs(first - second).mean() <= _NEAR_LEVELS)
