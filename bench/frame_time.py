"""CPU time of one 576x576 antialiased frame with its truth, beside Embree casting the same pixels.

usage: python bench/frame_time.py [--rooms 2]
Set NUMBA_NUM_THREADS=1 for the figure that a build's worker sees.
"""

import argparse
import statistics
import time
from functools import partial

import numpy as np
from embreex.mesh_construction import TriangleMesh
from embreex.rtcore_scene import EmbreeScene

from builder.core.protocol import subset_named
from builder.scenes import source_named

SUBSET = subset_named("svc-simulated")


def cpu_ms(action, repeats=5):
    """Return the median CPU milliseconds of `action`."""
    taken = []
    for _ in range(repeats):
        start_s = time.process_time()
        action()
        taken.append(1e3 * (time.process_time() - start_s))
    return statistics.median(taken)


def primary_rays(world, anchor):
    """Return a function that casts one Embree ray through each pixel's center, truth alone."""
    mesh, camera, pose = world.stage.mesh, anchor.camera, anchor.scene_from_anchor
    scene = EmbreeScene()
    TriangleMesh(scene, mesh.vertices_m, mesh.faces)
    rows, columns = np.indices((camera.height_px, camera.width_px))
    uv_px = np.stack([columns, rows], axis=-1).reshape(-1, 2) + 0.5
    directions = camera.lift(uv_px, np.ones(len(uv_px))) @ pose.rotation.T
    origins = np.broadcast_to(pose.translation_m, directions.shape)
    rays = [np.ascontiguousarray(array, np.float32) for array in (origins, directions)]
    return lambda: scene.run(*rays, query="INTERSECT")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=2)
    args = parser.parse_args()
    source = source_named("rooms")
    for reference in source.references(args.rooms, 7, None):
        world = source.open(reference).world
        anchors = world.anchors(SUBSET, 3)
        start_s = time.process_time()
        world.look(anchors[0].scene_from_anchor, anchors[0].camera)
        baked_s = time.process_time() - start_s
        triangles = len(world.stage.mesh.faces)
        print(f"{reference.scene_id}: {triangles:,} triangles, light baked in {baked_s:.1f} CPU s")
        for anchor in anchors:
            ours = cpu_ms(partial(world.look, anchor.scene_from_anchor, anchor.camera))
            peer = cpu_ms(primary_rays(world, anchor))
            print(
                f"  anchor {anchor.index}: {ours:.0f} CPU ms a frame; Embree's primary rays alone"
                f" {peer:.0f} ms; ratio {ours / peer:.2f}"
            )


if __name__ == "__main__":
    main()
