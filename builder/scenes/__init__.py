"""Where scenes come from.

To add a source, add one module (or package) here that binds `PLUGIN` to a `SceneSource`;
`tests/contracts/test_scene_contract.py` finds it and holds it to what every source promises.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import ClassVar

from builder import registry
from builder.config import Gates
from builder.core.protocol import SceneType
from builder.core.scene import Scene, SceneRef

DEFAULT_GATES = Gates()


class SceneSource(ABC):
    """A supply of places of one type."""

    name: ClassVar[str]
    scene_type: ClassVar[SceneType]

    @abstractmethod
    def references(self, count: int, seed: int, location: str | None) -> tuple[SceneRef, ...]:
        """Name up to `count` places, cheaply; the same arguments name the same places.

        Args:
            count: How many are wanted; a folder of fewer photographs gives them all.
            seed: The build's seed.
            location: Folder or manifest to read, for sources that read one; None: the default.

        Raises:
            SceneError: If the location cannot be used.
        """

    @abstractmethod
    def open(self, reference: SceneRef, gates: Gates = DEFAULT_GATES) -> Scene:
        """Make or read one place; the same reference gives the same scene, to the byte.

        Args:
            reference: The place.
            gates: What a build may show: a photograph refuses what it shows too little of.

        Raises:
            SceneError: If the photograph, its depth or its annotation cannot be used.
        """


def all_sources() -> Mapping[str, SceneSource]:
    """Return every scene source, by name."""
    return registry.discover(__name__)


def source_named(name: str) -> SceneSource:
    """Return the scene source called `name`, such as "rooms"."""
    found: SceneSource = registry.get(__name__, name)
    return found
