"""Small stages of boxes for the renderer's tests, in metres, +y down."""

import numpy as np

from builder.core.pose import Pose
from builder.core.seeding import rng_for
from builder.render.stage import Lamp, Lights, Material, Mesh, Stage

_SIDES = ((0, 1), (0, -1), (1, 1), (1, -1), (2, 1), (2, -1))
DARK = Lights((0.3, -0.8, -0.5), (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), ())


def sheet(corner, right, down, parts=1):
    """Return a rectangle as (vertices, normals, uv, faces), counter-clockwise seen from its front.

    Its front is where `right` points to the right and `down` points down.
    """
    corner, right, down = (np.array(one, float) for one in (corner, right, down))
    v, u = np.indices((parts + 1, parts + 1)) / parts
    vertices = corner + u[..., None] * right + v[..., None] * down
    front = np.cross(down, right)
    normals = np.broadcast_to(front / np.linalg.norm(front), vertices.shape)
    a = (np.arange(parts)[:, None] * (parts + 1) + np.arange(parts)).ravel()
    b, c, d = a + 1, a + parts + 1, a + parts + 2
    faces = np.concatenate([np.stack([a, c, b], 1), np.stack([b, c, d], 1)])
    return (
        vertices.reshape(-1, 3),
        normals.reshape(-1, 3),
        np.stack([u, v], -1).reshape(-1, 2),
        faces,
    )


def box(center, size, yaw_deg=0.0, parts=1, inward=False):
    """Return the six sides of a box that stands on nothing; `inward`: a room seen from inside."""
    turn, out = Pose.from_yaw(yaw_deg).rotation, []
    for axis, side in _SIDES:
        normal, right = np.zeros(3), np.zeros(3)
        normal[axis], right[(axis + 1) % 3] = side, 1.0
        # front = down x right, so down = right x normal
        down = np.cross(right, normal) * (-1 if inward else 1)
        half = np.array(size) / 2
        start = normal * half - right * half - down * half
        out.append(sheet(start, right * size, down * size, parts))
    return _turned(_joined(out), turn, center)


def mesh_of(parts):
    """Return the mesh of (geometry, instance, material) parts."""
    vertices, normals, uv, faces = _joined([part[0] for part in parts])
    counts = [len(part[0][3]) for part in parts]
    instance, material = (np.repeat([part[k] for part in parts], counts) for k in (1, 2))
    return Mesh(
        vertices.astype(np.float32),
        normals.astype(np.float32),
        uv.astype(np.float32),
        faces.astype(np.int32),
        instance.astype(np.int32),
        material.astype(np.int32),
    )


def stage_of(parts, lights=DARK, textures=None, materials=None):
    """Return a stage of gray boxes, or of the given textures and materials."""
    mesh = mesh_of(parts)
    if textures is None:
        textures = np.full((1, 4, 4, 3), 188, np.uint8)
    if materials is None:
        materials = tuple(Material(0) for _ in range(int(mesh.material.max()) + 1))
    return Stage(mesh, textures, materials, lights, np.zeros(len(mesh.faces), np.bool_))


def furnished(seed=1, boxes=14):
    """Return a closed room, 5 x 2.6 x 4 m, with turned boxes of all sizes on its floor."""
    rng = rng_for(seed, "furnished")
    parts = [(box((0, 0, 2), (5, 2.6, 4), parts=6, inward=True), 0, 0)]
    for number in range(boxes):
        size = rng.uniform((0.1, 0.15, 0.1), (0.8, 1.4, 0.8))
        center = (rng.uniform(-1.9, 1.9), 1.299 - size[1] / 2, rng.uniform(1.2, 3.4))
        parts.append((box(center, size, rng.uniform(0, 90), 2), number + 1, 0))
    lamp = Lamp((0.4, -1.2, 1.8), (0.0, 1.0, 0.0), 0.15, (2.0, 1.8, 1.6))
    return stage_of(parts, Lights((0.3, -0.8, -0.5), (5.0, 5.0, 5.0), (1.0, 1.0, 1.0), (lamp,)))


def _joined(parts):
    first = np.cumsum([0] + [len(part[0]) for part in parts])
    faces = [part[3] + start for part, start in zip(parts, first, strict=False)]
    columns = (np.concatenate([part[k] for part in parts]) for k in range(3))
    return *columns, np.concatenate(faces)


def _turned(part, rotation, center):
    vertices, normals, uv, faces = part
    return vertices @ rotation.T + np.array(center), normals @ rotation.T, uv, faces
