"""World2VLM for `datasets`: spatial questions about what a camera sees before and after it moves.

    from datasets import load_dataset

    load_dataset("world2vlm", "svc-real")                    # the demo that ships inside
    load_dataset("world2vlm", "svc-real", data_dir="out")    # what `world2vlm build` made
    load_dataset("world2vlm", "svc-real", anchors="photos")  # builds first, into the cache

Installed with pip, the name needs no `import world2vlm`. `datasets` 2 and 3 also take this file as
a script and scan its lines for imports: so one a line, and `builder` only inside functions.
"""

import dataclasses
import functools
import hashlib
import importlib
import itertools
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import datasets

VERSION = "0.1.0"
SUBSETS = {  # configuration -> its folder; equal to builder.core.protocol.SUBSETS
    "svc-real": "SVC-RealScene",
    "svc-simulated": "SVC-SimulatedScene",
    "hy-worldplay-real": "HY-WorldPlay-RealScene",
    "hy-worldplay-simulated": "HY-WorldPlay-SimulatedScene",
}
UNIONS = ("all", "benchmark")  # of all subsets: every record; a balanced part of the test split
COLUMNS = (  # noqa: SIM905 - a list would take 22 lines
    "record_id task_type messages images subset teacher scene_type backend scene_id trajectory_id "
    "split frame_indices camera actions claim object answer_form accepted difficulty template_id "
    "license builder_version"
).split()
LAYOUTS = ("{}/tasks.jsonl", "bundles/{}/tasks.jsonl", "{}-demo/tasks_demo.jsonl")

Shard = tuple[str, int, int, int]  # of a file: its path, first byte, first line, how many lines
Checker = Callable[[Any], list[Any]]  # a record to what is wrong with it, by the schema

_HERE = Path(__file__).resolve().parent
_SPLIT = re.compile(rb'"split"\s*:\s*"(train|validation|test)"')  # in a text, " is escaped


class BadRecord(datasets.exceptions.DatasetGenerationError, ValueError):  # type: ignore[misc]  # noqa: N818
    """A line that is no record; the message names the file, the line and the place in it."""


@dataclasses.dataclass
class World2VLMConfig(datasets.BuilderConfig):  # type: ignore[misc]
    """What to load: a build's output (`data_dir`), a build made first, or, if neither, the demo.

    Attributes:
        verify: Whether each record is held against the schema as it is read.
        anchors: Build first, from this folder of photographs or `manifest.jsonl`.
        backend: Build first; who paints the frames, such as "embedded".
        records, scenes, seed: Build first; how many, from how many places, drawn from which seed.
    """

    verify: bool = True
    anchors: str | None = None
    backend: str | None = None
    records: int | None = None
    scenes: int | None = None
    seed: int | None = None

    def build_settings(self) -> dict[str, Any]:
        """Return what is to be built, by name; empty: nothing is."""
        names = ("anchors", "backend", "records", "scenes", "seed")
        return {name: value for name in names if (value := getattr(self, name)) is not None}

    def create_config_id(self, config_kwargs: dict[str, Any], custom_features: Any = None) -> str:  # noqa: ANN401
        """Return the cache's name: by content, and by place, for rows hold paths of images."""
        facts = {name: value for name, value in config_kwargs.items() if name != "data_dir"}
        if self.data_dir is not None:
            if building := ", ".join(self.build_settings()):
                raise ValueError(f"data_dir loads a build, {building} makes one: give either")
            facts["contents"] = _digest(task_files(Path(self.data_dir), self.name))
        elif self.anchors is not None:
            place = Path(self.anchors).expanduser().resolve()
            facts["anchors"] = _digest(filter(Path.is_file, (place, *sorted(place.rglob("*")))))
        return str(super().create_config_id(facts, custom_features))


def features() -> datasets.Features:
    """Return the columns: those of `builder.core.record.Record`, in its order; most are text."""
    text, integer, real = (datasets.Value(kind) for kind in ("string", "int32", "float64"))
    many = datasets.List if hasattr(datasets, "List") else datasets.Sequence
    others = {
        "messages": [{"role": text, "content": text}],
        "images": many(datasets.Image()),
        "frame_indices": many(integer),
        "camera": {"hfov_deg": real, "source": text},
        "object": {"label": text, "track_id": integer, "track_id_after": integer}
        | {"box_before": many(integer), "box_after": many(integer)}
        | {"visible_before": real, "visible_after": real},
        "accepted": many(text),
        "difficulty": integer,
    }
    return datasets.Features({name: others.get(name, text) for name in COLUMNS})


class World2VLM(datasets.GeneratorBasedBuilder):  # type: ignore[misc]
    """The dataset; `World2VLM("svc-real").download_and_prepare()` is the door without a name."""

    VERSION = datasets.Version(VERSION)
    BUILDER_CONFIG_CLASS = World2VLMConfig
    BUILDER_CONFIGS = [World2VLMConfig(name=name, version=VERSION) for name in (*SUBSETS, *UNIONS)]  # noqa: RUF012
    DEFAULT_CONFIG_NAME = "svc-real"

    def __init__(self, config_name: str | None = None, **options: Any) -> None:  # noqa: ANN401
        """Prepare to load one configuration; `options` as `datasets.DatasetBuilder` takes them."""
        if options.get("data_files") is not None:
            raise ValueError("world2vlm takes no data_files; give data_dir, a build's output")
        options["hash"] = _cache_hash(options.get("base_path"))
        super().__init__(config_name=config_name, **options)

    def _info(self) -> datasets.DatasetInfo:
        about = "Questions about what a camera sees before and after it moves."
        paper = "https://arxiv.org/abs/2604.26934"
        return datasets.DatasetInfo(about, homepage=paper, features=features())

    def _split_generators(self, dl_manager: Any) -> list[datasets.SplitGenerator]:  # noqa: ANN401
        root = self.config.data_dir or self._built() or _demo(self.base_path)
        files = task_files(Path(root), self.config.name)
        shards = [shard for file in files for shard in _shards(file)]
        if self.config.name == "benchmark":
            shards = _module(self.base_path, "builder.publish.benchmark").stretches(files)
        if not shards:
            raise BadRecord(f"{', '.join(map(str, files))}: no records; an interrupted build?")
        return [
            datasets.SplitGenerator(name=split, gen_kwargs={"shards": of_split})
            for split in ("train", "validation", "test")
            if (of_split := [shard for name, shard in shards if name == split])
        ]

    def _built(self) -> Path | None:
        """Return the output of the build that the settings ask for, if they do; it is resumed."""
        if not (settings := self.config.build_settings()):
            return None
        from builder.commands.making import build_here
        from builder.config import BuildConfig

        settings["photos"] = settings.pop("anchors", None)
        settings["subsets"] = tuple(SUBSETS) if self.config.name in UNIONS else (self.config.name,)
        out: Path = Path(self._cache_dir_root) / "world2vlm-builds" / self.config_id
        build_here(BuildConfig(workers=1, **settings), out)  # more would ask for a main guard
        return out

    def download_and_prepare(self, *args: Any, **options: Any) -> None:  # noqa: ANN401
        """Write the cache; a bad record is told in its own words, not as "an error occurred"."""
        try:
            super().download_and_prepare(*args, **options)
        except datasets.exceptions.DatasetGenerationError as error:
            if isinstance(error.__cause__, BadRecord):
                raise error.__cause__ from None
            raise

    def _generate_examples(self, shards: list[Shard]) -> Iterator[tuple[str, dict[str, Any]]]:
        schemas = _module(self.base_path, "builder.schemas") if self.config.verify else None
        checker = schemas.record_errors if schemas else None
        for path, offset, first, count in shards:
            folder = os.path.realpath(os.path.dirname(path))
            with open(path, "rb") as file:
                file.seek(offset)
                for line in range(first, first + count):
                    where = f"{path}:{line}"
                    record = _parsed(file.readline(), where, checker)
                    yield record.get("record_id") or where, self._row(record, folder, where)

    def _row(self, record: Mapping[str, Any], folder: str, where: str) -> dict[str, Any]:
        """Return the record with the paths of its images; columns that it lacks are None."""
        paths = [os.path.normpath(os.path.join(folder, name)) for name in record["images"]]
        turns, due = record["messages"] if self.config.verify else (), [len(paths), 0]
        if turns and (marks := [turn["content"].count("<image>") for turn in turns]) != due:
            raise BadRecord(f"{where}: /messages: expected {due} <image> marks, got {marks}")
        for number, path in enumerate(paths):
            real = os.path.realpath(path) if self.config.verify else path  # a link may lead away
            if not real.startswith(folder + os.sep):
                raise BadRecord(f"{where}: /images/{number}: {real} lies outside {folder}")
            if self.config.verify and not os.path.isfile(path):
                raise BadRecord(f"{where}: /images/{number}: there is no file {path}")
        return {**{column: record.get(column) for column in COLUMNS}, "images": paths}


def task_files(root: Path, name: str) -> list[Path]:
    """Return the JSON Lines of one configuration below a build's output or a demo.

    Raises:
        FileNotFoundError: If there are none; it says which subsets are there.
    """
    present = _present(root.expanduser().resolve())
    files = [file for subset, file in present.items() if name in (subset, *UNIONS)]
    if not files:
        there = f"there are {', '.join(present)}" if present else "no subset's at all"
        example = LAYOUTS[1].format(SUBSETS.get(name, "*"))
        raise FileNotFoundError(f"{root}: no records of {name!r}, {there}; expected {example}")
    return files


def _present(root: Path) -> dict[str, Path]:
    return {
        subset: file
        for subset, folder in SUBSETS.items()
        for layout in LAYOUTS
        if (file := root / layout.format(folder)).is_file()
    }


def _demo(base_path: str | None) -> Path:
    """Return the demo's folder: beside the script in a checkout, inside `builder` in a wheel."""
    home = Path(base_path) if base_path else _HERE
    return home / ("data-demo" if (home / "data-demo").is_dir() else "builder/_demo")


def _shards(file: Path) -> Iterator[tuple[str, Shard]]:
    """Yield stretches of a file of one split each; a line that names none counts as "train"."""
    lines: list[tuple[str, int, int]] = []
    offset = 0
    with open(file, "rb") as stream:
        for number, line in enumerate(stream, start=1):
            match = _SPLIT.search(line)
            lines.append((match[1].decode() if match else "train", offset, number))
            offset += len(line)
    most = max(8, len(lines) // 512)
    for split, run in itertools.groupby(lines, key=lambda line: line[0]):
        stretch = list(run)
        for start in range(0, len(stretch), most):
            yield split, (str(file), *stretch[start][1:], min(most, len(stretch) - start))


def _parsed(line: bytes, where: str, checker: Checker | None) -> dict[str, Any]:
    try:
        record = json.loads(line, parse_constant=int)  # which NaN and Infinity are not
    except ValueError as error:
        raise BadRecord(f"{where}: this line is not JSON: {error}") from error
    for issue in checker(record) if checker else ():
        raise BadRecord(f"{where}: {issue} (verify=False loads it unchecked)")
    if not isinstance(record, dict) or not isinstance(record.get("images"), list):
        raise BadRecord(f"{where}: expected an object with a list of images")
    return record


def _module(base_path: str | None, name: str) -> Any:  # noqa: ANN401
    """Return a module of the package or, for a script, of its checkout."""
    if base_path and (Path(base_path) / "builder").is_dir() and base_path not in sys.path:
        sys.path.append(base_path)
    return importlib.import_module(name)


def _digest(files: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        with open(file, "rb") as stream:
            digest.update(f"{file} {hashlib.file_digest(stream, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()[:16]


@functools.cache
def _cache_hash(base_path: str | None) -> str:
    """Return what a cache depends on besides settings: code, demo, and dialect (List, Sequence)."""
    dialect = "l" if hasattr(datasets, "List") else "s"  # 2 and 3 cannot read what 4 caches
    return _digest([Path(__file__), *_present(_demo(base_path)).values()]) + dialect


def module(revision: str | None = None, **_: Any) -> datasets.load.DatasetModule:  # noqa: ANN401
    """Return what `datasets.load.dataset_module_factory` is to answer for "world2vlm"."""
    if revision not in (None, VERSION):
        raise ValueError(f"world2vlm is installed, as {VERSION}; it has no revision {revision!r}")
    options = {"dataset_name": "world2vlm", "base_path": str(_HERE)}
    return datasets.load.DatasetModule(__name__, _cache_hash(str(_HERE)), options)


def register() -> None:
    """Let `datasets` answer for the name "world2vlm"; to call it again does nothing.

    A packaged module's name would scan the current folder first, for minutes if it is a big one.
    """
    original = datasets.load.dataset_module_factory
    if hasattr(original, "__world2vlm__"):
        return

    @functools.wraps(original)
    def dataset_module_factory(path: str, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
        return module(**kwargs) if path == "world2vlm" else original(path, *args, **kwargs)

    dataset_module_factory.__world2vlm__ = True  # type: ignore[attr-defined]
    for name in ("datasets.load", "datasets.inspect", "datasets.commands.test"):
        user = sys.modules.get(name)
        if getattr(user, "dataset_module_factory", None) is original:
            user.dataset_module_factory = dataset_module_factory  # type: ignore[union-attr]


if __name__ == "world2vlm":  # not as a loading script, which runs under another name
    register()
