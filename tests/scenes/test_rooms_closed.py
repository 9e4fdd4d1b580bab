"""A room has no gap: whichever way one looks, through a window too, something is there."""

import pytest

from builder.core.action import Turn
from builder.core.pose import start_from_end_of
from builder.core.protocol import subset_named
from builder.scenes import source_named

pytest.importorskip("numba", reason="rooms are looked at with numba")

SUBSET = subset_named("hy-worldplay-simulated")


@pytest.mark.parametrize("index", [0, 1, 5])
def test_every_pixel_all_around_sees_a_surface(index):
    from builder.render.raster import rasterize

    source = source_named("rooms")
    world = source.open(source.references(index + 1, 0, None)[index]).world
    mesh = world.stage.mesh
    for anchor in world.anchors(SUBSET, 4):
        camera = anchor.camera.resize(208, 120)
        for yaw_deg in (1, 60, 120, 180, 240, 300):
            turned = anchor.scene_from_anchor @ start_from_end_of([Turn("right", yaw_deg)])
            seen = rasterize(mesh.vertices_m, mesh.faces, turned.inverse(), camera)
            assert (seen.face >= 0).all(), (anchor.index, yaw_deg)
