"""`world2vlm judge`: bundles on disk, their verdicts, and what of it `traj.json` may keep."""

import copy
import json
import shutil

import pytest

from builder.audit.obedience.verdict import Looks, Motion, Obedience, Span
from builder.cli import main
from builder.publish.show import demo_folder
from builder.schemas import errors

DEMO = demo_folder() / "SVC-SimulatedScene-demo"


@pytest.fixture
def turn(tmp_path):
    """A copy of a demo bundle that is one turn."""
    pytest.importorskip("cv2", reason="obedience needs the extra [audit]: opencv")
    folder = next(iter(sorted(DEMO.glob("scenes/*/traj_*turn_*"), key=lambda one: len(one.name))))
    copied = tmp_path / "scenes" / folder.parent.name / folder.name
    shutil.copytree(folder, copied)
    return copied


def test_an_honest_bundle_passes_with_its_figures(turn, capsys):
    assert main(["judge", str(turn)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("pass ")
    assert len(lines) == 2
    assert "planned turn" in lines[1]
    assert "as planned" in lines[1]


def test_a_bundle_whose_frames_are_swapped_fails_with_status_1(turn, tmp_path, capsys):
    first, last = sorted((turn / "samples-rgb").iterdir())
    swap = tmp_path / "swap.jpg"
    first.rename(swap), last.rename(first), swap.rename(last)
    assert main(["judge", str(tmp_path), "--json"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    found = json.loads(line)
    assert (found["verdict"], found["reasons"]) == ("fail", ["turned-the-other-way"])


def test_a_folder_without_bundles_is_a_wrong_call(tmp_path, capsys):
    assert main(["judge", str(tmp_path)]) == 2
    assert "holds no bundle" in capsys.readouterr().err


def test_a_bundle_whose_picture_is_cut_off_is_named(turn, capsys):
    picture = turn / "samples-rgb" / "001.jpg"
    picture.write_bytes(picture.read_bytes()[:2000])
    assert main(["judge", str(turn)]) == 2
    assert "001.jpg: cannot be read as a picture" in capsys.readouterr().err


def evidence():
    span = Span(0, 1, Motion(-20.0, None), None, 4, 0.25, "undecided", "too-few-matches")
    looks = Looks((40.0, 41.5), (0.97, 0.96), (0.85, 0.84), (12.0,))
    return Obedience("undecided", ("too-few-matches",), (span,), looks).to_json()


def test_traj_json_may_keep_the_evidence():
    plain = json.loads(next(iter(sorted(DEMO.glob("scenes/*/traj_*/traj.json")))).read_text())
    assert errors(plain, "trajectory") == []
    plain["obedience"] = evidence()
    assert errors(plain, "trajectory") == []


@pytest.mark.parametrize(
    ("at", "wrong"),
    [
        (("verdict",), "maybe"),
        (("reasons",), ["Too few"]),
        (("spans", 0, "planned"), None),
        (("spans", 0, "share"), 1.5),
        (("looks", "change"), ["much"]),
    ],
)
def test_evidence_of_another_form_is_refused(at, wrong):
    plain = json.loads(next(iter(sorted(DEMO.glob("scenes/*/traj_*/traj.json")))).read_text())
    plain["obedience"] = copy.deepcopy(evidence())
    place = plain["obedience"]
    for part in at[:-1]:
        place = place[part]
    place[at[-1]] = wrong
    assert errors(plain, "trajectory")
