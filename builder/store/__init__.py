"""Bundles on disk: a rollout's folder, written whole or not at all, read back as it was made.

The layout is a superset of the paper's SVC layout, so that the paper's own scripts can
read what we write:

    scenes/<scene_id>/input/000.jpg ...        the anchors as the teacher saw them
    scenes/<scene_id>/scene.json               cameras, license, source, objects
    scenes/<scene_id>/traj_<id>/traj.json      actions, poses, truth in numbers, provenance
    scenes/<scene_id>/traj_<id>/samples-rgb/   000.jpg ...
    scenes/<scene_id>/traj_<id>/detect_result.jsonl   the objects in each stored frame
"""

from builder.store.bundle import Schedule, bundle_of, read_rollout, write_bundle
from builder.store.files import read_json, whole_file, whole_folder, write_whole
from builder.store.images import encode, suffix_of
from builder.store.places import scene_folder_of, write_scene

__all__ = [
    "Schedule",
    "bundle_of",
    "encode",
    "read_json",
    "read_rollout",
    "scene_folder_of",
    "suffix_of",
    "whole_file",
    "whole_folder",
    "write_bundle",
    "write_scene",
    "write_whole",
]
