"""Light that does not move, worked out once a stage: lamps, sky and two bounces, for each vertex."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.seeding import rng_for
from builder.render import _rays
from builder.render.stage import Lamp, Stage
from builder.render.trace import Tracer, tracer
from builder.render.weld import Weld

BOUNCES = 2
LAMP_RAYS = 12
SMOOTHINGS = 4
KEEP = 0.35  # share of its own light that a joint keeps in a smoothing
INSIDE = 0.5  # a joint whose rays hit more back faces than this lies inside something
_BATCH = 1 << 20  # rays at a time

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class _Joints:
    """The joints of a stage as the kernels read them, and the random numbers of each."""

    positions: Floats
    normals: Floats
    first: NDArray[np.int32]
    corners: NDArray[np.int32]
    turn: Floats
    jitter: Floats


def bake(stage: Stage, welded: Weld, albedo: Floats, rays: int) -> Floats:
    """Return the light that falls on each vertex, without the sun's own (see `shade`).

    Args:
        stage: Mesh, materials and lights.
        welded: Of its mesh.
        albedo: (F, 3) float32, mean linear color of each face.
        rays: For each joint and bounce.

    Returns:
        (V, 3) float32: radiance leaves a white surface as it is given here (irradiance over pi).

    Raises:
        MissingExtra: If no ray tracer is installed.
    """
    mesh, joints = stage.mesh, _joints(stage, welded)
    normals = face_normals(mesh.vertices_m, mesh.faces)
    emission = np.array([material.emission for material in stage.materials], np.float32)
    glow = emission[mesh.material]
    lamps_own = _is_lamp(stage) & (glow > 0)
    air = stage.casts_no_shadow & (glow == 0)  # glass: rays pass
    solid = np.flatnonzero(~air)
    rays_of = tracer(mesh.vertices_m, mesh.faces[solid])
    opaque = tracer(mesh.vertices_m, mesh.faces[~stage.casts_no_shadow & ~lamps_own])
    direct = _from_lamps(stage, joints, opaque)
    given = np.where(lamps_own, 0, glow)[:, None] * albedo
    sun = _sun_on_faces(stage, normals, opaque)
    corners = welded.joint[mesh.faces]
    indirect, trust = np.zeros_like(direct), np.ones(len(direct), np.float32)
    for _ in range(BOUNCES):
        falls = (direct + indirect)[corners].mean(axis=1) + sun
        radiance = (given + albedo * falls)[solid].astype(np.float32)
        indirect, backs = _gather(stage, joints, rays_of, (normals[solid], radiance), rays)
        trust = (backs < INSIDE).astype(np.float32)
        indirect, _ = _filled(indirect, trust, welded)
    for _ in range(SMOOTHINGS):
        indirect, _ = _rays.spread(indirect, np.ones_like(trust), welded.edges, KEEP)
    direct, _ = _filled(direct, trust, welded)
    return np.ascontiguousarray((direct + indirect)[welded.joint])


def face_normals(vertices_m: Floats, faces: NDArray[np.int32]) -> Floats:
    """Return (F, 3) float32 unit normals; counter-clockwise faces point to the viewer.

    In a frame with +y down, seen from outside, (b - a) x (c - a) of a counter-clockwise face points
    inward or outward as the mesh was wound; the mesh's own shading normals decide.
    """
    a, b, c = (vertices_m[faces[:, corner]] for corner in range(3))
    normals = np.cross(b - a, c - a)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    return np.asarray(normals / np.maximum(length, 1e-20), np.float32)


def _joints(stage: Stage, welded: Weld) -> _Joints:
    mesh, count = stage.mesh, len(welded.vertex)
    of_corner = welded.joint[mesh.faces].ravel()
    order = np.argsort(of_corner, kind="stable").astype(np.int32)
    first = np.searchsorted(of_corner[order], np.arange(count + 1)).astype(np.int32)
    rng = rng_for(0, "bake", count)
    return _Joints(
        mesh.vertices_m[welded.vertex],
        mesh.normals[welded.vertex],
        first,
        order,
        rng.random(count, np.float32),
        rng.random(count, np.float32),
    )
