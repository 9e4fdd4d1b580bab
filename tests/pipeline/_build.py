"""One small build of the toy world, and what it hands to the pipeline."""

import hashlib
from dataclasses import replace

from pipeline._toy import toy_tools

from builder.config import BuildConfig, Sampling
from builder.engines.local import run
from builder.pipeline.build import Ends, build

CONFIG = BuildConfig(
    subsets=("svc-real", "hy-worldplay-simulated"),
    records=32,
    scenes=2,
    seed=5,
    workers=2,
    sampling=Sampling(anchors_per_scene=2, trajectories_per_anchor=5),
)


def ends(said, **others):
    """Return ends that note in `said` what happens, in order."""
    mine = Ends(
        engine=run,
        check=lambda record: [],
        pack=lambda out: said.append("pack"),
        warm_up=lambda: said.append("warm up"),
        say=said.append,
    )
    return replace(mine, **others)


def toy_build(out, config=CONFIG, said=None, **others):
    """Build the toy world in `out`."""
    return build(config, out, toy_tools, ends([] if said is None else said, **others))


def digests(out):
    """Return a digest of every file that is part of the result."""
    return {
        str(file.relative_to(out)): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(out.rglob("*"))
        if file.is_file() and file.name not in {"progress", "lock"}
    }
