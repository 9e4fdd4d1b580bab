"""Where the bundles of a folder lie, in which layout, and which subset they belong to."""

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from builder.core.drop import Drop
from builder.core.errors import StoreError
from builder.core.protocol import SUBSETS, SceneType, Subset, Teacher
from builder.store.foreign.node import Node, Refusal, lines_of

Layout = Literal["ours", "svc", "hy"]

_PLACES = ("*/traj_*", "scenes/*/traj_*", "*/scenes/*/traj_*", "bundles/*/scenes/*/traj_*")
_OURS = frozenset({"provenance", "schedule_index", "grid_cells", "depth_grids_mm"})
_TEACHER_OF: dict[Layout, Teacher] = {"svc": "svc", "hy": "hy-worldplay"}
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}")
_DOMAINS: dict[str, SceneType] = {"real_scene": "real", "simulated_scene": "simulated"}


@dataclass(frozen=True, slots=True)
class Found:
    """One trajectory's folder.

    Attributes:
        folder: `.../scenes/<scene>/traj_<id>`.
        layout: Who wrote it.
        subset: Which configuration it belongs to.
    """

    folder: Path
    layout: Layout
    subset: Subset

    @property
    def root(self) -> Path:
        """The folder above `scenes`: what its files may refer to lies below."""
        return self.folder.parent.parent.parent

    @property
    def scene_id(self) -> str:
        """The place."""
        return self.folder.parent.name

    @property
    def trajectory_id(self) -> str:
        """The folder's name behind `traj_`."""
        return self.folder.name.removeprefix("traj_")

    def anchor(self, index: int) -> Path | None:
        """Return the picture that the teacher was given, if it is kept."""
        stem = self.folder.parent / "input" / f"{index:03d}"
        files = (stem.with_suffix(suffix) for suffix in (".png", ".jpg"))
        return next((file for file in files if file.is_file()), None)


def bundles_below(folder: Path, asked: Sequence[str]) -> Iterator[tuple[str, Found | Drop]]:
    """Yield (subset or "", bundle or why it is none) of all bundles, in order of their paths.

    A bundle's subset is the one whose folder it lies in (`SVC-RealScene`, also with `-demo`); else
    that of its teacher and the `source_domain` of the manifest beside it; else, where exactly one
    subset of its teacher is asked for, that one.

    Args:
        folder: A build's output, its `bundles`, a subset's folder, or a folder of scenes.
        asked: Names of the subsets that are wanted.

    Raises:
        StoreError: If there is no such folder, or no bundle in it.
    """
    if not folder.is_dir():
        raise StoreError(f"{folder}: there is no such folder")
    folders = _folders(folder)
    if not folders:
        raise StoreError(
            f"{folder}: holds no bundles; expected scenes/<scene>/traj_<id>/traj.json, or folders "
            f"of such"
        )
    _domains.cache_clear()  # it may have been written since
    for one in folders:
        yield _found(one, asked)


def _folders(folder: Path) -> list[Path]:
    """Return the trajectories' folders below the first place that has some."""
    for place in _PLACES:
        found = [one for one in folder.glob(place) if (one / "traj.json").is_file()]
        if found:
            return sorted(found)
    return []


def _found(folder: Path, asked: Sequence[str]) -> tuple[str, Found | Drop]:
    names = (folder.parent.name, folder.name.removeprefix("traj_"))
    for name in names:
        if not _NAME.fullmatch(name):
            text = f"{folder}: expected letters, digits, '.', '_' and '-' in {name!r}"
            return "", Drop("unfit-name", text)
    try:
        plain = Node.read(folder / "traj.json")
        layout = _layout(plain)
        subset = _subset(folder, layout, plain, asked)
    except Refusal as refusal:
        return "", Drop(refusal.reason, str(refusal))
    if subset.name not in asked:
        return subset.name, Drop("subset-not-asked-for", f"{folder}: belongs to {subset.name}")
    return subset.name, Found(folder, layout, subset)


def _layout(plain: Node) -> Layout:
    if not isinstance(plain.value, dict):
        raise plain.wrong(f"expected an object, got {plain.short()}")
    keys = plain.value.keys()
    if keys >= _OURS:
        return "ours"
    if {"transforms", "actions_step"} <= keys:
        return "svc"
    if {"actions", "sample_paths"} <= keys:
        return "hy"
    text = (
        "neither the SVC layout (transforms, actions_step), the HY layout (actions, sample_paths) "
        f"nor ours; it has {', '.join(sorted(keys)[:8])}"
    )
    raise plain.wrong(text, "unknown-layout")


def _subset(folder: Path, layout: Layout, plain: Node, asked: Sequence[str]) -> Subset:
    if layout == "ours":
        named = plain["traj_params"]["subset"]
        if named.text() not in SUBSETS:
            raise named.wrong(f"no subset {named.short()}", "subset-unknown")
        return SUBSETS[named.text()]
    teacher = _TEACHER_OF[layout]
    above = {part.removesuffix("-demo") for part in folder.parts[:-2]}
    of_teacher = [subset for subset in SUBSETS.values() if subset.teacher == teacher]
    kind = _domain(folder)
    for fits in (
        [subset for subset in of_teacher if subset.folder in above],
        [subset for subset in of_teacher if subset.scene_type == kind],
        [subset for subset in of_teacher if subset.name in asked],
    ):
        if len(fits) == 1:
            return fits[0]
    names, folders = (
        " or ".join(getattr(one, field) for one in of_teacher) for field in ("name", "folder")
    )
    text = (
        f"photographs or made-up scenes? name one subset, {names}, or put the bundles into a "
        f"folder called {folders}"
    )
    raise plain.wrong(text, "subset-unknown")


def _domain(folder: Path) -> SceneType | None:
    """Return what the manifest above the scenes says of a scene, if there is one and it does."""
    domain = _domains(folder.parent.parent.parent / "manifest.jsonl").get(folder.parent.name)
    return _DOMAINS.get(domain) if domain else None


@functools.lru_cache(maxsize=8)
def _domains(manifest: Path) -> dict[str, str]:
    domains = {}
    for line in lines_of(manifest):
        scene, domain = line.get("scene_id"), line.get("source_domain")
        if scene and domain and isinstance(domain.value, str):
            domains[scene.text()] = domain.value
    return domains
