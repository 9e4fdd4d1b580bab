"""What is said of a release in more than one place: on its card, in Croissant, in its license."""

from collections.abc import Mapping
from typing import Any

from builder.core.protocol import SUBSETS

TAGS = ("spatial-reasoning", "camera-motion", "multi-image", "synthetic", "vlm-sft")
TASKS: Mapping[str, str] = {
    "A1": "which way and how far the camera moved",
    "A2": "which way and how many degrees it turned",
    "A3": "the ordered sequence of its actions",
    "A4": "whether a claimed sequence is what happened",
    "D1": "the box of an object after the actions",
    "D2": "whether an object is still visible after the actions",
    "D3": "the actions, from one object seen twice",
    "D4": "whether two objects are the same one",
}
CITATION = """\
@misc{zhang2026world2vlmdistillingworldmodel,
  title         = {World2VLM: Distilling World Model Imagination into VLMs for Dynamic Spatial
                   Reasoning},
  author        = {Wanyue Zhang and Wenxiang Wu and Wang Xu and Jiaxin Luo and Helu Zhi and
                   Yibin Huang and Shuo Ren and Zitao Liu and Jiajun Zhang},
  year          = {2026},
  eprint        = {2604.26934},
  archivePrefix = {arXiv},
  primaryClass  = {cs.CV},
  url           = {https://arxiv.org/abs/2604.26934}
}"""


def description(stats: Mapping[str, Any]) -> str:
    """Return what the release is, in two sentences.

    Args:
        stats: As `stats.json` holds them.
    """
    return (
        "Questions about what a camera sees before and after it moves, with answers computed from"
        " known poses, depth and object identities: from two views to the motion, and from a view"
        f" and a motion to its outcome. {stats['records']:,} records."
    )


def limits(stats: Mapping[str, Any]) -> list[str]:
    """Return what the release is not, a sentence each."""
    lines = [
        "The camera stands level and turns about its own vertical axis only; places do not move.",
        "Simulated places are made up by a program; they are not scans of real rooms.",
        "Boxes are around the visible pixels, as integers of 1000 image sizes.",
        "Splits are by place: no place, hence no picture, is in two of them.",
        "The wording is made from templates, in English only.",
    ]
    if any(SUBSETS[name].scene_type == "real" for name in stats["configs"]):
        lines.append(
            "Views of photographs are the photograph moved by its depth; pixels that it"
            " never saw are filled in, and such pixels make no truth."
        )
    return lines
