"""A place, its objects, and the anchors from which its trajectories start."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from builder.core.camera import Camera
from builder.core.pose import Pose
from builder.core.protocol import SceneType, Subset
from builder.core.trajectory import Trajectory
from builder.core.view import View

CameraSource = Literal["exact", "calibrated", "assumed"]


@dataclass(frozen=True, slots=True)
class SceneRef:
    """A place that can be opened, small enough to send to a worker.

    Attributes:
        source: The scene source's name, such as "rooms".
        scene_id: The place; letters, digits, `-`, `_`; it decides the split.
        seed: The build's seed.
        location: Where the source finds it (a manifest's path), or None if it is made up.
    """

    source: str
    scene_id: str
    seed: int
    location: str | None = None


@dataclass(frozen=True, slots=True)
class SceneObject:
    """One thing in a place.

    Attributes:
        track_id: 1 or more, unique in the scene; what `View.instance` holds.
        label: What it is called in a question, such as "chair".
        part_of: `track_id` of what it is a part of (a wheel of its motorcycle), or None. Pixels
            carry the part's id, and count for the whole too.
    """

    track_id: int
    label: str
    part_of: int | None = None


def members_of(track_id: int, part_of: Mapping[int, int]) -> frozenset[int]:
    """Return an object's id with those of its parts, and of their parts.

    Args:
        track_id: The object.
        part_of: For each part the `track_id` of what it is a part of.
    """
    parts = [part for part, whole in part_of.items() if whole == track_id]
    return frozenset({track_id}).union(*(members_of(part, part_of) for part in parts))


@dataclass(frozen=True, eq=False)
class Anchor:
    """A first view of a scene: where trajectories start.

    Attributes:
        index: Counts the anchors of one scene in one subset from 0.
        camera: Of the frame as it is painted, after crop and resize.
        camera_source: How the camera is known.
        scene_from_anchor: Pose of the anchor's camera in the scene's frame.
        crop_px: (left, top, width, height) of the photograph that the anchor shows, or None.
    """

    index: int
    camera: Camera
    camera_source: CameraSource
    scene_from_anchor: Pose
    crop_px: tuple[float, float, float, float] | None = None


class World(Protocol):
    """What can be looked at: a furnished room, or a photograph lifted to relief."""

    def anchors(self, subset: Subset, count: int, central: bool = False) -> tuple[Anchor, ...]:
        """Return up to `count` anchors for a subset; the same arguments give the same anchors.

        Args:
            subset: Whose frames they fill.
            count: How many are wanted.
            central: Whether their cameras must look through the middle of their frames.
        """

    def look(self, scene_from_camera: Pose, camera: Camera) -> View:
        """Paint one view and its truth; the same arguments give the same bytes."""

    def refusal(self, anchor: Anchor, trajectory: Trajectory) -> str | None:
        """Return why a trajectory cannot be taken from `anchor` (a drop's reason), else None."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A place.

    Attributes:
        scene_id: Its name; it decides the split.
        scene_type: "real" or "simulated".
        license: SPDX expression of the scene's own pictures.
        source: Where it comes from, in words for the card ("made up by builder.scenes.rooms").
        prompt: One neutral sentence that describes it, for teachers that want one.
        objects: What can be asked about; background has no entry.
        world: What can be looked at.
        has_depth: False: a photograph of which nothing says how far anything is, so that only turns
            tell where its pixels go.
    """

    scene_id: str
    scene_type: SceneType
    license: str
    source: str
    prompt: str
    objects: tuple[SceneObject, ...]
    world: World
    has_depth: bool = True
