"""Folders of scenes and trajectories: every file there, whole, and in agreement with the others."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from builder.audit.bundle_rules import pose_fault, subset_findings, trajectory_findings
from builder.audit.issue import Finding, Issue
from builder.audit.jsontext import read_document
from builder.audit.pictures import Pictures, by
from builder.audit.schema_rules import findings_of
from builder.audit.tracks import track_issues
from builder.schemas import errors
from builder.schemas.report import pointer_to, short

Json = Mapping[str, Any]

SCENE, TRAJECTORY, TRACKS, FRAMES = "scene.json", "traj.json", "detect_result.jsonl", "samples-rgb"
_OURS = frozenset({"provenance", "schedule_index", "grid_cells", "depth_grids_mm"})
_BROKEN = (KeyError, TypeError, ValueError, IndexError, OSError)


def trajectory_issues(folder: Path, name: str, pictures: Pictures) -> Iterator[Issue]:
    """Yield what is wrong with one `traj_<id>` folder.

    Args:
        folder: Of the trajectory.
        name: What issues call it.
        pictures: Where pictures are opened.
    """
    pictures.counted.bundles += 1
    file = f"{name}/{TRAJECTORY}"
    if not (folder / TRAJECTORY).is_file():
        yield Issue(file, None, "", "bundle-incomplete", "is not there")
        return
    plain, issues = _document(folder / TRAJECTORY, file)
    yield from issues
    if plain is None:
        return
    if _OURS.isdisjoint(plain):  # written by others: only what every layout has is looked at
        yield from _foreign(plain, folder, file, pictures)
        return
    wrong = list(findings_of(errors(plain, "trajectory")))
    scene = _scene_beside(folder.parent / SCENE)
    found = wrong or [*trajectory_findings(plain), *_agreement(plain, folder, scene)]
    yield from (finding.at(file) for finding in found)
    if not wrong:
        yield from _frame_issues(plain, folder, file, pictures)
        yield from _tracks_of(plain, folder, f"{name}/{TRACKS}", scene)


def scene_issues(path: Path, file: str, pictures: Pictures) -> Iterator[Issue]:
    """Yield what is wrong with one `scene.json` and the anchors' pictures.

    Args:
        path: The file.
        file: What issues call it.
        pictures: Where pictures are opened.
    """
    plain, issues = _document(path, file)
    yield from issues
    if plain is None:
        return
    found = list(findings_of(errors(plain, "scene")))
    if not found:
        found = [*_scene_findings(plain, path.parent, pictures)]
    yield from (finding.at(file) for finding in found)


def _document(path: Path, file: str) -> tuple[dict[str, Any] | None, list[Issue]]:
    try:
        line = read_document(path)
    except OSError as error:
        return None, [Issue(file, None, "", "unreadable-file", f"{error.strerror}")]
    issues = [finding.at(file) for finding in line.findings]
    if line.parsed and not isinstance(line.value, dict):
        issues.append(Issue(file, None, "", "wrong-type", "expected an object"))
    return line.value if isinstance(line.value, dict) else None, issues


def _scene_beside(path: Path) -> Json | None:
    """Read the scene of a trajectory; None if it is not there or broken, which its check says."""
    try:
        value = read_document(path).value
    except OSError:
        return None
    return value if not errors(value, "scene") else None


def _agreement(plain: Json, folder: Path, scene: Json | None) -> Iterator[Finding]:
    params = plain["traj_params"]
    if folder.name != f"traj_{params['trajectory_id']}":
        text = f"the folder is {folder.name}, so expected {folder.name.removeprefix('traj_')!r}"
        yield Finding("/traj_params/trajectory_id", "bundle-name", text)
    if scene is None:
        return
    if params["subset"] != scene["subset"]:
        text = f"got {params['subset']}, and scene.json states {scene['subset']}"
        yield Finding("/traj_params/subset", "bundle-name", text)
    anchors = {anchor["index"]: anchor for anchor in scene["anchors"]}
    if params["anchor"] not in anchors:
        text = f"{params['anchor']}, and scene.json has {short(sorted(anchors))}"
        yield Finding("/traj_params/anchor", "anchor-missing", text)
        return
    camera, frame = anchors[params["anchor"]]["camera"], plain["transforms"]["frames"][0]
    stated, here = ([part[key] for key in camera] for part in (camera, frame))
    if not np.allclose(stated, here, atol=1e-6):
        text = f"expected the anchor's {short(stated)} ({', '.join(camera)}), got {short(here)}"
        yield Finding("/transforms/frames/0", "camera-mismatch", text)


def _frame_issues(plain: Json, folder: Path, file: str, pictures: Pictures) -> Iterator[Issue]:
    listed = set()
    for index, frame in enumerate(plain["transforms"]["frames"]):
        pointer = pointer_to("transforms", "frames", index, "file_path")
        listed.add(frame["file_path"])
        picture = pictures.below(folder, frame["file_path"])
        found = picture.finding(pointer, frame["file_path"])
        stated = (frame["width"], frame["height"])
        if picture.size_px and picture.size_px != stated:
            text = f"{short(frame['file_path'])} is {by(picture.size_px)}, stated {by(stated)}"
            found.append(Finding(pointer, "image-size", text))
        yield from (finding.at(file) for finding in found)
    for path in sorted((folder / FRAMES).glob("*")):
        if f"{FRAMES}/{path.name}" not in listed:
            text = f"{FRAMES}/{path.name} is in the folder, and not in transforms/frames"
            yield Issue(file, None, "/transforms/frames", "unlisted-image", text)


def _tracks_of(plain: Json, folder: Path, file: str, scene: Json | None) -> Iterator[Issue]:
    sizes_px = tuple((frame["width"], frame["height"]) for frame in plain["transforms"]["frames"])
    labels = {thing["track_id"]: thing["label"] for thing in scene["objects"]} if scene else None
    try:
        yield from track_issues(folder / TRACKS, file, sizes_px, labels)
    except FileNotFoundError:
        yield Issue(file, None, "", "bundle-incomplete", "is not there")
    except OSError as error:
        yield Issue(file, None, "", "unreadable-file", f"{error.strerror}")


def _scene_findings(plain: Json, folder: Path, pictures: Pictures) -> Iterator[Finding]:
    if plain["scene_id"] != folder.name:
        text = f"the folder is {folder.name!r}, got {plain['scene_id']!r}"
        yield Finding("/scene_id", "bundle-name", text)
    yield from subset_findings(plain["subset"], "/subset", plain)
    tracks = [thing["track_id"] for thing in plain["objects"]]
    for index, track in enumerate(tracks):
        if track in tracks[:index]:
            text = f"{track} is the track_id of two objects"
            yield Finding(pointer_to("objects", index, "track_id"), "track-mismatch", text)
    for index, anchor in enumerate(plain["anchors"]):
        yield from _anchor(anchor, index, folder, pictures)


def _anchor(anchor: Json, index: int, folder: Path, pictures: Pictures) -> Iterator[Finding]:
    at = pointer_to("anchors", index)
    if anchor["index"] != index:
        text = f"expected {index}, for anchors count from 0, got {anchor['index']}"
        yield Finding(f"{at}/index", "index-order", text)
    if fault := pose_fault(anchor["scene_from_anchor"]):
        yield Finding(f"{at}/scene_from_anchor", "not-a-pose", fault)
    picture = pictures.below(folder, anchor["image"])
    yield from picture.finding(f"{at}/image", anchor["image"])
    stated = (anchor["camera"]["width"], anchor["camera"]["height"])
    if picture.size_px and picture.size_px != stated:
        text = f"{short(anchor['image'])} is {by(picture.size_px)}, stated {by(stated)}"
        yield Finding(f"{at}/image", "image-size", text)


def _foreign(plain: Json, folder: Path, file: str, pictures: Pictures) -> Iterator[Issue]:
    """Look at the pictures that another program's `traj.json` lists (SVC or HY layout)."""
    try:
        if "sample_paths" in plain:
            names = {
                f"/sample_paths/{i}": str(name) for i, name in enumerate(plain["sample_paths"])
            }
        else:
            names = {
                f"/transforms/frames/{i}/file_path": str(frame["file_path"])
                for i, frame in enumerate(plain["transforms"]["frames"])
            }
    except _BROKEN:
        text = "neither ours nor another known layout: no transforms/frames, no sample_paths"
        yield Issue(file, None, "", "missing-field", text)
        return
    for pointer, name in names.items():
        yield from (found.at(file) for found in pictures.below(folder, name).finding(pointer, name))
