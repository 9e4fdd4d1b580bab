"""Which vertices and faces of a mesh belong together: light is smooth within, and jumps between."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from builder.render.stage import Mesh

POSITION_STEP_M = 2e-3
NORMAL_STEP = 2e-2


@dataclass(frozen=True, eq=False)
class Weld:
    """Vertices at one place with one normal, taken as one: texture seams split, creases stay.

    Attributes:
        joint: (V,) int32, the joint that each vertex belongs to.
        vertex: (J,) int64, one vertex of each joint.
        edges: (E, 2) int32, pairs of joints that share an edge of a face.
    """

    joint: NDArray[np.int32]
    vertex: NDArray[np.int64]
    edges: NDArray[np.int32]


def weld(mesh: Mesh) -> Weld:
    """Join the vertices of a mesh that are equal up to 2 mm and about a degree of normal."""
    places = np.round(mesh.vertices_m / POSITION_STEP_M).astype(np.int32)
    normals = np.round(mesh.normals / NORMAL_STEP).astype(np.int32)
    keys = np.ascontiguousarray(np.concatenate([places, normals], axis=1))
    _, vertex, joint = np.unique(keys.view("V24").ravel(), return_index=True, return_inverse=True)
    corners = joint.ravel().astype(np.int32)[mesh.faces]
    pairs = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    pairs = np.sort(pairs[pairs[:, 0] != pairs[:, 1]], axis=1).astype(np.int64)
    code = np.unique(pairs[:, 0] * len(vertex) + pairs[:, 1])
    edges = np.stack([code // len(vertex), code % len(vertex)], axis=1).astype(np.int32)
    return Weld(joint.ravel().astype(np.int32), vertex, edges)


def surface_of_faces(mesh: Mesh, welded: Weld) -> NDArray[np.int32]:
    """Number the smooth surfaces: faces joined without a crease, of one material and instance.

    Returns:
        (F,) int32; within a pixel two samples of one surface may share their color.
    """
    from builder.render._scipy import csgraph, sparse

    joints = len(welded.vertex)
    links = (np.ones(len(welded.edges), np.int8), (welded.edges[:, 0], welded.edges[:, 1]))
    _, part = csgraph.connected_components(sparse.coo_matrix(links, shape=(joints, joints)), False)
    keys = np.stack([part[welded.joint[mesh.faces[:, 0]]], mesh.material, mesh.instance], axis=1)
    _, surface = np.unique(keys, axis=0, return_inverse=True)
    return surface.ravel().astype(np.int32)


def face_normals(mesh: Mesh) -> NDArray[np.float32]:
    """Return (F, 3) float32 unit normals of the faces, on the side of their shading normals."""
    a, b, c = (mesh.vertices_m[mesh.faces[:, corner]] for corner in range(3))
    normals = np.cross(b - a, c - a)
    side = np.sign((normals * mesh.normals[mesh.faces].sum(axis=1)).sum(axis=1, keepdims=True))
    length = np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-20)
    return np.asarray(normals * np.where(side < 0, -1, 1) / length, np.float32)
