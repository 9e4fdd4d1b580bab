"""A folder of four records and their bundle, as small as it can be and right in everything."""

import json
from pathlib import Path

from PIL import Image

WIDTH_PX, HEIGHT_PX = 48, 36
SCENE, TRAJECTORY = "demo_scene", "multi_step_00_forward_then_turn_left"
BUNDLE = f"scenes/{SCENE}/traj_{TRAJECTORY}"
COS_20, SIN_20 = 0.9396926207859084, 0.3420201433256687
POSES = (
    [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]],
    [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0.5], [0, 0, 0, 1]],
    [[COS_20, 0, -SIN_20, 0], [0, 1, 0, 0], [SIN_20, 0, COS_20, 0.5], [0, 0, 0, 1]],
)
CAMERA = {"width": WIDTH_PX, "height": HEIGHT_PX, "fx": 40.0, "fy": 40.0, "cx": 23.5, "cy": 18.5}
CHAIR, LAMP = 3, 7
LABELS = {CHAIR: "chair", LAMP: "lamp", 8: "lamp"}
BOXES_PX = (
    {CHAIR: [6, 9, 24, 27], LAMP: [30, 3, 36, 18]},
    {CHAIR: [3, 9, 27, 36], LAMP: [33, 0, 42, 18], 8: [0, 0, 3, 9]},
    {LAMP: [42, 0, 48, 18], 8: [9, 0, 12, 9]},
)


def records():
    """Return the records: a move, a claim, an object that goes, two lamps that are not one."""
    move = record("A1", 0, [0, 1], "Which way and how far?", "move forward 0.5 meters")
    claim = record("A4", 0, [0, 2], "Did it move forward 0.5 meters and turn right?", "false")
    gone = record("D2", 0, [0, 2], "Is the chair still visible?", "no")
    same = record("D4", 0, [0, 1], "Is it the same lamp?", "no")
    claim["claim"] = "move forward 0.5 meters; turn right 20 degrees"
    claim["answer_form"] = "true-false"
    gone["images"].pop()
    gone["messages"][0]["content"] = gone["messages"][0]["content"].removeprefix("<image>")
    gone["object"], same["object"] = thing(CHAIR, CHAIR, 2), thing(LAMP, 8, 1)
    gone["answer_form"] = same["answer_form"] = "yes-no"
    return [move, claim, gone, same]


def record(task, number, frames, question, answer):
    both = "move forward 0.5 meters; turn left 20 degrees"
    return {
        "record_id": f"svc-simulated/{SCENE}/{TRAJECTORY}/{task}/{number}",
        "task_type": task,
        "messages": [
            {"role": "user", "content": "<image>" * len(frames) + question},
            {"role": "assistant", "content": answer},
        ],
        "images": [f"{BUNDLE}/samples-rgb/{frame:03d}.jpg" for frame in frames],
        "subset": "svc-simulated",
        "teacher": "svc",
        "scene_type": "simulated",
        "backend": "embedded",
        "scene_id": SCENE,
        "trajectory_id": TRAJECTORY,
        "split": "train",
        "frame_indices": frames,
        "camera": {"hfov_deg": 61.9, "source": "exact"},
        "actions": both if frames[-1] == 2 else "move forward 0.5 meters",
        "claim": None,
        "object": None,
        "answer_form": "open",
        "accepted": [answer],
        "difficulty": None,
        "template_id": f"{task}.open-1",
        "license": "CC0-1.0",
        "builder_version": "0.1.0",
    }


def thing(track, track_after, frame_after):
    after = BOXES_PX[frame_after].get(track_after)
    return {
        "label": LABELS[track],
        "track_id": track,
        "track_id_after": track_after,
        "box_before": n1000(BOXES_PX[0][track]),
        "box_after": after and n1000(after),
        "visible_before": 0.9,
        "visible_after": 1.0 if after else 0.0,
    }


def trajectory():
    acts = [{"act": "forward", "magnitude": 0.5}, {"act": "turn_left", "magnitude": 20.0}]
    fx, fy, cx, cy = (CAMERA[name] for name in ("fx", "fy", "cx", "cy"))
    frames = [
        {
            "id": index + 1,
            "file_path": f"samples-rgb/{index:03d}.jpg",
            "path": f"samples-rgb/{index:03d}.jpg",
            **CAMERA,
            "K": [[fx, 0, cx], [0, fy, cy], [0, 0, 1]],
            "c2w": pose,
        }
        for index, pose in enumerate(POSES)
    ]
    return {
        "traj_params": {
            "kind": "multi_step",
            "actions": acts,
            "num_actions": 2,
            "num_frames": 3,
            "anchor": 0,
            "subset": "svc-simulated",
            "teacher": "svc",
            "trajectory_id": TRAJECTORY,
        },
        "frame_ids_kept": [0, 7, 14],
        "actions_step": [[], ["FWD_0.5"], ["TL_20"]],
        "actions_prefix": [[], ["FWD_0.5"], ["FWD_0.5", "TL_20"]],
        "transforms": {"frames": frames},
        "key_frame_indices": [0, 1, 2],
        "frame_indices": [0, 1, 2],
        "schedule_index": [0, 7, 14],
        "quality": [{"seen": 1.0, "holes": 0.0, "border": 0.0, "enlargement": 1.0}] * 3,
        "pairs": [
            {"before": before, "after": after, "displacement_px": 5.5}
            | {"overlap_before": 0.9, "overlap_after": 0.8}
            for before, after in ((0, 1), (0, 2), (1, 2))
        ],
        "depth_grids_mm": [[1500, 1500, 2000, 0]] * 3,
        "grid_cells": 2,
        "camera_source": "exact",
        "provenance": {
            "backend": "embedded",
            "seed": 0,
            "builder_version": "0.1.0",
            "license": "CC0-1.0",
            "source": "made up for the tests",
        },
    }


def scene():
    return {
        "scene_id": SCENE,
        "scene_type": "simulated",
        "subset": "svc-simulated",
        "license": "CC0-1.0",
        "source": "made up for the tests",
        "prompt": "A small room.",
        "objects": [{"track_id": track, "label": label} for track, label in LABELS.items()],
        "anchors": [
            {
                "index": 0,
                "image": "input/000.jpg",
                "camera": CAMERA,
                "camera_source": "exact",
                "scene_from_anchor": POSES[2],
                "crop_px": None,
            }
        ],
    }


def track_lines():
    return [
        {
            "frame_idx": index,
            "width": WIDTH_PX,
            "height": HEIGHT_PX,
            "detections": [
                {
                    "track_id": track,
                    "label_id": sorted(set(LABELS.values())).index(LABELS[track]),
                    "label": LABELS[track],
                    "bbox": [float(corner) for corner in box],
                    "bbox_norm": n1000(box),
                    "score": 1.0,
                    "visible_px": 20,
                    "amodal_px": 22,
                }
                for track, box in boxes.items()
            ],
        }
        for index, boxes in enumerate(BOXES_PX)
    ]


def n1000(box_px):
    return [round(1000 * c / (WIDTH_PX, HEIGHT_PX)[i % 2]) for i, c in enumerate(box_px)]


def lines(values):
    return "".join(json.dumps(value) + "\n" for value in values)


def write_tiny(root: Path) -> Path:
    """Write it all below `root`, which is then what a subset's folder is."""
    bundle, place = root / BUNDLE, root / "scenes" / SCENE
    (bundle / "samples-rgb").mkdir(parents=True)
    (place / "input").mkdir()
    for index in range(3):
        picture(bundle / f"samples-rgb/{index:03d}.jpg", index)
    picture(place / "input/000.jpg", 0)
    (root / "tasks.jsonl").write_text(lines(records()))
    (place / "scene.json").write_text(json.dumps(scene(), indent=2) + "\n")
    (bundle / "traj.json").write_text(json.dumps(trajectory()) + "\n")
    (bundle / "detect_result.jsonl").write_text(lines(track_lines()))
    return root


def picture(path: Path, index: int) -> None:
    image = Image.linear_gradient("L").resize((WIDTH_PX, HEIGHT_PX)).rotate(90 * index)
    image.convert("RGB").save(path, quality=90)
