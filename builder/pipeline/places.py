"""Test photographs for audits of the real subsets: made-up rooms, photographed with depth.

The package carries one real place. To measure what a build from photographs gives away, many are
needed: these are looked at once with a wide lens and written as any user's photographs would be,
with depth in millimetres and a mask for each object, so that `builder.scenes.photos` reads them
back. They are never to be published as real: their ids and their sources say what they are.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from builder.core.camera import Camera
from builder.core.errors import StoreError
from builder.core.protocol import SUBSETS
from builder.core.scene import SceneObject, SceneRef
from builder.core.seeding import rank_of
from builder.core.view import View
from builder.store.files import told, whole_folder

MANIFEST = "manifest.jsonl"
PLACE_ID = "audit-place"
SOURCE = "rendered from a made-up room for an audit, not a photograph"
_SIZE_PX = (800, 600)  # like the garage: four times the pixels would double the time of a view
_HFOV_DEG = 90.0  # a crop of half the width then turns by a third of its own view
_LEAST_PX = 400  # of an object: boxes of less than 0.5 % of a crop are never asked about
_ROOM_SEEDS = 10**9


@dataclass(frozen=True, slots=True)
class PlaceJob:
    """One test photograph to be made.

    Attributes:
        scene_id: What it will be called.
        room: The room to look at.
        folder: Where its files go.
        size_px: (width, height).
    """

    scene_id: str
    room: SceneRef
    folder: Path
    size_px: tuple[int, int]


Engine = Callable[[Sequence[PlaceJob]], Iterable[tuple[PlaceJob, dict[str, Any]]]]


def make_places(
    out: Path, count: int, seed: int, engine: Engine, size_px: tuple[int, int] = _SIZE_PX
) -> int:
    """Write `count` test photographs and their manifest; the folder appears whole or not at all.

    Args:
        out: The folder; it must not exist.
        count: How many places.
        seed: The same seed gives the same pictures.
        engine: Runs `make_place` on jobs and yields each job with its result, in any order.
        size_px: (width, height) of the photographs.

    Returns:
        How many objects are annotated in all.

    Raises:
        StoreError: If the folder exists.
    """
    if out.exists():
        raise StoreError(f"{out} exists already; name a new folder")
    with whole_folder(out) as draft:
        for name in ("depth", "masks"):
            (draft / name).mkdir(parents=True)
        jobs = place_jobs(draft, count, seed, size_px)
        facts = {job.scene_id: row for job, row in engine(jobs)}
        rows = [facts[job.scene_id] for job in jobs]
        with told(draft / MANIFEST):
            lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (draft / MANIFEST).write_text("".join(lines), encoding="utf-8")
    return sum(len(row["objects"]) for row in rows)


def place_jobs(
    folder: Path, count: int, seed: int, size_px: tuple[int, int] = _SIZE_PX
) -> list[PlaceJob]:
    """Name the places; their rooms are none that a build of any seed a person types furnishes.

    A simulated subset of the same seed would else show the same room under another name, in
    another split perhaps.
    """
    room_seed = _ROOM_SEEDS + rank_of(seed, "places") % _ROOM_SEEDS
    return [
        PlaceJob(
            f"{PLACE_ID}-{seed}-{index:04d}",
            SceneRef("rooms", f"room-{room_seed}-{index:04d}", room_seed),
            folder,
            size_px,
        )
        for index in range(count)
    ]


def make_place(job: PlaceJob) -> dict[str, Any]:
    """Photograph one room, write the files, and return its line of the manifest."""
    from builder.scenes import source_named

    scene = source_named(job.room.source).open(job.room)
    anchor = scene.world.anchors(SUBSETS["svc-simulated"], 1)[0]
    camera = Camera.from_fov(*job.size_px, _HFOV_DEG)
    view = scene.world.look(anchor.scene_from_anchor, camera)
    name = job.scene_id
    with told(job.folder / f"{name}.png"):
        Image.fromarray(view.rgb).save(job.folder / f"{name}.png", compress_level=1)
        depth_mm = np.clip(np.rint(view.depth_m * 1000), 0, 65535).astype(np.uint16)
        Image.fromarray(depth_mm).save(job.folder / "depth" / f"{name}.png", compress_level=1)
        objects = list(_annotated(view, scene.objects, job))
    return {
        "scene_id": name,
        "image": f"{name}.png",
        "license": scene.license,
        "source": SOURCE,
        "prompt": scene.prompt,
        "camera": _intrinsics(camera),
        "depth": f"depth/{name}.png",
        "objects": objects,
    }


def _annotated(
    view: View, things: Sequence[SceneObject], job: PlaceJob
) -> Iterable[dict[str, str]]:
    """Write a mask for each object that shows enough, and yield its annotation."""
    pixels = np.bincount(view.instance.ravel(), minlength=len(things) + 1)
    least = _LEAST_PX * view.instance.size / (_SIZE_PX[0] * _SIZE_PX[1])
    for thing in things:
        if pixels[thing.track_id] < least:
            continue
        file = f"masks/{job.scene_id}-{thing.track_id:03d}.png"
        _save_mask(job.folder / file, view.instance == thing.track_id)
        yield {"id": f"{thing.label}-{thing.track_id}", "label": thing.label, "mask": file}


def _save_mask(path: Path, mask: NDArray[np.bool_]) -> None:
    Image.fromarray(mask).save(path)


def _intrinsics(camera: Camera) -> dict[str, float]:
    (fx, fy), (cx, cy) = camera.focal_px, camera.center_px
    return {"fx": fx, "fy": fy, "cx": cx, "cy": cy}
