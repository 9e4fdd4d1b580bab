"""Ask HY-WorldPlay's real `pose_to_input` what it makes of our poses. Test-only; needs no weights.

Run as `W2V_HY_PYTHON upstream_hy.py CHECKOUT < asked.json > told.json`; asked.json is a list of
what `builder.teachers._hy_plan.conditioning` returns. Importing `hyvideo.generate` would build a
GPU mesh, so the functions alone are compiled out of the checkout's own file, unchanged.
"""

import ast
import json
import sys
from pathlib import Path

import numpy as np
import torch
from scipy.spatial.transform import Rotation

WANTED = {"mapping", "one_hot_to_one_dimension", "pose_to_input"}


def functions(checkout):
    """Return the namespace of the wanted functions."""
    file = Path(checkout) / "hyvideo" / "generate.py"
    tree = ast.parse(file.read_text(encoding="utf-8"))

    def names(node):
        if isinstance(node, ast.FunctionDef):
            return {node.name}
        targets = node.targets if isinstance(node, ast.Assign) else []
        return {target.id for target in targets if isinstance(target, ast.Name)}

    tree.body = [node for node in tree.body if names(node) & WANTED]
    space = {"np": np, "torch": torch, "R": Rotation, "json": json}
    exec(compile(tree, str(file), "exec"), space)  # noqa: S102 - the checkout is the user's own
    return space


pose_to_input = functions(sys.argv[1])["pose_to_input"]
answers = []
for asked in json.load(sys.stdin):
    world_to_camera, matrices, labels = pose_to_input(asked["pose"], len(asked["pose"]))
    last = np.linalg.inv(world_to_camera[-1].numpy())
    answers.append(
        {
            "latents": len(labels),
            "labels": labels.tolist(),
            "last_camera_to_world": [[round(x, 6) + 0.0 for x in row] for row in last.tolist()],
            "K": [[round(x, 6) for x in row] for row in matrices[0].tolist()],
        }
    )
json.dump(answers, sys.stdout)
