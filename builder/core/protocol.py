"""How a teacher wants its motion: the table of subsets, frame sizes, grids and step limits.

Sources: the ranges and schedules are those that the paper's
released configurations sample (arXiv 2604.26934) and that the two upstream models were built for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from builder.core.errors import UnknownPlugin, nearest

Teacher = Literal["svc", "hy-worldplay"]
SceneType = Literal["real", "simulated"]

LINEAR_STEP_M = 0.1
ANGULAR_STEP_DEG = 10.0


@dataclass(frozen=True, slots=True)
class Grid:
    """The amounts that may be sampled: `low`, `low + step`, ... up to `high`, both included."""

    low: float
    high: float
    step: float

    def values(self) -> tuple[float, ...]:
        """Return every amount on the grid, rounded to 6 decimals.

        Example:
            >>> Grid(0.1, 0.3, 0.1).values()
            (0.1, 0.2, 0.3)
        """
        count = round((self.high - self.low) / self.step)
        return tuple(round(self.low + index * self.step, 6) for index in range(count + 1))


def meters(low: float, high: float) -> Grid:
    """Return the grid of distances from `low` to `high`, 0.1 m apart."""
    return Grid(low, high, LINEAR_STEP_M)


def degrees(low: float, high: float) -> Grid:
    """Return the grid of angles from `low` to `high`, 10 degrees apart."""
    return Grid(low, high, ANGULAR_STEP_DEG)


@dataclass(frozen=True, slots=True)
class Preset:
    """A named multi-step pattern: what is done in which order, and how far each time.

    Attributes:
        name: As the folder of a trajectory spells it.
        steps: (kind, grid) in order; kind is a verb and direction such as "turn left".
    """

    name: str
    steps: tuple[tuple[str, Grid], ...]


@dataclass(frozen=True, slots=True)
class Protocol:
    """What one teacher is asked: frame, grids, patterns and how actions are cut into poses.

    Attributes:
        frame_px: (width, height) of a generated frame.
        max_step_m: Longest move between two poses.
        max_step_deg: Largest turn between two poses.
        equal_steps: True: an action is cut into equal steps, at least `min_frames - 1` of them.
            False: full steps, then one that holds the remainder (a latent each).
        min_frames: Fewest frames an action spans, its first included.
        frames_per_pose: Video frames from one pose to the next.
        pad_poses_to: The pose count is padded to a multiple of this by holding the last pose.
        singles: Grid of each kind of single action.
        presets: The multi-step patterns.
    """

    frame_px: tuple[int, int]
    max_step_m: float
    max_step_deg: float
    equal_steps: bool
    min_frames: int
    frames_per_pose: int
    pad_poses_to: int
    singles: Mapping[str, Grid]
    presets: tuple[Preset, ...]


@dataclass(frozen=True, slots=True)
class Subset:
    """One configuration of the dataset: a teacher's protocol over one kind of scene.

    Attributes:
        name: The configuration, such as "svc-real".
        folder: Its folder in bundles and in the demo.
        teacher: Whose protocol it follows; not who painted the frames.
        scene_type: Photographs ("real") or made-up rooms ("simulated").
        hfov_deg: Horizontal field of view where the scene leaves it free; None: 54 degrees on the
            short side of the photograph.
        anchor_px: Size of the anchor that the field of view belongs to, before the teacher's crop.
        protocol: The teacher's motion.
        long_horizon: Whether sequences of 4 to 6 actions are sampled too.
    """

    name: str
    folder: str
    teacher: Teacher
    scene_type: SceneType
    hfov_deg: float | None
    anchor_px: tuple[int, int]
    protocol: Protocol
    long_horizon: bool = False


def _singles(forward: Grid, shift: Grid, turn: Grid) -> Mapping[str, Grid]:
    return MappingProxyType(
        {
            "move forward": forward,
            "move backward": forward,
            "move left": shift,
            "move right": shift,
            "turn left": turn,
            "turn right": turn,
        }
    )


SVC = Protocol(
    frame_px=(576, 576),
    max_step_m=0.2,
    max_step_deg=5.0,
    equal_steps=True,
    min_frames=8,
    frames_per_pose=1,
    pad_poses_to=1,
    singles=_singles(meters(0.1, 6.0), meters(0.1, 6.0), degrees(10, 100)),
    presets=(
        Preset(
            "forward_then_turn_left",
            (("move forward", meters(0.5, 3.5)), ("turn left", degrees(20, 80))),
        ),
        Preset(
            "turn_right_then_forward",
            (("turn right", degrees(20, 80)), ("move forward", meters(0.3, 3.0))),
        ),
        Preset(
            "shift_left_then_forward_then_turn_right",
            (
                ("move left", meters(0.3, 3.0)),
                ("move forward", meters(0.5, 3.5)),
                ("turn right", degrees(20, 60)),
            ),
        ),
    ),
)

_HY_FORWARD, _HY_SHIFT, _HY_TURN = meters(0.4, 0.8), meters(0.2, 0.6), degrees(20, 40)

HY_WORLDPLAY = Protocol(
    frame_px=(832, 480),
    max_step_m=0.08,
    max_step_deg=3.0,
    equal_steps=False,
    min_frames=2,
    frames_per_pose=4,
    pad_poses_to=4,
    singles=_singles(meters(0.2, 1.0), meters(0.2, 0.8), degrees(10, 40)),
    presets=(
        Preset("forward_turn_left", (("move forward", _HY_FORWARD), ("turn left", _HY_TURN))),
        Preset("forward_turn_right", (("move forward", _HY_FORWARD), ("turn right", _HY_TURN))),
        Preset("shift_left_forward", (("move left", _HY_SHIFT), ("move forward", _HY_FORWARD))),
        Preset("shift_right_forward", (("move right", _HY_SHIFT), ("move forward", _HY_FORWARD))),
        Preset(
            "forward_turn_left_forward",
            (
                ("move forward", _HY_FORWARD),
                ("turn left", _HY_TURN),
                ("move forward", _HY_FORWARD),
            ),
        ),
        Preset(
            "forward_turn_right_forward",
            (
                ("move forward", _HY_FORWARD),
                ("turn right", _HY_TURN),
                ("move forward", _HY_FORWARD),
            ),
        ),
    ),
)

SUBSETS: Mapping[str, Subset] = MappingProxyType(
    {
        subset.name: subset
        for subset in (
            Subset("svc-real", "SVC-RealScene", "svc", "real", None, (576, 576), SVC),
            Subset(
                "svc-simulated", "SVC-SimulatedScene", "svc", "simulated", 90.0, (1024, 768), SVC
            ),
            Subset(
                "hy-worldplay-real",
                "HY-WorldPlay-RealScene",
                "hy-worldplay",
                "real",
                89.4,
                (832, 480),
                HY_WORLDPLAY,
            ),
            Subset(
                "hy-worldplay-simulated",
                "HY-WorldPlay-SimulatedScene",
                "hy-worldplay",
                "simulated",
                89.4,
                (832, 480),
                HY_WORLDPLAY,
                long_horizon=True,
            ),
        )
    }
)


def subset_named(name: str) -> Subset:
    """Return one subset.

    Raises:
        UnknownPlugin: With the nearest name, and all the names there are.
    """
    if name not in SUBSETS:
        raise UnknownPlugin(f"no subset {name!r}: {nearest(name, SUBSETS)}")
    return SUBSETS[name]
