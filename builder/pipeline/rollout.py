"""`world2vlm rollout`: one trajectory of any actions, from a photograph or a room, as a bundle."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol, cast

from builder.core.camera import Camera
from builder.core.errors import ConfigError, GeometryError, PlanError, SceneError, StoreError
from builder.core.pose import Pose
from builder.core.protocol import Subset, subset_named
from builder.core.scene import Anchor, Scene
from builder.core.trajectory import unroll
from builder.language.grammar import hear
from builder.pipeline.planner import Planned
from builder.pipeline.rollouts import Made, Painter, make_rollout, remembering
from builder.pipeline.tools import Tools
from builder.scenes.photos import Calibration, fitting, photograph
from builder.store import encode, suffix_of, write_bundle, write_scene

TRAJECTORY_ID = "a0_rollout"


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes:
        actions: In the answer language, any values: "move right 0.193 meters; turn left 5 degrees".
        out: Folder that the bundle comes to lie in, below `scenes/`; new or empty.
        photo: A photograph; None: a room.
        depth: Its depth; None: only turns can be taken.
        camera: "fx,fy,cx,cy" of the photograph, pixels; None: 54 degrees on its short side.
        room: Seed of the room, where there is no photograph.
        size: "WxH" of the frames; None: that of the photograph, or of the subset.
        target_camera: "fx,fy,cx,cy" of the frames; None: the whole view, scaled to cover them.
        frames: "keyframes" or "all".
    """

    actions: str
    out: Path
    photo: Path | None = None
    depth: Path | None = None
    camera: str | None = None
    room: int = 0
    size: str | None = None
    target_camera: str | None = None
    frames: Literal["keyframes", "all"] = "keyframes"


def rollout(request: Request, tools: Tools, say: Callable[[str], object]) -> Path:
    """Render one trajectory with the embedded backend and write it as a bundle.

    Returns:
        The folder of the bundle.

    Raises:
        GrammarError: If the actions do not parse; with the grammar.
        ConfigError: If a size or a camera does not parse.
        SceneError: If the photograph or its depth cannot be used.
        PlanError: If the room does not allow the motion.
        StoreError: If a file that is named is not there, or the folder is not empty or cannot be
            written; nothing is left in it then.
    """
    actions = hear(request.actions)
    for path in (request.photo, request.depth):
        if path is not None and not path.is_file():
            raise StoreError(f"{path}: there is no such file")
    if request.out.is_dir() and any(request.out.iterdir()):
        raise StoreError(f"{request.out}: is not empty; choose a new folder")
    scene, subset, anchor = _room(request, tools) if request.photo is None else _photo(request)
    planned = Planned(TRAJECTORY_ID, replace(anchor, camera=_frame(request, anchor)), actions)
    _refuse(scene, subset, planned)
    suffix = suffix_of("jpeg")
    with tools.backend("embedded", (subset,)) as backend:
        painter = Painter(backend, tools.tracker("truth"), request.room, request.frames, suffix)
        made = make_rollout(remembering(scene), subset, planned, painter)
    folder = _write(request.out, scene, subset, planned, made)
    say(_described(made, folder))
    return folder


def _photo(request: Request) -> tuple[Scene, Subset, Anchor]:
    image = cast(Path, request.photo)
    camera = None
    if request.camera is not None:
        fx, fy, cx, cy = _numbers(request.camera, f"--camera {request.camera}")
        camera = Calibration((fx, fy), (cx, cy))
    scene = photograph(image, request.depth, camera)
    world = cast(_Photographed, scene.world)
    source = "assumed" if camera is None else "calibrated"
    window = (0.0, 0.0, float(world.camera.width_px), float(world.camera.height_px))
    anchor = Anchor(0, world.camera, cast(Literal["assumed"], source), Pose.identity(), window)
    return scene, subset_named("svc-real"), anchor


def _room(request: Request, tools: Tools) -> tuple[Scene, Subset, Anchor]:
    for name in ("depth", "camera"):
        if getattr(request, name) is not None:
            raise ConfigError(f"--{name} belongs to --photo; a room knows its own")
    if request.room < 0:
        raise ConfigError(f"--room must be a seed of 0 or more, got {request.room}")
    source, subset = tools.source_for("simulated"), subset_named("svc-simulated")
    scene = source.open(source.references(1, request.room, None)[0])
    return scene, subset, scene.world.anchors(subset, 1)[0]


def _frame(request: Request, anchor: Anchor) -> Camera:
    """Return the camera of the frames."""
    size_px = anchor.camera.size_px if request.size is None else _size(request.size)
    if request.target_camera is not None:
        return _camera(request.target_camera, size_px, f"--target-camera {request.target_camera}")
    return anchor.camera if request.size is None else anchor.camera.cover(*size_px)


def _refuse(scene: Scene, subset: Subset, planned: Planned) -> None:
    """Refuse to walk through furniture; a photograph only has less and less to show."""
    trajectory = unroll(planned.actions, subset.protocol)
    if scene.scene_type == "simulated" and (
        reason := scene.world.refusal(planned.anchor, trajectory)
    ):
        raise PlanError(
            f"the room does not allow this motion ({reason}); make it shorter, or take another "
            f"--room"
        )


def _write(out: Path, scene: Scene, subset: Subset, planned: Planned, made: Made) -> Path:
    pictures = [encode(frame) for frame in made.frames]
    try:
        write_scene(out, scene, subset, [planned.anchor], pictures[:1], suffix_of("jpeg"))
        return write_bundle(out, made.rollout, made.schedule, [*pictures])
    except BaseException:  # the folder was new or empty, and is again: the same command goes on
        shutil.rmtree(out / "scenes", ignore_errors=True)
        raise


def _described(made: Made, folder: Path) -> str:
    last = made.rollout.quality[-1]
    return (
        f"{len(made.frames)} frames in {folder}; of the last view {last.seen:.1%} was seen "
        f"(holes {last.holes:.1%}, beyond the picture {last.border:.1%})"
    )


def _size(text: str) -> tuple[int, int]:
    width, cross, height = text.lower().partition("x")
    if not (cross and width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise ConfigError(f"--size {text}: expected WIDTHxHEIGHT in pixels, such as 576x576")
    if int(width) * int(height) > 50_000_000:
        raise ConfigError(f"--size {text}: more than 50 million pixels a frame")
    return int(width), int(height)


def _camera(text: str, size_px: tuple[int, int], where: str) -> Camera:
    fx, fy, cx, cy = _numbers(text, where)
    try:
        return fitting(Camera(*size_px, (fx, fy), (cx, cy)), size_px, where)
    except GeometryError as error:
        raise ConfigError(f"{where}: {error}") from error
    except SceneError as error:
        raise ConfigError(str(error)) from error


def _numbers(text: str, where: str) -> tuple[float, float, float, float]:
    try:
        fx, fy, cx, cy = (float(number) for number in text.split(","))
        return fx, fy, cx, cy
    except ValueError as error:
        raise ConfigError(
            f"{where}: expected four numbers fx,fy,cx,cy in pixels, the first pixel covering "
            f"[0, 1): such as 995,995,311.7,255.4"
        ) from error


class _Photographed(Protocol):
    """The world of a photograph: it knows the camera that took it."""

    camera: Camera
