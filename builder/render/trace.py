"""Rays against triangles, for baking light: Embree where it is installed, else our own tracer."""

import importlib.util
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from builder.render import _bvh
from builder.render._jit import plain

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
        from embreex.mesh_construction import TriangleMesh
        from embreex.rtcore_scene import EmbreeScene

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


class PlainTracer:
    """Our own tracer, several times slower, for machines that embreex has no wheel for."""

    def __init__(self, vertices_m: Floats, faces: NDArray[np.int32]) -> None:
        corners = vertices_m[faces]
        self._corners = corners.reshape(len(faces), 9)
        self._tree = _bvh.build(corners.min(axis=1), corners.max(axis=1))

    def first_hit(self, origins_m: Floats, directions: Floats) -> NDArray[np.int32]:
        """Return (n,) the nearest face along each ray, -1 where there is none."""
        return _bvh.trace(self._tree, self._corners, origins_m, directions, np.inf, False)

    def blocked(self, origins_m: Floats, to_target_m: Floats) -> NDArray[np.bool_]:
        """Return (n,) whether a face lies between each origin and origin + `to_target_m`."""
        hits = _bvh.trace(self._tree, self._corners, origins_m, to_target_m, 1.0, True)
        return np.asarray(hits >= 0)


def tracer(vertices_m: Floats, faces: NDArray[np.int32]) -> Tracer:
    """Return a tracer of these triangles: Embree's if `embreex` is installed."""
    installed = importlib.util.find_spec("embreex") is not None
    kind = EmbreeTracer if installed else PlainTracer
    return kind(plain(vertices_m, np.float32), plain(faces, np.int32))
