"""The parts of `check --deep`, each against what is worked out by hand or by other code."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.audit.deep import Sources, recompute
from builder.audit.deep.grid import sequences_to, sheet, steps_on_grid
from builder.audit.deep.plane import (
    Stand,
    actions_of,
    end_of,
    is_same,
    merged,
    single_step,
    stand_of,
    steps_of,
)
from builder.audit.deep.words import Unread, verdict_of
from builder.core.action import Move, Turn
from builder.core.pose import start_from_end_of
from builder.core.record import ANSWER_FORMS
from builder.core.seeding import rng_for
from builder.tasks import task_named

STEPS = st.lists(
    st.tuples(st.sampled_from(["x", "z", "yaw"]), st.integers(-60, 60).filter(bool)), max_size=6
).map(lambda steps: [(axis, n * (5.0 if axis == "yaw" else 0.1)) for axis, n in steps])


def test_after_a_left_turn_what_was_ahead_lies_to_the_right():
    turned = end_of(steps_of([Turn("left", 30.0)]))
    point = np.linalg.inv(turned.matrix()) @ [0.0, 0.0, 5.0, 1.0]
    assert point[0] == pytest.approx(2.5)


def test_forward_after_a_quarter_turn_left_goes_left():
    end = end_of(steps_of([Turn("left", 90.0), Move("forward", 2.0), Move("right", 0.5)]))
    assert (end.x_m, end.z_m) == (pytest.approx(-2.0), pytest.approx(0.5))


@given(STEPS)
def test_the_plane_and_the_poses_of_the_builder_lead_to_the_same_place(steps):
    actions = actions_of(steps)
    assert np.allclose(end_of(steps).matrix(), start_from_end_of(actions).matrix(), atol=1e-9)
    assert steps_of(actions) == tuple(steps)


@given(STEPS)
def test_merged_steps_end_where_the_steps_end_and_have_no_neighbors_on_one_axis(steps):
    few = merged(steps)
    assert is_same(end_of(few), end_of(steps))
    assert all(one[0] != other[0] for one, other in zip(few, few[1:], strict=False))


@given(STEPS)
def test_a_single_step_is_read_off_its_pose_and_nothing_else_is_one(steps):
    stand = stand_of(end_of(steps).matrix())
    read = single_step(stand)
    few = merged(steps)
    if len(few) == 1 and abs(few[0][1]) < 180:
        assert read[0] == few[0][0]
        assert read[1] == pytest.approx(few[0][1])
    elif read is not None:
        assert is_same(end_of([read]), end_of(steps))


def test_a_pose_that_pitches_or_climbs_is_none_of_the_plane():
    tilted = np.eye(4)
    tilted[1:3, 1:3] = [[math.cos(0.1), -math.sin(0.1)], [math.sin(0.1), math.cos(0.1)]]
    risen = np.eye(4)
    risen[1, 3] = 0.1
    assert stand_of(tilted) is None
    assert stand_of(risen) is None
    assert stand_of(np.eye(4)) == Stand()


def test_the_whole_grid_is_laid_out():
    # SVC: 2 x 60 moves along x, as many along z, 2 x 10 turns; neighbors on different axes
    pairs = 2 * (120 * 120 + 120 * 20 + 120 * 20)
    assert len(steps_on_grid("svc-real")) == 260
    assert sum(len(group.code) for group in sheet(steps_on_grid("svc-real"), 2)) == pairs


@pytest.mark.parametrize("subset", ["hy-worldplay-real", "svc-real"])
def test_the_grid_finds_what_the_task_accepts(subset):
    from builder.tasks._ambiguity import accepted, grids_of

    draw, grid = rng_for(5, subset), steps_on_grid(subset)
    for _ in range(60):
        steps = merged([grid[draw.integers(len(grid))] for _ in range(2)])
        if not (steps and set(grid).issuperset(steps)):
            continue
        theirs = accepted(actions_of(steps), grids_of(subset), 10**6)
        mine = sequences_to(subset, len(steps), end_of(steps), 0.0)
        assert mine == {steps_of(one) for one in theirs}


@pytest.mark.slow
def test_the_grid_finds_what_the_task_accepts_of_three_actions():
    from builder.tasks._ambiguity import accepted, grids_of

    draw, grid = rng_for(7, "grid"), steps_on_grid("svc-real")
    for _ in range(400):
        steps = merged([grid[draw.integers(len(grid))] for _ in range(3)])
        if steps and set(grid).issuperset(steps):
            theirs = accepted(actions_of(steps), grids_of("svc-real"), 10**6)
            mine = sequences_to("svc-real", len(steps), end_of(steps), 0.0)
            assert mine == {steps_of(one) for one in theirs}


def asked(task, question, form, label):
    return {
        "task_type": task,
        "messages": [{"content": question}],
        "answer_form": form,
        "object": {"label": label},
    }


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("truth", [True, False])
@pytest.mark.parametrize("name", ["D2", "D4"])
def test_every_wording_of_a_verdict_is_read(name, truth, swapped):
    task = task_named(name)
    slots = {
        "label": "one-door fridge with two visible shelves",
        "a_label": "a lamp",
        "box_before": "[1, 2, 3, 4]",
        "box_after": "[5, 6, 7, 8]",
        "motion": "turn left 20 degrees",
    }
    for template in task.templates:
        offer = template.offer(slots, swapped)
        answer = task.language.say(truth, template.form, offer)
        record = asked(name, template.fill(slots, offer), template.form, slots["label"])
        assert verdict_of(record, answer) == truth, template.id


def test_an_answer_that_is_not_understood_is_no_answer():
    for form in ANSWER_FORMS:
        with pytest.raises(Unread):
            verdict_of(asked("D4", "Is it so? A: Maybe. B: Perhaps.", form, "mug"), "perhaps")


def test_parquet_without_bundles_beside_is_told_of(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet
    from tiny_data import records

    record = records()[0]
    row = {**record, "images": [{"bytes": b"", "path": name} for name in record["images"]]}
    parquet.write_table(pa.Table.from_pylist([row]), tmp_path / "rows.parquet")
    sources = Sources([tmp_path])
    assert sources.jobs(again=None) == []
    assert dict(sources.skipped) == {"it is a Parquet row without bundles beside": 1}


def test_a_row_that_says_what_its_line_says_is_not_recomputed_twice(tmp_path):
    import pyarrow as pa
    from pyarrow import parquet
    from tiny_data import records

    record, other = records()[0], records()[1]
    root = tmp_path / "bundles" / "SVC-SimulatedScene"
    (root / record["images"][0]).parent.mkdir(parents=True)
    (root / record["images"][0]).write_bytes(b"the first view")
    lines = root / "tasks.jsonl"
    lines.write_text("".join(json.dumps(each) + "\n" for each in (record, other)))
    changed = {**other, "claim": "move forward 0.6 meters"}
    rows = [
        {**each, "images": [{"bytes": data, "path": "a-000.jpg"} for _ in each["images"]]}
        for each, data in ((record, b"the first view"), (changed, b"another"))
    ]
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "rows.parquet")
    sources = Sources([tmp_path])
    (job,) = sources.jobs(again=None)
    assert sources.repeated == 1
    assert [(issue.row, issue.pointer, issue.rule) for issue in sources.issues] == [
        (1, "/images/0", "picture-untrue")
    ]
    assert [(entry.line, entry.row) for entry in job.entries] == [(1, None), (2, None), (None, 1)]


def test_a_foreign_record_is_told_of(tmp_path):
    from tiny_data import records

    plain = {name: records()[0][name] for name in ("task_type", "messages", "images")}
    (tmp_path / "tasks.jsonl").write_text(json.dumps(plain) + "\n")
    sources = Sources([tmp_path])
    assert sources.jobs(recompute) == []
    assert sum(sources.skipped.values()) == 1
