"""Rays against triangles, for baking light: Embree where it is installed, else a clear message."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from builder.core.errors import MissingExtra

Floats = NDArray[np.float32]


class Tracer(Protocol):
    """Finds what rays hit in one set of triangles."""

    def first_hit(self, origins_m: Floats, directions: Floats) -> NDArray[np.int32]:
        """Return (n,) the nearest face along each ray, -1 where there is none."""

    def blocked(self, origins_m: Floats, to_target_m: Floats) -> NDArray[np.bool_]:
        """Return (n,) whether a face lies between each origin and origin + `to_target_m`."""


class EmbreeTracer:
    """Intel's Embree through the package `embreex`; one thread, the same result each time."""

    def __init__(self, vertices_m: Floats, faces: NDArray[np.int32]) -> None:
        try:
            from embreex.mesh_construction import TriangleMesh
            from embreex.rtcore_scene import EmbreeScene
        except ImportError as error:  # pragma: no cover
            raise MissingExtra("embreex", "build") from error
        self._scene = EmbreeScene()
        TriangleMesh(self._scene, vertices_m, faces)

    def first_hit(self, origins_m: Floats, directions: Floats) -> NDArray[np.int32]:
        """Return (n,) the nearest face along each ray, -1 where there is none."""
        return np.asarray(self._scene.run(origins_m, directions), np.int32)

    def blocked(self, origins_m: Floats, to_target_m: Floats) -> NDArray[np.bool_]:
        """Return (n,) whether a face lies between each origin and origin + `to_target_m`."""
        reach = np.ones(len(origins_m), np.float32)
        hits = self._scene.run(origins_m, to_target_m, dists=reach, query="OCCLUDED")
        return np.asarray(hits >= 0)


def tracer(vertices_m: Floats, faces: NDArray[np.int32]) -> Tracer:
    """Return a tracer of these triangles.

    Raises:
        MissingExtra: If no tracer is installed.
    """
    return EmbreeTracer(
        np.ascontiguousarray(vertices_m, np.float32), np.ascontiguousarray(faces, np.int32)
    )
