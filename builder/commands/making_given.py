"""A dataset from bundles that are there already, with every plug-in of the package."""

import importlib.util
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder.audit import record_findings
from builder.commands.making import more_facts
from builder.config import BuildConfig, fingerprint, settings_of
from builder.core.camera import Camera
from builder.core.errors import ConfigError
from builder.core.pose import Pose
from builder.engines import engine_named
from builder.pipeline.build import Ends
from builder.pipeline.from_bundles import build_from_bundles
from builder.pipeline.given import Obeys, Verdict
from builder.pipeline.tools import default_tools
from builder.publish.kept import read_sections
from builder.publish.pack import FOLDER, pack
from builder.tasks import readers


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def make_given(config: BuildConfig, out: Path) -> int:
    """Make a dataset from `config.bundles`, by the rules it names; return the exit status.

    Raises:
        ConfigError: If no bundles are named.
    """
    if config.bundles.folder is None:
        raise ConfigError("--rules paper is for bundles that are there: give them by --bundles DIR")
    started_s = time.monotonic()
    if config.bundles.rules == "paper":
        from builder.pipeline.paper_rules import write_paper_records

        written = write_paper_records(config, out, _say)
        print(f"{written} records by the paper's rules, not packed; see {out / 'README.md'}")
        return 0
    known = readers()
    if config.photos is not None:
        raise ConfigError("--photos and --bundles do not go together: the pictures are there")
    read_sections(out / FOLDER / "README.md")  # a damaged mark is said before the work

    def check(record: Mapping[str, Any]) -> list[str]:
        return [str(finding) for finding in record_findings(record, known)]

    def packed(place: Path, more: Mapping[str, Any]) -> object:
        facts = {**_facts(config), **more, **more_facts(place)}
        return pack(place, facts=facts, frames=config.release.frames)

    ends = Ends(
        engine_named(config.engine), check, lambda place: packed(place, {}), lambda: None, _say
    )
    build_from_bundles(config, out, default_tools, ends, (packed, judging()))
    took_s = time.monotonic() - started_s
    print(f'ready in {took_s:.0f} s: load_dataset("{out / FOLDER}", ...)')
    return 0


def judging() -> Obeys | None:
    """Return what judges whether frames show their motion; None where OpenCV is not installed."""
    if importlib.util.find_spec("cv2") is None:
        _say("OpenCV is not installed, so no turn can be verified: pip install 'world2vlm[audit]'")
        return None
    from builder.audit.obedience import judge

    def verdict(
        frames: Sequence[NDArray[np.uint8]],
        poses: Sequence[Pose],
        camera: Camera,
        keys: Sequence[int],
    ) -> Verdict:
        return judge(frames, poses, camera, keys).verdict

    return verdict


def _facts(config: BuildConfig) -> dict[str, Any]:
    folder = Path(config.bundles.folder or "").name
    named = replace(config, photos=None, bundles=replace(config.bundles, folder=folder))
    return {"seed": config.seed, "settings": settings_of(named), "config": fingerprint(named)}
