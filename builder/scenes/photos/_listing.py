"""Which photographs there are: from a manifest, a folder with sidecars, or the built-in garage."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import builder
from builder.core.camera import Camera
from builder.core.errors import SceneError, StoreError, nearest
from builder.scenes.photos._lens import Calibration, calibration_of
from builder.scenes.photos._objects import Annotation, annotations, read_annotations, within
from builder.scenes.photos._read import read_json, read_text
from builder.schemas import schema

MANIFEST = "manifest.jsonl"
PROMPT = "A photograph of a real place."
UNSTATED_LICENSE = "LicenseRef-Unstated"
_IMAGES = {".jpg", ".jpeg", ".png", ".webp"}
_DEPTHS = (".depth.png", ".depth.npy", ".depth.npz")
_FACTS = ("scene_id", "license", "source", "prompt", "camera", "depth", "objects")
_SCENE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One photograph and what belongs to it.

    Attributes:
        scene_id: The place.
        image: The photograph's file.
        license: SPDX expression.
        source: Where it comes from, in words.
        prompt: One sentence that describes it.
        camera: Its calibration, or a camera of its size, or None.
        depth: Its depth's file, or None.
        objects: Its annotated objects.
    """

    scene_id: str
    image: Path
    license: str
    source: str
    prompt: str = PROMPT
    camera: Calibration | Camera | None = None
    depth: Path | None = None
    objects: tuple[Annotation, ...] = ()


def entries(location: str | None) -> Mapping[str, Entry]:
    """Return the photographs at a location by `scene_id`, in order of the file or of names.

    Args:
        location: A folder of images, a folder with a `manifest.jsonl`, that file, or one image;
            None: the built-in garage.

    Raises:
        SceneError: If there is none, or what is written about one cannot be used.
        StoreError: If there is no such file or folder.
    """
    found: dict[str, Entry] = {}
    for entry in _entries(Path(location) if location is not None else garage()):
        if entry.scene_id in found:
            raise SceneError(
                f"{location}: {entry.image.name} and {found[entry.scene_id].image.name} both have "
                f"the scene_id {entry.scene_id!r}; a place needs its own"
            )
        found[entry.scene_id] = entry
    if not found:
        raise SceneError(f"{location}: no photograph there; expected {', '.join(sorted(_IMAGES))}")
    return found


def garage() -> Path:
    """Return the folder of the built-in garage: in a checkout, else in the installed package."""
    package = Path(builder.__file__).parent
    for root in (package.parent / "data-demo", package / "_demo"):
        if (root / "sources" / "garage" / MANIFEST).is_file():
            return root / "sources" / "garage"
    raise SceneError("the built-in garage is not installed; name photographs of your own")


def checked_id(scene_id: object, where: str) -> str:
    """Return a scene id.

    Raises:
        SceneError: If it is anything but letters, digits, `-` and `_`.
    """
    if isinstance(scene_id, str) and _SCENE_ID.fullmatch(scene_id):
        return scene_id
    raise SceneError(
        f"{where}: scene_id must be 1 to 100 letters, digits, - or _, beginning with a letter or "
        f"a digit, got {scene_id!r}"
    )


def _entries(path: Path) -> Iterator[Entry]:
    if path.is_dir():
        manifest = path / MANIFEST
        return _of_manifest(manifest) if manifest.is_file() else _of_folder(path)
    if not path.is_file():
        raise StoreError(f"{path}: there is no such file or folder")
    if path.suffix.lower() in _IMAGES:
        return iter([_beside(path)])
    return _of_manifest(path)


def _of_manifest(path: Path) -> Iterator[Entry]:
    for number, line in enumerate(read_text(path).splitlines(), start=1):
        where = f"{path}:{number}"
        if not line.strip():
            continue
        facts = _object(read_json(line, where), where)
        for key in ("scene_id", "image", "license", "source"):
            if key not in facts:
                raise SceneError(f"{where}: {key} is missing")
        image = within(path.parent, facts.pop("image"), f"{where}: image")
        yield _entry(image, path.parent, facts, where)


def _of_folder(path: Path) -> Iterator[Entry]:
    for image in sorted(path.iterdir()):
        is_image = image.suffix.lower() in _IMAGES
        if is_image and not image.name.lower().endswith((*_DEPTHS, ".mask.png")):
            yield _beside(image)


def _beside(image: Path) -> Entry:
    """Return a photograph with its sidecars: `<stem>.json` and `<stem>.depth.png`, .npy or .npz."""
    sidecar = image.with_suffix(".json")
    facts = {}
    if sidecar.is_file():
        facts = _object(read_json(read_text(sidecar), str(sidecar)), str(sidecar))
    depths = [image.with_name(image.stem + ending) for ending in _DEPTHS]
    there = [depth.name for depth in depths if depth.is_file()]
    if len(there) > 1:
        raise SceneError(f"{image}: {' and '.join(there)} are both its depth; keep one")
    if there:
        facts.setdefault("depth", there[0])
    facts.setdefault("scene_id", re.sub(r"[^A-Za-z0-9_-]+", "-", image.stem).strip("-_"))
    facts.setdefault("license", UNSTATED_LICENSE)
    facts.setdefault("source", f"photograph {image.name}; license not stated")
    where = str(sidecar if sidecar.is_file() else image)
    return _entry(image, image.parent, facts, where)


def _entry(image: Path, folder: Path, facts: dict[str, Any], where: str) -> Entry:
    for key in facts:
        if key not in _FACTS:
            raise SceneError(f"{where}: unknown key {key!r}: {nearest(key, ('image', *_FACTS))}")
    for key in ("license", "source"):
        if not (isinstance(facts[key], str) and facts[key].strip()):
            raise SceneError(f"{where}: {key} must be a text, got {facts[key]!r}")
    if not re.search(schema("record")["$defs"]["license"]["pattern"], facts["license"]):
        raise SceneError(
            f"{where}: license must be an SPDX expression, such as CC-BY-4.0, or LicenseRef-NAME "
            f"for what SPDX does not list, got {facts['license']!r}"
        )
    if not isinstance(prompt := facts.get("prompt", PROMPT), str):
        raise SceneError(f"{where}: prompt must be a text, got {prompt!r}")
    camera, depth = facts.get("camera"), facts.get("depth")
    return Entry(
        scene_id=checked_id(facts["scene_id"], where),
        image=image,
        license=facts["license"],
        source=facts["source"],
        prompt=prompt,
        camera=None if camera is None else calibration_of(camera, where),
        depth=None if depth is None else within(folder, depth, f"{where}: depth"),
        objects=_objects(facts.get("objects"), folder, where),
    )


def _objects(value: Any, folder: Path, where: str) -> tuple[Annotation, ...]:  # noqa: ANN401
    if value is None:
        return ()
    if isinstance(value, str):
        return read_annotations(within(folder, value, f"{where}: objects"))
    return annotations(value, f"{where}: objects", folder)


def _object(value: Any, where: str) -> dict[str, Any]:  # noqa: ANN401
    if not isinstance(value, dict):
        raise SceneError(f"{where}: expected a JSON object, got {type(value).__name__}")
    return value
