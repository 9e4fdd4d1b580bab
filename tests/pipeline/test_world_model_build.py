"""A whole build by a world model, with a stand-in for its worker: what it drops, keeps and says."""

import json
from dataclasses import dataclass, replace
from typing import ClassVar

import pytest
from pipeline import _toy
from pipeline._build import ends
from pipeline._toy import toy_tools
from teachers.stand_in import StandInSvc

from builder.audit import check
from builder.config import BuildConfig, Images, Machine, Sampling, fingerprint, settings_of
from builder.core.errors import BackendError, ConfigError, World2VLMError
from builder.core.licenses import SVC_LICENSE
from builder.pipeline.build import build
from builder.tasks import readers
from builder.teachers import backend_named
from builder.trackers import Tracker

CONFIG = BuildConfig(
    subsets=("svc-real",),
    records=12,
    scenes=1,
    seed=5,
    backend="svc",
    sampling=Sampling(
        anchors_per_scene=1,
        trajectories_per_anchor=6,
        singles=1,
        presets=0,
        long=0,
        max_move_m=0.6,
        max_turn_deg=30,
    ),
    images=Images(frames="keyframes"),
    machine=Machine(accept_license=SVC_LICENSE.name, attempts=2, task_limit_s=60),
)


class Blind(Tracker):
    """Sees nothing, but notes what it was shown."""

    name = "detect"
    shown: ClassVar[list] = []

    def tracks(self, frames, views, objects, path=None):
        self.shown.append((len(frames), views, len(path.world_from_camera)))
        return ()


@dataclass(frozen=True)
class Judged:
    verdict: str
    reasons: tuple = ()

    def to_json(self):
        looks = {name: [] for name in ("contrast", "smoothness", "sharpness", "change")}
        reasons = list(self.reasons)
        return {"verdict": self.verdict, "reasons": reasons, "spans": [], "looks": looks}


def obeyed(frames, poses, camera, keys):
    assert len(frames) == len(poses)
    assert keys[-1] == len(frames) - 1
    return Judged("pass")


def left_is_disobeyed(frames, poses, camera, keys):
    return Judged("fail", ("turned-the-other-way",)) if poses[-1].yaw_deg < -1 else Judged("pass")


def made(out, config=CONFIG, judge=obeyed, mishap=(), said=None):
    """Build with a stand-in that has mishaps."""
    kind = type("Mishap", (StandInSvc,), {"mishap": tuple(mishap)})
    tools = replace(
        toy_tools(), backends={"svc": kind()}, trackers={"detect": Blind()}, judge=judge
    )
    return build(config, out, lambda: tools, ends([] if said is None else said))


def drops(tally, what="trajectory"):
    return {why: count for (_, thing, why), count in tally.drops.items() if thing == what}


@pytest.fixture(scope="module", autouse=True)
def _small_frames():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_toy, "SIDE_PX", 64)  # a size that the model takes as it is
        yield


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    out, said = tmp_path_factory.mktemp("whole") / "out", []
    Blind.shown.clear()
    return out, made(out, said=said), said


def records(out):
    lines = (out / "bundles" / "SVC-RealScene" / "tasks.jsonl").read_text().splitlines()
    return [json.loads(line) for line in lines]


def test_every_record_names_the_license_of_the_place_and_of_what_was_painted(whole):
    out, tally, _ = whole
    rows = records(out)
    assert rows
    assert {row["license"] for row in rows} == {f"CC0-1.0 AND {SVC_LICENSE.spdx}"}
    assert {row["backend"] for row in rows} == {"svc"}
    assert tally.bundles["svc-real"] == 6


def test_objects_are_followed_through_all_frames_and_the_key_frames_are_stored(whole):
    out, _, said = whole
    assert any("found by 'detect'" in line for line in said)
    assert all(views is None and frames >= 8 for frames, views, _ in Blind.shown)
    assert all(frames == poses for frames, _, poses in Blind.shown)
    for file in out.rglob("traj.json"):
        plain = json.loads(file.read_text())
        assert len(plain["transforms"]["frames"]) == 2
        assert plain["frame_ids_kept"][1] >= 7


def test_a_bundle_tells_what_the_model_was_asked_and_what_the_judge_found(whole):
    out, _, _ = whole
    plain = json.loads(next(out.rglob("traj.json")).read_text())
    assert plain["conditioning"]["T"] == 21
    assert plain["obedience"]["verdict"] == "pass"


def test_a_bundle_of_a_world_model_keeps_the_schema(whole):
    out, _, _ = whole
    assert [str(issue) for issue in check([out / "bundles"], readers())] == []


def test_what_disobeys_is_dropped_and_counted_and_its_reason_is_kept(tmp_path):
    out = tmp_path / "out"
    tally = made(out, judge=left_is_disobeyed)
    assert drops(tally)["disobeyed"] >= 1
    kept = [json.loads(file.read_text())["traj_params"] for file in out.rglob("traj.json")]
    assert kept
    assert all(params["actions"][0]["act"] != "turn_left" for params in kept)
    failures = next((out / ".build" / "failures").rglob("*.jsonl")).read_text().splitlines()
    assert json.loads(failures[0])["error"] == "turned-the-other-way"
    assert len(failures) == drops(tally)["disobeyed"]


def test_a_trajectory_that_cannot_be_painted_is_dropped_and_counted_and_its_error_is_kept(tmp_path):
    out = tmp_path / "out"
    tally = made(out, mishap=("raises", f"{tmp_path / 'count'}:3"))
    # Three tasks fail: with two tries each, one or no trajectory has both of its own among them.
    lost = drops(tally).get("painting-failed", 0)
    assert tally.bundles["svc-real"] + lost == 6
    always = made(tmp_path / "two", mishap=("raises", f"{tmp_path / 'two-count'}:2"),
                  config=replace(CONFIG, machine=replace(CONFIG.machine, attempts=1)))  # fmt: skip
    assert drops(always)["painting-failed"] == 2
    failures = (tmp_path / "two" / ".build" / "failures").rglob("*.jsonl")
    assert "More anchor frames" in next(failures).read_text()


def test_a_machine_that_cannot_paint_ends_the_build_with_the_reason(tmp_path):
    with pytest.raises(BackendError, match="this card is a toaster"):
        made(tmp_path / "out", mishap=("unfit",))


def test_without_the_license_nothing_is_begun(tmp_path):
    config = replace(CONFIG, machine=Machine())
    with pytest.raises(ConfigError, match="--accept-license Stability-AI-NonCommercial"):
        made(tmp_path / "out", config=config)
    assert not (tmp_path / "out").exists()


def test_another_license_than_the_backends_own_is_not_enough(tmp_path):
    config = replace(CONFIG, machine=Machine(accept_license="Tencent-HY-WorldPlay"))
    with pytest.raises(ConfigError, match="Non-Commercial"):
        made(tmp_path / "out", config=config)


def test_more_workers_than_the_gpus_have_are_refused(tmp_path):
    with pytest.raises(ConfigError, match="one worker a GPU"):
        made(tmp_path / "out", config=replace(CONFIG, workers=4))


def test_the_machine_is_no_part_of_what_is_built(whole):
    other = replace(CONFIG, machine=Machine(svc_root="/elsewhere"))
    assert fingerprint(other) == fingerprint(CONFIG)
    assert "svc" in settings_of(CONFIG)
    embedded = replace(CONFIG, backend="embedded")
    assert not {"svc", "hy", "machine", "detect"} & settings_of(embedded).keys()


class TestMissing:
    """One clear error for each thing that is not there."""

    @pytest.fixture(autouse=True)
    def _bare(self, monkeypatch):
        for name in ("SVC", "HY"):
            for what in ("ROOT", "PYTHON"):
                monkeypatch.delenv(f"W2V_{name}_{what}", raising=False)
        monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")

    @pytest.fixture
    def checkouts(self, tmp_path):
        for package in ("seva", "hyvideo"):
            (tmp_path / package).mkdir()
            (tmp_path / package / "__init__.py").touch()
        return str(tmp_path)

    def refusal(self, name, **machine):
        accepted = {"svc": "Stability-AI-NonCommercial", "hy-worldplay": "Tencent-HY-WorldPlay"}
        config = BuildConfig(machine=Machine(accept_license=accepted[name], **machine))
        with pytest.raises(World2VLMError) as caught:
            backend_named(name).configured(config)
        return str(caught.value)

    @pytest.mark.parametrize(("name", "option"), [("svc", "svc"), ("hy-worldplay", "hy")])
    def test_no_root(self, name, option):
        assert f"give --{option}-root DIR or set W2V_" in self.refusal(name)

    @pytest.mark.parametrize(("name", "option"), [("svc", "svc"), ("hy-worldplay", "hy")])
    def test_a_root_of_something_else(self, name, option, tmp_path):
        said = self.refusal(name, **{f"{option}_root": str(tmp_path / "nowhere")})
        assert "holds no package" in said

    def test_an_interpreter_that_is_not_there(self, checkouts):
        said = self.refusal("svc", svc_root=checkouts, svc_python="/no/python")
        assert "--svc-python /no/python: cannot be run" in said

    def test_no_gpu(self, checkouts):
        assert "no GPU: CUDA_VISIBLE_DEVICES is ''" in self.refusal("svc", svc_root=checkouts)

    def test_no_weights(self, checkouts):
        said = self.refusal("hy-worldplay", hy_root=checkouts, gpus="0")
        assert "needs --hy-weights, a folder" in said

    def test_weights_that_are_not_there(self, checkouts):
        said = self.refusal("hy-worldplay", hy_root=checkouts, gpus="0", hy_weights="/no/weights")
        assert "--hy-weights /no/weights: no such folder" in said

    @pytest.mark.parametrize("name", ["weights", "vae"])
    def test_files_of_svc_that_are_not_there(self, checkouts, name):
        said = self.refusal("svc", svc_root=checkouts, gpus="0", **{f"svc_{name}": "/no/file"})
        assert f"--svc-{name} /no/file: no such file or folder" in said

    def test_fewer_gpus_than_one_video_needs(self, checkouts):
        said = self.refusal("hy-worldplay", hy_root=checkouts, gpus="0,1", hy_ranks=4)
        assert "4 GPUs are needed for one video, and there are 2" in said
