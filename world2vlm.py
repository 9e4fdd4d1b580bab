"""World2VLM for `datasets`: spatial questions about what a camera sees before and after it moves.

    from datasets import load_dataset

    load_dataset("world2vlm", "svc-real")                    # the demo that ships inside
    load_dataset("world2vlm", "svc-real", data_dir="out")    # what `world2vlm build` made
    load_dataset("world2vlm", "svc-real", anchors="photos")  # builds first, into the cache

The name is answered without an `import world2vlm` where the package is installed with pip; else
that import registers it. It is also a loading script for `datasets` 2 and 3. Those scan a script's
lines for imports: so there is one a line, and `builder` is imported only inside functions.
"""

import dataclasses
import functools
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Iterator
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import datasets
import datasets.exceptions
import datasets.load

VERSION = "0.1.0"
SUBSETS = {  # configuration -> its folder; equal to builder.core.protocol.SUBSETS
    "svc-real": "SVC-RealScene",
    "svc-simulated": "SVC-SimulatedScene",
    "hy-worldplay-real": "HY-WorldPlay-RealScene",
    "hy-worldplay-simulated": "HY-WorldPlay-SimulatedScene",
}
SPLITS = ("train", "validation", "test")
LAYOUTS = ("{}/tasks.jsonl", "bundles/{}/tasks.jsonl", "{}-demo/tasks_demo.jsonl")

CITATION = """\
@misc{zhang2026world2vlmdistillingworldmodel,
  title = {World2VLM: Distilling World Model Imagination into VLMs for Dynamic Spatial Reasoning},
  author = {Wanyue Zhang and Wenxiang Wu and Wang Xu and Jiaxin Luo and Helu Zhi and Yibin Huang
            and Shuo Ren and Zitao Liu and Jiajun Zhang},
  year = {2026},
  eprint = {2604.26934},
  archivePrefix = {arXiv},
  primaryClass = {cs.CV},
  url = {https://arxiv.org/abs/2604.26934},
}"""

# A stretch of one file: path, offset of its first byte, number of its first line, lines.
Shard = tuple[str, int, int, int]
Checker = Callable[[Mapping[str, Any]], Iterable[tuple[str, str]]]

_DIALECT = "l" if hasattr(datasets, "List") else "s"  # what 4 and later cache, 2 and 3 cannot read
_HERE = Path(__file__).resolve().parent
_SPLIT = re.compile(rb'"split"\s*:\s*"(\w+)"')  # quotes inside a JSON text are escaped: a key only


class BadRecord(datasets.exceptions.DatasetGenerationError, ValueError):
    """A line that is no record; the message names the file, the line and the place in it."""


@dataclasses.dataclass
class World2VLMConfig(datasets.BuilderConfig):
    """What to load; `data_dir` and the last five exclude each other.

    Attributes:
        data_dir: A build's output, its `bundles` folder, or a folder like `data-demo`; None: the
            demo that ships inside.
        verify: Whether each record is held against the schema as it is read.
        anchors: A folder of photographs or a `manifest.jsonl`: build from these first.
        backend: Who paints the frames of that build; None: "embedded".
        records: How many records to build; None: the builder's default.
        scenes: How many places to build them from; None: the builder's default.
        seed: Of that build; None: the builder's default.
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

    def create_config_id(
        self, config_kwargs: dict[str, Any], custom_features: datasets.Features | None = None
    ) -> str:
        """Return the cache's name for this: by content, so that a rebuilt folder is read anew.

        The place counts too, since rows hold the paths of their images.
        """
        facts = {name: value for name, value in config_kwargs.items() if name != "data_dir"}
        if self.data_dir is not None:
            if self.build_settings():
                raise ValueError(f"data_dir is read, {', '.join(self.build_settings())} would build"
                                 " it: give one or the other")
            facts["contents"] = _digest(task_files(Path(self.data_dir), self.name))
        elif self.anchors is not None:
            facts["anchors"] = _digest_of_photos(Path(self.anchors))
        config_id: str = super().create_config_id(facts, custom_features)
        return config_id


def features() -> datasets.Features:
    """Return the columns: those of `builder.core.record.Record`, in its order."""
    text, integer, real = (datasets.Value(kind) for kind in ("string", "int32", "float64"))
    many = datasets.List if hasattr(datasets, "List") else datasets.Sequence
    return datasets.Features(
        {
            "record_id": text,
            "task_type": text,
            "messages": [{"role": text, "content": text}],
            "images": many(datasets.Image()),
            "subset": text,
            "teacher": text,
            "scene_type": text,
            "backend": text,
            "scene_id": text,
            "trajectory_id": text,
            "split": text,
            "frame_indices": many(integer),
            "camera": {"hfov_deg": real, "source": text},
            "actions": text,
            "claim": text,
            "object": {
                "label": text,
                "track_id": integer,
                "track_id_after": integer,
                "box_before": many(integer),
                "box_after": many(integer),
                "visible_before": real,
                "visible_after": real,
            },
            "answer_form": text,
            "accepted": many(text),
            "difficulty": integer,
            "template_id": text,
            "license": text,
            "builder_version": text,
        }
    )


class World2VLM(datasets.GeneratorBasedBuilder):
    """The dataset; `World2VLM("svc-real").download_and_prepare()` is the door without a name."""

    VERSION = datasets.Version(VERSION)
    BUILDER_CONFIG_CLASS = World2VLMConfig
    BUILDER_CONFIGS = [  # noqa: RUF012 - datasets reads it from the class
        World2VLMConfig(name=name, version=VERSION, description=f"{folder} questions")
        for name, folder in {**SUBSETS, "all": "All four subsets'"}.items()
    ]
    DEFAULT_CONFIG_NAME = "svc-real"

    def __init__(self, config_name: str | None = None, **options: Any) -> None:  # noqa: ANN401
        """Prepare to load one configuration; `options` as `datasets.DatasetBuilder` takes them."""
        if options.get("data_files") is not None:
            raise ValueError("world2vlm takes no data_files; give data_dir, a build's output")
        options["hash"] = _cache_hash(options.get("base_path"))
        super().__init__(config_name=config_name, **options)

    def _info(self) -> datasets.DatasetInfo:
        return datasets.DatasetInfo(
            description="Questions about camera motion between views, with exact truth.",
            features=features(),
            citation=CITATION,
            homepage="https://arxiv.org/abs/2604.26934",
        )

    def _split_generators(self, dl_manager: Any) -> list[datasets.SplitGenerator]:  # noqa: ANN401
        del dl_manager  # nothing is downloaded
        files = task_files(self._root(), self.config.name)
        found: dict[str, list[Shard]] = {split: [] for split in SPLITS}
        for file in files:
            for split, shard in _shards(file):
                found[split].append(shard)
        if not any(found.values()):
            raise BadRecord(f"{', '.join(map(str, files))}: no records; an interrupted build?")
        return [
            datasets.SplitGenerator(name=split, gen_kwargs={"shards": shards})
            for split, shards in found.items()
            if shards
        ]

    def _root(self) -> Path:
        if self.config.data_dir is not None:
            return Path(self.config.data_dir)
        if self.config.build_settings():
            return _built(Path(self._cache_dir_root) / "world2vlm-builds", self)
        return _demo(self.base_path)

    def _generate_examples(self, shards: list[Shard]) -> Iterator[tuple[str, dict[str, Any]]]:
        checker = _checker(self.base_path) if self.config.verify else None
        for path, offset, first, count in shards:
            with open(path, "rb") as file:
                file.seek(offset)
                for line in range(first, first + count):
                    where = f"{path}:{line}"
                    record = _parsed(file.readline(), where, checker)
                    yield record.get("record_id") or where, _row(record, where)
