"""How large a build becomes: enough places for the records, never fewer than four rooms."""

from dataclasses import replace

import pytest
from pipeline._toy import toy_tools

from builder.config import BuildConfig, Sampling
from builder.pipeline.sizing import estimate, size_up


def batches(**settings):
    return size_up(BuildConfig(**settings), toy_tools())


def test_eight_hundred_records_come_from_one_photograph_and_four_rooms():
    real, simulated = batches(records=800)
    assert [len(real.references), len(simulated.references)] == [1, 4]
    assert {subset.name for subset in simulated.subsets} == {
        "svc-simulated",
        "hy-worldplay-simulated",
    }


@pytest.mark.parametrize("records", [8, 800, 5000, 100_000])
def test_what_is_planned_is_enough_and_not_much_more(records):
    (simulated,) = batches(records=records, subsets=("svc-simulated",))
    planned = simulated.rollouts(Sampling()) * Sampling().records_per_trajectory
    assert planned >= records
    assert planned <= 2 * records or records <= 800


def test_rooms_take_over_what_one_photograph_cannot_give():
    real, simulated = batches(records=20_000)
    assert real.trajectories == 60  # the most
    alone = batches(records=10_000, subsets=("svc-simulated", "hy-worldplay-simulated"))[0]
    assert len(simulated.references) > 1.5 * len(alone.references)


def test_scenes_and_trajectories_may_be_fixed():
    sampling = Sampling(trajectories_per_anchor=5)
    real, simulated = batches(records=800, scenes=7, sampling=sampling)
    assert len(simulated.references) == 7
    assert real.trajectories == simulated.trajectories == 5


def test_twice_the_workers_take_half_the_time_and_all_frames_more_disk():
    config = BuildConfig(records=20_000)
    found = size_up(config, toy_tools())
    assert "with 1 worker, and" in estimate(config, found, 1)
    one, two = (estimate(config, found, workers) for workers in (1, 2))
    alone, together = (float(text.split("; about ")[1].split()[0]) for text in (one, two))
    assert alone == pytest.approx(2 * together, rel=0.1)
    every = replace(config, images=replace(config.images, frames="all"))
    few, many = (
        float(estimate(one, found, 2).split(" and ")[-1].removesuffix(" GB on disk"))
        for one in (config, every)
    )
    assert many > 5 * few
