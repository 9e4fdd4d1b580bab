"""Places opened again for a check: from the settings that a build stored, or from their names."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from builder.audit.deep import Reopened
from builder.config import Gates
from builder.core.errors import MissingExtra, World2VLMError
from builder.core.protocol import SUBSETS
from builder.core.scene import Scene, SceneRef
from builder.pipeline.rollouts import remembering
from builder.pipeline.tools import SOURCE_OF, default_tools
from builder.store import read_json
from builder.tasks import DEMO_SCENE

_BACKEND = "embedded"  # the only one whose views depend on nothing but the place
_DEMO_SUFFIX = "-demo"


def again(root: Path, scene_id: str, backend: str, seed: int) -> Reopened:
    """Open a place as a build did.

    Args:
        root: The folder of a subset's bundles, in a build's output or in the demo.
        scene_id: The place.
        backend: Who painted its frames.
        seed: The build's seed.
    """
    settings = _settings(root)
    gates = Gates(**settings.get("gates", {}))
    if backend != _BACKEND:
        return Reopened(None, f"the backend {backend!r} cannot be asked again", gates)
    try:
        scene = _opened(_reference(root, scene_id, seed, settings))
    except (MissingExtra, ModuleNotFoundError) as error:
        return Reopened(None, f"it cannot be painted here: {error}", gates)
    except World2VLMError as error:
        return Reopened(None, f"the place cannot be opened again: {error}", gates)
    return Reopened(scene, "", gates)


@functools.lru_cache(maxsize=2)
def _opened(reference: SceneRef) -> Scene:
    """Open a place once for the bundles that follow each other: light is baked once."""
    opened = default_tools().sources[reference.source].open(reference)
    return remembering(opened)


def _reference(root: Path, scene_id: str, seed: int, settings: Mapping[str, Any]) -> SceneRef:
    folder = root.name.removesuffix(_DEMO_SUFFIX)
    types = [subset.scene_type for subset in SUBSETS.values() if subset.folder == folder]
    if not types:
        folders = ", ".join(subset.folder for subset in SUBSETS.values())
        raise World2VLMError(f"{root.name} is the folder of no subset; there are {folders}")
    source = SOURCE_OF[types[0]]
    if scene_id == DEMO_SCENE:
        return default_tools().sources[source].references(1, seed, None)[0]
    location = settings.get("photos") if source == "photos" else None
    return SceneRef(source, scene_id, seed, location)


@functools.lru_cache(maxsize=16)
def _settings(root: Path) -> Mapping[str, Any]:
    """Return the settings of the build that a folder of bundles belongs to; {}: none are stored."""
    file = root.resolve().parent.parent / ".build" / "settings.json"
    found: Mapping[str, Any] = read_json(file) if file.is_file() else {}
    return found
