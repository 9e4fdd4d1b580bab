"""What is small on the disk and claims to be gigantic is refused before it is unpacked."""

import io
import resource
import sys
import zipfile
import zlib

import pytest
from tiny_data import records, write_tiny

from builder.audit import check
from builder.audit.run import Way
from builder.tasks import readers


@pytest.fixture
def tiny(tmp_path):
    return write_tiny(tmp_path / "tiny")


def issues(*paths):
    return list(check(paths, readers()))


def most_mb():
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def rows_of(tiny, count, **spoilt):
    """Return a table of one right row over and over, with dictionaries laid in as they are."""
    import pyarrow as pa

    from builder.publish.columns import arrow_schema

    row = records()[0]
    row["images"] = [{"bytes": (tiny / p).read_bytes(), "path": p} for p in row["images"]]
    table = pa.Table.from_pylist([row], schema=arrow_schema()).take([0] * count)
    for name, value in spoilt.items():
        same = pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), [value])
        table = table.set_column(table.schema.get_field_index(name), name, same)
    return table


def test_one_text_repeated_to_gigabytes_in_parquet_is_refused(tiny, tmp_path):
    from pyarrow import parquet

    bomb = tmp_path / "bomb.parquet"
    parquet.write_table(rows_of(tiny, 20_000, actions="x" * (2 << 20)), bomb)  # 40 GiB as text
    before = most_mb()
    (found,) = issues(bomb)
    assert found.rule == "unreadable-file"
    assert "2,097,152 bytes; at most 1,048,576 are read" in found.message
    assert most_mb() - before < 200


def test_a_long_text_is_not_repeated_in_messages(tiny, tmp_path):
    from pyarrow import parquet

    parquet.write_table(rows_of(tiny, 50, actions="x" * 900_000), tmp_path / "long.parquet")
    found = issues(tmp_path / "long.parquet")
    assert {one.rule for one in found} == {"motion-unreadable", "duplicate-id"}
    assert max(len(str(one)) for one in found) < 2_000


def test_a_zip_bomb_and_an_image_bomb_are_named(tiny, tmp_path):
    from pyarrow import parquet

    with zipfile.ZipFile(tmp_path / "zip.parquet", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("rows", bytes(50 << 20))
    table = rows_of(tiny, 1)
    row = table.to_pylist()[0]
    row["images"][0]["bytes"] = png_bomb()
    parquet.write_table(table.from_pylist([row], schema=table.schema), tmp_path / "image.parquet")
    (tiny / records()[0]["images"][0]).write_bytes(png_bomb())
    assert [one.rule for one in issues(tmp_path / "zip.parquet")] == ["unreadable-file"]
    assert [one.rule for one in issues(tmp_path / "image.parquet")] == ["image-too-large"]
    assert "image-too-large" in {one.rule for one in issues(tiny / "tasks.jsonl")}


def png_bomb():
    """Return a PNG of a few hundred bytes that says it has 900 megapixels."""

    def chunk(kind, data):
        check_sum = zlib.crc32(kind + data).to_bytes(4, "big")
        return len(data).to_bytes(4, "big") + kind + data + check_sum

    size = (30_000).to_bytes(4, "big")
    out = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    out.seek(0, io.SEEK_END)
    out.write(chunk(b"IHDR", size + size + bytes([8, 0, 0, 0, 0])))
    out.write(chunk(b"IDAT", zlib.compress(bytes(100_000))))
    out.write(chunk(b"IEND", b""))
    return out.getvalue()


def test_folders_that_lead_in_a_circle_are_walked_once(tiny):
    (tiny / "scenes" / "again").symlink_to(tiny, target_is_directory=True)
    assert issues(tiny) == []


def test_a_line_that_never_ends_is_given_up_and_not_read_through(tmp_path):
    path = tmp_path / "tasks.jsonl"
    path.write_text("[]\n")
    with path.open("r+b") as file:
        file.truncate(40 << 30)  # a hole: nothing is written
    found = issues(path)
    assert [(one.line, one.rule) for one in found] == [(1, "wrong-type"), (2, "line-too-long")]
    assert found[1].message.endswith("the rest of the file is not checked")


def test_a_link_to_nothing_keeps_no_other_file_from_being_checked(tiny):
    (tiny / "tasks_gone.jsonl").symlink_to("nowhere.jsonl")
    (tiny / "tasks_loop.jsonl").symlink_to("tasks_loop.jsonl")
    found = list(check([tiny], readers(), way=Way(spread=spread, readers=readers)))
    assert [one.rule for one in found] == ["unreadable-file"] * 2


def spread(function, jobs):
    for job in jobs:
        yield job, function(job)
