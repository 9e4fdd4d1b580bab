"""Photographs: real places, lifted by their depth; each gives several anchors.

A location is a folder of images with sidecars (`<stem>.depth.png` in millimetres, `.depth.npy` or
`.depth.npz` in metres, `<stem>.json` with the facts below), or a `manifest.jsonl` with one line

    {"scene_id", "image", "license", "source", "prompt"?, "camera"?, "depth"?, "objects"?}

a photograph; paths are relative to it and stay in its folder. `camera` is {fx, fy, cx, cy} with
the pixel (0, 0) covering [0, 1) x [0, 1); calibrations that count pixel centers from 0 (OpenCV,
Middlebury) say so with "pixel_center": 0 and are shifted by half a pixel. Polygons count as
`camera` does. Without a location it is the measured garage that comes with the package.
"""

from pathlib import Path

from builder.config import Gates
from builder.core.camera import Camera
from builder.core.errors import SceneError, nearest
from builder.core.scene import Scene, SceneRef
from builder.scenes import DEFAULT_GATES, SceneSource
from builder.scenes.photos._lens import Calibration, fitting
from builder.scenes.photos._listing import UNSTATED_LICENSE, Entry, checked_id, entries
from builder.scenes.photos._objects import read_annotations

__all__ = ["PLUGIN", "Calibration", "Photos", "entries", "fitting", "photograph"]


class Photos(SceneSource):
    """As many places as there are photographs."""

    name = "photos"
    scene_type = "real"

    def references(self, count: int, seed: int, location: str | None) -> tuple[SceneRef, ...]:
        """Name up to `count` photographs, in the manifest's order or by name.

        Raises:
            SceneError: If the location, or what is written about a photograph, cannot be used.
        """
        names = list(entries(location))[:count]
        return tuple(SceneRef(self.name, name, seed, location) for name in names)

    def open(self, reference: SceneRef, gates: Gates = DEFAULT_GATES) -> Scene:
        """Read one photograph and lift it; it refuses what the gates would not show.

        Raises:
            SceneError: If the photograph, its depth, camera or objects cannot be used.
        """
        known = entries(reference.location)
        if reference.scene_id not in known:
            raise SceneError(
                f"{reference.location}: no photograph {reference.scene_id!r}: "
                f"{nearest(reference.scene_id, known)}"
            )
        from builder.scenes.photos._open import opened  # numba and scipy come with it

        return opened(known[reference.scene_id], gates)


def photograph(  # noqa: PLR0913 - each is a fact of its own, most have a default
    image: Path,
    depth: Path | None = None,
    camera: Calibration | Camera | None = None,
    objects: Path | None = None,
    *,
    scene_id: str = "photograph",
    license: str = UNSTATED_LICENSE,
    source: str | None = None,
) -> Scene:
    """Return one photograph as a scene.

    Args:
        image: The photograph.
        depth: 16-bit PNG in millimetres, or `.npy` / `.npz` in metres; None: only turns.
        camera: Published numbers, or a camera of the image's size; None: 54 degrees on the short
            side are assumed.
        objects: JSON list of {id, label, polygon or mask, depth_m?, minus?}.
        scene_id: Name of the place.
        license: SPDX expression of the photograph.
        source: Where it comes from, in words.

    Raises:
        SceneError: If any of them cannot be used.
    """
    from builder.scenes.photos._open import opened

    entry = Entry(
        scene_id=checked_id(scene_id, str(image)),
        image=image,
        license=license,
        source=source or f"photograph {image.name}",
        camera=camera,
        depth=depth,
        objects=read_annotations(objects) if objects else (),
    )
    return opened(entry)


PLUGIN = Photos()
