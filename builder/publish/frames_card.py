"""What the card says of the config `frames`: what it holds, and how records lead to it."""

from collections.abc import Mapping
from typing import Any

from builder.core.release import FRAMES

_LOOK_UP = """\
```python
from datasets import load_dataset

needed = ["messages", "subset", "scene_id", "trajectory_id", "frame_indices"]
rows = load_dataset("PATH/TO/World2VLM", "{name}", split="train", columns=needed)
frames = load_dataset("PATH/TO/World2VLM", "frames", split="train")
place = {{name: index for index, name in enumerate(frames["frame_id"])}}


def pictures(row):
    shown = row["messages"][0]["content"].count("<image>")  # an index may follow of a hidden view
    where = f"{{row['subset']}}/{{row['scene_id']}}/{{row['trajectory_id']}}"
    return [frames[place[f"{{where}}/{{i}}"]]["image"] for i in row["frame_indices"][:shown]]


print(rows[0]["messages"], pictures(rows[0]))
```"""


def frames_part(stats: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the paragraphs of the card about frames; none where there are none.

    Args:
        stats: As `stats.json` holds them.
    """
    if FRAMES not in stats:
        return ()
    name = "svc-real" if "svc-real" in stats["configs"] else next(iter(stats["configs"]))
    counts = stats[FRAMES]["splits"]
    total = sum(split["frames"] for split in counts.values())
    size = sum(split["image_bytes"] for split in counts.values()) / 1e6
    listed = ", ".join(f"{split} {held['frames']:,}" for split, held in counts.items())
    return (
        "### Each picture once",
        f"The config `{FRAMES}` holds each of the {total:,} frames ({listed}) once, under its"
        " `frame_id`, `<subset>/<scene>/<trajectory>/<frame index>`, with size and intrinsics"
        " (pixels), `c2w` (from its camera to that of the trajectory's frame 0; metres, axes of"
        " OpenCV) and `scene_from_anchor` (from there into the scene's own frame, so that"
        " `scene_from_anchor @ c2w` is one frame for all views of a scene). Records read without"
        " their pictures, and pictures looked up when they are needed, take a cache of"
        f" {size:,.0f} MB for all subsets together:",
        _LOOK_UP.format(name=name),
    )
