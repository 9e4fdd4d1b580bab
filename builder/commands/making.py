"""A build with every plug-in of the package: where pipeline, engine, checks and packing meet."""

import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from builder.audit import record_findings
from builder.config import BuildConfig, fingerprint, settings_of
from builder.core.errors import MissingExtra
from builder.engines import engine_named
from builder.pipeline.build import Ends, build
from builder.pipeline.tally import Tally
from builder.pipeline.tools import default_tools
from builder.publish.kept import read_sections
from builder.publish.pack import FOLDER, pack
from builder.publish.plots import can_draw, draw
from builder.publish.stats_read import read_drops
from builder.tasks import readers


def build_here(config: BuildConfig, out: Path) -> Tally:
    """Build on this machine with every plug-in of the package; see `builder.pipeline.build`."""
    _painters()  # what is missing is said before a folder is made
    can_draw()
    read_sections(out / FOLDER / "README.md")  # a damaged mark is said before the work
    known = readers()

    def check(record: Mapping[str, Any]) -> list[str]:
        return [str(finding) for finding in record_findings(record, known)]

    facts = {"seed": config.seed, "settings": _portable(config), "config": fingerprint(config)}

    def packed(place: Path) -> Path:
        return pack(place, {**facts, **more_facts(place)}, draw, frames=config.release.frames)

    ends = Ends(
        engine=engine_named(config.engine),
        check=check,
        pack=packed,
        warm_up=compile_once,
        say=partial(print, file=sys.stderr),
    )
    return build(config, out, default_tools, ends)


def more_facts(out: Path) -> dict[str, Any]:
    """Return what the card says beside the settings: versions, and what a build did not make."""
    return {"versions": _versions(), "drops": read_drops(out)}


def _versions() -> dict[str, str]:
    """Return the versions of what decides the bytes of pictures and files."""
    found = {}
    for name in ("numpy", "numba", "pillow", "pyarrow"):
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


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
