"""Rigid transforms, named by the frames they join."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

import numpy as np
from numpy.typing import ArrayLike, NDArray

from builder.core.action import Action, Move, Turn
from builder.core.errors import GeometryError

_AXIS = {"forward": (0, 0, 1), "backward": (0, 0, -1), "left": (-1, 0, 0), "right": (1, 0, 0)}


@dataclass(frozen=True, eq=False)
class Pose:
    """A rigid transform `a_from_b`: it takes points of frame b into frame a.

    Composition reads like the names: `a_from_b @ b_from_c` is `a_from_c`.

    Attributes:
        rotation: (3, 3) float64, orthonormal, determinant +1. Read-only.
        translation_m: (3,) float64, metres, the origin of b seen from a. Read-only.

    Raises:
        GeometryError: If a shape is wrong or `rotation` is not a rotation (tolerance 1e-6).
    """

    rotation: NDArray[np.float64]
    translation_m: NDArray[np.float64]

    def __post_init__(self) -> None:
        rotation = _read_only(self.rotation, shape=(3, 3), name="rotation")
        translation_m = _read_only(self.translation_m, shape=(3,), name="translation_m")
        drift = float(np.abs(rotation @ rotation.T - np.eye(3)).max())
        if drift > 1e-6 or np.linalg.det(rotation) < 0:
            raise GeometryError(
                f"rotation is not a rotation: |R Rᵀ - I| is {drift:.2e} (at most 1e-6) and "
                f"det is {np.linalg.det(rotation):+.3f} (must be +1)"
            )
        object.__setattr__(self, "rotation", rotation)
        object.__setattr__(self, "translation_m", translation_m)

    @classmethod
    def identity(cls) -> "Pose":
        """Return the pose that moves nothing."""
        return cls(np.eye(3), np.zeros(3))

    @classmethod
    def from_yaw(cls, yaw_deg: float) -> "Pose":
        """Return a turn about +y (down): positive yaw looks to the right."""
        cos, sin = np.cos(np.radians(yaw_deg)), np.sin(np.radians(yaw_deg))
        return cls(np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]]), np.zeros(3))

    @classmethod
    def from_matrix(cls, matrix: ArrayLike) -> "Pose":
        """Return the pose of a (4, 4) or (3, 4) homogeneous matrix.

        Raises:
            GeometryError: If the shape is another, or the rotation is none.
        """
        array = np.asarray(matrix, dtype=np.float64)
        if array.shape not in {(4, 4), (3, 4)}:
            raise GeometryError(f"a pose is a 4x4 or 3x4 matrix, got shape {array.shape}")
        return cls(array[:3, :3], array[:3, 3])

    def matrix(self) -> NDArray[np.float64]:
        """Return the (4, 4) homogeneous matrix."""
        matrix = np.eye(4)
        matrix[:3, :3], matrix[:3, 3] = self.rotation, self.translation_m
        return matrix

    @property
    def yaw_deg(self) -> float:
        """The turn about +y in (-180, 180]; exact only for poses that do nothing else than yaw."""
        return float(np.degrees(np.arctan2(self.rotation[0, 2], self.rotation[2, 2])))

    def __matmul__(self, b_from_c: "Pose") -> "Pose":
        """Compose: `a_from_b @ b_from_c` is `a_from_c`."""
        return Pose(
            self.rotation @ b_from_c.rotation,
            self.rotation @ b_from_c.translation_m + self.translation_m,
        )

    def inverse(self) -> "Pose":
        """Return `b_from_a`."""
        return Pose(self.rotation.T, -self.rotation.T @ self.translation_m)

    def apply(self, points_b: ArrayLike) -> NDArray[np.float64]:
        """Take points of frame b into frame a.

        Args:
            points_b: (..., 3), metres.

        Returns:
            (..., 3) float64, metres, in frame a.
        """
        points = np.asarray(points_b, dtype=np.float64)
        return points @ self.rotation.T + self.translation_m


def start_from_end(action: Action) -> Pose:
    """Return the camera's pose after `action`, seen from its pose before.

    Example:
        >>> start_from_end(Move("forward", 2.0)).translation_m.tolist()
        [0.0, 0.0, 2.0]
    """
    match action:
        case Move(direction, distance_m):
            return Pose(np.eye(3), distance_m * np.array(_AXIS[direction], dtype=np.float64))
        case Turn(direction, angle_deg):
            return Pose.from_yaw(angle_deg if direction == "right" else -angle_deg)
        case _:
            assert_never(action)


def start_from_end_of(actions: Sequence[Action]) -> Pose:
    """Return the camera's pose after all of `actions`, in order, seen from its pose before.

    Example:
        >>> turned = start_from_end_of([Turn("left", 90.0), Move("forward", 2.0)])
        >>> turned.translation_m.round(9).tolist()
        [-2.0, 0.0, 0.0]
    """
    start_from_now = Pose.identity()
    for action in actions:
        start_from_now = start_from_now @ start_from_end(action)
    return start_from_now


def _read_only(value: ArrayLike, *, shape: tuple[int, ...], name: str) -> NDArray[np.float64]:
    array = np.array(value, dtype=np.float64)
    if array.shape != shape:
        raise GeometryError(f"{name} must have shape {shape}, got {array.shape}")
    array.setflags(write=False)
    return array
