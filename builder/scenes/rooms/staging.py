"""From a furnished room to a stage: one mesh, textures, materials, in the scene's frame."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from builder.render.stage import Material, Mesh, Stage
from builder.scenes.rooms.light import light_of
from builder.scenes.rooms.piece import Finish, Part
from builder.scenes.rooms.room import Room
from builder.scenes.rooms.shapes import Array, joined
from builder.scenes.rooms.shell import backdrop_parts, shell_parts
from builder.scenes.rooms.textures import texture

SCENE_FROM_ROOM = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""A room has +z up; its scene has +y down: x stays, y becomes z, z becomes -y."""

_EXPOSURE = 1.1


@dataclass(eq=False)
class _Palette:
    """Finishes and textures, each listed once."""

    finishes: dict[Finish, int] = field(default_factory=dict)
    textures: dict[tuple[str, int], int] = field(default_factory=dict)

    def material(self, finish: Finish) -> int:
        self.textures.setdefault((finish.texture, finish.variant), len(self.textures))
        return self.finishes.setdefault(finish, len(self.finishes))

    def materials(self) -> tuple[Material, ...]:
        return tuple(
            Material(
                self.textures[finish.texture, finish.variant],
                _linear(finish.color),
                finish.specular,
                finish.gloss,
                finish.emission,
            )
            for finish in self.finishes
        )


def stage_of(room: Room, rng: np.random.Generator) -> Stage:
    """Build the stage of a room; objects are numbered from 1 in the order of `room.objects`."""
    lights, outdoors = light_of(room, rng)
    shell = shell_parts(room.plan, room.look, room.floor, room.tiles, room.accent)
    view = [
        Part(part.shape, Finish(part.finish.texture, part.finish.variant, emission=outdoors))
        for part in backdrop_parts(room.plan, int(rng.integers(6)))
    ]
    numbered = [(part, 0) for part in (*shell, *view)]
    track_id = 0
    for placed in room.placed:
        track_id += bool(placed.piece.label)
        owner = track_id if placed.piece.label else 0
        numbered += [
            (Part(placed.in_room(part.shape), part.finish), owner) for part in placed.piece.parts
        ]
    palette = _Palette()
    mesh = _mesh(numbered, palette)
    outside = {palette.material(part.finish) for part in view}
    return Stage(
        mesh,
        np.stack([texture(*name) for name in palette.textures]),
        palette.materials(),
        lights,
        np.isin(mesh.material, sorted(outside)),
        _EXPOSURE,
    )


def _mesh(numbered: Iterable[tuple[Part, int]], palette: _Palette) -> Mesh:
    parts = list(numbered)
    whole = joined([part.shape for part, _ in parts])
    counts = [len(part.shape.faces) for part, _ in parts]
    return Mesh(
        vertices_m=_to_scene(whole.vertices_m),
        normals=_to_scene(whole.normals),
        uv=whole.uv.astype(np.float32),
        faces=whole.faces.astype(np.int32),
        instance=np.repeat([owner for _, owner in parts], counts).astype(np.int32),
        material=np.repeat([palette.material(part.finish) for part, _ in parts], counts).astype(
            np.int32
        ),
    )


def _to_scene(vectors: Array) -> np.ndarray:
    return np.ascontiguousarray(vectors @ SCENE_FROM_ROOM.T, dtype=np.float32)


def _linear(color: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue = (float(channel**2.2) for channel in color)
    return red, green, blue
