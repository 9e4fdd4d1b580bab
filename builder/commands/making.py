"""A build with every plug-in of the package: where pipeline, engine, checks and packing meet."""

import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from builder.audit import record_findings
from builder.config import BuildConfig, fingerprint, settings_of
from builder.core.errors import MissingExtra
from builder.engines import engine_named
from builder.pipeline.build import Ends, build
from builder.pipeline.tally import Tally
from builder.pipeline.tools import default_tools
from builder.publish.pack import pack
from builder.publish.plots import can_draw, draw
from builder.tasks import readers


def build_here(config: BuildConfig, out: Path) -> Tally:
    """Build on this machine with every plug-in of the package; see `builder.pipeline.build`."""
    _painters()  # what is missing is said before a folder is made
    can_draw()
    known = readers()

    def check(record: Mapping[str, Any]) -> list[str]:
        return [str(finding) for finding in record_findings(record, known)]

    facts = {"seed": config.seed, "settings": _portable(config), "config": fingerprint(config)}
    ends = Ends(
        engine=engine_named(config.engine),
        check=check,
        pack=partial(pack, facts=facts, draw=draw, frames=config.release.frames),
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
