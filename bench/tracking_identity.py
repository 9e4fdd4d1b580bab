"""How well identity holds on embedded rollouts whose objects are known, with a detector's faults.

    python bench/tracking_identity.py BUILD --rollouts 40

Weights of a detector cannot be shipped: detections are the true boxes of all frames, their corners
jittered by 3 % of the box, 10 % dropped, their scores swapped in every frame, their order mixed.
Needs the extras [build] and [detect]; BUILD is the folder of a `world2vlm build` (its scenes are
opened again, and every frame of its trajectories looked at).
"""

import argparse
import itertools
import sys
import time
from collections import Counter
from functools import partial

import numpy as np
from obedience_calibration import cases

from builder.config.detect import Detect
from builder.core.box import Box
from builder.core.protocol import subset_named
from builder.core.seeding import rng_for
from builder.core.trajectory import unroll
from builder.trackers import CameraPath, tracker_named
from builder.trackers._dense import dense_chains
from builder.trackers._detection import Detection, tracks_of
from builder.trackers.detect import follow

# name: (jitter as a share of the box, dropped, label called by another name)
FAULTS = {
    "no fault": (0.0, 0.0, 0.0),
    "as asked": (0.03, 0.1, 0.0),
    "twice that": (0.06, 0.2, 0.0),
    "as asked, 5 % mislabeled": (0.03, 0.1, 0.05),
}


def detected(truth, frames, camera, rng, faults):
    """Return the faulty detections of every frame, and the true id of each by its box."""
    jitter, dropped, mislabeled = faults
    labels = sorted({track.label for track in truth})
    size = np.array([camera.width_px, camera.height_px] * 2, float)
    found, names = [], {}
    for frame in range(frames):
        seen = [(track, track.sightings[frame]) for track in truth if frame in track.sightings]
        seen = [one for one in seen if one[1].visible_share >= 0.2 and one[1].visible_px >= 150]
        scores, here = rng.permutation(np.linspace(0.4, 0.95, max(len(seen), 1))), []
        for rank, number in enumerate(rng.permutation(len(seen))):
            track, sighting = seen[number]
            if rng.random() < dropped:
                continue
            corners = np.array(sighting.box.corners_px())
            sides = np.tile(corners[2:] - corners[:2], 2)
            corners = np.clip(corners + rng.normal(0, jitter, 4) * sides, 0, size)
            if (corners[2:] - corners[:2]).min() < 4:
                continue
            label = track.label if rng.random() >= mislabeled else str(rng.choice(labels))
            box = Box(*(float(corner) for corner in corners))
            here.append(Detection(box, label, float(scores[rank])))
            names[frame, box.corners_px()] = track.track_id
        found.append(tuple(here))
    return found, names


class Score:
    def __init__(self):
        self.tracks = self.pure = self.true = self.kept = self.pairs = self.same = self.wrong = 0

    def add(self, tracks, names, keys, frames):
        owner, held = {}, Counter()
        for track in tracks:
            ids = Counter(names[at, seen.box.corners_px()] for at, seen in track.sightings.items())
            self.tracks += 1
            self.pure += len(ids) == 1
            ((most, count),) = ids.most_common(1)
            if len(ids) == 1:
                held[most] = max(held[most], count)
            for at, seen in track.sightings.items():
                owner[at, names[at, seen.box.corners_px()]] = track.track_id
        shown = Counter(names.values())
        for one, count in shown.items():
            if count >= (2 if len(keys) == frames else 5):
                self.true += 1
                self.kept += 2 * held[one] >= count
        self._add_keys(owner, names, keys)

    def _add_keys(self, owner, names, keys):
        """Count the objects that two key frames show, and whether one id joins them."""
        at = {frame: {one for where, one in owner if where == frame} for frame in keys}
        seen_at = {frame: {one for (f, _), one in names.items() if f == frame} for frame in keys}
        for before, after in itertools.combinations(keys, 2):
            for one in seen_at[before] & seen_at[after]:
                self.pairs += 1
                held_both = one in at[before] and one in at[after]
                self.same += held_both and owner[before, one] == owner[after, one]
            others = itertools.product(at[before], at[after])
            self.wrong += sum(
                owner[before, one] == owner[after, other] for one, other in others if one != other
            )

    def row(self):
        pure, kept = self.pure / max(self.tracks, 1), self.kept / max(self.true, 1)
        same = self.same / max(self.pairs, 1)
        return (
            f"{self.tracks} | {pure:.2%} | {self.true} | {kept:.1%} | {self.pairs} | {same:.1%} | "
            f"{self.wrong}"
        )


def per_image_ids(found):
    """The paper's defect: ids count anew in each image, in order of score."""
    chains = {}
    for frame, here in enumerate(found):
        ranked = sorted(range(len(here)), key=lambda index: -here[index].score)
        for number, index in enumerate(ranked):
            chains.setdefault(number, []).append((frame, index))
    return tracks_of([tuple(chain) for chain in chains.values()], found)


def note(scores, name, facts, way, tracks):
    scores.setdefault((way, name), Score()).add(tracks, *facts)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("build")
    parser.add_argument("--rollouts", type=int, default=40)
    args = parser.parse_args()
    scores, settings, start = {}, Detect(), time.time()
    for index, (scene, case) in enumerate(cases(args.build, args.rollouts)):
        trajectory = unroll(case.rollout.actions, subset_named(case.rollout.subset).protocol)
        poses = trajectory.world_from_camera[: trajectory.keyframes[-1] + 1]
        camera, keys = case.rollout.camera, trajectory.keyframes
        views = [scene.world.look(case.anchor @ pose, camera) for pose in poses]
        truth = tracker_named("truth").tracks(
            np.zeros((len(views), 1, 1, 3), np.uint8), views, scene.objects
        )
        depth = [view.depth_m for view in views]
        for name, faults in FAULTS.items():
            rng = rng_for(0, case.rollout.scene_id, case.rollout.trajectory_id, name)
            found, names = detected(truth, len(poses), camera, rng, faults)

            score = partial(note, scores, name, (names, keys, len(poses)))
            score("all frames", follow(found, CameraPath(camera, poses), settings))
            score(
                "all frames, depth known", follow(found, CameraPath(camera, poses, depth), settings)
            )
            raw = dense_chains(found, poses, camera, settings.max_gap)
            score("all frames, nothing broken", tracks_of(raw, found))
            score("PLANTED per-image ids", per_image_ids(found))
            sparse = [found[key] for key in keys]
            path = CameraPath(camera, [poses[key] for key in keys], [depth[key] for key in keys])
            there = {(keys.index(f), box): one for (f, box), one in names.items() if f in keys}
            few = (there, range(len(keys)), len(keys))
            note(scores, name, few, "key frames, depth known", follow(sparse, path, settings))
        print(
            f"{index + 1} of {args.rollouts}, {time.time() - start:.0f} s",
            file=sys.stderr,
            flush=True,
        )
    print(
        "| identity from | detections | tracks | pure | true tracks | kept | "
        "object in two keys | one id | two objects, one id |"
    )
    print("|---|---|--:|--:|--:|--:|--:|--:|--:|")
    for (way, name), one in sorted(scores.items()):
        print(f"| {way} | {name} | {one.row()} |")


if __name__ == "__main__":
    main()
