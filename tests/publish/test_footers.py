"""What the footers of packed files say: how pictures and other columns are encoded."""

import functools
import inspect
import json
import shutil

import pytest
from hub.calls import CODE
from pyarrow import parquet

from builder.core.protocol import SUBSETS
from builder.publish import columns, layout
from builder.publish.pack import pack

DEMO = CODE / "_demo" if (CODE / "_demo").is_dir() else CODE.parent / "data-demo"
SUBSET = "svc-real"  # its demo has 3 MB of different pictures, above a dictionary's usual 1 MB
HAS_CHUNKS = "use_content_defined_chunking" in inspect.signature(parquet.ParquetWriter).parameters


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return the files of records and of frames, and what the writer was told."""
    out, told = tmp_path_factory.mktemp("out"), []
    folder = out / "bundles" / SUBSETS[SUBSET].folder
    shutil.copytree(f"{DEMO}/{SUBSETS[SUBSET].folder}-demo", folder)
    (folder / "tasks_demo.jsonl").rename(folder / "tasks.jsonl")

    begin = parquet.ParquetWriter.__init__

    @functools.wraps(begin)
    def noted(*args, **options):
        told.append(options)
        begin(*args, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layout, "GROUP_BYTES", 6_000_000)
        patch.setattr(parquet.ParquetWriter, "__init__", noted)
        release = pack(out, {})
    files = {kind: release / f"data/{name}/train-00000-of-00001.parquet" for kind, name in KINDS}
    return files, told


KINDS = (("records", SUBSET), ("frames", "frames"))
each_kind = pytest.mark.parametrize("kind", [kind for kind, _ in KINDS])


def groups(file):
    """Yield each row group's columns by path, and its different pictures and all, in bytes."""
    table = parquet.ParquetFile(file)
    for number in range(table.num_row_groups):
        group = table.metadata.row_group(number)
        found = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
        rows = table.read_row_group(number, use_threads=False).to_pylist()
        shown = [one["bytes"] for row in rows for one in row.get("images", [row.get("image")])]
        yield found, sum(map(len, set(shown))), sum(map(len, shown))


@each_kind
def test_pictures_stand_once_and_plain_in_a_dictionary_that_never_gives_up(made, kind):
    for found, different, shown in groups(made[0][kind]):
        leaf = found[columns.IMAGE_BYTES[kind]]
        assert leaf.compression == "UNCOMPRESSED"
        assert leaf.has_dictionary_page
        assert leaf.total_compressed_size < different + 50_000, "else pictures follow it again"
        assert kind == "frames" or shown > 2 * different


@each_kind
def test_all_other_columns_are_compressed_and_pages_are_indexed(made, kind):
    for found, _, _ in groups(made[0][kind]):
        assert set(found) == set(columns.leaves(kind))
        others = [leaf for path, leaf in found.items() if path != columns.IMAGE_BYTES[kind]]
        assert {leaf.compression for leaf in others} == {"ZSTD"}
        assert all(leaf.has_offset_index for leaf in found.values())
        assert all(leaf.has_column_index for leaf in others)


def test_row_groups_stay_below_what_the_viewer_reads(made):
    held = list(groups(made[0]["records"]))
    assert len(held) > 1
    assert all(shown <= 6_000_000 for _, _, shown in held)
    assert layout.GROUP_BYTES <= 100_000_000


@each_kind
def test_the_schema_speaks_the_words_that_all_versions_know(made, kind):
    metadata = parquet.read_schema(made[0][kind]).metadata[b"huggingface"]
    assert b'"Sequence"' in metadata
    assert b'"List"' not in metadata
    assert json.loads(metadata)["info"]["features"].keys() == set(columns.arrow_schema(kind).names)


@pytest.mark.skipif(not HAS_CHUNKS, reason="this pyarrow cuts no pages by their content")
def test_pages_are_cut_by_their_content(made):
    assert len(made[1]) == 2
    assert all(options["use_content_defined_chunking"] for options in made[1])
