"""A worker for tests: paints the anchor as if it were a wall 2.5 m ahead, or misbehaves as told.

Run as `PYTHON plane_worker.py [MISHAP [COUNTER]]`. It speaks the real protocol through the real
`serve`, in a process of its own; a mishap befalls its first tasks only if COUNTER, a file whose
length counts them, is given as `FILE:TIMES`.
"""

import importlib
import importlib.util
import os
import sys
import time
from pathlib import Path

import numpy as np
from PIL import Image

WALL_M = 2.5


def serve_module():
    """Load the workers' package as `start.py` does."""
    installed = importlib.util.find_spec("builder")  # not in a world model's own interpreter
    builder = Path(installed.origin).parent if installed else Path(__file__).parents[2] / "builder"
    start = builder / "teachers" / "_workers" / "start.py"
    spec = importlib.util.spec_from_file_location("start", start)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.load_package()
    return importlib.import_module("w2v_workers.serve")


def asked_poses(asked):
    """Return the poses (n, 3, 4) and K of either model's conditioning."""
    if "pose" in asked:
        poses = [np.array(one["extrinsic"])[:3] for one in asked["pose"].values()]
        return np.stack(poses), np.array(asked["pose"]["0"]["K"]), 4
    return np.array(asked["c2w"]), np.array(asked["K"]), 1


def view_of_wall(anchor, matrix, camera_to_world):
    """Return what a camera sees of a picture on a wall that stands across the first camera."""
    height, width = anchor.shape[:2]
    rows, columns = np.mgrid[:height, :width] + 0.5
    rays = np.stack([columns, rows, np.ones_like(rows)], -1) @ np.linalg.inv(matrix).T
    rays = rays @ camera_to_world[:, :3].T
    with np.errstate(divide="ignore", invalid="ignore"):
        reach = (WALL_M - camera_to_world[2, 3]) / rays[..., 2]
    points = camera_to_world[:, 3] + rays * reach[..., None]
    found = points @ matrix.T
    u = np.clip(found[..., 0] / found[..., 2], 0, width - 1).astype(int)
    v = np.clip(found[..., 1] / found[..., 2], 0, height - 1).astype(int)
    return anchor[v, u]


class Plane:
    def __init__(self, mishap="", counter=""):
        self.mishap, self.counter = mishap, counter

    def load(self, settings):
        if self.mishap == "unfit":
            raise sys.modules["w2v_workers.serve"].Unfit("this card is a toaster")
        if self.mishap == "dies-loading":
            os._exit(3)
        if self.mishap == "slow-loading":
            time.sleep(60)
        if self.mishap == "chatty":
            os.write(1, b"Loading checkpoint shards: 100%\n")
        return {"model": "a wall", "settings": sorted(settings)}

    def paint(self, task):
        anchor = np.asarray(Image.open(task["anchor"]).convert("RGB"))
        poses, matrix, step = asked_poses(task["asked"])
        frames = np.stack([view_of_wall(anchor, matrix, poses[at // step]) for at in task["keep"]])
        frames[1:] ^= 1  # no model paints a frame twice to the bit, however small the motion
        return self.spoil(frames, task) if self.befalls() else frames

    def befalls(self):
        if not self.counter:
            return bool(self.mishap)
        file, _, times = self.counter.rpartition(":")
        with open(file, "ab") as counted:
            counted.write(b".")
        return Path(file).stat().st_size <= int(times)

    def spoil(self, frames, task):
        rng = np.random.default_rng(1)
        if self.mishap == "killed":
            os.kill(os.getpid(), 9)
        if self.mishap == "silent":
            time.sleep(60)
        if self.mishap == "raises":
            raise AssertionError("More anchor frames need to be sampled")
        if self.mishap == "out-of-memory":
            raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 GiB")
        if self.mishap == "cuda-error":
            raise RuntimeError("CUDA error: an illegal memory access was encountered")
        if self.mishap == "gibberish":
            os.write(self.answers(), b"painting 3 of 8\n")
        if self.mishap == "another-task":
            os.write(self.answers(), b'{"task": 999, "ok": true}\n')
        return {
            "a-frame-short": lambda: frames[:-1],
            "floats": lambda: frames.astype(np.float32) / 255,
            "half-size": lambda: frames[:, ::2, ::2],
            "constant": lambda: np.concatenate([frames[:1], np.full_like(frames[1:], 127)]),
            "noise": lambda: np.concatenate(
                [frames[:1], rng.integers(0, 256, frames[1:].shape, np.uint8)]
            ),
            "latent-noise": lambda: np.concatenate([frames[:1], blotches(rng, frames[1:].shape)]),
            "frozen": lambda: np.repeat(frames[:1], len(frames), axis=0),
            "another-place": lambda: 255 - frames,
        }.get(self.mishap, lambda: frames)()

    @staticmethod
    def answers():
        """Return the file of the answers: the copy that `serve` made of the output."""
        return max(int(name) for name in os.listdir("/proc/self/fd") if pipe_of(name))


def pipe_of(name):
    try:
        return os.readlink(f"/proc/self/fd/{name}").startswith("pipe:") and int(name) > 2
    except OSError:
        return False


def blotches(rng, shape):
    """Return noise as undenoised latents decode to: smooth within 16 pixels, strange beyond."""
    count, height, width, _ = shape
    small = rng.integers(0, 256, (count, -(-height // 16), -(-width // 16), 3), np.uint8)
    return small.repeat(16, axis=1).repeat(16, axis=2)[:, :height, :width]


if __name__ == "__main__":
    serve_module().serve(Plane(*sys.argv[1:]))
