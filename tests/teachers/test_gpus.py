"""Which GPUs are used, and how they are shared out."""

import pytest

from builder.core.errors import ConfigError
from builder.teachers import _gpus
from builder.teachers._gpus import Gpu, seats, visible
from builder.teachers.hy_worldplay import LEAST_GIB

LARGE, SMALL = 79.6, 44.5


@pytest.fixture
def four(monkeypatch):
    """Make nvidia-smi list four large GPUs."""
    gpus = {str(index): Gpu(str(index), LARGE) for index in range(4)}
    monkeypatch.setattr(_gpus, "_installed", lambda: {**gpus, "GPU-b": gpus["1"]})


def gpus(count, memory_gib):
    return [Gpu(str(index), memory_gib) for index in range(count)]


def test_all_are_used_where_nothing_is_said(four):
    assert [gpu.name for gpu in visible(None, {})] == ["0", "1", "2", "3"]


def test_the_environment_says_which_and_the_option_wins_over_it(four):
    assert [gpu.name for gpu in visible(None, {"CUDA_VISIBLE_DEVICES": "2,GPU-b"})] == [
        "2",
        "GPU-b",
    ]
    assert [gpu.name for gpu in visible("3", {"CUDA_VISIBLE_DEVICES": "2"})] == ["3"]


def test_a_gpu_is_known_by_its_uuid_too(four):
    assert visible("GPU-b", {})[0].memory_gib == LARGE


@pytest.mark.parametrize(
    ("wanted", "environment", "why"),
    [
        (None, {"CUDA_VISIBLE_DEVICES": ""}, "CUDA_VISIBLE_DEVICES is ''"),
        (" , ", {}, "--gpus is ' , '"),
    ],
)
def test_none_is_an_error_that_says_who_said_so(four, wanted, environment, why):
    with pytest.raises(ConfigError, match=why):
        visible(wanted, environment)


def test_a_machine_without_any_says_so(monkeypatch):
    monkeypatch.setattr(_gpus, "_installed", dict)
    with pytest.raises(ConfigError, match="nvidia-smi lists none"):
        visible(None, {})


def test_a_large_gpu_paints_alone_and_smaller_ones_paint_together():
    assert seats(gpus(3, LARGE), None, LEAST_GIB) == ["0", "1", "2"]
    assert seats(gpus(9, SMALL), None, LEAST_GIB) == ["0,1,2,3", "4,5,6,7"]
    assert seats(gpus(8, 31.0), None, LEAST_GIB) == ["0,1,2,3,4,5,6,7"]


def test_the_number_that_paint_together_can_be_said():
    assert seats(gpus(4, LARGE), 4, LEAST_GIB) == ["0,1,2,3"]


@pytest.mark.parametrize(("count", "memory_gib"), [(1, SMALL), (3, SMALL), (8, 20.0)])
def test_gpus_that_do_not_hold_one_video_are_refused_before_anything_loads(count, memory_gib):
    with pytest.raises(ConfigError, match="the GPUs are too small"):
        seats(gpus(count, memory_gib), None, LEAST_GIB)


def test_where_the_memory_is_unknown_the_worker_itself_looks():
    assert seats([Gpu("MIG-1", None)], None, LEAST_GIB) == ["MIG-1"]
