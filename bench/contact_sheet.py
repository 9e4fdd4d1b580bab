"""Draw a contact sheet of rooms: 24 random views with captions, into one PNG.

python bench/contact_sheet.py --out docs/rooms.png [--seed 0] [--rooms 12] [--size 260]
"""

import argparse
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from builder.core.camera import Camera
from builder.core.protocol import subset_named
from builder.core.scene import Scene
from builder.core.seeding import rng_for
from builder.scenes.rooms import PLUGIN, kind_of

COLUMNS, CAPTION_PX = 6, 18


def main() -> None:
    args = _arguments()
    tiles = []
    per_room = -(-24 // args.rooms)
    for reference in PLUGIN.references(args.rooms, args.seed, None):
        scene = PLUGIN.open(reference)
        for index in _some(per_room, args.seed, scene.scene_id):
            tiles.append(_tile(scene, index, args.size))
    _sheet(tiles[:24]).save(args.out, optimize=True)
    print(f"{args.out}: {len(tiles[:24])} views of {args.rooms} rooms")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="the PNG to write")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rooms", type=int, default=12)
    parser.add_argument("--size", type=int, default=260, help="side of one view, pixels")
    return parser.parse_args()


def _some(count: int, seed: int, scene_id: str) -> list[int]:
    chosen = rng_for(seed, scene_id, "sheet").permutation(6)[:count]
    return [int(index) for index in chosen]


def _tile(scene: Scene, index: int, size: int) -> Image.Image:
    anchor = scene.world.anchors(subset_named("svc-simulated"), 6)[index]
    camera: Camera = anchor.camera.resize(size, size)
    view = scene.world.look(anchor.scene_from_anchor, camera)
    things = len(np.unique(view.instance[view.instance > 0]))
    tile = Image.new("RGB", (size, size + CAPTION_PX), "white")
    tile.paste(Image.fromarray(view.rgb), (0, 0))
    text = f"{kind_of(scene.scene_id).name}, {things} things in view"
    ImageDraw.Draw(tile).text((4, size + 3), text, fill=(40, 40, 40))
    return tile


def _sheet(tiles: list[Image.Image]) -> Image.Image:
    width, height = tiles[0].size
    rows = -(-len(tiles) // COLUMNS)
    sheet = Image.new("RGB", (COLUMNS * (width + 4) - 4, rows * (height + 4) - 4), "white")
    for index, tile in enumerate(tiles):
        sheet.paste(tile, (index % COLUMNS * (width + 4), index // COLUMNS * (height + 4)))
    return sheet


if __name__ == "__main__":
    main()
