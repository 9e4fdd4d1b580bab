"""Plain photographs, no depth and no objects, painted by a world model: what is asked of them."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from paper.test_from_bundles import make as made_from_bundles
from pipeline import _toy
from pipeline._build import ends
from pipeline._toy import toy_tools
from pipeline.test_world_model_build import CONFIG, obeyed
from teachers.stand_in import StandInSvc

from builder.audit import check
from builder.cli import main
from builder.config import Sampling
from builder.core.box import Box
from builder.core.covisibility import Covisibility
from builder.core.pose import Pose
from builder.core.track import Sighting, Track
from builder.language.grammar import hear
from builder.pipeline.build import build
from builder.pipeline.tools import default_tools
from builder.store.foreign.turns import carried_box
from builder.tasks import readers
from builder.trackers import Tracker

GARAGE = Path(__file__).parents[2] / "data-demo" / "sources" / "garage" / "image.png"
PLAIN = Sampling(
    anchors_per_scene=1,
    trajectories_per_anchor=12,
    singles=1,
    presets=0,
    long=0,
    max_move_m=0.4,
    max_turn_deg=20,
)


class Carried(Tracker):
    """Follows one box in the middle as a turn takes it; of moves it claims that it stays."""

    name = "detect"

    def tracks(self, frames, views, objects, path=None):
        assert objects == (), "a plain photograph has no objects of its own"
        width, height = path.camera.size_px
        box = _toy_box(width, height)
        here = path.world_from_camera[0]
        sightings = {}
        for index, pose in enumerate(path.world_from_camera):
            turn = Pose((pose.inverse() @ here).rotation, [0.0, 0.0, 0.0])
            there = carried_box(path.camera, box, turn)
            if there is not None:
                sightings[index] = Sighting(there, 100, None)
        return (Track(1, "chair", sightings),)


class Followed(Carried):
    """The same in a place whose own objects it does not know."""

    def tracks(self, frames, views, objects, path=None):
        return super().tracks(frames, views, (), path)


def _toy_box(width, height):
    return Box(0.35 * width, 0.3 * height, 0.65 * width, 0.8 * height)


def only_sideways(frames, poses, camera, keys):
    """Finds again what a move to a side shows twice, and nothing of other moves."""
    move = (poses[keys[0]].inverse() @ poses[keys[1]]).translation_m
    return {(0, 1): Covisibility(30.0, 0.8, 0.7)} if abs(move[0]) > 0.01 else {}


class Plainly:
    """A source whose places have neither depth nor objects."""

    scene_type, name = "real", "photos"

    def __init__(self, source):
        self._source = source
        self.references = source.references

    def open(self, reference, gates=None):
        scene = self._source.open(reference, gates)
        return replace(scene, objects=(), has_depth=False, world=Still(scene.world))


class Still:
    """A photograph's world: it only turns, and only a little."""

    def __init__(self, world):
        self.anchors, self._world = world.anchors, world

    def look(self, scene_from_camera, camera):
        return self._world.look(scene_from_camera, camera)

    def refusal(self, anchor, trajectory):
        return "no-depth"


def records(out):
    lines = (out / "bundles" / "SVC-RealScene" / "tasks.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    out = tmp_path_factory.mktemp("plain") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_toy, "SIDE_PX", 64)
        tools = toy_tools()
        tools = replace(
            tools,
            sources={**tools.sources, "photos": Plainly(tools.sources["photos"])},
            backends={"svc": StandInSvc()},
            trackers={"detect": Carried()},
            judge=obeyed,
            compare=only_sideways,
        )
        config = replace(CONFIG, records=60, sampling=PLAIN)
        return out, build(config, out, lambda: tools, ends([]))


def kinds_of(row):
    return {type(action).__name__ for action in hear(row["actions"])}


def test_turns_and_moves_are_planned_where_nothing_is_known_of_depth(whole):
    out, tally = whole
    acts = {
        action["act"]
        for file in out.rglob("traj.json")
        for action in json.loads(file.read_text())["traj_params"]["actions"]
    }
    assert acts == {"turn_left", "turn_right", "forward", "backward", "shift_left", "shift_right"}
    assert tally.bundles["svc-real"] == PLAIN.trajectories_per_anchor


def test_a_move_is_asked_about_where_the_pictures_show_it_and_nowhere_else(whole):
    rows = [row for row in records(whole[0]) if kinds_of(row) == {"Move"}]
    assert {row["task_type"] for row in rows} == {"A1"}
    assert {row["actions"].split()[1] for row in rows} == {"left", "right"}
    assert whole[1].drops["svc-real", "A1", "depth-unknown"] > 0


def test_turns_are_asked_about_with_objects_and_without(whole):
    turned = {row["task_type"] for row in records(whole[0]) if kinds_of(row) == {"Turn"}}
    assert {"A2", "A4", "D1"} <= turned


def test_no_depth_is_stored_that_nobody_knows(whole):
    for file in whole[0].rglob("traj.json"):
        plain = json.loads(file.read_text())
        assert plain["depth_grids_mm"] == []
        assert plain["grid_cells"] == 0


def test_such_bundles_keep_the_schema(whole):
    assert [str(issue) for issue in check([whole[0] / "bundles"], readers())] == []


def losses(tally):
    """Count what was lost, but for what was only too much: another build chooses otherwise."""
    lost = {(task, why): n for (_, task, why), n in tally.drops.items() if why != "surplus"}
    return {key: n for key, n in lost.items() if key[0] not in {"anchor", "trajectory"}}


def test_bundles_without_depth_give_the_same_questions_once_more(whole, tmp_path, capsys):
    out, first = whole
    tally, said = made_from_bundles(out, tmp_path / "again")
    assert losses(tally) == losses(first)
    assert tally.bundles["svc-real"] == PLAIN.trajectories_per_anchor
    assert f"bundles used: ours {PLAIN.trajectories_per_anchor}" in said
    assert "give more photographs" not in said
    known = {row["record_id"] for row in records(out)}
    made = {row["record_id"] for row in records(tmp_path / "again")}
    assert known & made
    assert main(["check", "--deep", str(tmp_path / "again" / "bundles")]) == 0
    told = capsys.readouterr().err
    assert f"from stored facts: {len(made)}, the backend 'svc' cannot be asked again" in told


def test_detected_boxes_are_asked_about_no_more_freely_where_depth_lies_beside_them(tmp_path):
    out = tmp_path / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_toy, "SIDE_PX", 64)
        tools = replace(
            toy_tools(), backends={"svc": StandInSvc()}, trackers={"detect": Followed()}
        )
        first = build(replace(CONFIG, records=60), out, lambda: tools, ends([]))
    tally, _ = made_from_bundles(out, tmp_path / "again")
    assert first.drops["svc-real", "D2", "depth-unknown"] > 0
    assert losses(tally) == losses(first)


@pytest.mark.slow
def test_a_photograph_is_built_from_with_the_real_judge(tmp_path):
    for module, extra in (("numba", "build"), ("scipy", "build"), ("cv2", "audit")):
        pytest.importorskip(module, reason=f"needs the extra [{extra}]")
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    shutil.copy(GARAGE, photos / "garage.png")
    real = default_tools()
    tools = replace(real, backends={"svc": StandInSvc()}, trackers={"detect": Carried()})
    sampling = replace(PLAIN, trajectories_per_anchor=6)
    config = replace(CONFIG, records=30, photos=str(photos), sampling=sampling)
    tally = build(config, out, lambda: tools, ends([]))
    assert tally.bundles["svc-real"] == 6, tally.drops
    rows = records(out)
    assert {"A1", "A2"} <= {row["task_type"] for row in rows}
    judged = [json.loads(file.read_text())["obedience"] for file in out.rglob("traj.json")]
    assert {one["verdict"] for one in judged} == {"pass"}
    assert [str(issue) for issue in check([out / "bundles"], readers())] == []
