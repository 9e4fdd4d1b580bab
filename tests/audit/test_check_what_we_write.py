"""What our own code writes passes the check: made by the store and the tasks, not by hand."""

import io
import json

import pytest
from PIL import Image

from builder.audit import check, summary
from builder.config import Gates
from builder.core.action import Move, Turn
from builder.core.drop import Drop
from builder.core.pose import Pose
from builder.core.protocol import SUBSETS
from builder.core.scene import Anchor, Scene, SceneObject
from builder.core.trajectory import unroll
from builder.store import Schedule, write_bundle, write_scene
from builder.tasks import all_tasks, readers
from examples import rollout

ACTIONS = (Move("left", 0.3), Turn("right", 20.0), Move("forward", 0.5))


def jpeg(size_px, shade):
    held = io.BytesIO()
    Image.new("RGB", size_px, (shade, 90, 120)).save(held, "JPEG")
    return held.getvalue()


@pytest.fixture(scope="module", params=["svc-simulated", "hy-worldplay-simulated"])
def written(request, tmp_path_factory):
    root, subset = tmp_path_factory.mktemp("out"), SUBSETS[request.param]
    made = [
        rollout(*actions, subset=subset.name, trajectory_id=f"t{index}")
        for index, actions in enumerate((ACTIONS, ACTIONS[:1], ACTIONS[1:2]))
    ]
    camera = made[0].camera
    objects = {track.track_id: track.label for track in made[0].tracks}
    things = tuple(SceneObject(track_id, label) for track_id, label in objects.items())
    place = Scene(made[0].scene_id, "simulated", "CC0-1.0", "made up", "A room.", things, None)
    anchor = Anchor(0, camera, "exact", Pose.from_yaw(33.0))
    write_scene(root, place, subset, [anchor], [jpeg(camera.size_px, 0)], ".jpg")
    records = []
    for one in made:
        trajectory = unroll(one.actions, subset.protocol)
        keys = trajectory.keyframes
        frames = tuple(trajectory.frame_of(key) for key in keys)
        pictures = [jpeg(camera.size_px, 10 + index) for index in range(len(keys))]
        write_bundle(root, one, Schedule(trajectory, keys, frames), pictures)
        for task in all_tasks().values():
            given = task.records(one, 0, Gates())
            records += [record.to_json() for record in given if not isinstance(record, Drop)]
    text = "".join(json.dumps(record) + "\n" for record in records)
    (root / "tasks.jsonl").write_text(text)
    return root


def test_what_the_store_and_the_tasks_write_is_right(written):
    counted = summary()
    assert [str(issue) for issue in check([written], readers(), counted=counted)] == []
    assert counted.bundles == 3
    assert counted.records > 12


def test_a_turn_that_is_mirrored_in_every_label_is_seen_by_the_poses(written):
    lines = (written / "tasks.jsonl").read_text().replace("turn right", "turn left")
    copy = written / "tasks_mirrored.jsonl"
    copy.write_text(lines)
    rules = {issue.rule for issue in check([copy], readers())}
    copy.unlink()
    assert "motion-mismatch" in rules
