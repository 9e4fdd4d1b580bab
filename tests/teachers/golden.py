"""The cases that `plan` is held to, and how the golden files are made again from checkouts.

    W2V_SVC_ROOT=... W2V_SVC_PYTHON=... W2V_HY_ROOT=... W2V_HY_PYTHON=... make teachers-golden

Only numbers are kept; nothing of upstream's code is.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

from builder.config import HySettings, SvcSettings
from builder.core.camera import Camera
from builder.core.protocol import HY_WORLDPLAY, SVC
from builder.core.trajectory import unroll
from builder.language.grammar import hear
from builder.teachers import _hy_plan, _svc_plan

HERE = Path(__file__).parent
GOLDEN = HERE.parent / "golden" / "teachers"

SVC_CASES = [
    (text, profile, anchor_px)
    for text, anchor_px in (
        ("move forward 0.1 meters", (576, 576)),
        ("move forward 0.3 meters", (1024, 768)),
        ("move forward 6 meters", (576, 576)),
        ("move backward 2 meters", (800, 600)),
        ("move left 0.7 meters", (1280, 720)),
        ("turn left 40 degrees", (576, 576)),
        ("turn right 100 degrees", (576, 576)),
        ("move forward 1 meters; turn left 60 degrees", (640, 480)),
        ("turn right 30 degrees; move forward 2 meters", (576, 1024)),
        ("move left 3 meters; move forward 3.5 meters; turn right 60 degrees", (1024, 768)),
        # The mean of the centers is the start: the branch where upstream does not divide.
        ("move right 0.5 meters; move left 1 meters; move right 0.5 meters", (576, 576)),
    )
    for profile in ("gt", "paper")
]
HY_CASES = [
    (text, model_type)
    for text in (
        "turn left 30 degrees",
        "turn right 10 degrees",
        "move forward 0.3 meters",
        "move forward 0.4 meters",
        "move backward 1 meters",
        "move left 0.2 meters",
        "move right 0.8 meters",
        "move forward 0.8 meters; turn left 40 degrees; move forward 0.4 meters",
        "turn left 20 degrees; move left 0.3 meters; turn right 10 degrees",
    )
    for model_type in ("ar", "bi")
]


def svc_asked(text, profile, anchor_px):
    """Return the conditioning of a case, with the anchor before any crop."""
    anchor = Camera.from_fov(*anchor_px, 70.0)
    frame = anchor if anchor_px == SVC.frame_px else anchor.cover(*SVC.frame_px)
    asked = _svc_plan.conditioning(unroll(hear(text), SVC), frame, SvcSettings(profile=profile))
    size = {"W": anchor_px[0], "H": anchor_px[1]}
    return {**asked, "anchor": {**size, "K": anchor.matrix().tolist()}}


def hy_asked(text, model_type):
    """Return the conditioning of a case."""
    camera = Camera.from_fov(*HY_WORLDPLAY.frame_px, 89.4)
    trajectory = unroll(hear(text), HY_WORLDPLAY)
    return _hy_plan.conditioning(trajectory, camera, HySettings(model_type=model_type))


def digest(asked):
    """Return what stands for a request: answers belong to it, and to no other."""
    rounded = json.loads(json.dumps(asked), parse_float=lambda text: round(float(text), 6) + 0.0)
    return hashlib.blake2b(json.dumps(rounded).encode(), digest_size=8).hexdigest()


def told(name, asked):
    """Return what the real functions of a checkout say, in the order of `asked`."""
    upper = name.upper()
    root = os.environ[f"W2V_{upper}_ROOT"]
    python = os.environ.get(f"W2V_{upper}_PYTHON", sys.executable)
    command = [python, str(HERE / f"upstream_{name}.py"), root]
    done = subprocess.run(
        command, input=json.dumps(asked), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr[-2000:]}")
    return json.loads(done.stdout[done.stdout.index("[{") :])


def remake(name, cases, ask):
    asked = [ask(*case) for case in cases]
    lines = ",\n".join(
        json.dumps({"case": case, "asked": digest(one), "told": answer})
        for case, one, answer in zip(cases, asked, told(name, asked), strict=True)
    )
    (GOLDEN / f"{name}.json").write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    remake("svc", SVC_CASES, svc_asked)
    remake("hy", HY_CASES, hy_asked)
