import numpy as np
import pytest
from box_stage import furnished

from builder.render.trace import EmbreeTracer, PlainTracer


@pytest.fixture(scope="module")
def tracers():
    mesh = furnished(3).mesh
    return EmbreeTracer(mesh.vertices_m, mesh.faces), PlainTracer(mesh.vertices_m, mesh.faces)


@pytest.fixture(scope="module")
def rays():
    rng = np.random.default_rng(5)
    origins = rng.uniform((-3, -1.6, -0.4), (3, 1.6, 4.4), (4000, 3)).astype(np.float32)
    return origins, rng.normal(size=(4000, 3)).astype(np.float32)


def test_our_tracer_hits_what_embree_hits(tracers, rays):
    embree, ours = (tracer.first_hit(*rays) for tracer in tracers)
    assert (embree == ours).mean() > 0.999
    assert 0.5 < (ours >= 0).mean() < 1
    assert len(np.unique(ours)) > 200


@pytest.mark.parametrize("reach", [0.1, 0.5, 3.0])
def test_a_ray_is_blocked_only_by_what_lies_before_its_target(tracers, rays, reach):
    embree, ours = (tracer.blocked(rays[0], rays[1] * np.float32(reach)) for tracer in tracers)
    assert (embree == ours).mean() > 0.999
    assert 0.02 < ours.mean() < 0.98


def test_no_triangles_stop_no_ray(rays):
    nothing = PlainTracer(np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int32))
    assert (nothing.first_hit(*rays) == -1).all()
    assert not nothing.blocked(*rays).any()
