"""How often obedience is wrong, on embedded rollouts whose motion is known exactly.

    python bench/obedience_calibration.py BUILD --rollouts 320 --faulty 160 --all-frames 40

BUILD is the folder of a `world2vlm build` of rooms and the garage (any seed). Its key frames are
judged as they are stored, in JPEG; then faults are planted. The scenes are opened again to paint
what a disobedient teacher would have painted. Prints counts and writes them with --json.
"""

import argparse
import json
import sys
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from obedience_faults import jpeg, repaints, stills
from PIL import Image

from builder.audit import obedience
from builder.config import Gates
from builder.core.pose import Pose
from builder.core.protocol import subset_named
from builder.core.scene import SceneRef
from builder.core.seeding import rank_of, rng_for
from builder.core.trajectory import unroll
from builder.pipeline.tools import default_tools
from builder.store import read_json, read_rollout
from builder.tasks._gates import motion_drop

ASKED = (
    "mirrored-turn", "half-turn", "no-motion", "frozen", "noise", "shuffled",
)  # fmt: skip
TURNED = {"mirrored-turn", "half-turn"}


@dataclass(frozen=True, eq=False)
class Case:
    rollout: object
    frames: list
    poses: tuple
    keys: tuple
    anchor: Pose
    seen: bool

    def judged(self, frames):
        return obedience.judge(frames, self.poses, self.rollout.camera, self.keys)

    def rng(self, *names):
        return rng_for(0, self.rollout.subset, self.rollout.trajectory_id, *names)


def perceivable(rollout):
    steps = range(len(rollout.actions))
    return all(motion_drop(rollout, (step, step + 1), Gates()) is None for step in steps)


def cases(build, wanted):
    """Yield (scene, case), by scene; the scene is opened only when it is asked to look."""
    folders = sorted(Path(build).glob("bundles/*/scenes/*/traj_*"))
    folders.sort(key=lambda one: rank_of(0, "/".join(one.parts[-4:])))
    chosen = sorted(folders[:wanted])
    tools, opened = default_tools(), {}
    for folder in chosen:
        rollout = read_rollout(folder)
        place = folder.parent
        facts = read_json(place / "scene.json")
        key = (facts["scene_type"], place.name)
        if key not in opened:
            opened.clear()
            seed = rollout.provenance.seed
            source = tools.source_for(facts["scene_type"])
            every = {one.scene_id: one for one in source.references(64, seed, None)}
            reference = every.get(place.name) or SceneRef(source.name, place.name, seed)
            opened[key] = source.open(reference)
        frames = [
            np.asarray(Image.open(folder / "samples-rgb" / Path(one).name))
            for one in rollout.images
        ]
        anchor = Pose.from_matrix(facts["anchors"][rollout.anchor]["scene_from_anchor"])
        yield (
            opened[key],
            Case(
                rollout,
                frames,
                rollout.world_from_camera,
                rollout.keys,
                anchor,
                perceivable(rollout),
            ),
        )


def painted(scene, case, actions, poses=None):
    """Return the frames of other actions, at the same places of the schedule."""
    if poses is None:
        protocol = subset_named(case.rollout.subset).protocol
        trajectory = unroll(actions, protocol)
        poses = [trajectory.world_from_camera[key] for key in trajectory.keyframes]
    return [case.frames[0]] + [
        jpeg(scene.world.look(case.anchor @ pose, case.rollout.camera).rgb) for pose in poses[1:]
    ]


class Table:
    def __init__(self):
        self.counts, self.reasons = defaultdict(Counter), defaultdict(Counter)
        self.looks = defaultdict(list)

    def add(self, name, case, verdict, note=True):
        row = name if case.seen else f"{name} (not perceivable)"
        self.counts[row][verdict.verdict] += 1
        self.reasons[row].update(verdict.reasons)
        looks = verdict.looks
        self.looks[name].append(
            [min(looks.contrast), min(looks.smoothness), min(looks.sharpness), min(looks.change)]
        )
        wrong = (
            "pass"
            if name.partition(": ")[2] in ASKED
            else "fail"
            if name.endswith("honest")
            else ""
        )
        if note and case.seen and verdict.verdict == wrong:
            print(
                "WRONG",
                name,
                case.rollout.subset,
                case.rollout.scene_id,
                case.rollout.trajectory_id,
                verdict.reasons,
                [
                    (s.planned, s.seen, s.matches, s.share, s.verdict, s.reason)
                    for s in verdict.spans
                ],
                flush=True,
            )

    def show(self):
        print(
            "| case | rollouts | pass | undecided | fail | fail, share |\n|---|--:|--:|--:|--:|--:|"
        )
        for name, count in sorted(self.counts.items()):
            total = count.total()
            cells = [total, *(count[one] for one in ("pass", "undecided", "fail"))]
            print(f"| {name} | {' | '.join(map(str, cells))} | {count['fail'] / total:.1%} |")
        for name, values in sorted(self.looks.items()):
            if name.endswith("honest"):
                print(
                    name,
                    "least contrast, smoothness, sharpness, change:",
                    np.quantile(values, [0, 0.01, 0.05, 0.5], axis=0).round(3).tolist(),
                )

    def to_json(self):
        return {"counts": self.counts, "reasons": self.reasons}


def faults(scene, case, table, label):
    for name, frames in stills(case):
        table.add(f"{label}: {name}", case, case.judged(frames))
    for name, actions in repaints(case):
        trajectory = unroll(actions, subset_named(case.rollout.subset).protocol)
        if label == "keys":
            frames = painted(scene, case, actions)
        else:
            poses = trajectory.world_from_camera[: trajectory.keyframes[-1] + 1]
            frames = painted(
                scene,
                case,
                actions,
                [
                    poses[min(k * len(poses) // len(case.poses), len(poses) - 1)]
                    for k in range(len(case.poses))
                ],
            )
        table.add(f"{label}: {name}", case, case.judged(frames))


def densely(scene, case):
    """Return the case with all frames of its schedule."""
    trajectory = unroll(case.rollout.actions, subset_named(case.rollout.subset).protocol)
    poses = trajectory.world_from_camera[: trajectory.keyframes[-1] + 1]
    frames = painted(scene, case, None, poses)
    return replace(case, frames=frames, poses=poses, keys=trajectory.keyframes)


def remember_features():
    """Keep the features of frames that several faults share; only time changes."""
    real, known = obedience.features, {}

    def kept(cv2, frame, drum):
        key = (hash(frame.tobytes()), id(drum.u_px) and drum.u_px.shape, float(drum.focal_px[0]))
        if key not in known:
            if len(known) > 200:
                known.clear()
            known[key] = real(cv2, frame, drum)
        return known[key]

    obedience.features = kept


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("build")
    parser.add_argument("--rollouts", type=int, default=320)
    parser.add_argument("--faulty", type=int, default=160)
    parser.add_argument("--all-frames", type=int, default=40)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    remember_features()
    table, start = Table(), time.time()
    for index, (scene, case) in enumerate(cases(args.build, args.rollouts)):
        table.add("keys: honest", case, case.judged(case.frames))
        chance = (
            rank_of(1, case.rollout.subset, case.rollout.scene_id, case.rollout.trajectory_id)
            / 2**64
        )
        if case.seen and chance < args.faulty / args.rollouts:
            faults(scene, case, table, "keys")
        if chance < args.all_frames / args.rollouts:
            dense = densely(scene, case)
            table.add("all: honest", dense, dense.judged(dense.frames))
            if dense.seen:
                faults(scene, dense, table, "all")
        if index % 20 == 0:
            if args.json:
                args.json.write_text(json.dumps(table.to_json(), indent=1))
            print(
                f"{index} of {args.rollouts}, {time.time() - start:.0f} s",
                file=sys.stderr,
                flush=True,
            )
    table.show()
    if args.json:
        args.json.write_text(json.dumps(table.to_json(), indent=1))


if __name__ == "__main__":
    main()
