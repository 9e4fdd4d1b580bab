"""What the rasterizer says is held against rays that Embree casts through the pixel centers."""

import numpy as np
import pytest
from box_stage import furnished
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.render.raster import rasterize

CAMERA = Camera(200, 150, (120.0, 131.0), (80.0, 90.0))  # off-center, fx != fy
ROLLED = np.array([[0.0, -1.0, 0.0], [0.8, 0.0, 0.6], [-0.6, 0.0, 0.8]])
POSES = {
    "level": Pose(Pose.from_yaw(20).rotation, np.array([-0.6, -0.2, 0.2])),
    "backwards": Pose(Pose.from_yaw(-160).rotation, np.array([0.3, 0.1, 3.8])),
    "rolled": Pose(ROLLED, np.array([-0.3, -0.6, 0.4])),
}


@pytest.mark.parametrize("pose", POSES.values(), ids=POSES)
@pytest.mark.parametrize("seed", [1, 2])
def test_rasterizer_and_embree_see_the_same(pose, seed):
    mesh = furnished(seed).mesh
    seen = rasterize(mesh.vertices_m, mesh.faces, pose.inverse(), CAMERA)
    face, depth_m = cast(mesh, pose, CAMERA)
    same = mesh.instance[seen.face] == mesh.instance[face]
    assert same.mean() >= 0.999
    assert np.abs(seen.depth_m() - depth_m)[same].max() < 1e-3
    assert len(np.unique(mesh.instance[face])) > 3, "the view shows too little to tell"


@pytest.mark.parametrize("pose", POSES.values(), ids=POSES)
def test_a_closed_room_has_no_holes(pose):
    mesh = furnished().mesh
    assert (rasterize(mesh.vertices_m, mesh.faces, pose.inverse(), CAMERA).face >= 0).all()


def cast(mesh, scene_from_camera, camera):
    """Return face and depth along +z of the ray through each pixel's center."""
    scene = EmbreeScene()
    TriangleMesh(scene, mesh.vertices_m, mesh.faces)
    rows, columns = np.indices((camera.height_px, camera.width_px)) + 0.5
    rays = camera.lift(np.stack([columns, rows], axis=-1), np.ones(rows.shape))
    directions = (rays @ scene_from_camera.rotation.T).reshape(-1, 3).astype(np.float32)
    origins = np.tile(scene_from_camera.translation_m, (len(directions), 1)).astype(np.float32)
    found = scene.run(origins, directions, output=1)
    return found["primID"].reshape(rows.shape), found["tfar"].reshape(rows.shape)
