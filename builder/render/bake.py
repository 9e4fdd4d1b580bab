"""Light that does not move, worked out once a stage: lamps, sky and two bounces, by vertex."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.core.seeding import rng_for
from builder.render import _rays
from builder.render.stage import Lamp, Stage
from builder.render.trace import Tracer, tracer
from builder.render.weld import Weld, face_normals

BOUNCES = 2
LAMP_RAYS = 12
SMOOTHINGS = 12
FILLS = 6
LAMP_REACH_M = 0.3  # what glows this near to a lamp is the lamp
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
    mesh, joints, normals = stage.mesh, _joints(stage, welded), face_normals(stage.mesh)
    emission = np.array([material.emission for material in stage.materials], np.float32)
    glow = emission[mesh.material]
    lamps_own = _is_lamp(stage, glow)
    air = stage.casts_no_shadow & (glow == 0)  # glass: rays pass
    solid = np.flatnonzero(~air)
    rays_of = tracer(mesh.vertices_m, mesh.faces[solid])
    opaque = tracer(mesh.vertices_m, mesh.faces[~stage.casts_no_shadow & ~lamps_own])
    direct = _from_lamps(stage, joints, normals, opaque)
    given = np.where(lamps_own, 0, glow)[:, None] * albedo
    sun = _sun_on_faces(stage, normals, opaque)
    corners = welded.joint[mesh.faces]
    indirect, trust = np.zeros_like(direct), np.ones(len(direct), np.float32)
    for _ in range(BOUNCES):
        falls = (direct + indirect)[corners].mean(axis=1) + sun
        radiance = (given + albedo * falls)[solid].astype(np.float32)
        indirect, doubt = _gather(stage, joints, rays_of, (normals, normals[solid], radiance), rays)
        trust = (doubt[:, 1] < INSIDE).astype(np.float32)
        indirect = _filled(indirect, trust, welded)
    for _ in range(SMOOTHINGS):
        indirect = _rays.smooth(indirect, doubt[:, 0], welded.edges)
    direct = _filled(direct, trust, welded)
    return np.ascontiguousarray((direct + indirect)[welded.joint])


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


def _gather(
    stage: Stage, joints: _Joints, tracer: Tracer, seen: tuple[Floats, Floats, Floats], rays: int
) -> tuple[Floats, Floats]:
    """Return (J, 3) light from all sides and (J, 2) its doubt, as `_rays.gather` gives them.

    `seen`: normals of all faces, then normals and radiance of those that rays can hit.
    """
    normals, hit_normals, radiance = seen
    sky, step = np.array(stage.lights.sky, np.float32), max(1, _BATCH // rays)
    light, doubt = [], []
    for low in range(0, len(joints.turn), step):
        part = slice(low, low + step)
        around = joints.first[low : low + step + 1], joints.corners, joints.turn[part]
        points, on = _rays.start_points(
            stage.mesh.vertices_m, stage.mesh.faces, normals, around, rays
        )
        toward = _rays.directions(
            joints.normals[part], normals, on, joints.turn[part], joints.jitter[part]
        )
        hits = tracer.first_hit(points, toward)
        found = _rays.gather(hits, toward, hit_normals, radiance, sky, rays)
        light.append(found[0])
        doubt.append(found[1])
    return np.concatenate(light), np.concatenate(doubt)


def _from_lamps(stage: Stage, joints: _Joints, normals: Floats, opaque: Tracer) -> Floats:
    """Return (J, 3) light that comes straight from the lamps, with soft shadows."""
    light = np.zeros((len(joints.turn), 3), np.float32)
    if not stage.lights.lamps:
        return light
    around = joints.first, joints.corners, joints.turn
    points, _ = _rays.start_points(
        stage.mesh.vertices_m, stage.mesh.faces, normals, around, LAMP_RAYS
    )
    points = points.reshape(-1, LAMP_RAYS, 3)
    for lamp in stage.lights.lamps:
        to_lamp = _on_lamp(lamp, joints.turn) - points
        far = np.linalg.norm(to_lamp, axis=2)
        leaves = -to_lamp @ np.array(lamp.normal, np.float32) / far if any(lamp.normal) else 1.0
        meets = np.einsum("jkc,jc->jk", to_lamp, joints.normals) / far
        weight = np.maximum(meets, 0) * np.maximum(leaves, 0) / (far**2 + lamp.radius_m**2)
        lit = weight > 0
        weight[lit] *= ~opaque.blocked(points[lit], to_lamp[lit])
        light += weight.mean(axis=1)[:, None] * np.array(lamp.power, np.float32)
    return light


def _on_lamp(lamp: Lamp, turn: Floats) -> Floats:
    """Return (J, LAMP_RAYS, 3) points of the lamp, evenly spread and turned for each joint."""
    k = np.arange(LAMP_RAYS, dtype=np.float32)
    angle = 2 * np.pi * (turn[:, None] + k * 0.618034)
    radius = lamp.radius_m * np.sqrt((k + 0.5) / LAMP_RAYS)
    axis = np.array(lamp.normal if any(lamp.normal) else (0, 1, 0), np.float32)
    u = np.cross(axis, np.eye(3, dtype=np.float32)[np.abs(axis).argmin()])
    u /= np.linalg.norm(u)
    v = np.cross(axis, u)
    on_disk = np.cos(angle)[..., None] * u + np.sin(angle)[..., None] * v
    center = np.array(lamp.center_m, np.float32)
    return np.asarray(center + radius[:, None] * on_disk, np.float32)


def _is_lamp(stage: Stage, glow: Floats) -> NDArray[np.bool_]:
    """Return (F,) whether a face is the glowing part of a lamp: the lamp gives its light already.

    It is what glows nearest to the lamp, with all that glows in the same instance and material.
    """
    own = np.zeros(len(glow), np.bool_)
    glowing = np.flatnonzero((glow > 0) & ~stage.casts_no_shadow)
    if not len(glowing):
        return own
    centers = stage.mesh.vertices_m[stage.mesh.faces[glowing]].mean(axis=1)
    kinds = stage.mesh.instance.astype(np.int64) * len(stage.materials) + stage.mesh.material
    for lamp in stage.lights.lamps:
        away = np.linalg.norm(centers - np.array(lamp.center_m, np.float32), axis=1)
        if away.min() < lamp.radius_m + LAMP_REACH_M:
            own |= (kinds == kinds[glowing[away.argmin()]]) & (glow > 0)
    return own


def _sun_on_faces(stage: Stage, normals: Floats, opaque: Tracer) -> Floats:
    """Return (F, 3) sunlight on each face, from shadow rays of three of its points."""
    toward = np.array(stage.lights.to_sun, np.float32)
    facing = np.maximum(normals @ toward, 0)
    corners = stage.mesh.vertices_m[stage.mesh.faces] + _rays.LIFT_M * normals[:, None]
    lit = np.flatnonzero(facing > 0)
    seen = np.zeros(len(normals), np.float32)
    for weights in ((0.6, 0.2, 0.2), (0.2, 0.6, 0.2), (0.2, 0.2, 0.6)):
        points = np.einsum("fkc,k->fc", corners[lit], np.array(weights, np.float32))
        reach = np.tile(toward * np.float32(1e3), (len(points), 1))
        seen[lit] += ~opaque.blocked(points, reach) / np.float32(3)
    return np.asarray((facing * seen)[:, None] * np.array(stage.lights.sun, np.float32))


def _filled(light: Floats, trust: Floats, welded: Weld) -> Floats:
    """Return the light with that of joints inside things taken from their neighbors outside."""
    for _ in range(FILLS):
        if trust.all():
            break
        light, trust = _rays.spread(light, trust, welded.edges)
    return light
