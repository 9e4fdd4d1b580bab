"""`scene.json` and the anchors' pictures: what a place is, in one subset."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from builder.core.camera import Camera
from builder.core.protocol import Subset
from builder.core.scene import Anchor, Scene
from builder.store.files import write_whole


def scene_folder_of(root: Path, scene_id: str) -> Path:
    """Return the folder of a place below the folder of its subset."""
    return root / "scenes" / scene_id


def input_of(folder: Path, anchor: int, suffix: str) -> Path:
    """Return the picture of an anchor below the folder of its place."""
    return folder / "input" / f"{anchor:03d}{suffix}"


def write_scene(
    root: Path,
    scene: Scene,
    subset: Subset,
    anchors: Sequence[Anchor],
    pictures: Sequence[bytes],
    suffix: str,
) -> Path:
    """Write the anchors' pictures, then `scene.json`; what is there already stays if it is equal.

    Args:
        root: The subset's folder.
        scene: The place.
        subset: Whose anchors these are.
        anchors: Where its trajectories start.
        pictures: One encoded picture an anchor, as the teacher saw it.
        suffix: Of the pictures, ".jpg" or ".png".

    Returns:
        The folder of the place.

    Raises:
        StoreError: If the disk refuses.
    """
    folder = scene_folder_of(root, scene.scene_id)
    for anchor, picture in zip(anchors, pictures, strict=True):
        file = input_of(folder, anchor.index, suffix)
        if not (file.is_file() and file.read_bytes() == picture):
            write_whole(file, picture)
    content = json.dumps(_scene_json(scene, subset, anchors, suffix), indent=2) + "\n"
    write_whole(folder / "scene.json", content)
    return folder


def camera_json(camera: Camera) -> dict[str, float]:
    """Return a camera's size and intrinsics, pixels, as the paper names them."""
    (fx, fy), (cx, cy) = camera.focal_px, camera.center_px
    return {
        "width": camera.width_px,
        "height": camera.height_px,
        "fx": float(fx),
        "fy": float(fy),
        "cx": float(cx),
        "cy": float(cy),
    }


def _scene_json(
    scene: Scene, subset: Subset, anchors: Sequence[Anchor], suffix: str
) -> dict[str, Any]:
    return {
        "scene_id": scene.scene_id,
        "scene_type": scene.scene_type,
        "subset": subset.name,
        "license": scene.license,
        "source": scene.source,
        "prompt": scene.prompt,
        "objects": [{"track_id": thing.track_id, "label": thing.label} for thing in scene.objects],
        "anchors": [_anchor_json(anchor, suffix) for anchor in anchors],
    }


def _anchor_json(anchor: Anchor, suffix: str) -> dict[str, Any]:
    return {
        "index": anchor.index,
        "image": f"input/{anchor.index:03d}{suffix}",
        "camera": camera_json(anchor.camera),
        "camera_source": anchor.camera_source,
        "scene_from_anchor": anchor.scene_from_anchor.matrix().tolist(),
        "crop_px": None if anchor.crop_px is None else [float(edge) for edge in anchor.crop_px],
    }
