"""How large a build becomes: enough places for the records, and some held out in larger ones."""

from collections import Counter
from dataclasses import replace

import pytest
from pipeline._toy import toy_tools

from builder.config import BuildConfig, Sampling
from builder.core.split import split_of
from builder.pipeline.estimate import estimate
from builder.pipeline.sizing import size_up
from builder.pipeline.tools import default_tools


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
    found = batches(records=records, subsets=("svc-simulated",))
    planned = sum(batch.rollouts for batch in found) * Sampling().records_per_trajectory
    assert planned >= records
    assert planned <= 2 * records or records <= 800


def rooms_of(split, found):
    return [one for batch in found for one in batch.references if split_of(one.scene_id) == split]


@pytest.mark.parametrize("seed", [0, 7, 11])
def test_a_large_build_has_at_least_six_rooms_to_validate_and_six_to_test_on(seed):
    _, train, held_out = size_up(BuildConfig(records=20_000, seed=seed), default_tools())
    assert len(rooms_of("train", [train])) == len(train.references) > 20
    assert len(rooms_of("validation", [held_out])) == len(rooms_of("test", [held_out])) == 6
    assert held_out.trajectories < train.trajectories


def test_each_place_is_planned_once():
    found = size_up(BuildConfig(records=100_000, seed=3), default_tools())
    names = Counter(one.scene_id for batch in found for one in batch.references)
    assert set(names.values()) == {1}


def test_held_out_rooms_are_planned_for_twice_their_share():
    """Less would leave a small split too few to choose from, more would paint what is not used."""
    _, train, held_out = size_up(BuildConfig(records=100_000, seed=7), default_tools())
    assert held_out.rollouts / train.rollouts == pytest.approx(2 * 0.1 / 0.9, rel=0.1)


def test_photographs_that_are_given_are_used_while_each_has_enough_to_do(monkeypatch):
    tools = toy_tools()
    monkeypatch.setattr(
        type(tools.sources["photos"]),
        "references",
        lambda _, count, *__: tuple(range(min(count, 90))),
    )
    few, many = (
        size_up(BuildConfig(records=records, subsets=("svc-real",)), tools)[0]
        for records in (800, 20_000)
    )
    assert [(len(one.references), one.left_out) for one in (few, many)] == [(7, 83), (90, 0)]


def test_one_photograph_that_must_give_much_has_three_times_the_anchors():
    assert [batches(records=records)[0].anchors for records in (800, 20_000)] == [3, 9]
    many = BuildConfig(records=800, sampling=Sampling(anchors_per_scene=12))
    assert size_up(many, toy_tools())[0].anchors == 12


def test_rooms_take_over_what_one_photograph_cannot_give():
    real, *simulated = batches(records=20_000)
    assert real.trajectories == 60  # the most
    alone = batches(records=10_000, subsets=("svc-simulated", "hy-worldplay-simulated"))
    assert sum(one.rollouts for one in simulated) > 1.5 * sum(one.rollouts for one in alone)


def test_scenes_and_trajectories_may_be_fixed():
    sampling = Sampling(trajectories_per_anchor=5)
    real, *simulated = batches(records=800, scenes=7, sampling=sampling)
    assert sum(len(batch.references) for batch in simulated) == 7
    assert {batch.trajectories for batch in (real, *simulated)} == {5}


@pytest.mark.parametrize("scenes", [1, 3, 12, 40])
def test_so_many_rooms_are_made_as_were_asked_for(scenes):
    found = size_up(
        BuildConfig(records=5000, scenes=scenes, subsets=("svc-simulated",)), default_tools()
    )
    assert sum(len(batch.references) for batch in found) == scenes


def test_twice_the_workers_take_half_the_time_and_all_frames_more_disk():
    config = BuildConfig(records=20_000)
    found = size_up(config, toy_tools())
    assert "with 1 worker, and" in estimate(config, found, 1)
    one, two = (estimate(config, found, workers) for workers in (1, 2))
    alone, together = (float(text.split("; about ")[1].split()[0]) for text in (one, two))
    assert alone == pytest.approx(2 * together, rel=0.1)
    every = replace(config, images=replace(config.images, frames="all"))
    bare = replace(config, release=replace(config.release, frames=False))
    few, many, least = (
        float(estimate(one, found, 2).split(" and ")[-1].removesuffix(" GB on disk"))
        for one in (config, every, bare)
    )
    assert many > 4 * few
    assert least < 0.75 * few


@pytest.mark.parametrize(
    ("records", "trajectories", "size"), [(20_000, 6102, 2.84e9), (800, 342, 177e6)]
)
def test_the_disk_of_builds_that_were_measured_is_said_within_a_tenth(records, trajectories, size):
    """The sizes are of docs/measured.md."""
    (batch,) = batches(records=8, subsets=("svc-simulated",))
    place = replace(batch, references=batch.references[:1], anchors=1, trajectories=trajectories)
    amount, unit = estimate(BuildConfig(records=records), [place], 2).split(" and ")[-1].split()[:2]
    said = float(amount) * {"MB": 1e6, "GB": 1e9}[unit]
    assert said == pytest.approx(size, rel=0.1)
