"""`world2vlm subsets`."""

import argparse

from builder.commands import Commands, add


def add_to(commands: "Commands[argparse.ArgumentParser]") -> None:
    """Add the command."""
    add(commands, "subsets", run, "world2vlm subsets")


def run(_: argparse.Namespace) -> int:
    """List the subsets: teacher, scenes, frame and camera of each."""
    from builder.core.protocol import SUBSETS

    print(f"{'config':<24}{'folder':<32}{'scenes':<12}{'frame':<10}horizontal field of view")
    for subset in SUBSETS.values():
        width_px, height_px = subset.protocol.frame_px
        camera = "the photograph's own"
        if subset.scene_type == "simulated":
            anchor_px = "x".join(map(str, subset.anchor_px))
            camera = f"{subset.hfov_deg:g} degrees at {anchor_px}"
        frame = f"{width_px}x{height_px}"
        print(f"{subset.name:<24}{subset.folder:<32}{subset.scene_type:<12}{frame:<10}{camera}")
    return 0
