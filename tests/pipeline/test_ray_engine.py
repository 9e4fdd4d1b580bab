"""Units of work through Ray: the same results, errors and bytes as on this machine alone."""

import os
from pathlib import Path

import pytest
from pipeline import _jobs
from pipeline._build import digests, toy_build

from builder.core.errors import BackendError, MissingExtra, SceneError, UnknownPlugin
from builder.engines import engine_named

REPOSITORY = Path(__file__).resolve().parents[2]


def test_an_engine_misspelt_is_refused_with_the_nearest_name():
    with pytest.raises(UnknownPlugin, match=r"no engine 'rai': did you mean 'ray'\?"):
        engine_named("rai")


@pytest.fixture
def run(monkeypatch):
    pytest.importorskip("ray", reason="needs the extra [ray]")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tests")]))
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    return engine_named("ray")


@pytest.mark.slow
def test_ray_brings_back_every_job_with_its_result(run):
    assert sorted(run(_jobs.double, [3, 1, 2], 2)) == [(1, 2), (2, 4), (3, 6)]


@pytest.mark.slow
def test_ray_workers_have_one_thread_each(run):
    assert set(dict(run(_jobs.threads, [1, 2], 2)).values()) == {"1"}


@pytest.mark.slow
def test_ray_raises_the_error_of_a_job_as_it_is(run):
    with pytest.raises(SceneError, match="photo 3: is truncated"):
        list(run(_jobs.refuse_three, [1, 2, 3, 4], 2))
    with pytest.raises(MissingExtra, match=r"pip install 'world2vlm\[build\]'"):
        list(run(_jobs.miss, [1, 2], 2))


@pytest.mark.slow
def test_ray_tells_when_a_unit_is_lost_each_time(run):
    with pytest.raises(BackendError, match=r"3 times.*fewer --workers"):
        list(run(_jobs.die, [1, 2], 2))


@pytest.mark.slow
def test_ray_makes_the_same_bytes_as_this_machine_alone(run, tmp_path):
    toy_build(tmp_path / "here")
    toy_build(tmp_path / "there", engine=run)
    assert digests(tmp_path / "here") == digests(tmp_path / "there")
