"""The library of textures: every recipe by name, each picture made once a process."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import SceneError, nearest
from builder.core.seeding import rng_for
from builder.scenes.rooms import textures_print, textures_surface
from builder.scenes.rooms.noise import Picture

Recipe = Callable[[np.random.Generator], Picture]

RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        name: recipe
        for module in (textures_surface, textures_print)
        for name, recipe in vars(module).items()
        if not name.startswith("_") and getattr(recipe, "__module__", "") == module.__name__
    }
)


@lru_cache(maxsize=256)
def texture(name: str, variant: int) -> NDArray[np.uint8]:
    """Return a picture of the library, (S, S, 3) uint8, sRGB; it depends on nothing else.

    Args:
        name: A recipe, such as "weave".
        variant: Which one of its endless pictures.

    Raises:
        SceneError: If there is no such recipe.
    """
    if name not in RECIPES:
        raise SceneError(f"no texture {name!r}: {nearest(name, RECIPES)}")
    picture = RECIPES[name](rng_for(0, "texture", name, variant))
    pixels = (np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8)
    pixels.setflags(write=False)
    return pixels
