"""Detections in files, in the paper's layout: whoever wrote them, and kept to be read again."""

import json
from collections.abc import Mapping
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.config.detect import Detect
from builder.core.errors import StoreError
from builder.store import write_whole
from builder.trackers._detection import Detection, Found
from builder.trackers._open_vocabulary import within

NAME = "detect_result.jsonl"


def read_found(file: Path, frames: int, size_px: tuple[int, int]) -> list[tuple[Detection, ...]]:
    """Return the detections of a `detect_result.jsonl`, ours or the paper's, without identities.

    The ids in such files are not read: a detector that is asked image by image counts anew in each,
    and nothing in the file tells. Whoever wants tracks follows the detections again.

    Args:
        file: One line a frame that was looked at, in any order.
        frames: How many frames there are.
        size_px: (width, height) of the frames; a line that states another is scaled.

    Raises:
        StoreError: If the file cannot be read, or a line is not in either layout.
    """
    found: list[tuple[Detection, ...]] = [()] * frames
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise StoreError(f"{file}: cannot be read ({error})") from error
    for number, text in enumerate(lines, start=1):
        if not text.strip():
            continue
        try:
            line = json.loads(text)
            frame = int(line["frame_idx"])
            here = tuple(_detection(one, line, size_px) for one in line["detections"])
        except (KeyError, TypeError, ValueError) as error:
            raise StoreError(
                f"{file}:{number}: is no line of detections ({type(error).__name__}: {error}); "
                f"expected frame_idx, width, height and detections with label, bbox and score"
            ) from error
        if not 0 <= frame < frames:
            raise StoreError(f"{file}:{number}: frame_idx {frame}, and there are {frames} frames")
        found[frame] = tuple(one for one in here if one is not None)
    return found


def write_found(file: Path, found: Found, size_px: tuple[int, int]) -> None:
    """Write detections in the paper's layout, their ids null; undone by `read_found`."""
    names = sorted({one.label for here in found for one in here})
    lines = [
        json.dumps(
            {
                "frame_idx": frame,
                "width": size_px[0],
                "height": size_px[1],
                "detections": [_json(one, names.index(one.label), size_px) for one in here],
            }
        )
        for frame, here in enumerate(found)
    ]
    write_whole(file, "\n".join(lines) + "\n")


def cache_file(frames: NDArray[np.uint8], labels: tuple[str, ...], settings: Detect) -> Path | None:
    """Return where the detections of these frames are kept; None: they are not.

    What changes a detection changes the name: the pictures, the model, the labels, the thresholds.
    """
    if settings.cache is None:
        return None
    digest = blake2b(np.ascontiguousarray(frames).tobytes(), digest_size=16)
    facts = (settings.model, labels, settings.min_score, settings.min_text_score, settings.overlap)
    digest.update(repr((frames.shape, facts)).encode())
    return Path(settings.cache).expanduser() / digest.hexdigest() / NAME


def _detection(
    plain: Mapping[str, Any], line: Mapping[str, Any], size_px: tuple[int, int]
) -> Detection | None:
    corners = np.asarray([float(corner) for corner in plain["bbox"]])
    stated = (line.get("width") or size_px[0], line.get("height") or size_px[1])
    corners = corners * np.tile(np.asarray(size_px) / np.asarray(stated, dtype=float), 2)
    box = within(corners.tolist(), *size_px)
    return None if box is None else Detection(box, str(plain["label"]), float(plain["score"]))


def _json(one: Detection, label_id: int, size_px: tuple[int, int]) -> dict[str, Any]:
    return {
        "track_id": None,
        "label_id": label_id,
        "label": one.label,
        "bbox": [float(corner) for corner in one.box.corners_px()],
        "bbox_norm": list(one.box.n1000(*size_px)),
        "score": one.score,
    }
