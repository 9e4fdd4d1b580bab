"""What the commands `build`, `rollout` and `warmup` do, between their words and the pipeline."""

import argparse
import sys
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from builder.audit import record_findings
from builder.config import BuildConfig, fingerprint, read_config, settings_of
from builder.core.errors import MissingExtra
from builder.engines import local
from builder.pipeline.build import Ends, build
from builder.pipeline.tally import Tally
from builder.pipeline.tools import default_tools
from builder.publish.pack import FOLDER, pack
from builder.tasks import readers


def build_from(args: argparse.Namespace) -> int:
    """Build what the command line asks for."""
    options = {
        "subsets": None if args.subsets in ([], ["all"]) else tuple(args.subsets),
        "records": args.records,
        "scenes": args.scenes,
        "seed": args.seed,
        "workers": args.workers,
        "photos": str(args.photos) if args.photos else None,
        "backend": args.backend,
    }
    config = read_config(args.config, args.set, options)
    started_s = time.monotonic()
    build_here(config, args.out)
    took_s = time.monotonic() - started_s
    print(f'ready in {took_s:.0f} s: load_dataset("{args.out / FOLDER}", "{config.subsets[0]}")')
    return 0


def build_here(config: BuildConfig, out: Path) -> Tally:
    """Build on this machine with every plug-in of the package; see `builder.pipeline.build`."""
    _painters()  # what is missing is said before a folder is made
    known = readers()

    def check(record: Mapping[str, Any]) -> list[str]:
        return [str(finding) for finding in record_findings(record, known)]

    facts = {"seed": config.seed, "settings": _portable(config), "config": fingerprint(config)}
    ends = Ends(
        engine=local.run,
        check=check,
        pack=partial(pack, facts=facts),
        warm_up=compile_once,
        say=partial(print, file=sys.stderr),
    )
    return build(config, out, default_tools, ends)


def _portable(config: BuildConfig) -> dict[str, Any]:
    """Return the settings without what names this machine: of the photographs the name alone."""
    settings = settings_of(config)
    if config.photos is not None:
        settings["photos"] = Path(config.photos).name
    return settings


def rollout_from(args: argparse.Namespace) -> int:
    """Render the one trajectory that the command line asks for."""
    # not above: reading photographs wants scipy, which checking and showing do without
    from builder.pipeline.rollout import Request, rollout

    request = Request(
        actions=args.actions,
        out=args.out,
        photo=args.photo,
        depth=args.depth,
        camera=args.camera,
        room=args.room or 0,
        size=args.size,
        target_camera=args.target_camera,
        frames=args.frames,
    )
    rollout(request, default_tools(), say=partial(print, file=sys.stderr))
    return 0


def warm_up() -> int:
    """Compile and say how long it took."""
    started_s = time.monotonic()
    compile_once()
    print(f"ready: the renderer is compiled ({time.monotonic() - started_s:.0f} s)")
    return 0


def compile_once() -> None:
    """Compile the renderer into numba's cache, where workers and later runs find it.

    Raises:
        MissingExtra: If numba is not installed.
    """
    painters = _painters()
    print(
        "compiling the renderer: about a minute the first time, seconds after that", file=sys.stderr
    )
    for painter in painters:
        painter.warmup()


def _painters() -> tuple[Any, ...]:
    try:
        from builder.render import lit, relief
    except ModuleNotFoundError as error:
        raise MissingExtra(str(error.name), "build") from error
    return lit, relief
