"""What a bundle of somebody else turns out to hold, once it is put right."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.core.action import Action
from builder.core.camera import Camera
from builder.core.drop import Drop
from builder.core.pose import Pose
from builder.core.track import Track


@dataclass(frozen=True, eq=False)
class Film:
    """Everything that the pictures can be asked whether they show: all frames, not only the keys.

    Attributes:
        pictures: One file a frame, hold frames left out.
        poses: What the teacher was given for each; the first is the identity.
        keys: The frame at each action boundary.
    """

    pictures: tuple[Path, ...]
    poses: tuple[Pose, ...]
    keys: tuple[int, ...]


Correction = Literal["uncropped-intrinsics", "mirrored-turn", "holds-dropped", "lost-motion"]


@dataclass(frozen=True, eq=False)
class Given:
    """The facts of one bundle: the views at the ends of its actions, and nothing in between.

    Attributes:
        camera: Of every frame, after crop and resize.
        actions: What the camera was made to do, in order.
        poses: One a key, exactly what the actions say; the first is the identity.
        pictures: One file a key.
        film: All frames.
        schedule: The teacher's pose that each key shows, ascending from 0.
        frame_ids: The frame of the teacher's video that each key shows.
        tracks: Objects by identity, by position among the keys.
        corrections: What was wrong in the files and is right here.
        drops: What is in the files and not here, tracks above all.
        trusted_turns: Whether the files prove which way the turns go: true for the SVC layout,
            whose generator turns as it says; false for the HY layout, whose generator does not.
    """

    camera: Camera
    actions: tuple[Action, ...]
    poses: tuple[Pose, ...]
    pictures: tuple[Path, ...]
    film: Film
    schedule: tuple[int, ...]
    frame_ids: tuple[int, ...]
    tracks: tuple[Track, ...]
    corrections: tuple[Correction, ...]
    drops: tuple[Drop, ...]
    trusted_turns: bool
