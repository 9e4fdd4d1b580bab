"""Every way to load the dataset, on whichever `datasets` this interpreter has, as installed.

`make test` runs this file on 3.6 and on the newest, from the installed wheel. What a process prints
is one JSON value; facts are gathered in as few processes as may be, since each costs seconds of
imports.
"""

import importlib.metadata
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import world2vlm
from builder.core.protocol import SUBSETS

MAJOR = int(importlib.metadata.version("datasets").split(".")[0])
CONFIGS = [*SUBSETS, "all"]

BY_NAME = """
import sys
from datasets import get_dataset_config_names, get_dataset_default_config_name
from datasets import get_dataset_split_names, load_dataset
early = "world2vlm" in sys.modules
rows = load_dataset("world2vlm", "svc-real")
train = rows["train"]
streamed = {name: [row["record_id"] for row in load_dataset(
    "world2vlm", name, split="train", streaming=True)] for name in CONFIGS}
try:
    load_dataset("world2vlm", "svc-reel")
    refused = ""
except ValueError as error:
    refused = str(error)
try:
    load_dataset("world2vlm", "svc-real", revision="v9")
    dated = ""
except ValueError as error:
    dated = str(error)
result = {
    "early": early,
    "splits": list(rows),
    "columns": train.column_names,
    "ids": train["record_id"][:],
    "subset": train[0]["subset"],
    "sizes": [image.size for image in train[0]["images"]],
    "marks": [row["messages"][0]["content"].count("<image>") for row in train],
    "images": [len(row["images"]) for row in train],
    "messages": train[0]["messages"],
    "objects": train["object"][:],
    "streamed": streamed,
    "config_names": get_dataset_config_names("world2vlm"),
    "default": get_dataset_default_config_name("world2vlm"),
    "split_names": get_dataset_split_names("world2vlm", "hy-worldplay-real"),
    "refused": refused,
    "dated": dated,
}
""".replace("CONFIGS", repr(CONFIGS))


@pytest.fixture(scope="module")
def by_name(fresh: Any) -> Any:
    return fresh(BY_NAME)


def test_the_name_is_answered_in_an_empty_folder_without_importing_world2vlm(by_name: Any) -> None:
    assert by_name["early"] is False
    assert by_name["splits"] == ["train"]
    assert by_name["subset"] == "svc-real"
    assert len(by_name["ids"]) == len(set(by_name["ids"])) > 0


def test_a_row_has_the_columns_of_a_record_and_opened_images(by_name: Any) -> None:
    from builder.core.record import Record

    assert by_name["columns"] == list(Record.__dataclass_fields__)
    assert all(width > 0 and height > 0 for width, height in by_name["sizes"])
    assert by_name["marks"] == by_name["images"]
    assert [set(turn) for turn in by_name["messages"]] == [{"role", "content"}] * 2
    boxes = [thing["box_before"] for thing in by_name["objects"] if thing is not None]
    assert None in by_name["objects"]
    assert all(len(box) == 4 for box in boxes)
    assert boxes


def test_streaming_gives_the_same_rows_and_all_is_the_union(by_name: Any) -> None:
    streamed = by_name["streamed"]
    assert streamed["svc-real"] == by_name["ids"]
    assert streamed["all"] == [row for name in SUBSETS for row in streamed[name]]


def test_the_inspecting_functions_know_the_configs_and_splits(by_name: Any) -> None:
    assert by_name["config_names"] == [*CONFIGS, "benchmark"]
    assert by_name["default"] == "svc-real"
    assert by_name["split_names"] == ["train"]


def test_an_unknown_config_is_answered_with_the_names_there_are(by_name: Any) -> None:
    assert "svc-reel" in by_name["refused"]
    assert all(name in by_name["refused"] for name in CONFIGS)


def test_a_revision_is_refused_rather_than_ignored(by_name: Any) -> None:
    assert "no revision 'v9'" in by_name["dated"]


def test_other_names_are_left_alone(fresh: Any, tmp_path: Path) -> None:
    for name in ("rows", "world2vlm-mine/rows", "world2vlm/rows"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / f"{name}.json").write_text(json.dumps({"from": name}) + "\n")
    code = """
from datasets import load_dataset
json_rows = load_dataset("json", data_files="rows.json", split="train")
mine = load_dataset("world2vlm-mine", split="train")
folder = load_dataset("./world2vlm", split="train")
name = load_dataset("world2vlm", split="train")
result = [json_rows[0]["from"], mine[0]["from"], folder[0]["from"], name[0]["subset"]]
"""
    expected = ["rows", "world2vlm-mine/rows", "world2vlm/rows", "svc-real"]
    assert fresh(code, cwd=tmp_path) == expected


def test_the_script_can_be_scanned_for_imports() -> None:
    text = Path(world2vlm.__file__).read_text(encoding="utf-8")
    imports = re.findall(r"^import .*$|^from .*$", text, flags=re.MULTILINE)
    assert len(imports) > 5
    assert not [line for line in imports if line.startswith("import") and "," in line]
    assert not [line for line in imports if "builder" in line]


@pytest.fixture
def crowd() -> Iterator[Path]:
    """Return a folder of 50,000 files whose names look like data; in memory where there is room."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory) as place:
        for number in range(100):
            folder = Path(place) / f"train-{number}"
            folder.mkdir()
            for file in range(500):
                os.close(os.open(folder / f"{file}.jsonl", os.O_CREAT | os.O_WRONLY))
        yield Path(place)


def test_a_folder_of_50000_files_costs_nothing(fresh: Any, crowd: Path) -> None:
    code = """
import time
from datasets import load_dataset
start = time.perf_counter()
rows = load_dataset("world2vlm", "svc-simulated", split="train")
result = [len(rows), time.perf_counter() - start]
"""
    fresh(code)  # fills the cache, so that both runs below find it
    (expected, empty_s), (count, crowded_s) = fresh(code), fresh(code, cwd=crowd)
    assert count == expected
    assert crowded_s < 2 * empty_s + 1.0  # a scan of the folder takes more than a minute


def test_the_hook_is_off_by_request_and_the_import_then_registers(fresh: Any) -> None:
    code = """
import sys
import datasets.load
hooked = hasattr(datasets.load.dataset_module_factory, "__world2vlm__")
import datasets.inspect
import world2vlm
world2vlm.register()
factory = datasets.load.dataset_module_factory
result = [hooked, hasattr(factory, "__world2vlm__"), hasattr(factory.__wrapped__, "__world2vlm__"),
          datasets.inspect.dataset_module_factory is factory,
          len(datasets.load_dataset("world2vlm", "svc-real", split="train")) > 0]
"""
    assert fresh(code, WORLD2VLM_NO_HOOK="1") == [False, True, False, True, True]
    assert fresh(code) == [True, True, False, True, True]


def test_the_hook_imports_nothing_and_waits_for_one_module(fresh: Any) -> None:
    code = """
import sys
ours = [finder for finder in sys.meta_path if type(finder).__module__ == "_world2vlm_startup"]
import _world2vlm_startup
_world2vlm_startup.install()
again = [finder for finder in sys.meta_path if type(finder).__module__ == "_world2vlm_startup"]
result = [len(ours), len(again), "datasets" in sys.modules,
          ours[0].find_spec("datasets"), ours[0].find_spec("json")]
"""
    assert fresh(code) == [1, 1, False, None, None]


def test_rows_are_prepared_by_several_processes(fresh: Any) -> None:
    code = """
from datasets import load_dataset
one = load_dataset("world2vlm", "svc-simulated", split="train")
two = load_dataset("world2vlm", "svc-simulated", split="train", num_proc=2,
                   download_mode="force_redownload")
result = [one["record_id"][:], two["record_id"][:]]
"""
    one, two = fresh(code)
    assert len(one) > 0
    assert sorted(one) == sorted(two)


def test_workers_and_nodes_share_the_stream_without_overlap(fresh: Any) -> None:
    code = """
import pickle
from datasets import load_dataset
from datasets.distributed import split_dataset_by_node
rows = load_dataset("world2vlm", "svc-real", split="train", streaming=True)
whole = [row["record_id"] for row in rows]
nodes = [[row["record_id"] for row in split_dataset_by_node(rows, rank, 2)] for rank in range(2)]
shards = getattr(rows, "num_shards", None) or rows.n_shards
sent = pickle.loads(pickle.dumps(rows))
result = [whole, nodes, shards, [row["record_id"] for row in sent]]
"""
    whole, nodes, shards, sent = fresh(code)
    assert shards >= 4
    assert sent == whole
    assert all(nodes)
    assert sorted(nodes[0] + nodes[1]) == sorted(whole)


def test_the_class_is_a_door(fresh: Any) -> None:
    code = """
from world2vlm import World2VLM
loader = World2VLM("hy-worldplay-real")
loader.download_and_prepare()
rows = loader.as_dataset(split="train")
result = [rows[0]["subset"], len(rows), loader.cache_dir, rows[0]["images"][0].size]
"""
    subset, count, cache, size = fresh(code)
    assert subset == "hy-worldplay-real"
    assert count > 0
    assert cache.endswith("s" if MAJOR < 4 else "l")  # two majors, two caches
    assert all(size)


def test_a_build_is_loaded_by_split_and_again_when_it_changed(
    fresh: Any, build: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "out"
    shutil.copytree(build, copy)
    code = f"""
from pathlib import Path
from datasets import load_dataset
def ids(**options):
    rows = load_dataset("world2vlm", **options)
    return {{split: sorted(set(part["scene_id"])) for split, part in rows.items()}}
first = ids(name="svc-real", data_dir={str(copy)!r})
bundles = ids(name="hy-worldplay-simulated", data_dir={str(copy / "bundles")!r})
both = {{split: len(part) for split, part in
         load_dataset("world2vlm", "all", data_dir={str(copy)!r}).items()}}
row = load_dataset("world2vlm", "svc-real", data_dir={str(copy)!r}, split="train",
                   streaming=True)
size = next(iter(row))["images"][0].size
file = Path({str(copy)!r}) / "bundles/SVC-RealScene/tasks.jsonl"
file.write_text("".join(line for line in file.read_text().splitlines(True) if "room-" not in line))
second = ids(name="svc-real", data_dir={str(copy)!r})
try:
    ids(name="svc-simulated", data_dir={str(copy)!r})
except FileNotFoundError as error:
    missing = str(error)
result = [first, bundles, both, size, second, missing]
"""
    first, bundles, both, size, second, missing = fresh(code)
    places = {"train": ["garage"], "validation": ["room-1-0001"], "test": ["room-1-0002"]}
    assert first == bundles == places
    assert both == {"train": 48, "validation": 48, "test": 48}
    assert size == [64, 48]
    assert second == {"train": ["garage"]}
    assert "there are svc-real, hy-worldplay-simulated" in missing


def test_a_cache_holds_paths_and_no_pictures(fresh: Any, build: Path) -> None:
    code = f"""
from datasets import Image, load_dataset
rows = load_dataset("world2vlm", "svc-real", data_dir={str(build)!r}, split="train")
result = rows.data.column("images").to_pylist()[0][0]
"""
    image = fresh(code)
    assert image["bytes"] is None
    assert Path(image["path"]).is_file()


BAD_LINES = [
    ('"task_type": "A2"', '"task_type": "Z2"', "/task_type"),
    ('"task_type": "A2", ', "", "'task_type' is missing"),
    ('{"record_id"', '"record_id"', "not JSON"),
    ('"difficulty": 2', '"difficulty": NaN', "'NaN'"),
    ("samples-rgb/001.jpg", "samples-rgb/777.jpg", "there is no file"),
    ("scenes/garage/traj_t0/samples-rgb/001.jpg", "../../../001.jpg", "/images/1"),
    ("<image><image>", "<image>", "/messages: expected [2, 0] <image> marks, got [1, 0]"),
]


def test_a_bad_record_stops_with_its_file_and_line(fresh: Any, build: Path, tmp_path: Path) -> None:
    copies = [
        _with_line(build, tmp_path / str(number), 2, old, new)
        for number, (old, new, _) in enumerate(BAD_LINES)
    ]
    code = f"""
from datasets import load_dataset
from world2vlm import BadRecord
result = []
for copy in {[str(copy) for copy in copies]!r}:
    rows = load_dataset("world2vlm", "svc-real", data_dir=copy, split="train", streaming=True)
    seen = []
    try:
        seen.extend(row["record_id"] for row in rows)
    except BadRecord as error:
        result.append([len(seen), str(error)])
"""
    found = fresh(code)
    for copy, (_, _, message), (seen, said) in zip(copies, BAD_LINES, found, strict=True):
        assert seen == 1
        assert said.startswith(f"{copy}/bundles/SVC-RealScene/tasks.jsonl:2: ")
        assert message in said


def test_an_image_that_links_out_of_its_folder_is_not_read(
    fresh: Any, build: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "out"
    shutil.copytree(build, copy)
    image = copy / "bundles/SVC-RealScene/scenes/garage/traj_t0/samples-rgb/001.jpg"
    image.rename(tmp_path / "elsewhere.jpg")
    image.symlink_to(tmp_path / "elsewhere.jpg")
    code = f"""
from datasets import load_dataset
from world2vlm import BadRecord
options = dict(data_dir={str(copy)!r}, split="train", streaming=True)
result = [len(list(load_dataset("world2vlm", "svc-real", verify=False, **options)))]
try:
    list(load_dataset("world2vlm", "svc-real", **options))
except BadRecord as error:
    result.append(str(error))
"""
    unchecked, said = fresh(code)
    assert unchecked > 0
    assert "elsewhere.jpg lies outside" in said


def test_a_bad_record_stops_a_prepared_load_with_the_same_words(
    fresh: Any, build: Path, tmp_path: Path
) -> None:
    copy = _with_line(build, tmp_path, 11, '"split": "train"', '"split": "dev"')
    code = f"""
from datasets import load_dataset
from world2vlm import BadRecord
options = dict(data_dir={str(copy)!r}, split="train")
result = len(load_dataset("world2vlm", "svc-real", verify=False, **options))
try:
    load_dataset("world2vlm", "svc-real", **options)
except BadRecord as error:
    result = [result, str(error)]
"""
    unchecked, said = fresh(code)
    assert unchecked == 24
    assert "tasks.jsonl:11: /split:" in said
    assert "verify=False" in said


def test_anchors_and_their_like_build_first_into_the_cache(
    fresh: Any, build: Path, tmp_path: Path
) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos/a.jpg").write_bytes(b"one")
    code = f"""
import shutil, sys, types
from pathlib import Path
from datasets import load_dataset
asked = []
def build_here(config, out):
    asked.append([list(config.subsets), config.photos, config.backend, config.records, config.seed])
    shutil.copytree({str(build)!r}, out)
command = types.ModuleType("builder.commands.making")
command.build_here = build_here
sys.modules[command.__name__] = command
photos = {str(tmp_path / "photos")!r}
options = dict(anchors=photos, backend="embedded", records=90, seed=5)
rows = load_dataset("world2vlm", "svc-real", **options)
image = rows["test"].data.column("images").to_pylist()[0][0]["path"]
load_dataset("world2vlm", "svc-real", **options)
Path(photos, "a.jpg").write_bytes(b"two")
load_dataset("world2vlm", "svc-real", **options)
try:
    load_dataset("world2vlm", "svc-real", data_dir=photos, records=3)
except ValueError as error:
    both = str(error)
result = [asked, {{split: len(part) for split, part in rows.items()}}, image, both]
"""
    asked, sizes, image, both = fresh(code)
    wanted = [["svc-real"], str(tmp_path / "photos"), "embedded", 90, 5]
    assert asked == [wanted, wanted]  # once, and again for another photograph
    assert sizes == {"train": 24, "validation": 24, "test": 24}
    assert "world2vlm-builds" in image
    assert both == "data_dir loads a build, records makes one: give either"


@pytest.mark.skipif(MAJOR >= 4, reason="datasets 4 and later refuse scripts")
def test_the_script_of_a_checkout_is_a_door(fresh: Any, tmp_path: Path, build: Path) -> None:
    import builder

    package = Path(builder.__file__).parent
    checkout = tmp_path / "somewhere"
    shutil.copytree(package, checkout / "builder", ignore=shutil.ignore_patterns("_demo"))
    shutil.copy(Path(fresh("import world2vlm\nresult = world2vlm.__file__")), checkout)
    demo = next(p for p in (package / "_demo", package.parent / "data-demo") if p.is_dir())
    shutil.copytree(demo, checkout / "data-demo")
    code = f"""
from datasets import load_dataset
script = {str(checkout / "world2vlm.py")!r}
rows = load_dataset(script, "svc-real", split="train", trust_remote_code=True)
built = load_dataset(script, "svc-real", data_dir={str(build)!r}, trust_remote_code=True)
path = rows.data.column("images").to_pylist()[0][0]["path"]
result = [len(rows), path, {{split: len(part) for split, part in built.items()}}]
"""
    count, path, built = fresh(code, WORLD2VLM_NO_HOOK="1")
    assert count > 0
    assert path.startswith(str(checkout / "data-demo"))
    assert built == {"train": 24, "validation": 24, "test": 24}


def _with_line(build: Path, tmp_path: Path, line: int, old: str, new: str) -> Path:
    copy = tmp_path / "out"
    shutil.copytree(build, copy)
    file = copy / "bundles/SVC-RealScene/tasks.jsonl"
    lines = file.read_text().splitlines(keepends=True)
    assert old in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(old, new)
    file.write_text("".join(lines))
    return copy
