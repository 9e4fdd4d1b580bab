"""Ask the real `seva.eval` what it makes of our conditioning. Test-only; no weights are needed.

Run as `W2V_SVC_PYTHON upstream_svc.py CHECKOUT < asked.json > told.json`; asked.json is a list of
what `builder.teachers._svc_plan.conditioning` returns, each with the size of an anchor to crop.
"""

import json
import os
import sys
import types
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import cpu_shims

cpu_shims.install()
gradio = types.ModuleType("gradio")
gradio.Progress = object  # named in one annotation
sys.modules["gradio"] = gradio
sys.path.insert(0, sys.argv[1])
import numpy as np  # noqa: E402
import seva.eval as upstream  # noqa: E402
import torch  # noqa: E402


def counts(chunks):
    """Return (forward passes, frames that come out of them)."""
    tests = sum(len(each) for each in chunks[3])
    return len(chunks[0]), tests


def chunked(asked):
    """Return [[forwards, frames] of each pass], and the prior indices upstream would choose."""
    c2w = torch.tensor(asked["c2w"])
    count, options = len(c2w), dict(asked["options"], sampler_verbose=False)
    rest, window = list(range(1, count)), asked["T"]
    start = (c2w[:1], c2w[1:], [0], rest)
    extra = {"task": "img2trajvid_s-prob", "gt_input_inds": [0]}
    if asked["prior_indices"] is None:
        one = upstream.chunk_input_and_test(
            window, *start, options=options, chunk_strategy=options["chunk_strategy"], **extra
        )
        return [counts(one)], None
    priors = upstream.infer_prior_stats(window, 1, count, {"T": window, "options": options})
    chosen = upstream.infer_prior_inds(c2w, priors, [0], options).tolist()
    first = upstream.chunk_input_and_test(
        window, c2w[:1], c2w[chosen], [0], chosen,
        options=options, chunk_strategy="gt-nearest", **extra,
    )  # fmt: skip
    known = [0, *chosen]
    second = upstream.chunk_input_and_test(
        window, c2w[known], c2w[1:], known, rest,
        options=options, chunk_strategy=options["chunk_strategy"], **extra,
    )  # fmt: skip
    return [counts(first), counts(second)], chosen


def units(asked):
    """Return the model's own camera centers relative to the first one's, (n, 3)."""
    c2w = torch.tensor(asked["c2w"])
    count = len(c2w)
    value = upstream.get_value_dict(
        torch.zeros(count, 3, 64, 64), [0], c2w, torch.eye(3).repeat(count, 1, 1),
        list(range(count)), all_c2ws=c2w, camera_scale=asked["options"]["camera_scale"],
    )  # fmt: skip
    centers = value["c2w"][:, :3, 3]
    return (centers - centers[0]).tolist()


def cropped(asked):
    """Return K, in pixels of the frame, after upstream's own crop of an anchor."""
    anchor = asked["anchor"]
    image = torch.zeros(1, 3, anchor["H"], anchor["W"])
    matrix = torch.tensor(anchor["K"], dtype=torch.float64)[None]
    return upstream.transform_img_and_K(image, (asked["W"], asked["H"]), K=matrix)[1][0].tolist()


answers = []
for asked in json.load(sys.stdin):
    passes, chosen = chunked(asked)
    centers = units(asked)
    answers.append(
        {
            "passes": passes,
            "prior_indices": chosen,
            "last_center_units": [round(x, 5) + 0.0 for x in centers[-1]],
            "farthest_units": round(float(np.linalg.norm(centers, axis=1).max()), 5),
            "K": [[round(x, 4) + 0.0 for x in row] for row in cropped(asked)],
        }
    )
json.dump(answers, sys.stdout)
sys.stdout.flush()
os._exit(0)  # some upstream import leaves threads behind
