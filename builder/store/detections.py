"""`detect_result.jsonl`: which objects each stored frame shows, in the paper's layout."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from builder.core.box import Box
from builder.core.camera import Camera
from builder.core.track import Sighting, Track


def detection_lines(tracks: Sequence[Track], frames: int, camera: Camera) -> str:
    """Return one JSON line a stored frame; identities hold across the lines."""
    labels = {label: index for index, label in enumerate(sorted({one.label for one in tracks}))}
    lines = []
    for frame in range(frames):
        seen = [
            _detection(track, track.sightings[frame], labels, camera)
            for track in tracks
            if frame in track.sightings
        ]
        line = {
            "frame_idx": frame,
            "width": camera.width_px,
            "height": camera.height_px,
            "detections": seen,
        }
        lines.append(json.dumps(line) + "\n")
    return "".join(lines)


def read_detections(file: Path) -> tuple[Track, ...]:
    """Return the tracks of a `detect_result.jsonl`: undoes `detection_lines`.

    Raises:
        KeyError, ValueError: If a line is not as we write it.
    """
    labels: dict[int, str] = {}
    sightings: dict[int, dict[int, Sighting]] = {}
    for text in file.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        for found in line["detections"]:
            labels[found["track_id"]] = found["label"]
            here = sightings.setdefault(found["track_id"], {})
            here[line["frame_idx"]] = Sighting(
                Box(*found["bbox"]), found["visible_px"], found["amodal_px"]
            )
    return tuple(Track(one, labels[one], sightings[one]) for one in sorted(labels))


def _detection(
    track: Track, sighting: Sighting, labels: Mapping[str, int], camera: Camera
) -> dict[str, Any]:
    return {
        "track_id": track.track_id,
        "label_id": labels[track.label],
        "label": track.label,
        "bbox": [float(corner) for corner in sighting.box.corners_px()],
        "bbox_norm": list(sighting.box.n1000(camera.width_px, camera.height_px)),
        "score": 1.0,
        "visible_px": sighting.visible_px,
        "amodal_px": sighting.amodal_px,
    }
